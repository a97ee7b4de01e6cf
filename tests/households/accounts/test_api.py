"""Tokens: how another system signs in, and how it is kept out."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from households.accounts.actions.accounts import create_user, deactivate_user, set_password
from households.models import AuditEvent
from households.roles import Role
from scoring.models import ScoreEvent
from tests.scoring.points.asking import add
from tests.world import PASSWORD, World

LOGIN, LOGOUT, ME = "/api/v1/auth/login/", "/api/v1/auth/logout/", "/api/v1/me/"
WRONG = "Chaye-2023-wrong"


def login(username: object, password: object = PASSWORD, **extra: object) -> HttpResponse:
    sent = {"username": username, "password": password}
    return Client().post(LOGIN, sent, content_type="application/json", **extra)


def token_of(role: str) -> str:
    return login(role).json()["token"]


def bearing(token: str) -> Client:
    return Client(headers={"authorization": f"Token {token}"})


def write(client: Client, world: World, **extra: object) -> HttpResponse:
    """Record an event, as a sheet does."""
    url = f"/api/v1/sheets/{world.month}/{world.village.code}/ops/"
    return client.post(url, {"ops": [add(world.household.code)]}, content_type="application/json", **extra)


def assert_unknown(answer: HttpResponse) -> None:
    """The token is worth nothing, and the answer does not say whose it was."""
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
    assert Role.CADRE not in answer.content.decode()


def test_login_gives_a_token_that_works_until_it_expires(world: World) -> None:
    answer = login(Role.CADRE)
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expiry"}
    assert timezone.datetime.fromisoformat(answer.json()["expiry"]) > timezone.now()
    assert bearing(answer.json()["token"]).get(ME).json()["username"] == Role.CADRE


def test_login_stores_no_token_in_the_clear(world: World) -> None:
    token = token_of(Role.CADRE)
    kept = AuthToken.objects.get()
    assert token not in (kept.digest, kept.token_key)


def test_login_is_written_down_without_the_token(world: World) -> None:
    token = token_of(Role.CADRE)
    line = AuditEvent.objects.get(action="token.issue")
    assert (line.actor, line.place) == (Role.CADRE, world.village.code)
    assert token not in str(line.detail)


def test_wrong_password_is_refused_in_chinese(world: World) -> None:
    answer = login(Role.CADRE, WRONG)
    assert answer.status_code == 401
    assert answer.json() == {
        "code": "login_failed",
        "detail": "账号或密码不对。连续错 5 次，账号会锁定一段时间。",
        "fields": {},
    }


def test_unknown_name_is_answered_like_a_wrong_password(world: World) -> None:
    assert login("nobody", WRONG).json() == login(Role.CADRE, WRONG).json()


def test_five_wrong_passwords_lock_the_account(world: World) -> None:
    for _ in range(5):
        login(Role.CADRE, WRONG)
    answer = login(Role.CADRE)
    assert answer.status_code == 429
    assert answer.json()["code"] == "locked_out"
    assert "分钟后再试" in answer.json()["detail"]
    assert not AuthToken.objects.exists()


def test_right_password_forgets_earlier_failures(world: World) -> None:
    for _ in range(4):
        login(Role.CADRE, WRONG)
    login(Role.CADRE)
    login(Role.CADRE, WRONG)
    assert bearing(token_of(Role.CADRE)).get(ME).json()["username"] == Role.CADRE


def test_one_time_password_gives_no_token_but_a_hint(world: World) -> None:
    create_user(
        username="xinren", display_name="新人", role=Role.CADRE, place=world.village, password=PASSWORD, by=None
    )
    answer = login("xinren")
    assert answer.status_code == 403
    assert answer.json()["code"] == "password_change_required"
    assert "先在网页登录" in answer.json()["detail"]
    assert not AuthToken.objects.exists()


def test_new_one_time_password_ends_the_tokens(world: World) -> None:
    client = bearing(token_of(Role.CADRE))
    assert client.get(ME).json()["username"] == Role.CADRE
    set_password(user=world.user(Role.CADRE), password="Chuntian-2025", by=None)
    assert_unknown(client.get(ME))
    assert not AuthToken.objects.exists()


def test_closed_account_gets_no_token_and_keeps_none(world: World) -> None:
    client = bearing(token_of(Role.CADRE))
    deactivate_user(user=world.user(Role.CADRE), by=None)
    assert_unknown(client.get(ME))
    assert login(Role.CADRE).json()["code"] == "login_failed"
    assert not AuthToken.objects.exists()


def test_expired_token_is_refused_and_removed_at_the_next_login(world: World) -> None:
    client = bearing(token_of(Role.CADRE))
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert client.get(ME).status_code == 401
    token_of(Role.CADRE)
    assert AuthToken.objects.count() == 1


@pytest.mark.parametrize("header", ["Token", "Token 123", "Token a b", "Token 字", "Bearer abc", ""])
def test_nonsense_instead_of_a_token_is_refused(world: World, header: str) -> None:
    answer = Client(headers={"authorization": header.encode().decode("latin-1")}).get(ME)
    assert answer.status_code == 401
    assert answer.json()["code"] in ("not_authenticated", "authentication_failed")
    assert "登录" in answer.json()["detail"]


def test_logout_ends_the_token_in_use_and_no_other(world: World) -> None:
    first, second = bearing(token_of(Role.CADRE)), bearing(token_of(Role.CADRE))
    assert first.post(LOGOUT).status_code == 204
    assert first.get(ME).status_code == 401
    assert second.get(ME).status_code == 200
    assert AuditEvent.objects.filter(action="token.end", actor=Role.CADRE).count() == 1


def test_logout_by_session_names_the_page(world: World) -> None:
    answer = world.client(Role.CADRE).post(LOGOUT)
    assert answer.status_code == 400
    assert answer.json()["code"] == "no_token"


@pytest.mark.parametrize(
    "sent",
    [{}, {"username": "cadre"}, {"username": "", "password": ""}, {"username": ["a"], "password": {}}, [], 7],
)
def test_login_names_what_is_missing(world: World, sent: object) -> None:
    answer = Client().post(LOGIN, sent, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert answer.json()["fields"]


@pytest.mark.parametrize("username", ["a\x00b", "\ud800", "x" * 51, "' OR 1=1 --"])
def test_login_survives_odd_names(world: World, username: str) -> None:
    answer = login(username)
    assert (answer.status_code, answer.json()["code"]) in ((400, "invalid"), (401, "login_failed"))
    assert not AuthToken.objects.exists()


def test_strangers_failures_never_stop_the_right_password(world: World, settings: Any) -> None:
    settings.ADDRESS_FAILURES = 3
    answers = [login(f"nobody{number}", WRONG) for number in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[-1].json()["code"] == "too_many_tries"
    assert login(Role.CADRE).status_code == 200


def test_forged_address_does_not_evade_the_count(world: World, settings: Any) -> None:
    settings.ADDRESS_FAILURES = 2
    statuses = [login("nobody", WRONG, headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code for n in range(3)]
    assert statuses == [401, 401, 429]


def test_session_writes_need_the_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.user(Role.CADRE))
    answer = write(client, world)
    assert (answer.status_code, ScoreEvent.objects.count()) == (403, 0)
    token = client.get(f"/village/sheet/{world.month}/").context["csrf_token"]
    answer = write(client, world, headers={"x-csrftoken": str(token)})
    assert (answer.status_code, ScoreEvent.objects.count()) == (200, 1)


def test_token_writes_need_no_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True, headers={"authorization": f"Token {token_of(Role.CADRE)}"})
    assert (write(client, world).status_code, ScoreEvent.objects.count()) == (200, 1)
