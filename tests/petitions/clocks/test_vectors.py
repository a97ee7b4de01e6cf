"""Due days worked out by hand from the calendar on the wall."""

import pytest

from households.workdays.workdays import known
from petitions.clock_types import ClockKey, HistoryLine, Limits
from petitions.clocks.clocks import clocks, day_kinds, due_on, is_paused, running
from tests.petitions.clocks.histories import clock, history, line, on

K = ClockKey
FILED = line("file", "2024-03-01T23:59", way="page", demand="complaint")
ACCEPTED = line("accept", "2024-03-05")


def of_way(way: str, demand: str, day: str):
    return clock(K.REPLY, line("file", day, way=way, demand=demand))


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2024-03-01T23:59", "2024-03-16"),
        ("2024-03-02T00:00", "2024-03-17"),
        ("2024-02-14", "2024-02-29"),  # a leap year
        ("2024-12-20", "2025-01-04"),  # over the year's end
        ("2024-09-20", "2024-10-05"),  # within National Day: calendar days run on
    ],
)
def test_acceptance_in_fifteen_days(at: str, due: str) -> None:
    assert clock(K.ACCEPT, line("file", at)).due == on(due)


def test_handling_in_sixty_days_from_acceptance() -> None:
    found = clock(K.HANDLE, FILED, ACCEPTED)
    assert (found.start, found.due, found.running) == (on("2024-03-05"), on("2024-05-04"), True)


def test_acceptance_ends_the_first_clock() -> None:
    found = clock(K.ACCEPT, FILED, ACCEPTED)
    assert (found.ended, found.late_on(on("2030-01-01"))) == (on("2024-03-05"), False)


def test_late_acceptance_stays_late() -> None:
    found = clock(K.ACCEPT, FILED, line("accept", "2024-03-17T00:00"))
    assert found.late_on(on("2024-03-17"))
    assert not clock(K.ACCEPT, FILED, line("accept", "2024-03-16T23:59")).late_on(on("2030-01-01"))


def test_extension_adds_its_days() -> None:
    found = clock(K.HANDLE, FILED, ACCEPTED, line("extend", "2024-04-30", days=20))
    assert (found.due, found.extension, found.counted) == (on("2024-05-24"), 20, 80)


@pytest.mark.parametrize("data", [{}, {"days": 0}, {"days": -5}])
def test_extension_of_no_days_adds_none(data: dict[str, int]) -> None:
    found = clock(K.HANDLE, FILED, ACCEPTED, line("extend", "2024-04-30", **data))
    assert [(each.days, each.asked) for each in found.extensions] == [(0, 0)]
    assert (found.counted, found.due) == (60, on("2024-05-04"))


def test_word_to_the_filer_changes_no_clock() -> None:
    assert due_on(history(FILED, ACCEPTED, line("tell", "2024-03-20", told="正在核实"))) == on("2024-05-04")


def test_extensions_end_at_thirty_days() -> None:
    found = clock(
        K.HANDLE, FILED, ACCEPTED, line("extend", "2024-04-01", days=20), line("extend", "2024-04-30", days=25)
    )
    assert (found.due, [each.days for each in found.extensions]) == (on("2024-06-03"), [20, 10])


def test_pause_moves_the_due_day() -> None:
    found = clock(K.HANDLE, FILED, ACCEPTED, line("pause", "2024-03-10"), line("resume", "2024-03-20"))
    assert (found.due, found.paused) == (on("2024-05-14"), 10)


def test_pause_on_the_due_day_leaves_that_day() -> None:
    found = clock(K.ACCEPT, FILED, line("pause", "2024-03-16"), line("resume", "2024-03-19"))
    assert found.due == on("2024-03-19")


def test_pause_after_the_due_day_mends_nothing() -> None:
    found = clock(K.ACCEPT, FILED, line("pause", "2024-03-17"), line("resume", "2024-03-30"))
    assert (found.due, found.paused, found.pauses) == (on("2024-03-16"), 0, ())


def test_pause_that_ended_before_the_first_day_is_none_of_the_clock() -> None:
    found = clock(K.HANDLE, FILED, line("pause", "2024-03-04"), ACCEPTED, line("resume", "2024-03-06"))
    assert (found.due, found.pauses) == (on("2024-05-04"), ())


def test_pause_within_the_due_day_is_one_of_the_clock() -> None:
    found = clock(K.ACCEPT, FILED, line("pause", "2024-03-16T09:00"), line("resume", "2024-03-16T17:00"))
    assert (found.due, [each.start for each in found.pauses]) == (on("2024-03-16"), [on("2024-03-16")])


def test_pause_after_its_end_moves_no_clock() -> None:
    found = clock(K.ACCEPT, FILED, ACCEPTED, line("pause", "2024-03-10"), line("resume", "2024-03-20"))
    assert (found.due, found.paused, found.pauses) == (on("2024-03-16"), 0, ())


def test_paused_clock_has_no_days_to_name() -> None:
    assert day_kinds(clock(K.ACCEPT, FILED, line("pause", "2024-03-05"))) == []


@pytest.mark.parametrize(
    ("kinds", "paused"),
    [
        (["pause"], True),
        (["pause", "note"], True),
        (["pause", "tell", "resume"], False),
        ([], False),
        *((["pause", rest], False) for rest in ("answer", "review", "final_review")),
        *((["pause", rest], False) for rest in ("redirect", "not_accept", "merge", "withdraw")),
    ],
)
def test_pause_lasts_until_it_is_lifted_or_nothing_runs_any_more(kinds: list[str], paused: bool) -> None:
    assert is_paused(history(FILED, *(line(kind, "2024-03-05") for kind in kinds))) is paused


def test_pause_and_resume_on_one_day_cost_no_day() -> None:
    found = clock(K.ACCEPT, FILED, line("pause", "2024-03-05T09:00"), line("resume", "2024-03-05T17:00"))
    assert (found.due, found.paused) == (on("2024-03-16"), 0)


def test_two_pauses_add_up() -> None:
    lines = [line(kind, f"2024-03-{day:02}") for kind, day in (("pause", 7), ("resume", 9), ("pause", 12))]
    found = clock(K.HANDLE, FILED, ACCEPTED, *lines, line("resume", "2024-03-15"))
    assert (found.due, found.paused) == (on("2024-05-09"), 5)


def test_no_due_day_while_paused() -> None:
    lines = history(FILED, ACCEPTED, line("pause", "2024-03-10"))
    assert due_on(lines) is None
    assert running(lines)[0].stopped


def test_answer_in_a_pause_ends_the_pause() -> None:
    lines = [FILED, ACCEPTED, line("pause", "2024-03-10"), line("answer", "2024-03-20"), line("reopen", "2024-03-25")]
    assert due_on(history(*lines)) == on("2024-05-24")


@pytest.mark.parametrize(
    ("way", "demand", "day", "due"),
    [
        ("hotline", "complaint", "2024-02-01", "2024-02-23"),  # two worked Sundays around Spring Festival
        ("hotline", "consult", "2024-02-09", "2024-02-20"),
        ("rednet", "complaint", "2025-12-30", "2026-01-09"),  # year end, 4 January a worked Sunday
        ("mailbox", "consult", "2024-04-26", "2024-05-07"),  # Labour Day; 28 April and 11 May are worked
        ("rednet", "consult", "2099-09-30", "2099-10-09"),  # an unknown year: weekends and what the law fixes
    ],
)
def test_working_day_clocks(way: str, demand: str, day: str, due: str) -> None:
    assert of_way(way, demand, day).due == on(due)


def test_unknown_year_is_said() -> None:
    assert not of_way("rednet", "consult", "2099-09-30").calendar_known
    assert of_way("rednet", "consult", "2024-04-26").calendar_known


def test_every_year_of_a_clock_must_be_known() -> None:
    last = max(year for year in range(2004, 2100) if known(year))
    assert of_way("rednet", "consult", f"{last}-06-01").calendar_known
    assert not of_way("rednet", "consult", f"{last}-12-30").calendar_known
    assert not of_way("rednet", "consult", "2003-12-30").calendar_known


@pytest.mark.parametrize(
    ("way", "demand", "days"),
    [
        ("hotline", "consult", 3),
        ("hotline", "complaint", 13),
        ("hotline", "praise", 13),
        ("rednet", "consult", 5),
        ("mailbox", "complaint", 7),
        ("mailbox", "", 7),
        ("page", "complaint", 0),
    ],
)
def test_reply_takes_the_longest_of_its_way_for_what_is_not_named(way: str, demand: str, days: int) -> None:
    assert Limits().reply_working(way, demand) == days


@pytest.mark.parametrize(
    ("lines", "start"),
    [
        ([line("redirect", "2024-03-04"), line("accept", "2024-04-01")], "2024-04-01"),
        ([line("merge", "2024-03-04"), line("unmerge", "2024-04-02")], "2024-04-02"),
        ([line("answer", "2024-03-04"), line("reopen", "2024-04-03")], "2024-04-03"),
    ],
)
def test_reply_of_a_hotline_ticket_is_owed_anew(lines: list[HistoryLine], start: str) -> None:
    found = clock(K.REPLY, line("file", "2024-03-01", way="hotline", demand="consult"), *lines)
    assert (found.round, found.start, found.running) == (2, on(start), True)


def test_filing_by_page_has_no_reply_clock() -> None:
    assert [each.key for each in running(history(FILED))] == [K.ACCEPT]


def test_reclassified_demand_changes_the_reply_clock() -> None:
    filed = line("file", "2024-03-01", way="hotline", demand="consult")
    assert clock(K.REPLY, filed).due == on("2024-03-06")
    assert clock(K.REPLY, filed, line("classify", "2024-03-04", demand="complaint")).due == on("2024-03-20")


def test_contest_in_five_working_days() -> None:
    found = clock(K.CONTEST, FILED, ACCEPTED, line("assign", "2024-09-30", lead="department:LYJ"))
    assert (found.due, found.key.owed) == (on("2024-10-12"), False)


def test_next_due_is_the_earliest_owed() -> None:
    lines = history(line("file", "2024-03-01", way="hotline", demand="complaint"), line("accept", "2024-03-04"))
    assert [each.key for each in running(lines)] == [K.REPLY, K.HANDLE]
    assert due_on(lines) == on("2024-03-20")


def test_nothing_is_owed_after_the_answer() -> None:
    lines = history(FILED, ACCEPTED, line("assign", "2024-03-06"), line("answer", "2024-04-01"))
    assert (running(lines), due_on(lines)) == ([], None)


def test_filer_may_object_and_ask_for_review() -> None:
    lines = [FILED, ACCEPTED, line("answer", "2024-04-01")]
    assert clock(K.OBJECT, *lines).due == on("2024-04-16")
    assert clock(K.ASK_REVIEW, *lines).due == on("2024-05-01")


ASSIGNED = [FILED, ACCEPTED, line("assign", "2024-03-06")]
ANSWERED = [*ASSIGNED, line("answer", "2024-04-01")]
REVIEWED = [*ANSWERED, line("ask_review", "2024-04-20"), line("review", "2024-05-10")]


@pytest.mark.parametrize(
    ("key", "begun", "ends"),
    [
        (K.CONTEST, ASSIGNED, ["contest", "handle", "redirect", "not_accept", "merge", "withdraw"]),
        (K.OBJECT, ANSWERED, ["confirm", "reopen", "ask_review", "close"]),
        (K.ASK_REVIEW, ANSWERED, ["ask_review", "reopen"]),
        (K.ASK_FINAL_REVIEW, REVIEWED, ["ask_final_review", "confirm", "close"]),
    ],
)
def test_right_ends_with_what_uses_it_or_makes_it_needless(key: K, begun: list[HistoryLine], ends: list[str]) -> None:
    assert clock(key, *begun).running
    assert {end: clock(key, *begun, line(end, "2024-05-20")).ended_by for end in ends} == {end: end for end in ends}
    assert clock(key, *begun, line("note", "2024-05-20"), line("supplement", "2024-05-20")).running


def test_contest_of_a_new_lead_has_its_own_days() -> None:
    found = [each for each in clocks(history(*ASSIGNED, line("assign", "2024-03-20"))) if each.key is K.CONTEST]
    assert [(each.start, each.running) for each in found] == [(on("2024-03-06"), False), (on("2024-03-20"), True)]


def test_clocks_are_called_by_their_names() -> None:
    assert [(key.label, key.owed) for key in K] == [
        ("登记受理", True),
        ("办理答复", True),
        ("热线、网上留言答复", True),
        ("复查答复", True),
        ("复核答复", True),
        ("提出管辖异议", False),
        ("来信人确认或提出异议", False),
        ("申请复查", False),
        ("申请复核", False),
    ]


def test_review_and_final_review_in_thirty_days() -> None:
    lines = [FILED, ACCEPTED, line("answer", "2024-04-01"), line("ask_review", "2024-04-20")]
    assert clock(K.REVIEW, *lines).due == on("2024-05-20")
    lines += [line("review", "2024-05-10"), line("ask_final_review", "2024-05-31")]
    assert clock(K.ASK_FINAL_REVIEW, *lines).due == on("2024-06-09")
    assert clock(K.FINAL_REVIEW, *lines).due == on("2024-06-30")


def test_hearing_is_not_counted_in_the_final_review() -> None:
    asked = [FILED, ACCEPTED, line("answer", "2024-04-01"), line("ask_review", "2024-04-20")]
    asked += [line("review", "2024-05-10"), line("ask_final_review", "2024-05-31")]
    found = clock(K.FINAL_REVIEW, *asked, line("pause", "2024-06-10", told="听证"), line("resume", "2024-06-17"))
    assert found.due == on("2024-07-07")


def test_reopened_case_runs_a_round_of_its_own() -> None:
    lines = [FILED, ACCEPTED, line("extend", "2024-04-20", days=30), line("answer", "2024-05-20")]
    found = clock(K.HANDLE, *lines, line("reopen", "2024-05-25"))
    assert (found.round, found.due, found.extension) == (2, on("2024-07-24"), 0)


def test_merged_case_owes_nothing_itself() -> None:
    lines = history(FILED, ACCEPTED, line("merge", "2024-03-20", into="430525-2024-000001"))
    assert (running(lines), due_on(lines)) == ([], None)


def test_unmerged_case_is_registered_anew() -> None:
    lines = history(FILED, ACCEPTED, line("merge", "2024-03-20"), line("unmerge", "2024-04-10"))
    assert due_on(lines) == on("2024-04-25")
    assert clock(K.ACCEPT, *lines).round == 2


def test_redirected_case_accepted_later_runs_from_then() -> None:
    lines = history(FILED, line("redirect", "2024-03-04"), line("accept", "2024-04-01"))
    assert due_on(lines) == on("2024-05-31")
