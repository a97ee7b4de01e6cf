"""What is known of a replica's lag, reckoned by hand."""

from dongkou.replicas.lag import REMEMBERED, LagHistory


def test_what_it_has_is_complete_until_the_last_moment_known_below_it() -> None:
    history = LagHistory()
    for moment, written in ((10.0, 100), (11.0, 100), (12.0, 250), (13.0, 400)):
        history.note(moment, written)
    replayed = {400: 13.0, 999: 13.0, 399: 12.0, 250: 12.0, 249: 11.0, 100: 11.0}
    assert {position: history.complete_until(position) for position in replayed} == replayed


def test_nobody_can_say_of_one_that_has_less_than_all_that_is_known() -> None:
    history = LagHistory()
    assert history.complete_until(5) is None
    history.note(10.0, 100)
    assert history.complete_until(99) is None


def test_only_the_newest_moments_are_remembered() -> None:
    history = LagHistory()
    for second in range(REMEMBERED + 1):
        history.note(float(second), second * 10)
    assert history.complete_until(9) is None
    assert history.complete_until(10) == 1.0
