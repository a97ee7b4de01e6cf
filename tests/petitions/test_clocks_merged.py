"""Merging never makes anybody wait longer."""

from petitions.clock_lines import told
from petitions.clock_types import ClockKey
from petitions.clocks import due_on, since
from tests.petitions.days import clock, history, line, on

EARLIER = [line("file", "2024-03-01"), line("accept", "2024-03-05")]
LATER = [line("file", "2024-04-01"), line("accept", "2024-04-03")]
OLD = "430525-2024-000001"


def taken_in(given, when="2024-04-10"):
    return line("tell", when, merged=OLD, since=given)


def test_the_later_one_takes_over_the_earlier_day() -> None:
    given = since(history(*EARLIER))
    assert given == {"handle": "2024-03-05"}
    found = clock(ClockKey.HANDLE, *LATER, taken_in(given))
    assert (found.due, found.merged) == (due_on(history(*EARLIER)), OLD)


def test_the_earlier_one_keeps_its_own_day() -> None:
    found = clock(ClockKey.HANDLE, *EARLIER, taken_in(since(history(*LATER))))
    assert (found.due, found.merged) == (on("2024-05-04"), "")


def test_pauses_and_extensions_are_handed_over() -> None:
    lines = [*EARLIER, line("pause", "2024-03-10"), line("resume", "2024-03-20"), line("extend", "2024-03-25", days=5)]
    given = since(history(*lines))
    assert given == {"handle": "2024-03-20"}
    assert clock(ClockKey.HANDLE, *LATER, taken_in(given)).due == due_on(history(*lines))


def test_a_clock_that_starts_later_counts_from_the_handed_over_day() -> None:
    lines = [line("file", "2024-04-01"), taken_in({"handle": "2024-03-05"}, "2024-04-02"), line("accept", "2024-04-03")]
    assert clock(ClockKey.HANDLE, *lines).due == on("2024-05-04")


def test_what_was_handed_over_counts_once() -> None:
    lines = [*LATER, taken_in({"handle": "2024-03-05"}), line("answer", "2024-04-20"), line("reopen", "2024-04-25")]
    assert clock(ClockKey.HANDLE, *lines).due == on("2024-06-24")


def test_the_page_says_from_which_petition_the_days_count() -> None:
    found = clock(ClockKey.HANDLE, *LATER, taken_in({"handle": "2024-03-05"}))
    assert OLD in told(found, on("2024-04-11")).lines[0].text
