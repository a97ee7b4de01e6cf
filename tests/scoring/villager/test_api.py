"""POST /api/v1/h/TOKEN/session/: the page's rules in JSON."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from households.models import Plate
from households.plates import sessions as plate_sessions
from households.plates.actions.plates import revoke_plate
from tests.households.plates.pins import wrong
from tests.plates import own_plate
from tests.world import World


@pytest.fixture
def door(world: World) -> tuple[Plate, str]:
    return own_plate(world.household)


def ask(client: Client, token: str, body: object, **extra: str) -> HttpResponse:
    return client.post(f"/api/v1/h/{token}/session/", body, content_type="application/json", **extra)


def test_pin_opens_a_session_that_the_page_knows(world: World, door: tuple[Plate, str]) -> None:
    client = Client()
    answer = ask(client, door[0].token, {"pin": door[1]})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["household"], told["head"], told["village"]) == (world.household.code, "张*", "东山村")
    assert parse_datetime(told["expires_at"]) is not None
    assert "张*家" in client.get(reverse("plate", args=[door[0].token])).content.decode()


def test_answer_is_never_kept(door: tuple[Plate, str]) -> None:
    answer = ask(Client(), door[0].token, {"pin": door[1]})
    assert "no-store" in answer["Cache-Control"]
    assert answer.cookies[plate_sessions.COOKIE]["httponly"]


def test_wrong_pin_is_refused_in_words(door: tuple[Plate, str]) -> None:
    answer = ask(Client(), door[0].token, {"pin": wrong(door[1])})
    assert answer.status_code == 403
    assert answer.json()["code"] == "pin_wrong"
    assert "还可以试 4 次" in answer.json()["detail"]
    assert plate_sessions.COOKIE not in answer.cookies


def test_tries_over_page_and_api_are_counted_together(door: tuple[Plate, str]) -> None:
    plate, pin = door
    for _ in range(3):
        Client().post(reverse("plate", args=[plate.token]), {"pin": wrong(pin)})
    assert ask(Client(), plate.token, {"pin": wrong(pin)}).status_code == 403
    locked = ask(Client(), plate.token, {"pin": wrong(pin)})
    assert (locked.status_code, locked.json()["code"]) == (429, "plate_locked")
    assert ask(Client(), plate.token, {"pin": pin}).status_code == 429


def test_unknown_and_revoked_plates_answer_alike(door: tuple[Plate, str]) -> None:
    revoke_plate(plate=door[0], by=None)
    revoked, unknown = (ask(Client(), token, {"pin": door[1]}) for token in (door[0].token, "A" * 22))
    assert revoked.status_code == unknown.status_code == 404
    assert revoked.json() == unknown.json()


@pytest.mark.parametrize("body", ["{", "[]", "null", {}, {"pin": None}, {"pin": ["1"]}, {"pin": "1" * 50}])
def test_nonsense_is_a_bad_request(door: tuple[Plate, str], body: object) -> None:
    assert ask(Client(), door[0].token, body).status_code == 400
    door[0].refresh_from_db()
    assert door[0].failures == 0


def test_too_short_a_pin_costs_no_try(door: tuple[Plate, str]) -> None:
    answer = ask(Client(), door[0].token, {"pin": "123"})
    assert (answer.status_code, answer.json()["code"]) == (422, "pin_unreadable")
    assert answer.json()["fields"] == {"pin": "不是 6 位数字"}


def test_right_pin_opens_however_many_failed_at_its_address(door: tuple[Plate, str], settings: Any) -> None:
    settings.ADDRESS_FAILURES = 1
    tried = [ask(Client(), door[0].token, {"pin": wrong(door[1])}, REMOTE_ADDR="203.0.113.9") for _ in range(2)]
    assert (tried[1].status_code, tried[1].json()["code"]) == (429, "too_many_tries")
    assert ask(Client(), door[0].token, {"pin": door[1]}, REMOTE_ADDR="203.0.113.9").status_code == 201


def test_session_is_opened_by_post_alone(door: tuple[Plate, str]) -> None:
    client = Client()
    answer = client.get(f"/api/v1/h/{door[0].token}/session/", {"pin": door[1]})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert plate_sessions.COOKIE not in client.cookies
