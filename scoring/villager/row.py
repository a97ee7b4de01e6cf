"""Everything the household's page is made of, read by one statement.

It is the page that thousands open on the day a month is posted, and it must answer an old phone on a weak signal at once
(design section 14). One round trip instead of seven also means that all its figures are of one moment. Planning the
statement takes four times as long as running it, so each database session prepares it once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from django.conf import settings
from django.utils import timezone

from households import sql
from households.codes import Level
from households.contacts.reads import WhomToCall
from households.models import ChangeKind, ChangeReason, ContactKind
from households.months import Month, month_of, months_between, shift
from households.register.actions import ACTION as UNMASK
from households.register.actions import NAMED
from households.sealing.texts import unsealed
from scoring.ledger.owners import PointBalance, first_pending_month
from scoring.models.objections import number_of
from scoring.objection_states import ObjectionState
from scoring.objections.reads import MISSING, outcome_of
from scoring.reasons import label_of
from scoring.rules import Kind
from scoring.schemes.redlines import PETITION
from scoring.states import EventState, SheetState, event_state
from scoring.villager.row_statement import ROW

MONTHS_SHOWN = 13
LOOKS_SHOWN = 5
PIN_ACTIONS = ("plate.issue", "plate.new_pin", "plate.own_pin")


@dataclass(frozen=True, slots=True)
class HouseholdPlace:
    """The household and where it lives."""

    code: str
    head_name: str
    group: str
    village: str
    village_code: str
    township: str


@dataclass(frozen=True, slots=True)
class MonthState:
    """Where the village's sheet of a month stands; `scored` when the declaration speaks for the household."""

    month: Month
    state: SheetState = SheetState.OPEN
    posted_on: date | None = None
    scored: bool = False
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Zero:
    """One of the six zeros of the month's scheme."""

    position: int
    code: str
    name: str
    lamp: str
    share: int


@dataclass(frozen=True, slots=True)
class HouseholdEvent:
    """One event of the household. Pending and withdrawn ones do not count."""

    number: int
    indicator: int
    kind: Kind
    points: int
    date: date
    text: str
    document_no: str
    note: str
    state: EventState
    withdraw_reason: str
    recorder_role: str | None
    recorder_name: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """Some post looked at the household's telephone number or name in full."""

    day: date
    role: str
    reason: str
    action: str

    @property
    def what(self) -> str:
        """What was seen, in Chinese."""
        return "姓名" if self.action == NAMED else "电话"


@dataclass(frozen=True, slots=True)
class PinChange:
    """The plate or its PIN was handed out, or the household has set one of its own."""

    day: date
    role: str
    action: str


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """What was changed of the household on the register, why, and since when it counts."""

    what: str
    day: date
    why: str
    counts_from: date


@dataclass(frozen=True, slots=True)
class ObjectionOutcome:
    """An objection to the shown month: its number, what it is about, and what became of it."""

    pk: int
    number: str
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """What the statement found. `scores` are (score, broken zeros as bits), `neighbours` households by score."""

    place: HouseholdPlace
    today: date
    current: MonthState
    shown: MonthState
    states: list[MonthState]
    zeros: list[Zero]
    items: list[HouseholdEvent]
    scores: dict[Month, tuple[int, int]]
    points: PointBalance
    credited: dict[Month, int]
    neighbours: dict[int, int]
    looks: list[Look]
    pins: list[PinChange]
    changes: list[RegisterChange]
    contacts: list[WhomToCall]
    objections: int
    outcomes: list[ObjectionOutcome]


def months_up_to(today: date) -> list[Month]:
    """The months that a household may look at, oldest first."""
    current = month_of(today)
    return months_between(shift(current, 1 - MONTHS_SHOWN), current)


class RowAnswer(TypedDict):
    """What the statement writes. Rows are the fields of what they become; None where there are none."""

    today: str
    current: Month
    shown: Month
    place: dict[str, str]
    sheets: dict[Month, Sequence[Any]] | None
    account: Sequence[Any] | None
    indicators: Sequence[Sequence[Any]] | None
    events: Sequence[Sequence[Any]] | None
    scores: dict[Month, Sequence[Any]] | None
    neighbours: Sequence[tuple[int, int]] | None
    looks: Sequence[Sequence[str]] | None
    pins: Sequence[Sequence[str]] | None
    changes: Sequence[Sequence[str]] | None
    contacts: Sequence[Sequence[str]] | None
    leaders: Sequence[Sequence[str]] | None
    objections: int
    outcomes: Sequence[Sequence[Any]] | None


def fetch(*, session: str, token: str, month: Month | None, today: date) -> str | None:
    """The row as JSON text, for `month`; without one for the last month that has a score, else for today's. One query.

    None unless the session with this key (`plate_sessions.row_key`) is about this plate and its PIN, and the plate is
    in force.
    """
    params = {
        "session": session,
        "now": timezone.now(),
        "token": token,
        "month": month or "",
        "current": month_of(today),
        "months": months_up_to(today),
        "pending_from": first_pending_month(today),
        "zone": settings.TIME_ZONE,
        "group": Level.GROUP.code_length,
        "seen": [UNMASK, NAMED],
        "looks": LOOKS_SHOWN,
        "pins": list(PIN_ACTIONS),
    }
    ROW.ready()
    found = sql.row(ROW.call, params)
    return str(found[0]) if found else None


def read(text: str) -> HouseholdRow:
    """What `fetch` answered, as values. States are newest first; the shown month and today's are among them even if nobody began them."""
    found: RowAnswer = json.loads(text)
    sheets = {key: _state(key, *value) for key, value in (found["sheets"] or {}).items()}
    current, shown = (sheets.setdefault(one, MonthState(one)) for one in (found["current"], found["shown"]))
    *points, credited = found["account"] or (0, 0, 0, 0, None)
    balance, held, owed, pending = points
    zeros = [Zero(*values) for values in found["indicators"] or []]
    secret_at = next((zero.position for zero in zeros if zero.code == PETITION), 0)
    return HouseholdRow(
        place=HouseholdPlace(**found["place"]),
        today=date.fromisoformat(found["today"]),
        current=current,
        shown=shown,
        states=sorted(sheets.values(), key=lambda state: state.month, reverse=True),
        zeros=zeros,
        items=[_item(*values) for values in found["events"] or []],
        scores={key: tuple(value) for key, value in (found["scores"] or {}).items()},
        points=PointBalance(balance, held, owed, pending),
        credited=credited or {},
        neighbours=dict(found["neighbours"] or []),
        looks=[Look(date.fromisoformat(day), *rest) for day, *rest in found["looks"] or []],
        pins=[PinChange(date.fromisoformat(day), *rest) for day, *rest in found["pins"] or []],
        changes=[_changed(*values) for values in found["changes"] or []],
        contacts=_contacts(found["contacts"] or [], found["leaders"] or []),
        objections=found["objections"],
        outcomes=[_outcome(found["shown"], secret_at, values) for values in found["outcomes"] or []],
    )


def _outcome(month: Month, secret_at: int, found: Sequence[Any]) -> ObjectionOutcome:
    """`secret_at` is the position of 零非访."""
    pk, text, state, correction, position, nobody = found
    words = outcome_of(ObjectionState(state), correction, by_county=nobody or position == secret_at)
    return ObjectionOutcome(pk, number_of(month, pk), text or MISSING, words)


def _changed(kind: str, day: str, reason: str, counts_from: str) -> RegisterChange:
    what, why = ChangeKind(kind).label, ChangeReason(reason).label
    return RegisterChange(what, date.fromisoformat(day), why, date.fromisoformat(counts_from))


def _state(month: Month, state: str, posted_on: str | None, forced: bool, scored: bool) -> MonthState:
    return MonthState(month, SheetState(state), date.fromisoformat(posted_on) if posted_on else None, scored, forced)


def _contacts(rows: Sequence[Sequence[str]], leaders: Sequence[Sequence[str]]) -> list[WhomToCall]:
    """Those who are named; and the group's leader by account, unless somebody else leads the grid."""
    named = [
        WhomToCall(kind, str(ContactKind(kind).label), unsealed(name), unsealed(phone), grid=grid or "")
        for kind, name, phone, grid in rows
    ]
    if any(one.kind == ContactKind.GRID for one in named):
        return named
    kind = ContactKind.GRID
    return [*named, *(WhomToCall(kind, str(kind.label), name, unsealed(phone)) for name, phone in leaders)]


def _item(  # noqa: PLR0917 (in the statement's order)
    number: int,
    indicator: int,
    kind: str,
    points: int,
    day: str,
    text: str,
    document_no: str,
    note: str,
    confirmed: bool,
    withdrawn: bool,
    withdraw_reason: str,
    role: str | None,
    name: str | None,
) -> HouseholdEvent:
    state = event_state(confirmed=confirmed, withdrawn=withdrawn)
    return HouseholdEvent(
        number,
        indicator,
        Kind(kind),
        points,
        date.fromisoformat(day),
        text,
        document_no,
        note,
        state,
        label_of(withdraw_reason),
        role,
        name,
    )
