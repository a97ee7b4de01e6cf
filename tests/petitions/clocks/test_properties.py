"""What holds for every history: hypothesis walks random ones through the table of states."""

from hypothesis import given
from hypothesis import strategies as st

from households.workdays.workdays import DAY, kind
from petitions.clock_types import MAX_EXTENSION
from petitions.clocks.clocks import clocks, day_kinds, due_on, is_paused, running
from petitions.clocks.explain import explain_clock
from petitions.states import TRANSITIONS, PetitionState
from tests.petitions.clocks.histories import on
from tests.petitions.clocks.random_histories import histories


@given(histories(), st.randoms())
def test_order_of_storage_makes_no_difference(lines, chance):
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert clocks(shuffled) == clocks(lines)
    assert due_on(shuffled) == due_on(lines)


@given(histories())
def test_a_clock_explains_every_day(lines):
    for clock in clocks(lines):
        if clock.due is None:
            continue
        assert clock.start + DAY * (clock.counted + clock.paused + clock.off) == clock.due
        days = [what for _, what in day_kinds(clock)]
        assert days.count("counted") == clock.counted
        assert days.count("paused") == clock.paused
        assert clock.off == len(days) - clock.counted - clock.paused


@given(histories())
def test_the_due_day_is_one_that_counts(lines):
    for clock in clocks(lines):
        if clock.due is not None:
            assert day_kinds(clock)[-1][1] == "counted"
            assert not clock.working or kind(clock.due).worked


@given(histories())
def test_extension_never_beyond_thirty_days(lines):
    for clock in clocks(lines):
        assert 0 <= clock.extension <= MAX_EXTENSION
        assert all(0 <= each.days <= each.asked for each in clock.extensions)


@given(histories())
def test_pausing_never_shortens(lines):
    unpaused = [each for each in lines if each.kind not in ("pause", "resume")]
    for with_pauses, without in zip(clocks(lines), clocks(unpaused), strict=True):
        assert with_pauses.key is without.key
        assert with_pauses.due is None or without.due is None or with_pauses.due >= without.due


@given(histories())
def test_at_most_one_clock_of_a_key_runs(lines):
    keys = [each.key for each in clocks(lines) if each.running]
    assert len(keys) == len(set(keys))


@given(histories())
def test_no_due_day_while_paused(lines):
    assert not (is_paused(lines) and due_on(lines) is not None)
    assert all(each.key.owed and each.ended is None for each in running(lines))


@given(histories())
def test_the_last_line_but_the_end_names_the_due_day(lines):
    for clock in clocks(lines):
        shown = explain_clock(clock, on("2026-11-01"))
        due = next(each for each in shown.lines if each.sort == "due")
        assert clock.due is None or shown.due_text in due.text
        assert sum(each.days for each in shown.lines if each.sort == "off") == (clock.off if clock.due else 0)
        assert sum(each.days for each in shown.lines if each.sort == "extension") == clock.extension
        if clock.due:
            assert sum(each.days for each in shown.lines if each.sort == "pause") == clock.paused


@given(histories())
def test_every_state_that_owes_has_a_due_day_or_a_pause(lines):
    state = PetitionState.FILED
    for each in lines[1:]:
        state = next(one.target for one in TRANSITIONS if one.action == each.kind and one.source is state)
    if state.is_open and not is_paused(lines):
        assert due_on(lines) is not None
