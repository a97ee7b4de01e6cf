"""When a clock is known to be met or missed, who led, and what became of an answer."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.clocks.clocks import clocks
from petitions.tallies.accounts import AnswerOutcome, CountedAnswer, Run, answers_of, outcome, runs_of
from tests.petitions.clocks.histories import history, line, on
from tests.petitions.clocks.random_histories import histories

FILED = line("file", "2026-01-05", way="page")
ACCEPTED = (FILED, line("accept", "2026-01-06"))
GIVEN = (*ACCEPTED, line("assign", "2026-01-07", lead="department:LYJ"))
ANSWERED = (*GIVEN, line("handle", "2026-01-10"), line("answer", "2026-01-12"))


def run(key: str, *lines) -> Run:
    return [one for one in runs_of(history(*lines)) if one.key == key][-1]


def answer(*lines) -> CountedAnswer:
    return answers_of(history(*ANSWERED, *lines))[-1]


def test_met_clock_is_known_on_its_last_day() -> None:
    found = run("accept", *ACCEPTED)
    assert (found.outcome_on, found.on_time, found.lead) == (on("2026-01-06"), True, "")


def test_missed_clock_is_known_the_day_after_it_was_due() -> None:
    found = run("accept", FILED, line("accept", "2026-02-20"))
    assert (found.due, found.outcome_on, found.on_time) == (on("2026-01-20"), on("2026-01-21"), False)


def test_running_clock_will_be_known_to_be_missed_after_it_is_due() -> None:
    found = run("handle", *GIVEN)
    assert (found.ended, found.outcome_on, found.on_time) == (None, on("2026-03-08"), False)


def test_paused_clock_is_not_known() -> None:
    assert run("handle", *GIVEN, line("pause", "2026-01-08")).outcome_on is None


@pytest.mark.parametrize("key", ["handle", "reply"])
@pytest.mark.parametrize("end", ["merge", "withdraw", "redirect", "not_accept"])
def test_answer_that_is_no_longer_owed_is_counted_nowhere(key: str, end: str) -> None:
    filed = line("file", "2026-01-05", way="rednet", demand="consult")
    lines = (filed, line("accept", "2026-01-06")) if key == "handle" else (filed,)
    found = run(key, *lines, line(end, "2026-01-07"))
    assert (found.ended, found.outcome_on, found.on_time) == (on("2026-01-07"), None, False)


@pytest.mark.parametrize("end", ["merge", "withdraw"])
def test_clock_set_aside_in_time_is_counted_nowhere(end: str) -> None:
    found = run("accept", FILED, line(end, "2026-01-08"))
    assert (found.outcome_on, found.on_time) == (None, False)


def test_clock_set_aside_too_late_was_missed() -> None:
    found = run("accept", FILED, line("withdraw", "2026-03-01"))
    assert (found.outcome_on, found.on_time) == (on("2026-01-21"), False)


@pytest.mark.parametrize("end", ["redirect", "not_accept"])
def test_turning_away_in_time_keeps_the_clock_of_acceptance(end: str) -> None:
    assert run("accept", FILED, line(end, "2026-01-08")).on_time


def test_redirecting_after_acceptance_is_no_answer() -> None:
    assert run("handle", *ACCEPTED, line("redirect", "2026-01-08")).outcome_on is None


def test_who_led_when_it_ended_answers_for_it() -> None:
    later = line("assign", "2026-01-08", lead="division:430726201")
    assert run("handle", *GIVEN, later).lead == "division:430726201"
    again = (*ANSWERED, line("reopen", "2026-01-13"), later)
    assert [one.lead for one in runs_of(history(*again)) if one.key == "handle"] == [
        "department:LYJ",
        "division:430726201",
    ]


def test_change_of_lead_on_the_day_of_the_answer_is_told_apart() -> None:
    lines = (*ANSWERED, line("reopen", "2026-01-12T10:00"), line("assign", "2026-01-12T11:00", lead="department:SLJ"))
    assert next(one.lead for one in runs_of(history(*lines)) if one.key == "handle") == "department:LYJ"
    assert answers_of(history(*lines))[0].lead == "department:LYJ"


def test_rights_are_no_duties() -> None:
    assert {one.key for one in runs_of(history(*ANSWERED))} == {"accept", "handle"}


@pytest.mark.parametrize(
    ("lines", "became"),
    [
        ((), AnswerOutcome.WAITING),
        ((line("confirm", "2026-01-13"),), AnswerOutcome.CONFIRMED),
        ((line("confirm", "2026-01-13"), line("close", "2026-01-14")), AnswerOutcome.CONFIRMED),
        ((line("close", "2026-01-30"),), AnswerOutcome.CLOSED),
        ((line("close", "2026-01-30"), line("reopen", "2026-02-01")), AnswerOutcome.REOPENED),
        ((line("confirm", "2026-01-13"), line("reopen", "2026-02-01")), AnswerOutcome.REOPENED),
        ((line("ask_review", "2026-01-13"),), AnswerOutcome.REVIEWED),
        (
            (line("ask_review", "2026-01-13"), line("review", "2026-01-20"), line("confirm", "2026-01-21")),
            AnswerOutcome.CONFIRMED,
        ),
        ((line("close", "2026-01-30"), line("ask_review", "2026-02-01")), AnswerOutcome.REVIEWED),
    ],
)
def test_answer_comes_to_something(lines, became: str) -> None:
    assert outcome(answer(*lines), on("2026-12-31")) == became


def test_outcome_of_a_day_knows_nothing_later() -> None:
    found = answer(line("confirm", "2026-01-13"), line("reopen", "2026-02-01"))
    assert [outcome(found, on(day)) for day in ("2026-01-12", "2026-01-13", "2026-02-01")] == [
        AnswerOutcome.WAITING,
        AnswerOutcome.CONFIRMED,
        AnswerOutcome.REOPENED,
    ]


def test_second_answer_is_another_row() -> None:
    lines = (
        line("reopen", "2026-02-01"),
        line("handle", "2026-02-02"),
        line("answer", "2026-02-03"),
        line("confirm", "2026-02-04"),
    )
    first, second = answers_of(history(*ANSWERED, *lines))
    assert (first.reopened_on, first.confirmed_on) == (on("2026-02-01"), None)
    assert (second.round, second.answered_on, second.confirmed_on) == (2, on("2026-02-03"), on("2026-02-04"))


def test_rating_belongs_to_the_answer_it_is_about() -> None:
    rated = line("rate", "2026-01-13", round=1, subject="unit", score="fair")
    other = line("rate", "2026-01-13", round=2, subject="office", score="fair")
    assert (answer(rated).unit, answer(rated).office) == ("fair", "")
    assert answer(other).office == ""


@settings(max_examples=30)
@given(histories())
def test_every_duty_has_one_row_with_the_days_of_its_clock(lines) -> None:
    duties = [(each.key.value, each.round, each.start, each.due, each.ended) for each in clocks(lines) if each.key.owed]
    assert [(one.key, one.round, one.start, one.due, one.ended) for one in runs_of(lines)] == duties


@settings(max_examples=30)
@given(histories())
def test_row_never_contradicts_its_clock(lines) -> None:
    today = date(2100, 1, 1)
    for clock, one in zip([each for each in clocks(lines) if each.key.owed], runs_of(lines), strict=True):
        assert not (one.on_time and clock.late_on(today))
        if one.outcome_on is not None:
            assert one.on_time != clock.late_on(today)


@settings(max_examples=30)
@given(histories(), st.dates(date(2023, 1, 1), date(2028, 1, 1)))
def test_answers_are_as_many_as_were_given(lines, asof: date) -> None:
    found = answers_of(lines)
    assert len(found) == sum(one.kind == "answer" for one in lines)
    assert all(outcome(one, asof) for one in found)
