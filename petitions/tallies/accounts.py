"""What the county board counts of one petition, read from its history and from nothing else. Pure.

The clocks are those of `petitions.clocks.clocks`; here each gets the day on which it was known to be met or missed, so that every
clock is counted in exactly one period, and months add up to years.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from households.workdays.workdays import DAY
from petitions.clock_types import Clock, ClockKey, HistoryLine, Limits
from petitions.clocks.clocks import clocks, ordered
from petitions.states import PetitionAction as Act

# What ends a clock in time without anything being owed any more; such a clock is counted nowhere.
_SET_ASIDE: dict[ClockKey, frozenset[Act]] = {
    ClockKey.ACCEPT: frozenset({Act.MERGE, Act.WITHDRAW}),
    ClockKey.HANDLE: frozenset({Act.MERGE, Act.WITHDRAW, Act.REDIRECT, Act.NOT_ACCEPT}),
    ClockKey.REPLY: frozenset({Act.MERGE, Act.WITHDRAW, Act.REDIRECT, Act.NOT_ACCEPT}),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One clock that an authority owes. `lead` is department:LYJ or division:430525100, empty without a lead unit.

    `outcome_on` is the day it ended in time, or the day after the due day; None while a pause keeps the due day from
    coming, and for what was set aside in time. `on_time` only when it ended in time.
    """

    key: str
    round: int
    start: date
    due: date | None
    ended: date | None
    ended_by: str
    lead: str
    outcome_on: date | None
    on_time: bool


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """One answer, and the first day on which it was confirmed, closed, taken to review, or reopened; and its ratings."""

    round: int
    lead: str
    answered_on: date
    confirmed_on: date | None = None
    closed_on: date | None = None
    reviewed_on: date | None = None
    reopened_on: date | None = None
    office: str = ""
    unit: str = ""


def runs_of(history: Iterable[HistoryLine], limits: Limits | None = None) -> list[Run]:
    """Every clock that an authority owes or owed."""
    lines = ordered(history)
    return runs_of_clocks(clocks(lines, limits), lines)


def runs_of_clocks(found: Iterable[Clock], lines: Sequence[HistoryLine]) -> list[Run]:
    """The same of clocks that were read already, from these lines in their order."""
    return [_run(clock, _lead(lines, clock.ended_seq)) for clock in found if clock.key.owed]


def _run(clock: Clock, lead: str) -> Run:
    met = clock.ended is not None and (clock.due is None or clock.ended <= clock.due)
    aside = met and clock.ended_by in _SET_ASIDE.get(clock.key, ())
    missed = clock.due + DAY if clock.due else None
    return Run(
        key=clock.key.value,
        round=clock.round,
        start=clock.start,
        due=clock.due,
        ended=clock.ended,
        ended_by=clock.ended_by.value if clock.ended_by else "",
        lead=lead,
        outcome_on=None if aside else clock.ended if met else missed,
        on_time=met and not aside,
    )


def _lead(lines: Sequence[HistoryLine], until: int | None) -> str:
    """Who led last, up to the line that ended the clock."""
    given = [one for one in lines if one.kind == Act.ASSIGN and (until is None or one.seq <= until)]
    return str(given[-1].data.get("lead", "")) if given else ""


_BECAME: dict[Act, str] = {
    Act.CONFIRM: "confirmed_on",
    Act.CLOSE: "closed_on",
    Act.ASK_REVIEW: "reviewed_on",
    Act.REOPEN: "reopened_on",
}


def answers_of(history: Iterable[HistoryLine]) -> list[CountedAnswer]:
    """Every answer with what became of it, up to the next one."""
    found: list[CountedAnswer] = []
    lead = ""
    for one in ordered(history):
        act = Act(one.kind)
        if act is Act.ASSIGN:
            lead = str(one.data.get("lead", ""))
        elif act is Act.ANSWER:
            found.append(CountedAnswer(len(found) + 1, lead, one.day))
        elif found:
            found[-1] = replace(found[-1], **_became(found[-1], act, one))
    return found


def _became(answer: CountedAnswer, act: Act, one: HistoryLine) -> dict[str, Any]:
    """What a line of the history adds to the answer before it."""
    if act in _BECAME and getattr(answer, _BECAME[act]) is None:
        return {_BECAME[act]: one.day}
    if act is Act.RATE and one.data.get("round") == answer.round:
        return {str(one.data["subject"]): str(one.data["score"])}
    return {}


class AnswerOutcome:
    """What an answer has come to; in this order of weight."""

    REOPENED, CONFIRMED, REVIEWED, CLOSED, WAITING = "reopened", "confirmed", "reviewed", "closed", "waiting"


def outcome(answer: CountedAnswer, asof: date) -> str:
    """What the answer had come to by the end of the day `asof`; a later day that is known already is not looked at."""
    for name, day in (
        (AnswerOutcome.REOPENED, answer.reopened_on),
        (AnswerOutcome.CONFIRMED, answer.confirmed_on),
        (AnswerOutcome.REVIEWED, answer.reviewed_on),
        (AnswerOutcome.CLOSED, answer.closed_on),
    ):
        if day is not None and day <= asof:
            return name
    return AnswerOutcome.WAITING
