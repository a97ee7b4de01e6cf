"""Objections over the interface: POST objections, POST rulings, and the list that a department follows its findings by."""

from uuid import uuid4

import pytest
from django.test import Client

from households.roles import Role
from scoring.models import Objection, ScoreEvent
from tests.scoring.notices.posting import POSTED, posted_event
from tests.scoring.objections.objecting import ONE, TWO, WORDS, objected
from tests.world import World

LIST = "/api/v1/objections/"


@pytest.fixture
def event(world: World) -> ScoreEvent:
    return posted_event(world, ONE, by=Role.GROUP_LEADER)


def post(client: Client, address: str, **body: object) -> tuple[int, dict]:
    answer = client.post(address, {"op_id": str(uuid4()), **body}, content_type="application/json")
    return answer.status_code, answer.json()


def test_supervisor_objects_and_the_cadre_rules(world: World, event: ScoreEvent) -> None:
    status, made = post(world.client(Role.SUPERVISOR), LIST, event=event.pk, text=WORDS)
    assert (status, made["state"]) == (201, "first")
    address = f"{LIST}{made['id']}/ruling/"
    status, ruling = post(world.client(Role.CADRE), address, upheld=True, reason="查过值班记录", public_reason="twice")
    assert (status, ruling["state"], ruling["event"], ruling["adjustment"]) == (200, "upheld", event.pk, None)
    status, second = post(world.client(Role.CADRE), address, upheld=False, reason="又想了想")
    assert (status, second["code"]) == (409, "objection_state")


def test_same_id_is_answered_the_same(world: World, event: ScoreEvent) -> None:
    client, op_id = world.client(Role.SUPERVISOR), str(uuid4())
    first = post(client, LIST, event=event.pk, text=WORDS, op_id=op_id)
    assert post(client, LIST, event=event.pk, text=WORDS, op_id=op_id) == first
    assert Objection.objects.count() == 1


def test_missing_deed_is_named_by_month_and_household(world: World, event: ScoreEvent) -> None:
    client = world.client(Role.SUPERVISOR)
    assert post(client, LIST, month=POSTED, household=TWO, text=WORDS)[0] == 201
    assert post(client, LIST, text=WORDS)[1]["code"] == "about_missing"
    assert post(client, LIST, event=10**12, text=WORDS)[0] == 404


def test_list_holds_no_words_and_ends_at_the_scope(world: World, event: ScoreEvent) -> None:
    objected(world, event.pk, month=POSTED)
    told = world.client(Role.TOWNSHIP).get(LIST)
    [one] = told.json()["objections"]
    assert (one["code"], one["state"], one["outcome"], one["event"]) == (ONE, "first", "等村里评议", event.pk)
    assert WORDS not in told.content.decode()
    assert world.client(Role.TOWNSHIP).get(LIST, {"state": "upheld"}).json()["objections"] == []
    assert world.client(world.stranger(Role.TOWNSHIP)).get(LIST).json()["objections"] == []
    assert world.client(Role.DEPARTMENT).get(LIST).json()["objections"] == []
    assert world.client(Role.GROUP_LEADER).get(LIST).status_code == 403


def test_stranger_finds_none_to_rule_on(world: World, event: ScoreEvent) -> None:
    made = objected(world, event.pk, month=POSTED)
    stranger = world.client(world.stranger(Role.CADRE))
    assert post(stranger, f"{LIST}{made['id']}/ruling/", upheld=True, reason="x")[0] == 404
    assert post(stranger, LIST, event=event.pk, text=WORDS)[0] == 404
