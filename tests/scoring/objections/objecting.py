"""Objections of the small world, filed and ruled on through the doors."""

from uuid import uuid4

from households.models import User
from households.operations import Answer
from households.roles import Role
from scoring.models import Objection
from scoring.objections.actions.filing import ObjectionFiling, file_by_household, file_by_staff
from scoring.objections.actions.ruling import Ruling, rule
from tests.world import MONTH, VILLAGE, World

ONE, TWO, THREE = (f"{VILLAGE}01000{number}" for number in (1, 2, 3))
WORDS = "那天我家的人都在外面打工，有车票。"


def filing(event: int | None, *, month: str = MONTH, code: str = ONE, text: str = WORDS) -> ObjectionFiling:
    return ObjectionFiling(month=month, code=code, text=text, event=event)


def objected(world: World, event: int | None, by: User | None = None, **about: str) -> Answer:
    """By the household behind its plate, or by a member of staff; a cadre brings paper."""
    if by is None:
        return file_by_household(op_id=uuid4(), filing=filing(event, **about))
    photo = b"\xff\xd8 paper" if by.role == Role.CADRE else b""
    return file_by_staff(op_id=uuid4(), filing=filing(event, **about), by=by, photo=photo)


def ruled(objection: int, by: User, *, upheld: bool = True, **more: object) -> Answer:
    return rule(op_id=uuid4(), objection=objection, ruling=Ruling(upheld, "查了值班记录。", **more), by=by)


def state(objection: int) -> str:
    return Objection.objects.get(pk=objection).state
