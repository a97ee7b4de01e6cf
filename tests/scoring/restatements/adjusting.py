"""Asking for corrections of a frozen month and granting them, as township and county office do."""

from uuid import uuid4

from households.models import User
from households.operations import Answer
from households.roles import Role
from scoring.models import Adjustment, ScoreEvent
from scoring.restatements import actions as restating
from tests import copies
from tests.world import MONTH, VILLAGE, World

FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"
GROUP = f"{VILLAGE}01"


def frozen_with(world: World, code: str = FIRST, clause: str = "WR04") -> ScoreEvent:
    """The whole month frozen with one event in it; done once in a session where nothing has happened yet."""

    def act() -> int:
        event = world.record(code, clause)
        world.frozen_month()
        return event.pk

    return ScoreEvent.objects.get(pk=copies.once(f"frozen with {clause} of {code}", act))


def ask(world: World, *, by: User | None = None, month: str = MONTH, **raw: object) -> Adjustment:
    """The request as 罗坪乡 sends it."""
    raw = {"reason": "复核后更正"} | raw
    answer = restating.ask(op_id=uuid4(), month=month, raw=raw, by=by or world.user(Role.TOWNSHIP))
    return Adjustment.objects.get(pk=answer["id"])


def ask_withdrawal(world: World, event: ScoreEvent) -> Adjustment:
    return ask(world, withdraw=event.pk)


def ask_addition(world: World, code: str = SECOND, clause: str = "WR04", **more: object) -> Adjustment:
    place = "household" if len(code) == 18 else "division"
    return ask(world, **{place: code, "clause": clause, "date": "2024-05-21"}, **more)


def grant(world: World, adjustment: Adjustment, *, by: User | None = None) -> Answer:
    return restating.grant(op_id=uuid4(), adjustment=adjustment.pk, by=by or world.user(Role.COUNTY_OFFICE))
