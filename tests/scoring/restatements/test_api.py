"""Corrections of a frozen month over HTTP."""

from uuid import uuid4

import pytest
from django.http import HttpResponse

from households.roles import Role
from scoring.models import Adjustment, ScoreEvent
from tests.scoring.facts import score, sums
from tests.scoring.restatements.adjusting import FIRST, SECOND, ask_withdrawal, frozen_with
from tests.world import COUNTY, MONTH, STRANGE, World

pytestmark = pytest.mark.django_db
URL = "/api/v1/adjustments/"


def post(world: World, who: object, url: str = URL, **sent: object) -> HttpResponse:
    body = {"op_id": str(uuid4())} | sent
    return world.client(who).post(url, body, content_type="application/json")


def ask(world: World, who: object = Role.TOWNSHIP, **sent: object) -> HttpResponse:
    return post(world, who, **({"month": MONTH, "reason": "复核后更正"} | sent))


def decide(
    world: World, number: int, what: str = "grant", who: object = Role.COUNTY_OFFICE, **sent: object
) -> HttpResponse:
    return post(world, who, f"{URL}{number}/{what}/", **sent)


def test_withdrawal_asked_and_granted_restates_the_month(world: World) -> None:
    event = frozen_with(world)
    asked = ask(world, household=FIRST, withdraw=event.pk)
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    granted = decide(world, asked.json()["id"])
    assert granted.status_code == 200, granted.content
    assert {key: granted.json()[key] for key in ("state", "event", "version")} == {
        "state": "granted",
        "event": event.pk,
        "version": 2,
    }
    assert (score(FIRST), sums(COUNTY)[2]) == (100, 1200)


def test_addition_needs_no_more_than_the_contract_names(world: World) -> None:
    frozen_with(world)
    asked = ask(world, household=SECOND, clause="WR04")
    assert decide(world, asked.json()["id"]).status_code == 200
    assert (score(SECOND), ScoreEvent.objects.get(code=SECOND).clause.code) == (90, "WR04")


def test_earlier_and_new_rankings_are_both_read_at_their_links(world: World) -> None:
    event = frozen_with(world)
    client = world.client(Role.COUNTY_OFFICE)
    address = f"/rankings/{MONTH}/village/kept/{{}}/?within={COUNTY}"
    before = client.get(address.format(1)).content.decode()
    decide(world, ask(world, withdraw=event.pk).json()["id"])
    first, second = (client.get(address.format(version)).content.decode() for version in (1, 2))
    assert "98.75" in before and "98.75" in first
    assert "98.75" not in second and "结果调整：复核后更正" in second


def test_grant_sent_again_is_answered_the_same(world: World) -> None:
    number = ask(world, withdraw=frozen_with(world).pk).json()["id"]
    op_id = str(uuid4())
    first, second = (decide(world, number, op_id=op_id) for _ in range(2))
    assert (first.status_code, first.json()) == (200, second.json())


def test_second_grant_under_another_id_is_told_so(world: World) -> None:
    number = ask(world, withdraw=frozen_with(world).pk).json()["id"]
    decide(world, number)
    again = decide(world, number)
    assert (again.status_code, again.json()["code"]) == (409, "decided")


def test_refusal_with_its_reason(world: World) -> None:
    number = ask(world, withdraw=frozen_with(world).pk).json()["id"]
    answer = decide(world, number, "refuse", reason="文书有效")
    assert (answer.status_code, answer.json()["state"]) == (200, "refused")
    assert Adjustment.objects.get().answer == "文书有效"


@pytest.mark.parametrize("role", [Role.CADRE, Role.COUNTY_OFFICE, Role.SUPERVISOR, Role.AUDITOR])
def test_only_townships_may_ask(world: World, role: str) -> None:
    event = frozen_with(world)
    assert ask(world, role, withdraw=event.pk).status_code == 403
    assert Adjustment.objects.count() == 0


def test_household_of_another_township_is_not_found(world: World) -> None:
    frozen_with(world)
    answer = ask(world, household=f"{STRANGE}010001", clause="WR04")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Adjustment.objects.exists()


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.CADRE, Role.PETITION_OFFICE])
def test_only_the_county_office_decides(world: World, role: str) -> None:
    number = ask_withdrawal(world, frozen_with(world)).pk
    assert decide(world, number, who=role).status_code == 403
    assert score(FIRST) == 90


@pytest.mark.parametrize("number", [999_999, 10**30])
def test_request_that_is_not_there_is_not_found(world: World, number: int) -> None:
    waiting = ask_withdrawal(world, frozen_with(world))
    answer = decide(world, number)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (Adjustment.objects.get().state, score(FIRST)) == (waiting.state, 90)


@pytest.mark.parametrize(
    ("sent", "field"), [({"op_id": "no"}, "op_id"), ({"month": "May"}, "month"), ({"withdraw": "x"}, "withdraw")]
)
def test_body_that_cannot_be_read_names_the_field(world: World, sent: dict, field: str) -> None:
    answer = ask(world, **sent)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_month_still_open_is_refused_in_words(world: World) -> None:
    world.record(FIRST, "WR04")
    answer = ask(world, household=FIRST, clause="WR04")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_frozen")
    assert answer.json()["detail"] == "本月还没有锁定，不需要调整。请直接在台账上更正。"
