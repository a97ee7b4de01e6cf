"""Changes of the small world's places, in one line each."""

from datetime import date
from uuid import uuid4

from households.borders.actions.carrying import BorderWish, carry_out
from households.borders.checks import checked
from households.borders.mapping import MapLine
from households.changes.checks import checked as changes_checked
from households.contacts.checks import checked as contacts_checked
from households.house.checks import Checked
from households.models import BorderOrder, BorderReason, User
from scoring.checks.verify import verify

Line = tuple[str, ...]


def border_wish(day: date, *lines: Line, release: bool = False, document_no: str = "") -> BorderWish:
    numbered = tuple(MapLine(at, *line) for at, line in enumerate(lines, start=2))
    return BorderWish(day, BorderReason.VILLAGES, numbered, document_no, release)


def ordered(by: User | None, day: date, *lines: Line, release: bool = False) -> BorderOrder:
    return carry_out(op_id=uuid4(), wish=border_wish(day, *lines, release=release), by=by)


def drifts() -> list[object]:
    """What does not hold of the register and its months."""
    said: list[Checked] = [*checked(None), *changes_checked(None), *contacts_checked(None)]
    return [one.sentence for one in said if not one.holds] + list(verify())
