"""Objections of the small world, filed and ruled on through the doors."""

import re
from uuid import uuid4

from django.test import Client

from households.models import User
from households.operations import Answer
from households.roles import Role
from scoring.models import Objection
from scoring.objections.actions.filing import ObjectionFiling, file_by_household, file_by_staff
from scoring.objections.actions.ruling import Ruling, rule
from tests.world import MONTH, VILLAGE, World

ONE, TWO, THREE = (f"{VILLAGE}01000{number}" for number in (1, 2, 3))
WORDS = "那天我家的人都在外面打工，有车票。"


def filing(
    event: int | None, *, month: str = MONTH, code: str = ONE, text: str = WORDS, paper: bool = False
) -> ObjectionFiling:
    return ObjectionFiling(month=month, code=code, text=text, event=event, paper=paper)


def objected(world: World, event: int | None, by: User | None = None, **about: str) -> Answer:
    """By the household behind its plate, or by a member of staff; a cadre and the township bring paper."""
    if by is None:
        return file_by_household(op_id=uuid4(), filing=filing(event, **about))
    if by.role in (Role.CADRE, Role.TOWNSHIP):
        return keyed_in(event, by, **about)
    return file_by_staff(op_id=uuid4(), filing=filing(event, **about), by=by)


def keyed_in(event: int | None, by: User, **about: str) -> Answer:
    """The household's paper, with a photo of it."""
    return file_by_staff(op_id=uuid4(), filing=filing(event, paper=True, **about), by=by, photo=b"\xff\xd8 paper")


def ruled(objection: int, by: User, *, upheld: bool = True, **more: object) -> Answer:
    return rule(op_id=uuid4(), objection=objection, ruling=Ruling(upheld, "查了值班记录。", **more), by=by)


def state(objection: int) -> str:
    return Objection.objects.get(pk=objection).state


def text(client: Client, page: str) -> str:
    return re.sub(r"\s+", " ", client.get(page, follow=True).content.decode())


def sent(page: str, **more: object) -> dict[str, object]:
    """What the page's form holds, and what is filled in."""
    hidden = re.search(r'name="op_id" value="([^"]+)"', page)
    assert hidden
    return {"op_id": hidden[1], **more}
