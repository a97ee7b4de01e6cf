"""What a household is told of its objection after filing it: handed on, over by its days, and what the county office did not grant."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from households.models import OutboxMessage
from households.outbox import reads
from households.roles import Role
from scoring.models import Objection
from scoring.objections.actions.moving import hand_on, move_on
from scoring.restatements import actions as restating
from tests.plates import own_plate
from tests.scoring.notices.posting import POSTED, posted_event
from tests.scoring.objections.objecting import ONE, objected, ruled
from tests.world import World

REASON = "值班记录证据不够"


@pytest.fixture
def number(world: World) -> int:
    """Its objection, about which it has been told nothing yet."""
    event = posted_event(world, ONE, by=Role.GROUP_LEADER)
    made = int(objected(world, event.pk, month=POSTED)["id"])
    OutboxMessage.objects.all().delete()
    return made


def told() -> list[str]:
    return [one.text for one in reads.of_household(ONE)]


def day_after(number: int) -> int:
    """Moves on what is overdue by then."""
    due = Objection.objects.get(pk=number).due_on
    return move_on(month=POSTED, on=due + timedelta(days=1))


def test_it_is_told_when_the_village_hands_it_on(world: World, number: int) -> None:
    hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    assert told() == ["关于您家的异议，转给上级复核了。"]


def test_it_is_told_when_the_days_hand_it_on(world: World, number: int) -> None:
    assert day_after(number) == 1
    assert told() == ["关于您家的异议，转给上级复核了。"]


def test_it_is_told_when_its_days_are_over(world: World, number: int) -> None:
    ruled(number, world.user(Role.CADRE), upheld=False)
    assert day_after(number) == 1
    assert told() == ["关于您家的异议，可以请求复核的日子过了，已经办结。", "关于您家的异议有了裁定。"]


def test_it_is_told_once_of_one_that_begins_above_the_village(world: World) -> None:
    event = posted_event(world, ONE, "FF07", Role.PETITION_OFFICE)
    OutboxMessage.objects.all().delete()
    assert objected(world, event.pk, month=POSTED)["state"] == "second"
    assert told() == ["关于您家的异议收到了。"]


def test_it_is_told_that_the_county_decided_and_reads_why_not_behind_its_plate(world: World, number: int) -> None:
    world.freeze(POSTED)
    asked = ruled(number, world.user(Role.TOWNSHIP))["adjustment"]
    OutboxMessage.objects.all().delete()
    restating.refuse(op_id=uuid4(), adjustment=asked, reason=REASON, by=world.user(Role.COUNTY_OFFICE))
    assert told() == ["关于您家的异议，县六零办有了决定。"]
    plate, pin = own_plate(world.household)
    client = Client()
    client.post(reverse("plate", args=[plate.token]), {"pin": pin})
    page = client.get(reverse("household-objection", args=[plate.token, number])).content.decode()
    assert f"县六零办不同意的原因：{REASON}" in page and "成立，但县六零办没有同意更正" in page


def test_refusal_of_what_no_objection_led_to_tells_it_nothing(world: World, number: int) -> None:
    world.freeze(POSTED)
    event = Objection.objects.get(pk=number).event_id
    raw = {"withdraw": event, "household": ONE, "reason": "记错了", "public_reason": "twice"}
    asked = restating.ask(op_id=uuid4(), month=POSTED, raw=raw, by=world.user(Role.TOWNSHIP))["id"]
    OutboxMessage.objects.all().delete()
    restating.refuse(op_id=uuid4(), adjustment=asked, reason=REASON, by=world.user(Role.COUNTY_OFFICE))
    assert told() == []
