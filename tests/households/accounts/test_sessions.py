"""Sign-ins end at once and for good: with the account, with its password, by its owner, after their hours."""

import time

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from households.accounts.actions import accounts
from households.models import AuditEvent, SignIn, UsedPassword, User
from households.roles import Role
from tests.refusals import refused
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; ELE-AL00) AppleWebKit/537.36 Chrome/88.0 Mobile Safari/537.36 MicroMessenger/8.0"
)


def signed_in(username: str = Role.CADRE, browser: str = PHONE) -> Client:
    client = Client(headers={"User-Agent": browser})
    assert client.post(reverse("sign-in"), {"username": username, "password": PASSWORD}).status_code == 302
    return client


def is_inside(client: Client) -> bool:
    return client.get(reverse("sign-ins")).status_code == 200


def test_sessions_of_a_closed_account_never_come_back(world: World) -> None:
    client, user = signed_in(), world.user(Role.CADRE)
    accounts.deactivate_user(user=user, by=None)
    assert not is_inside(client)
    accounts.activate_user(user=user, by=None)
    assert not is_inside(client)
    assert is_inside(signed_in())


def test_list_shows_where_and_ends_one_elsewhere(world: World) -> None:
    here, there = signed_in(browser="Mozilla/5.0 (Windows NT 10.0) Chrome/120.0"), signed_in()
    page = here.get(reverse("sign-ins")).content.decode()
    assert "安卓手机 微信" in page and "Windows 电脑 Chrome" in page and page.count("就是这里") == 1
    key = SignIn.objects.get(browser="安卓手机 微信").key
    stranger = signed_in(Role.SUPERVISOR)
    assert stranger.post(reverse("end-sign-in"), {"key": key}).status_code == 404
    assert is_inside(there)
    here.post(reverse("end-sign-in"), {"key": key})
    assert (is_inside(here), is_inside(there)) == (True, False)


def test_everywhere_else_ends_with_tokens_and_this_browser_stays(world: World) -> None:
    here, there, user = signed_in(), signed_in(), world.user(Role.CADRE)
    AuthToken.objects.create(user)
    here.post(reverse("end-other-sign-ins"))
    assert (is_inside(here), is_inside(there)) == (True, False)
    assert not AuthToken.objects.exists() and SignIn.objects.filter(user=user).count() == 1
    assert AuditEvent.objects.get(action="account.end_sessions").subject == Role.CADRE


def test_token_is_ended_by_its_owner_alone(world: World) -> None:
    token, _ = AuthToken.objects.create(world.user(Role.CADRE))
    assert signed_in(Role.SUPERVISOR).post(reverse("end-token"), {"digest": token.digest}).status_code == 404
    assert AuthToken.objects.exists()
    signed_in().post(reverse("end-token"), {"digest": token.digest})
    assert not AuthToken.objects.exists()


def test_security_administrator_ends_somebodys_sessions(world: World) -> None:
    client, user = signed_in(), world.user(Role.CADRE)
    watcher = world.client(Role.SECURITY_ADMIN)
    assert reverse("end-sessions", args=[user.pk]) in watcher.get(reverse("security")).content.decode()
    watcher.post(reverse("end-sessions", args=[user.pk]))
    assert not is_inside(client) and User.objects.get(pk=user.pk).is_active
    assert "让全部登录退出" in watcher.get(reverse("security")).content.decode()


def test_session_in_use_ends_after_its_hours(world: World, settings: object) -> None:
    client = signed_in()
    session = client.session
    session["signed_in_at"] = int(time.time() - settings.SESSION_MOST.total_seconds()) + 60
    session.save()
    assert is_inside(client)
    session["signed_in_at"] -= 61
    session.save()
    assert client.get(reverse("api-me")).status_code == 401
    assert not is_inside(client)


def test_last_passwords_are_not_taken_again(world: World) -> None:
    user, words = world.user(Role.CADRE), ["Muzhu.Qiao.82", "Laozhang+77shu", "Xiaohe-66-wan", "Meizi=55-hua"]
    for word in words:
        accounts.change_password(user=user, password=word, by=user)
    for used in (*words, PASSWORD):
        refused("password_used", lambda used=used: accounts.change_password(user=user, password=used, by=user))
    for word in ("Yinxing~91~ye", "Guihua_38_xiang"):
        accounts.change_password(user=user, password=word, by=user)
    accounts.change_password(user=user, password=PASSWORD, by=user)
    assert UsedPassword.objects.filter(user=user).count() == accounts.USED_PASSWORDS


def test_one_time_password_runs_out(world: World) -> None:
    person = {"username": "xinren", "display_name": "新人", "role": Role.CADRE, "password": PASSWORD}
    user = accounts.create_user(**person, place=world.village, by=world.user(Role.SYSTEM_ADMIN))
    assert user.handed_by == world.user(Role.SYSTEM_ADMIN)
    User.objects.filter(pk=user.pk).update(one_time_until=user.created_at)
    page = Client().post(reverse("sign-in"), {"username": "xinren", "password": PASSWORD})
    assert "已经过期" in page.content.decode()
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    assert is_inside(signed_in("xinren"))


def test_old_password_is_asked_to_be_changed_only_where_the_county_wants_it(world: World, settings: object) -> None:
    user = world.user(Role.CADRE)
    User.objects.filter(pk=user.pk).update(is_demo=False, password_at="2020-01-01T00:00:00Z")
    assert is_inside(signed_in())
    settings.PASSWORD_DAYS = 90
    assert signed_in().get(reverse("home"))["Location"] == reverse("change-password")
