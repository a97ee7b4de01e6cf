"""Changes of the small world's register, in one line each."""

from datetime import date
from uuid import uuid4

from households.changes.actions.carrying import carry_out
from households.changes.wishes import REASONS, ChangeWish
from households.models import ChangeKind, HouseholdChange, User


def wish(kind: ChangeKind, day: date, household: str = "", **more: object) -> ChangeWish:
    """With the first of its reasons."""
    return ChangeWish(kind, day, str(more.pop("reason", REASONS[kind][0])), household, **more)


def done(by: User | None, kind: ChangeKind, day: date, household: str = "", **more: object) -> HouseholdChange:
    return carry_out(op_id=uuid4(), wish=wish(kind, day, household, **more), by=by)
