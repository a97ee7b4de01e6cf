"""Changes of the small world's places, in one line each."""

from datetime import date
from uuid import uuid4

from households.borders.actions.carrying import BorderWish, carry_out
from households.borders.mapping import MapLine
from households.models import BorderOrder, BorderReason, User

Line = tuple[str, ...]


def border_wish(day: date, *lines: Line, release: bool = False, document_no: str = "") -> BorderWish:
    numbered = tuple(MapLine(at, *line) for at, line in enumerate(lines, start=2))
    return BorderWish(day, BorderReason.VILLAGES, numbered, document_no, release)


def ordered(by: User | None, day: date, *lines: Line, release: bool = False) -> BorderOrder:
    return carry_out(op_id=uuid4(), wish=border_wish(day, *lines, release=release), by=by)
