"""Passwords are looked at few at a time; guessing in a session ends it; one password at many names is noticed."""

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from households.accounts import lockout, signing_in
from households.confirming import looks
from households.models import AuditEvent
from households.roles import Role
from tests.refusals import refused
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def attempt(client: Client, username: str = Role.CADRE, password: str = "wrong") -> object:
    return client.post(reverse("sign-in"), {"username": username, "password": password})


def test_second_look_at_the_same_account_waits_for_the_first(world: World) -> None:
    """Of forty at once none is looked at beside another: the fifth failure locks, whatever comes together."""
    client, request = Client(), RequestFactory().post("/", {"username": Role.CADRE})
    with looks.one_look(signing_in.lane(request, Role.CADRE)):
        answer = attempt(client, password=PASSWORD)
        assert answer.status_code == 429 and "再按一次" in answer.content.decode()
        assert attempt(Client(), Role.SUPERVISOR, PASSWORD).status_code == 302
    assert attempt(client, password=PASSWORD).status_code == 302


def test_process_looks_at_few_passwords_at_once(world: World, settings: object, monkeypatch: object) -> None:
    monkeypatch.setattr(looks, "PATIENCE", 0.01)
    for _ in range(settings.HASHES_AT_ONCE):
        assert looks.HERE.acquire(timeout=1)
    try:
        assert attempt(Client(), password=PASSWORD).status_code == 429
        answer = Client().post(
            reverse("api-login"), {"username": "cadre", "password": PASSWORD}, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (429, "busy")
    finally:
        for _ in range(settings.HASHES_AT_ONCE):
            looks.HERE.release()
    assert attempt(Client(), password=PASSWORD).status_code == 302


def test_look_that_failed_leaves_the_lane_free() -> None:
    with pytest.raises(ZeroDivisionError), looks.one_look("x"):
        raise ZeroDivisionError
    with looks.one_look("x"):
        refused("busy", lambda: looks.one_look("x").__enter__())


def test_address_with_many_failures_waits_in_one_lane_but_a_known_browser_does_not(
    world: World, settings: object
) -> None:
    settings.ADDRESS_FAILURES = 1
    request, home = RequestFactory().post("/"), RequestFactory().post("/")
    home.COOKIES[lockout.DEVICE] = attempt(Client(), password=PASSWORD).cookies[lockout.DEVICE].value
    for number in range(3):
        attempt(Client(), f"nobody{number}")
    lanes = {signing_in.lane(request, name) for name in (Role.CADRE, Role.SUPERVISOR)}
    assert len(lanes) == 1 and signing_in.lane(home, Role.CADRE) not in lanes


def test_spraying_is_noticed_once(world: World) -> None:
    for number in range(signing_in.SPRAYED + 2):
        attempt(Client(), f"name{number}")
    lines = AuditEvent.objects.filter(action="account.spraying")
    assert [(line.actor, line.detail) for line in lines] == [("未登录", {"names": signing_in.SPRAYED})]
    assert "同一来处试多个账号" in world.client(Role.SECURITY_ADMIN).get(reverse("security")).content.decode()


def test_guessing_ones_own_password_in_a_stolen_session_ends_it(world: World) -> None:
    stolen, owner = world.client(Role.CADRE), world.client(Role.CADRE)
    given = {"password": "Yinxing~91~ye", "again": "Yinxing~91~ye"}
    for number in range(5):
        answer = stolen.post(reverse("change-password"), given | {"current": f"guess{number}"})
    assert answer.status_code == 302 and stolen.get(reverse("sign-ins")).status_code == 302
    assert AuditEvent.objects.get(action="account.own_password_wrong").detail["failed"] == 5
    assert owner.post(reverse("change-password"), given | {"current": PASSWORD})["Location"] == reverse("home")
    cache.clear()
