"""What else happens to an objection: it is taken further, taken back, handed on, or its days are over."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from households.models import User
from households.months import Month
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.scope import lies_in
from scoring.models import Objection
from scoring.objection_states import HOUSEHOLD, KEYS_IN, ObjectionAction, ObjectionState, ObjectionWay
from scoring.objections.actions.steps import UNKNOWN, by_itself, check_step, held, take
from scoring.objections.hearing import sees

_OF_HOUSEHOLD = (ObjectionWay.PLATE, ObjectionWay.PAPER)
_OVERDUE = {ObjectionState.FIRST: ObjectionAction.HAND_ON, ObjectionState.ANSWERED: ObjectionAction.LAPSE}


def appeal(*, op_id: UUID, objection: int, by: User | None = None, household: str = "") -> Answer:
    """Whoever objected asks the township (or the county office) to look again; who keys in does it for a household on paper."""
    return _by_objector(op_id, objection, ObjectionAction.APPEAL, by, household)


def withdraw(*, op_id: UUID, objection: int, by: User | None = None, household: str = "") -> Answer:
    """Whoever objected takes it back; a household's own is never taken back by somebody else."""
    return _by_objector(op_id, objection, ObjectionAction.WITHDRAW, by, household)


def hand_on(*, op_id: UUID, objection: int, by: User) -> Answer:
    """The village's panel hands it on: it is not for them, or they would rather not."""

    def act() -> Answer:
        _sheet, found = held(objection)
        if not sees(by, found):
            raise UNKNOWN
        check_step(found, ObjectionAction.HAND_ON, by.role)
        if not may(by, Permission.HEAR_OBJECTION, at=found.code):
            raise Refused("not_yours", "只有本村评议的人可以转上级。")
        take(found, ObjectionAction.HAND_ON, role=by.role, by=by)
        return {"id": found.pk, "state": str(found.state)}

    return once(op_id=op_id, by=by, kind="objection.hand_on", payload={"objection": objection}, act=act)


def _by_objector(op_id: UUID, objection: int, action: ObjectionAction, by: User | None, household: str) -> Answer:
    def act() -> Answer:
        _sheet, found = held(objection)
        role = by.role if by else HOUSEHOLD
        if not _is_seen(found, by, household):
            raise UNKNOWN
        check_step(found, action, role)
        if not speaks(found, action, by):
            raise Refused("not_yours", f"只有提出的人可以{action.label}。")
        take(found, action, role=role, by=by)
        return {"id": found.pk, "state": str(found.state)}

    payload = {"objection": objection, "household": household}
    return once(op_id=op_id, by=by, kind=f"objection.{action}", payload=payload, act=act)


def _is_seen(found: Objection, by: User | None, household: str) -> bool:
    return sees(by, found) if by else found.code == household and found.way in _OF_HOUSEHOLD


def speaks(found: Objection, action: ObjectionAction, by: User | None) -> bool:
    """Whether it is the person's own, or a household's that is taken further on paper; only it takes its own back."""
    if by is None:
        return True
    if found.way in _OF_HOUSEHOLD:
        return action is ObjectionAction.APPEAL and by.role in KEYS_IN
    return found.filed_by_id == by.pk


def move_on(*, month: Month, on: date, within: str = "") -> int:
    """What the days move, inside a place or everywhere: overdue in the village goes above, what nobody took further is over. How many."""
    late = Objection.objects.filter(lies_in(within, "village"), period=month, due_on__lt=on)
    numbers = list(late.filter(state__in=list(_OVERDUE)).order_by("village", "pk").values_list("pk", flat=True))
    return sum(_move_on(number, on) for number in numbers)


@transaction.atomic
def _move_on(number: int, on: date) -> int:
    """One, in a transaction of its own; 0 when somebody was quicker."""
    _sheet, found = held(number)
    action = _OVERDUE.get(ObjectionState(found.state))
    if action is None or found.due_on is None or found.due_on >= on:
        return 0
    by_itself(found, action)
    return 1


def carry_over(*, month: Month, villages: Collection[str]) -> int:
    """A freezing by force passes open objections by: they go on above the village, and lead to a correction. The sheets are held."""
    waiting = Objection.objects.blocking().filter(period=month, village__in=villages)
    found = list(waiting.select_for_update(of=["self"]).order_by("pk"))
    for objection in found:
        objection.blocks = False
        if objection.state == ObjectionState.SECOND:
            objection.save(update_fields=["blocks"])
        else:
            by_itself(objection, ObjectionAction.HAND_ON)
    return len(found)


def villages_waiting(month: Month, villages: Collection[str]) -> set[str]:
    """Of these villages those whose freezing waits for an objection. Asked while their sheets are held."""
    waiting = Objection.objects.blocking().filter(period=month, village__in=villages)
    return set(waiting.values_list("village_id", flat=True))
