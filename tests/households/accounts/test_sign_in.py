"""Signing in and out, and the lock after five failures."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from households.accounts.actions import accounts
from households.models import AuditEvent
from tests.world import PASSWORD, World

SIGN_IN = "/accounts/sign-in/"


def sign_in(client: Client, username: str = "cadre", password: str = PASSWORD, **more: str) -> object:
    return client.post(SIGN_IN, {"username": username, "password": password} | more)


def fail_five_times(client: Client, username: str = "cadre") -> object:
    return [sign_in(client, username, "wrong") for _ in range(5)][-1]


def inside(client: Client) -> bool:
    """Whether the browser belongs to somebody of 东山村; otherwise every page leads to the sign-in."""
    answer = client.get("/accounts/password/")
    assert answer.status_code == 200 or answer["Location"].startswith(SIGN_IN)
    return "东山村" in answer.content.decode()


def test_right_password_leads_home(world: World) -> None:
    client = world.client()
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "东山村" in client.get("/").content.decode()


def test_sign_in_is_written_down(world: World) -> None:
    sign_in(world.client())
    line = AuditEvent.objects.order_by("-id")[0]
    assert (line.actor, line.action, line.place) == ("cadre", "account.sign_in", world.village.code)


def test_sign_in_returns_to_the_page_that_was_wanted(world: World) -> None:
    client = world.client()
    asked = client.get("/accounts/password/")
    assert asked["Location"] == "/accounts/sign-in/?next=/accounts/password/"
    assert 'value="/accounts/password/"' in client.get(asked["Location"]).content.decode()
    assert sign_in(client, next="/accounts/password/")["Location"] == "/accounts/password/"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_sign_in_never_leads_to_another_site(world: World, wanted: str) -> None:
    assert sign_in(world.client(), next=wanted)["Location"] == "/"


def test_signed_in_person_is_sent_home_from_the_sign_in_page(world: World) -> None:
    assert world.client("cadre").get(SIGN_IN)["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("cadre", "wrong"), ("nobody", PASSWORD)])
def test_wrong_name_and_wrong_password_are_told_apart_by_nobody(world: World, username: str, password: str) -> None:
    page = sign_in(world.client(), username, password).content.decode()
    assert "账号或密码不对。" in page
    assert "连续错 5 次" in page


def test_deactivated_account_cannot_sign_in(world: World) -> None:
    accounts.deactivate_user(user=world.user("cadre"), by=None)
    assert "账号或密码不对。" in sign_in(world.client()).content.decode()


def test_deactivation_ends_a_session_at_once(world: World) -> None:
    client = world.client("cadre")
    accounts.deactivate_user(user=world.user("cadre"), by=None)
    assert not inside(client)


def test_password_set_by_the_admin_ends_a_session(world: World) -> None:
    client = world.client("cadre")
    accounts.set_password(user=world.user("cadre"), password="Chuntian-2025", by=None)
    assert client.get("/accounts/password/")["Location"].startswith(SIGN_IN)


def test_empty_form_is_answered_field_by_field(world: World) -> None:
    page = world.client().post(SIGN_IN, {"username": "", "password": ""}).content.decode()
    assert page.count('class="field-fault"') == 2


def test_fifth_failure_locks_and_says_for_how_long(world: World) -> None:
    answer = fail_five_times(world.client())
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "请 15 分钟后再试" in page
    assert "一次性密码" in page
    assert answer["Retry-After"] == "900"


def test_fourth_failure_does_not_lock(world: World) -> None:
    client = world.client()
    for _ in range(4):
        assert "账号或密码不对。" in sign_in(client, password="wrong").content.decode()
    sign_in(client)
    assert inside(client)


def test_right_password_is_refused_while_locked(world: World) -> None:
    client = world.client()
    fail_five_times(client)
    assert "请 15 分钟后再试" in sign_in(client).content.decode()
    assert not inside(client)


def test_trying_while_locked_does_not_prolong_the_lock(world: World) -> None:
    client = world.client()
    fail_five_times(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10, seconds=30))
    assert "请 5 分钟后再试" in sign_in(client).content.decode()
    assert "请 5 分钟后再试" in sign_in(client).content.decode()


def test_lock_opens_by_itself(world: World) -> None:
    client = world.client()
    fail_five_times(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    sign_in(client)
    assert inside(client)


def test_one_time_password_lifts_the_lock(world: World) -> None:
    client = world.client()
    fail_five_times(client)
    accounts.set_password(user=world.user("cadre"), password="Chuntian-2025", by=None)
    sign_in(client, password="Chuntian-2025")
    assert inside(client)


def test_strangers_behind_the_same_address_do_not_lock_a_browser_that_was_in_before(world: World) -> None:
    known, stranger = world.client(), world.client()
    sign_in(known)
    known.post("/accounts/sign-out/")
    assert fail_five_times(stranger).status_code == 429
    assert sign_in(stranger).status_code == 429
    assert sign_in(known)["Location"] == "/"
    assert (inside(stranger), inside(known)) == (False, True)


def test_browser_that_was_in_before_locks_by_its_own_failures(world: World) -> None:
    client = world.client()
    sign_in(client)
    client.post("/accounts/sign-out/")
    assert fail_five_times(client).status_code == 429
    assert sign_in(client).status_code == 429
    assert not inside(client)
    accounts.set_password(user=world.user("cadre"), password="Chuntian-2025", by=None)
    sign_in(client, password="Chuntian-2025")
    assert inside(client)


def test_mark_in_a_browser_names_nobody_and_cannot_be_made_up(world: World) -> None:
    client = world.client()
    sign_in(client)
    mark = client.cookies["dongkou_device"]
    assert mark["httponly"] and mark["samesite"] == "Lax"
    assert "cadre" not in mark.value
    stranger = world.client()
    stranger.cookies["dongkou_device"] = f"{mark.value[::-1]}.cadre"
    fail_five_times(stranger)
    fail_five_times(world.client())
    assert sign_in(stranger).status_code == 429


def test_two_people_at_one_computer_are_both_known(world: World) -> None:
    client = world.client()
    for name in ("cadre", "supervisor"):
        sign_in(client, name)
        client.post("/accounts/sign-out/")
    assert len(client.cookies["dongkou_device"].value.split(".")) == 2
    for name in ("cadre", "supervisor"):
        fail_five_times(world.client(), name)
        assert sign_in(client, name).status_code == 302
        client.post("/accounts/sign-out/")


def test_two_clients_behind_a_trusted_proxy_lock_apart(world: World, settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    stranger, cadre = (Client(headers={"x-forwarded-for": address}) for address in ("1.2.3.4", "5.6.7.8"))
    assert fail_five_times(stranger).status_code == 429
    sign_in(cadre)
    assert (inside(stranger), inside(cadre)) == (False, True)


def test_neighbour_may_sign_in_while_somebody_is_locked(world: World) -> None:
    client = world.client()
    fail_five_times(client)
    sign_in(client, "supervisor")
    assert inside(client)


def test_success_forgets_earlier_failures(world: World) -> None:
    client = world.client()
    for _ in range(4):
        sign_in(client, password="wrong")
    sign_in(client)
    client.post("/accounts/sign-out/")
    assert "账号或密码不对。" in sign_in(client, password="wrong").content.decode()
    assert sign_in(client)["Location"] == "/"


def test_lock_of_an_unknown_name_looks_the_same(world: World) -> None:
    assert "请 15 分钟后再试" in fail_five_times(world.client(), "nobody").content.decode()


def test_typed_names_are_stored_nowhere(world: World) -> None:
    fail_five_times(world.client(), "my-secret-word")
    kept = [str(row) for row in AccessAttempt.objects.values()] + [str(row) for row in AuditEvent.objects.values()]
    assert not any("my-secret-word" in row or "wrong" in row for row in kept)


def test_lock_is_written_down_with_the_fifth_failure(world: World) -> None:
    fail_five_times(world.client())
    lines = AuditEvent.objects.filter(action="account.sign_in_failed").order_by("id")
    assert [(line.detail["failed"], line.detail["locked"]) for line in lines] == [(1, False), (5, True)]
    assert {line.subject for line in lines} == {"cadre"}


def test_sign_out_ends_the_session(world: World) -> None:
    client = world.client("cadre")
    assert client.post("/accounts/sign-out/")["Location"] == "/"
    assert "工作人员登录" in client.get("/").content.decode()
    assert AuditEvent.objects.order_by("-id")[0].action == "account.sign_out"


def test_sign_out_by_a_link_is_refused(world: World) -> None:
    client = world.client("cadre")
    assert client.get("/accounts/sign-out/")["Location"] == "/"
    home = client.get("/").content.decode()
    assert "东山村" in home and "刚才那一步没有提交上去" in home


def test_sign_in_page_is_never_cached(world: World) -> None:
    assert "no-store" in world.client().get(SIGN_IN)["Cache-Control"]


def test_sign_in_without_csrf_token_is_explained(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "页面放得太久了" in answer.content.decode()


def test_signing_in_after_a_lost_session_leads_back_to_a_page(world: World) -> None:
    client, address = world.client(), "/village/plates/issue/"
    wanted = client.post(address)["Location"]
    assert sign_in(client, next=wanted.partition("next=")[2])["Location"] == address
    landed = client.get(address, follow=True)
    assert landed.status_code == 200
    assert "刚才那一步没有提交上去" in landed.content.decode()
