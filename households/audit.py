"""The audit log: the last line of every action, inside its transaction."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from households.models.records import AuditEvent

if TYPE_CHECKING:
    from households.models import User

OPERATOR = "县六零办（命令行）"  # the actor when no account is involved: commands and scheduled tasks


def line(by: "User | None", action: str, *, place: str = "", subject: object = "", **detail: Any) -> AuditEvent:
    """One unsaved line. `by` None is the operator at the command line or the schedule."""
    return AuditEvent(
        actor=by.username if by else OPERATOR,
        role=by.role if by else "county_office",
        action=action,
        place=place,
        subject=str(subject),
        detail=detail,
    )


def record(by: "User | None", action: str, *, place: str = "", subject: object = "", **detail: Any) -> None:
    """Write one line. Never put names, phones, PINs or tokens of citizens into `detail`."""
    line(by, action, place=place, subject=subject, **detail).save(force_insert=True)


def record_all(lines: Iterable[AuditEvent]) -> None:
    """Write many lines in one statement."""
    AuditEvent.objects.bulk_create(lines)
