"""Made-up events of a month: mostly small things, seldom something grave. Pure.

No clause of 零非访 is drawn here: those are the petition office's alone, in the demo as in life.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from households.months import first_day, last_day

SHARE = 0.04  # of households have an exception in a month
TWICE = 0.08  # of those have a second one
KINDS = {"remind": 0.30, "bonus": 0.38, "deduct": 0.32}
DIVISION_SHARE = 0.04  # of villages have an event of their own in a month
_DOCUMENTS = {
    "illegal_building": "洞自然资罚",
    "pollution": "洞环罚",
    "crime": "洞公行罚决",
    "discipline": "洞六零通",
    "accident": "洞应急通",
    "epidemic": "洞卫通",
}
_NOTES = {
    "remind": ("当面提醒，答应三天内整改", "组长上门说明，已记下", "第一次提醒", ""),
    "bonus": ("群众反映好", "有签名表", "村民小组会上通过", "有照片", ""),
    "deduct": ("两次提醒后仍未改", "现场核实，户主在场", "有照片，组长和党员在场", ""),
}


@dataclass(frozen=True)
class ClauseChoice:
    """What an event needs to know of a clause."""

    code: str
    indicator: str
    kind: str
    points: int
    subject: str
    recorder: str
    document_required: bool
    second_person: bool

    @property
    def weight(self) -> float:
        """How often it happens: the graver, the rarer; what needs a decision or two people, rarer still."""
        return (0.3 if self.document_required else 1) * (0.3 if self.second_person else 1) / max(1, self.points) ** 1.2


@dataclass(frozen=True)
class MadeUpEvent:
    """One made-up event, on a household or a division."""

    code: str
    day: date
    clause: str
    document_no: str
    note: str


def of_households(
    households: Sequence[str],
    clauses: Sequence[ClauseChoice],
    month: str,
    today: date,
    rng: Random,
    *,
    share: float = SHARE,
) -> list[MadeUpEvent]:
    """The month's events of households, by day: `share` of them have one, some have two."""
    by_kind = {
        kind: [c for c in clauses if c.kind == kind and c.subject != "division" and c.indicator != "petition"]
        for kind in KINDS
    }
    chosen = rng.sample(households, round(len(households) * share))
    chosen += [code for code in chosen if rng.random() < TWICE]
    kinds = rng.choices(list(KINDS), list(KINDS.values()), k=len(chosen))
    found = [
        _made_up(code, _pick(by_kind[kind], rng), month, today, rng) for code, kind in zip(chosen, kinds, strict=True)
    ]
    return sorted(found, key=lambda event: (event.day, event.code))


def of_divisions(
    divisions: Sequence[str], clauses: Sequence[ClauseChoice], month: str, today: date, rng: Random
) -> list[MadeUpEvent]:
    """The month's events of groups, villages and townships themselves."""
    fitting = [c for c in clauses if c.subject != "household" and c.indicator != "petition"]
    chosen = rng.sample(divisions, max(1, round(len(divisions) * DIVISION_SHARE)))
    return [_made_up(code, _pick(fitting, rng), month, today, rng) for code in chosen]


def _pick(clauses: Sequence[ClauseChoice], rng: Random) -> ClauseChoice:
    return rng.choices(clauses, [clause.weight for clause in clauses])[0]


def _made_up(code: str, clause: ClauseChoice, month: str, today: date, rng: Random) -> MadeUpEvent:
    return MadeUpEvent(
        code, day_in(month, today, rng), clause.code, document_for(clause, month, rng), rng.choice(_NOTES[clause.kind])
    )


def day_in(month: str, today: date, rng: Random) -> date:
    """A day of the month that is not in the future."""
    last = min(last_day(month), today)
    return first_day(month).replace(day=rng.randint(1, last.day))


def document_for(clause: ClauseChoice, month: str, rng: Random) -> str:
    """A made-up document number where the clause demands one."""
    if not clause.document_required:
        return ""
    return f"{_DOCUMENTS.get(clause.indicator, '洞六零')}〔{month[:4]}〕{rng.randrange(1, 999):03d}号"


def as_csv(events: Iterable[MadeUpEvent]) -> bytes:
    """The events as the file that the county would import."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("household_code|division_code", "date", "clause_code", "document_no", "note"))
    writer.writerows((h.code, h.day, h.clause, h.document_no, h.note) for h in events)
    return buffer.getvalue().encode()
