"""The register over HTTP: who is on it, and its changes."""

from uuid import uuid4

import pytest

from households.models import Household
from households.roles import Role
from tests.world import STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST = f"{VILLAGE}010001"
CHANGES = "/api/v1/households/changes/"


def test_register_is_told_within_a_place_with_masked_heads(world: World) -> None:
    answer = world.client(Role.TOWNSHIP).get("/api/v1/households/", {"within": f"{VILLAGE}02"}).json()
    assert [(one["code"][-4:], one["head"]) for one in answer["households"]] == [
        ("0001", "曾*"),
        ("0002", "欧阳*"),
        ("0003", "孙*"),
    ]
    assert answer["next"] is None


def test_register_outside_is_not_found(world: World) -> None:
    answer = world.client(Role.CADRE).get("/api/v1/households/", {"within": STRANGE})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "南坪" not in answer.content.decode()


def test_change_is_carried_out_once(world: World) -> None:
    client = world.client(Role.CADRE)
    sent = {
        "op_id": str(uuid4()),
        "kind": "split",
        "household": FIRST,
        "from": "2024-05-10",
        "reason": "married",
        "head_name": "张小三",
    }
    given = {"data": sent, "content_type": "application/json"}
    first, again = client.post(CHANGES, **given), client.post(CHANGES, **given)
    assert first.status_code == 201, first.content
    assert first.json() == again.json() and first.json()["counts_from"] == "2024-05-10"
    assert Household.objects.filter(head_name="张小三").count() == 1


def test_change_of_somebody_elses_household_is_not_found(world: World) -> None:
    sent = {
        "op_id": str(uuid4()),
        "kind": "close",
        "household": f"{STRANGE}010001",
        "from": "2024-05-10",
        "reason": "all_dead",
    }
    answer = world.client(Role.CADRE).post(CHANGES, data=sent, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "outside")
    assert Household.objects.get(code=f"{STRANGE}010001").valid_to is None


def test_field_that_a_kind_does_not_take_is_refused_by_the_name_it_was_sent_under(world: World) -> None:
    sent = {"kind": "correct", "household": FIRST, "from": "2024-05-10", "reason": "wrong", "head_name": "张四丰"}
    client = world.client(Role.CADRE)
    for more, name in (({"number": 21}, "number"), ({"serial": 21}, "serial"), ({"from": "2999-01-01"}, "from")):
        body = {"op_id": str(uuid4()), **sent, **more}
        answer = client.post(CHANGES, data=body, content_type="application/json")
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [name])
    assert Household.objects.get(code=FIRST).head_name == "张三丰"
