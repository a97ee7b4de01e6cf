"""The audit log: the last line of every action, inside its transaction."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from households.models.records import AuditEvent
from households.roles import Role
from households.sql import run

if TYPE_CHECKING:
    from households.models import User

OPERATOR = "县六零办（命令行）"  # the actor when no account is involved: commands and scheduled tasks


def line(by: "User | None", action: str, *, place: str = "", subject: object = "", **detail: Any) -> AuditEvent:
    """One unsaved line. `by` None is the operator at the command line or the schedule."""
    return AuditEvent(
        actor=by.username if by else OPERATOR,
        role=by.role if by else Role.COUNTY_OFFICE,
        action=action,
        place=place,
        subject=str(subject),
        detail=detail,
    )


def record(by: "User | None", action: str, *, place: str = "", subject: object = "", **detail: Any) -> None:
    """Write one line. Never put names, phones, PINs or tokens of citizens into `detail`."""
    record_all([line(by, action, place=place, subject=subject, **detail)])


_WRITE = """
    INSERT INTO households_auditevent (at, actor, role, action, place, subject, detail)
    VALUES (%(at)s, %(actor)s, %(role)s, %(action)s, %(place)s, %(subject)s, %(detail)s)
"""


def record_all(lines: Iterable[AuditEvent]) -> None:
    """Write many lines in one statement."""
    lines = list(lines)
    if len(lines) > 1:
        AuditEvent.objects.bulk_create(lines)
    elif lines:
        _write(lines[0])


def _write(one: AuditEvent) -> None:
    """One line, in the database's own words: it ends every request that changes something."""
    names = ("actor", "role", "action", "place", "subject")
    values: dict[str, Any] = {name: getattr(one, name) for name in names}
    run(_WRITE, values | {"at": timezone.now(), "detail": json.dumps(one.detail)})
