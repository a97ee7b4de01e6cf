"""The guard against recording one fact twice: the same for the page, the interface and the files of the county office.

A twin is a standing event of the same household or division, day, clause and document number, however that is spelt.
Whoever means it says so (`again`), and it is recorded a second time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from households.models import User
from households.words.keys import key
from scoring.models import Adjustment, ScoreEvent
from scoring.sheets.actions.entries import is_secret_from

COUNTY_OFFICE = "县六零办"
MEANT = "如果确实又发生了一次，请确认后再登记一次。"
Fact = tuple[str, date, str, str]


def fact(code: str, day: date, clause: str, document_no: str) -> Fact:
    """What makes two entries one and the same."""
    return code, day, clause, key(document_no)


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A standing event as it is told to whoever records its twin."""

    fact: Fact
    event: int | None = None
    recorder: str = ""
    document_no: str = ""
    line: int = 0  # of the file that brings it

    @property
    def sentence(self) -> str:
        """Who recorded it, under which number and document; of one in the same file, the line."""
        if self.line:
            return f"与第 {self.line} 行是同一件事（同一户、同一天、同一条款、同一文书号），没有登记。"
        document = f"，文书号 {self.document_no}" if self.document_no else ""
        return f"{self.recorder}已经登记过同一天的这一条（编号 {self.event}{document}），没有重复登记。"


class Twins:
    """Standing events by what makes them one; those of the same run are added as they are recorded."""

    def __init__(self, standing: Iterable[RecordedFact] = ()) -> None:
        self._known = {one.fact: one for one in standing}

    def add(self, one: RecordedFact) -> None:
        self._known.setdefault(one.fact, one)

    def drop(self, event: int) -> None:
        """The event was withdrawn: it is no twin any more."""
        self._known = {fact: one for fact, one in self._known.items() if one.event != event}

    def find(self, wanted: Fact, *, again: bool) -> RecordedFact | None:
        """The one that stands already; None as well for who means it."""
        return None if again else self._known.get(wanted)


def fact_of(one: ScoreEvent | Adjustment) -> Fact:
    """Of an event, or of the one that a correction would add."""
    assert one.date and one.clause, "a withdrawal is no fact"
    return fact(one.code, one.date, one.clause.code, one.document_no)


def recorded(event: ScoreEvent, *, by: User) -> RecordedFact:
    """A standing event as `by` may hear of it."""
    who = event.recorded_by.display_name if event.recorded_by else COUNTY_OFFICE
    who = "您" if event.recorded_by == by else who
    document = "" if is_secret_from(event, by) else event.document_no
    return RecordedFact(fact_of(event), event.pk, who, document)
