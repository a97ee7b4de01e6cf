"""What was acknowledged, held against the database: nothing lost, nothing doubled, everything where its answer says that it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from households.models import Operation
from petitions.models import Petition
from rewards.models import Redemption
from rewards.states import RedemptionState
from scoring.models import Objection, ScoreEvent
from tests.attack.chaos.clients import Sent, Written

Taken = Callable[[Sent], bool]


@dataclass(frozen=True)
class Room:
    """Operations that make a row each: which rows, under which name the answer tells it, and whether it did."""

    name: str
    rows: models.Manager[Any]
    key: str
    told: str
    taken: Taken


def _made(one: Sent) -> bool:
    return one.answer is not None and one.answer["http"] == 201


def _added(one: Sent) -> bool:
    done = one.answer is not None and one.answer.get("status") in ("applied", "exists")
    return done and one.asked["type"] == "add"


ROOMS = (
    Room("sheet", ScoreEvent.objects, "pk", "event", _added),
    Room("shop", Redemption.objects, "pk", "id", _made),
    Room("petitions", Petition.objects, "number", "number", _made),
    Room("objections", Objection.objects, "pk", "id", _made),
)


def standing() -> dict[str, set[Any]]:
    """The rows of each room as they are now."""
    return {room.name: _keys(room) for room in ROOMS}


def _keys(room: Room) -> set[Any]:
    return set(room.rows.values_list(room.key, flat=True))


def judge(written: Written, before: dict[str, set[Any]]) -> list[str]:
    """What does not fit, a line each."""
    wrong = [f"answered otherwise the second time: {line}" for line in written.otherwise]
    for room in ROOMS:
        sent, fresh = written.of(room.name), _keys(room) - before[room.name]
        told = [one.answer[room.told] for one in sent if room.taken(one) and one.answer is not None]
        expected = len(told) + _landed(one for one in sent if one.answer is None and _makes_a_row(one))
        wrong += [f"{room.name}: {lost} was acknowledged and is not there" for lost in sorted(set(told) - fresh)[:5]]
        if len(told) != len(set(told)):
            wrong.append(f"{room.name}: {len(told) - len(set(told))} answers name another's row")
        if len(fresh) > expected:
            wrong.append(f"{room.name}: {len(fresh)} rows came, {expected} were asked for")
    return wrong + list(_withdrawn(written)) + list(_given_up(written))


def _makes_a_row(one: Sent) -> bool:
    return one.asked.get("type", "add") == "add"


def _landed(unanswered: Iterable[Sent]) -> int:
    """How many took place although nobody was told."""
    answers = Operation.objects.filter(op_id__in=[one.op_id for one in unanswered]).values_list("answer", flat=True)
    return sum("refused" not in answer and answer.get("status") in (None, "applied") for answer in answers)


def _withdrawn(written: Written) -> Iterable[str]:
    """Entries stand, or stand withdrawn, as the answers say."""
    asked = {one.asked["of"]: one.answer for one in written.of("sheet") if one.asked["type"] == "withdraw"}
    events = {str(row.op_id): row for row in ScoreEvent.objects.filter(op_id__in=_ids(written.of("sheet")))}
    for op_id, event in events.items():
        gone, answer = event.withdrawn_at is not None, asked.get(op_id)
        if op_id not in asked and gone:
            yield f"sheet: {op_id} is withdrawn and nobody asked for it"
        if answer and answer["status"] in ("applied", "exists") and not gone:
            yield f"sheet: the withdrawal of {op_id} was acknowledged and it stands"


def _given_up(written: Written) -> Iterable[str]:
    """What was acknowledged as given up is."""
    voided = [one for one in written.of("void") if one.answer is not None and one.answer["http"] == 200]
    states = dict(
        Redemption.objects.filter(pk__in=[one.asked["redemption"] for one in voided]).values_list("pk", "state")
    )
    for one in voided:
        if states.get(one.asked["redemption"]) != RedemptionState.VOIDED:
            yield f"shop: {one.asked['redemption']} was acknowledged as given up and is not"


def _ids(sent: Iterable[Sent]) -> list[Any]:
    return [one.op_id for one in sent]
