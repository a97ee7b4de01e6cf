"""The township's decision over HTTP."""

from uuid import uuid4

import pytest
from django.http import HttpResponse

from households.roles import Role
from scoring.models import Review, Sheet
from tests.scoring.points.asking import Asker, add, asker, op
from tests.world import MONTH, SISTER, STRANGE, VILLAGE, World

FIRST = f"{VILLAGE}010001"


def decide(
    world: World, decision: str, *, who: object = Role.TOWNSHIP, village: str = VILLAGE, **more: object
) -> HttpResponse:
    sent = {"op_id": str(uuid4()), "decision": decision, **more}
    return world.client(who).post(f"/api/v1/reviews/{MONTH}/{village}/", sent, content_type="application/json")


@pytest.fixture
def declared(world: World) -> Asker:
    cadre = asker(world, Role.CADRE)
    cadre.send(add(FIRST), op("declare"))
    return cadre


def numbers(cadre: Asker) -> list[int]:
    return [event["id"] for event in cadre.read()["events"]]


def state() -> str:
    return Sheet.objects.get(period=MONTH, village=VILLAGE).state


def test_approval_with_every_exception_opened(world: World, declared: Asker) -> None:
    answer = decide(world, "approve", opened=numbers(declared))
    assert answer.status_code == 200
    assert {key: answer.json()[key] for key in ("decision", "state")} == {"decision": "approve", "state": "reviewed"}
    assert (state(), Review.objects.get().opened) == ("reviewed", numbers(declared))


def test_approval_without_opening_everything_is_refused(world: World, declared: Asker) -> None:
    answer = decide(world, "approve", opened=[])
    assert (answer.status_code, answer.json()["code"]) == (422, "not_opened")
    assert answer.json()["detail"] == "还有 1 条例外没有打开看过。请逐条打开后再通过。"
    assert state() == "declared"


def test_return_with_a_reason_opens_the_sheet(world: World, declared: Asker) -> None:
    answer = decide(world, "return", reason="二组漏报")
    assert (answer.status_code, answer.json()["state"]) == (200, "open")
    assert (state(), Review.objects.get().reason) == ("open", "二组漏报")


def test_return_without_a_reason_is_refused(world: World, declared: Asker) -> None:
    answer = decide(world, "return")
    assert (answer.status_code, answer.json()["fields"]) == (422, {"reason": "必填"})
    assert state() == "declared"


def test_same_decision_again_is_answered_the_same(world: World, declared: Asker) -> None:
    sent = {"op_id": str(uuid4()), "opened": numbers(declared)}
    first, second = decide(world, "approve", **sent), decide(world, "approve", **sent)
    assert first.json() == second.json()
    assert Review.objects.count() == 1


def test_same_id_for_another_decision_is_refused(world: World, declared: Asker) -> None:
    sent = {"op_id": str(uuid4())}
    decide(world, "return", reason="漏报", **sent)
    answer = decide(world, "approve", opened=numbers(declared), **sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "op_id_reused")


def test_refused_decision_stays_refused_under_its_id(world: World, declared: Asker) -> None:
    sent = {"op_id": str(uuid4()), "opened": []}
    first, second = decide(world, "approve", **sent), decide(world, "approve", **sent)
    assert (first.status_code, first.json()["code"]) == (422, "not_opened")
    assert (second.status_code, second.json()) == (422, first.json())
    assert state() == "declared"


def test_sheet_that_is_not_declared_cannot_be_approved(world: World) -> None:
    answer = decide(world, "approve", opened=[])
    assert (answer.status_code, answer.json()["code"]) == (409, "sheet_state")
    assert "“已申报”时才可以" in answer.json()["detail"]


@pytest.mark.parametrize(
    "role",
    [Role.CADRE, Role.GROUP_LEADER, Role.SUPERVISOR, Role.DEPARTMENT, Role.PETITION_OFFICE, Role.COUNTY_OFFICE],
)
def test_only_townships_decide(world: World, declared: Asker, role: str) -> None:
    assert decide(world, "approve", who=role, opened=numbers(declared)).status_code == 403
    assert state() == "declared"


def test_other_townships_do_not_find_the_village(world: World, declared: Asker) -> None:
    theirs = decide(world, "approve", who=world.stranger(Role.TOWNSHIP), opened=numbers(declared))
    beyond = decide(world, "approve", village=STRANGE)
    assert [(one.status_code, one.json()["code"]) for one in (theirs, beyond)] == [(404, "not_found")] * 2
    assert (state(), Review.objects.count()) == ("declared", 0)


def test_exceptions_of_a_neighbour_do_not_count_as_opened(world: World, declared: Asker) -> None:
    neighbour = asker(world, Role.TOWNSHIP, SISTER).record(f"{SISTER}010001")
    answer = decide(world, "approve", opened=[neighbour])
    assert (answer.status_code, answer.json()["code"], state()) == (422, "not_opened", "declared")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"decision": "maybe"},
        {"decision": "approve", "opened": "all"},
        {"decision": "approve", "opened": ["x"]},
        {"decision": "approve", "opened": [-1]},
        {"decision": "approve", "opened": [1] * 5001},
        {"decision": "return", "reason": "长" * 201},
        {"decision": "return", "reason": ["x"]},
        {"decision": "return", "reason": "a\x00b"},
        {"decision": "approve", "op_id": "7"},
    ],
)
def test_decision_that_cannot_be_read_is_400(world: World, declared: Asker, sent: dict) -> None:
    body = {"op_id": str(uuid4()), **sent}
    url = f"/api/v1/reviews/{MONTH}/{VILLAGE}/"
    answer = world.client(Role.TOWNSHIP).post(url, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["fields"]
    assert state() == "declared"


@pytest.mark.parametrize(("month", "status"), [("2024-13", 400), ("2099-01", 422), ("2020-01", 422)])
def test_month_is_checked_before_anything_is_written(world: World, month: str, status: int) -> None:
    sent = {"op_id": str(uuid4()), "decision": "approve"}
    url = f"/api/v1/reviews/{month}/{VILLAGE}/"
    assert world.client(Role.TOWNSHIP).post(url, sent, content_type="application/json").status_code == status
    assert not Sheet.objects.filter(period=month).exists()
