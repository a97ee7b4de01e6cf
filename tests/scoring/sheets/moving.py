"""A village's month brought to each of its states, and every door by which somebody may try to move it on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.roles import Role
from scoring.freezing import post
from scoring.models import Sheet
from scoring.reviews.actions.reviewing import exceptions_of
from scoring.reviews.reads import open_sheet
from scoring.states import SheetAction, SheetState
from tests.world import LONG_AFTER, MONTH, VILLAGE, World

_S, _A = SheetState, SheetAction
REASON = "再核对一遍"
ROLES = (  # whose doors are tried
    Role.GROUP_LEADER,
    Role.CADRE,
    Role.SUPERVISOR,
    Role.TOWNSHIP,
    Role.DEPARTMENT,
    Role.PETITION_OFFICE,
    Role.COUNTY_OFFICE,
)


def state() -> str:
    return str(Sheet.objects.get(period=MONTH, village=VILLAGE).state)


def bring_to(world: World, wanted: SheetState) -> None:
    """东山村's MONTH, one step after the other; its neighbours go the same way."""
    steps: list[Callable[[], object]] = [
        world.sheet,
        world.declare,
        world.approve,
        lambda: post(month=MONTH, on=LONG_AFTER),
        world.freeze,
    ]
    for step in steps[: list(_S).index(wanted) + 1]:
        step()
    assert state() == wanted


@dataclass(frozen=True, slots=True)
class Tried:
    """What a door answered: its status, and its words without marks or blanks."""

    status: int
    words: str


def words(answer: HttpResponse) -> str:
    """What a page or an answer says, without marks or blanks."""
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


def _told(answer: HttpResponse) -> Tried:
    return Tried(answer.status_code, words(answer))


def by_operation(client: Client, world: World, action: SheetAction) -> Tried:
    """The sheet's own page and other systems send the same operations."""
    op = {"op_id": str(uuid4()), "type": str(action), "reason": REASON, "again": True}
    answer = client.post(f"/api/v1/sheets/{MONTH}/{VILLAGE}/ops/", {"ops": [op]}, content_type="application/json")
    if answer.status_code != 200:
        return _told(answer)
    [result] = answer.json()["results"]
    return Tried(200 if result["status"] == "applied" else 422, result["reason"])


def by_page(client: Client, world: World, action: SheetAction) -> Tried:
    """What the page of a review sends."""
    name = "review-revoke" if action is _A.REVOKE else "review-decide"
    sheet = world.sheet()
    sent = {"op_id": str(uuid4()), "decision": str(action), "reason": REASON, "seen_version": sheet.version}
    drawn = {f"found-{one.household.code}": "desk" for one in open_sheet(sheet).sample}
    opened = [event.pk for event in exceptions_of(sheet)]
    return _told(client.post(reverse(name, args=[MONTH, VILLAGE]), sent | drawn | {"opened": opened}))


def by_interface(client: Client, world: World, action: SheetAction) -> Tried:
    """What another system sends for a review."""
    sheet, base = world.sheet(), f"/api/v1/reviews/{MONTH}/{VILLAGE}/"
    sent: dict[str, object] = {"op_id": str(uuid4()), "reason": REASON}
    if action is not _A.REVOKE:
        sent |= {"decision": str(action), "opened": [event.pk for event in exceptions_of(sheet)]}
    address = f"{base}revoke/" if action is _A.REVOKE else base
    return _told(client.post(address, sent, content_type="application/json"))


Door = Callable[[Client, World, SheetAction], Tried]
DOORS: dict[SheetAction, tuple[Door, ...]] = {
    _A.DECLARE: (by_operation,),
    _A.UNDECLARE: (by_operation,),
    _A.APPROVE: (by_page, by_interface),
    _A.RETURN: (by_page, by_interface),
    _A.REVOKE: (by_page, by_interface),
}
WAYS = [(action, door) for action, doors in DOORS.items() for door in doors]
# Who has a door, of those whom the table lets move: the county office signs and freezes by command alone.
BY_COMMAND = {(_A.DECLARE, Role.COUNTY_OFFICE)}
