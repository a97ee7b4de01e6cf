"""Before accounts, money and other people's data the password is asked for again, and what was filled in comes along."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from households.models import AuditEvent, User
from households.roles import Role
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def stale(client: Client, settings: object) -> Client:
    """The same browser, left alone for a while."""
    session = client.session
    session["confirmed_at"] = int(time.time()) - 60 * settings.CONFIRM_MINUTES
    session.save()
    return client


def test_form_waits_for_the_password_and_goes_on_with_everything(world: World, settings: object) -> None:
    client = stale(world.client(Role.SYSTEM_ADMIN), settings)
    given = {"username": "xinren", "display_name": "新人<b>", "role": "cadre", "place": "东山村"}
    page = client.post(reverse("create-user"), given)
    text = page.content.decode()
    assert "请再输一次密码" in text and 'name="display_name" value="新人&lt;b&gt;"' in text
    assert "no-store" in page["Cache-Control"] and not User.objects.filter(username="xinren").exists()
    wrong = client.post(reverse("create-user"), given | {"own_password": "wrong"})
    assert (
        wrong.status_code == 422 and "新人&lt;b&gt;" in wrong.content.decode() and "wrong" not in wrong.content.decode()
    )
    client.post(reverse("create-user"), given | {"own_password": PASSWORD})
    assert User.objects.get(username="xinren").display_name == "新人<b>"


def test_password_is_good_for_some_minutes_in_this_session_alone(world: World, settings: object) -> None:
    client, other = (stale(world.client(Role.SYSTEM_ADMIN), settings) for _ in range(2))
    address = reverse("close-user", args=[world.user(Role.CADRE).pk])
    client.post(reverse("close-user", args=[world.user(Role.SUPERVISOR).pk]), {"own_password": PASSWORD})
    assert "请再输一次密码" in other.post(address).content.decode() and User.objects.get(username="cadre").is_active
    client.post(address)
    assert not User.objects.get(username="cadre").is_active


def test_fifth_wrong_password_ends_the_session(world: World, settings: object) -> None:
    client = stale(world.client(Role.SYSTEM_ADMIN), settings)
    address = reverse("close-user", args=[world.user(Role.CADRE).pk])
    answers = [client.post(address, {"own_password": f"no{number}"}) for number in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [302]
    assert answers[-1]["Location"].startswith(reverse("sign-in"))
    assert AuditEvent.objects.filter(action="account.own_password_wrong").exists()
    assert User.objects.get(username="cadre").is_active


def test_reading_asks_for_nothing(world: World, settings: object) -> None:
    client = stale(world.client(Role.SYSTEM_ADMIN), settings)
    assert "新建账号" in client.get(reverse("create-user")).content.decode()
