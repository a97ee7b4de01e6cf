"""Accounts of high posts are in two hands: one administrator asks, another confirms, and whom it concerns is told."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from households.accounts.actions import accounts, requests
from households.models import AccountRequest, AuditEvent, RequestKind, User
from households.roles import HIGH, Role
from tests.audit_failure import audit_down
from tests.refusals import refused
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
SECRET = re.compile(r'id="one-time">([^<]+)<')


def admin(world: World) -> User:
    return world.user(Role.SYSTEM_ADMIN)


def watcher(world: World) -> User:
    return world.user(Role.SECURITY_ADMIN)


def ask(world: World, role: str = Role.AUDITOR, **more: object) -> AccountRequest:
    given = {"username": "xinren", "display_name": "新人", "role": role, "place": world.county, "reason": "新增人员"}
    return requests.ask_to_create(**given | {"by": admin(world)} | more)


def second_admin(world: World, **more: object) -> User:
    person = {"username": "admin2", "display_name": "管理员乙", "role": Role.SYSTEM_ADMIN, "password": PASSWORD}
    return accounts.create_user(**person, place=world.county, by=None, **more)


@pytest.mark.parametrize("role", sorted(HIGH))
def test_one_administrator_alone_makes_resets_and_reopens_no_high_post(world: World, role: str) -> None:
    user, by = world.user(role), admin(world)
    person = {"username": "xinren", "display_name": "新人", "role": role, "place": world.county, "password": PASSWORD}
    refused("two_hands", lambda: accounts.create_user(**person, by=by))
    refused("two_hands", lambda: accounts.create_user(**person, by=by, confirmed=by))
    refused("two_hands", lambda: accounts.set_password(user=user, password=PASSWORD, by=by))
    User.objects.filter(pk=user.pk).update(is_active=False)
    refused("two_hands", lambda: accounts.activate_user(user=user, by=by))
    assert not User.objects.filter(username="xinren").exists()


def test_second_hand_makes_it_and_alone_sees_the_password(world: World) -> None:
    asked, client = ask(world, Role.COUNTY_OFFICE), world.client(watcher(world))
    assert "您申请的要职账号还没有人确认" in world.client(admin(world)).get(reverse("home")).content.decode()
    home = client.get(reverse("home")).content.decode()
    assert reverse("account-requests") in home and "等第二个人确认" in home
    assert "新增人员" in client.get(reverse("account-requests")).content.decode()
    answer = client.post(reverse("confirm-account", args=[asked.pk]))
    made = User.objects.get(username="xinren")
    assert made.check_password(SECRET.search(answer.content.decode())[1])
    assert (made.role, made.handed_by, made.must_change_password) == (Role.COUNTY_OFFICE, None, True)
    line = AuditEvent.objects.get(action="account.create", subject="xinren")
    assert (line.actor, line.detail["confirmed"]) == ("system_admin", "security_admin")


def test_nobody_confirms_their_own_wish_or_their_own_account(world: World) -> None:
    asked = ask(world)
    refused("own_request", lambda: requests.confirm(request=asked, by=admin(world)))
    about = requests.ask_about(kind=RequestKind.RESET, user=watcher(world), reason="忘了密码", by=admin(world))
    refused("own_account", lambda: requests.confirm(request=about, by=watcher(world)))
    for role in (Role.AUDITOR, Role.COUNTY_OFFICE):
        refused("not_yours", lambda role=role: requests.confirm(request=asked, by=world.user(role)))
    assert not User.objects.filter(username="xinren").exists()
    assert {one.state for one in AccountRequest.objects.all()} == {"open"}


def test_puppet_of_who_asked_is_no_second_hand_for_some_days(world: World) -> None:
    """Before two hands were asked for, an administrator could make another one alone."""
    puppet = second_admin(world)
    User.objects.filter(pk=puppet.pk).update(handed_by=admin(world), handed_at=timezone.now())
    puppet, asked = User.objects.get(pk=puppet.pk), ask(world)
    refused("same_hand", lambda: requests.confirm(request=asked, by=puppet))
    assert not reads_confirm(world, puppet, asked)
    long_ago = timezone.now() - timedelta(days=settings.KEY_DAYS, seconds=1)
    User.objects.filter(pk=puppet.pk).update(handed_at=long_ago)
    assert requests.confirm(request=asked, by=User.objects.get(pk=puppet.pk))


def reads_confirm(world: World, user: User, asked: AccountRequest) -> bool:
    page = world.client(user).get(reverse("account-requests")).content.decode()
    return reverse("confirm-account", args=[asked.pk]) in page


def test_request_runs_out_and_may_be_made_again(world: World) -> None:
    asked = ask(world)
    refused("asked_already", lambda: ask(world))
    AccountRequest.objects.update(expires_at=timezone.now())
    refused("expired", lambda: requests.confirm(request=asked, by=watcher(world)))
    assert requests.confirm(request=ask(world), by=watcher(world))
    refused("decided", lambda: requests.confirm(request=asked, by=watcher(world)))


def test_refused_and_withdrawn_requests_make_nothing(world: World) -> None:
    requests.refuse(request=ask(world), by=watcher(world))
    requests.refuse(request=ask(world), by=admin(world))
    assert [one.state for one in AccountRequest.objects.order_by("pk")] == ["refused", "withdrawn"]
    assert not User.objects.filter(username="xinren").exists()


def test_reset_and_reopening_tell_whom_they_concern_and_the_auditor(world: World) -> None:
    user = world.user(Role.PETITION_OFFICE)
    asked = requests.ask_about(kind=RequestKind.RESET, user=user, reason="忘了密码", by=admin(world))
    before = world.client(user)
    password = requests.confirm(request=asked, by=watcher(world))
    assert before.get(reverse("petitions")).status_code == 302
    user.refresh_from_db()
    assert user.check_password(password)
    home = world.client(user).get(reverse("home")).content.decode()
    assert "您的账号由" in home and "忘了密码" in home
    page = world.client(Role.AUDITOR).get(reverse("account-requests")).content.decode()
    assert "忘了密码" in page and "换一次性密码" in page and "confirm" not in page


def test_auditor_sees_what_the_command_line_made(world: World) -> None:
    second_admin(world)
    page = world.client(Role.AUDITOR).get(reverse("account-requests")).content.decode()
    assert "机房用命令办的" in page and "admin2" in page


def test_page_asks_and_the_form_of_ordinary_accounts_offers_no_high_post(world: World) -> None:
    client = world.client(admin(world))
    ordinary = client.get(reverse("create-user")).content.decode()
    assert 'value="auditor"' not in ordinary and reverse("ask-account") in ordinary
    given = {"role": "auditor", "place": "石门县", "display_name": "新人", "username": "xinren", "reason": "新增"}
    assert client.post(reverse("create-user"), given).status_code == 200
    assert not User.objects.filter(username="xinren").exists()
    client.post(reverse("ask-account"), given)
    assert AccountRequest.objects.get().username == "xinren"
    about = reverse("ask-about-account", args=[world.user(Role.AUDITOR).pk])
    client.post(about, {"reason": "忘了密码"})
    assert AccountRequest.objects.filter(kind="reset", subject=world.user(Role.AUDITOR)).exists()


def test_database_refuses_one_hand_and_half_a_decision(world: World) -> None:
    asked = ask(world)
    for wrong in (
        {"state": "done", "decided_by": admin(world), "decided_at": timezone.now()},
        {"state": "done"},
        {"role": "cadre"},
        {"kind": "promote"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountRequest.objects.filter(pk=asked.pk).update(**wrong)


def test_nothing_is_confirmed_without_its_audit_line(world: World) -> None:
    asked = ask(world)
    with audit_down():
        requests.confirm(request=asked, by=watcher(world))
    assert AccountRequest.objects.get().state == "open"
    assert not User.objects.filter(username="xinren").exists()
