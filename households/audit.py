"""The audit log: the last line of every action, inside its transaction."""

import json
import logging
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from django.db import transaction

from households.models.records import AuditEvent
from households.roles import Role
from households.sql import as_bytea, as_text, copy_in, escaped, in_lines, run
from households.trail.macs import audit_text, mac

if TYPE_CHECKING:
    from households.models import User

    Actor = User | Literal["villager"] | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where what is done just now came from: the sealed network address, and a digest of the session. Asked for by lines alone.

    `browser`: the marks of everybody who has signed in in that browser (`accounts.lockout`); asked for by signatures.
    """

    address: Callable[[], bytes | None]
    session: Callable[[], str]
    browser: Callable[[], list[str]] = list


_sent = logging.getLogger("dongkou.audit.sent")
ORIGIN: ContextVar[Origin | None] = ContextVar("origin", default=None)  # none at the command line and in tasks
ANONYMOUS = "未登录"  # the actor of what nobody proved to be: failed sign-ins, what strangers send
VILLAGER: Final = "villager"  # actor and role of what a household or filer does in its own session
OPERATOR = "县六零办（命令行）"  # the actor when no account is involved: commands and scheduled tasks


def line(by: "Actor", action: str, *, place: str = "", subject: object = "", **detail: Any) -> AuditEvent:
    """One unsaved line. `by` None is the operator at the command line or the schedule, VILLAGER a household or filer."""
    actor, role = _who(by)
    return AuditEvent(actor=actor, role=role, action=action, place=place, subject=str(subject), detail=detail)


def _who(by: "Actor") -> tuple[str, str]:
    if by is None:
        return OPERATOR, Role.COUNTY_OFFICE
    return (by, by) if isinstance(by, str) else (by.username, by.role)


def record(by: "Actor", action: str, *, place: str = "", subject: object = "", **detail: Any) -> None:
    """Write one line. Never put names, phones, PINs or tokens of citizens into `detail`."""
    record_all([line(by, action, place=place, subject=subject, **detail)])


_COLUMNS = ("at", "actor", "role", "action", "place", "subject")
_WRITE = """
    INSERT INTO households_auditevent (at, actor, role, action, place, subject, detail, session, address, mac)
    VALUES (%(at)s, %(actor)s, %(role)s, %(action)s, %(place)s, %(subject)s, %(detail)s, %(session)s, %(address)s, %(mac)s)
"""


def record_all(lines: Iterable[AuditEvent]) -> None:
    """Write many lines at once."""
    lines = list(lines)
    for one in lines:
        _finish(one)
    if lines and _sent.isEnabledFor(logging.INFO):
        transaction.on_commit(partial(_send, lines))
    if len(lines) > 1:
        _write_all(lines)
    elif lines:
        _write(lines[0])


def _finish(one: AuditEvent) -> None:
    """Where it came from, and the keyed digest over what the line says: nobody makes one with the database alone."""
    if origin := ORIGIN.get():
        one.address, one.session = origin.address(), origin.session()
    detail = json.loads(json.dumps(one.detail)) if one.detail else {}  # as the database will give it back
    one.mac = mac(audit_text([*(getattr(one, name) for name in _COLUMNS), detail, one.session]))


def _send(lines: list[AuditEvent]) -> None:
    """Off the machine, where that is set (`dongkou.syslog`): what the lines say, without the address."""
    for one in lines:
        told = {name: getattr(one, name) for name in (*_COLUMNS[1:], "session", "detail")}
        told = {"at": one.at.isoformat(), **told, "mac": bytes(one.mac or b"").hex()}
        _sent.info(json.dumps(told, ensure_ascii=False))


def _write(one: AuditEvent) -> None:
    """One line, in the database's own words: it ends every request that changes something."""
    values: dict[str, Any] = {name: getattr(one, name) for name in (*_COLUMNS, "session", "address", "mac")}
    run(_WRITE, values | {"detail": json.dumps(one.detail)})


def _write_all(lines: list[AuditEvent]) -> None:
    values = {
        "at": as_text(one.at.isoformat() for one in lines),
        **{name: escaped([getattr(one, name) for one in lines]) for name in (*_COLUMNS[1:], "session")},
        "detail": escaped([json.dumps(one.detail) if one.detail else "{}" for one in lines]),
        "address": as_bytea(one.address for one in lines),
        "mac": as_bytea(one.mac for one in lines),
    }
    copy_in("households_auditevent", values, in_lines(values.values()))
