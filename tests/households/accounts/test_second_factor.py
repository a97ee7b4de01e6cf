"""The second factor: asked for behind the password, spent by use, paused by wrong codes, taken off by two people alone."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.accounts.actions import accounts, factors, requests
from households.confirming import codes
from households.confirming.actions import check_code
from households.models import AuditEvent, RecoveryCode, RequestKind, SecondFactor, User
from households.roles import HIGH, Role
from tests.audit_failure import audit_down
from tests.households.accounts.telephones import Telephone, bind
from tests.refusals import refused
from tests.world import HOME, PASSWORD, World

HALF_WAY = reverse("second-factor")
OWN = reverse("own-factor")
LOGIN = "/api/v1/auth/login/"


def with_password(world: World, role: str) -> Client:
    """A browser in which the right password was typed."""
    client = world.client()
    client.post(reverse("sign-in"), {"username": world.user(role).username, "password": PASSWORD})
    return client


def inside(client: Client) -> bool:
    return client.get(reverse("sign-ins")).status_code == 200


@pytest.fixture
def required(world: World, settings: LazySettings) -> None:
    """As in a county that set nothing: nobody here is invented."""
    settings.SECOND_FACTOR_ROLES = None
    User.objects.update(is_demo=False)


def test_code_is_the_one_of_rfc_6238() -> None:
    secret = b"12345678901234567890"
    assert codes.step_of(secret, "287082", at=59, after=0) == 1
    assert codes.step_of(secret, "081804", at=1_111_111_109, after=0) == 37_037_036


@pytest.mark.parametrize(("late", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_one_step_and_no_more(late: int, right: bool) -> None:
    secret = b"12345678901234567890"
    assert (codes.step_of(secret, "081804", at=1_111_111_109 + late, after=0) == 37_037_036) is right


def test_password_alone_opens_nothing_once_a_telephone_is_bound(world: World) -> None:
    phone = bind(world.user(Role.CADRE))
    client = with_password(world, Role.CADRE)
    assert not inside(client)
    assert "六位数字" in client.get(HALF_WAY).content.decode()
    assert "动态口令不对" in client.post(HALF_WAY, {"code": "000000"}).content.decode()
    assert not inside(client)
    assert client.post(HALF_WAY, {"code": phone.code()})["Location"] == "/"
    assert inside(client)


def test_right_code_leads_to_the_page_that_was_wanted(world: World) -> None:
    phone, client = bind(world.user(Role.CADRE)), world.client()
    typed = {"username": "cadre", "password": PASSWORD, "next": "/rankings/"}
    assert client.post(reverse("sign-in"), typed)["Location"] == HALF_WAY
    assert client.post(HALF_WAY, {"code": phone.code()})["Location"] == "/rankings/"


def test_code_is_good_once(world: World) -> None:
    phone = bind(world.user(Role.CADRE))
    code = phone.code()
    assert with_password(world, Role.CADRE).post(HALF_WAY, {"code": code})["Location"] == "/"
    replay = with_password(world, Role.CADRE)
    assert "动态口令不对" in replay.post(HALF_WAY, {"code": code}).content.decode()
    assert not inside(replay)
    assert replay.post(HALF_WAY, {"code": phone.code(1)})["Location"] == "/"


def test_code_that_bound_the_telephone_signs_nobody_in(world: World) -> None:
    user = world.user(Role.CADRE)
    factors.begin(user=user)
    phone = Telephone(SecondFactor.objects.get(user=user).pending, [])
    code = phone.code()
    assert factors.enrol(user=user, typed=code)
    assert not check_code(user=user, typed=code)


def test_recovery_code_opens_once_in_any_spelling_and_is_told(world: World) -> None:
    phone = bind(world.user(Role.CADRE))
    typed = phone.codes[0].upper().replace("-", " ")
    client = with_password(world, Role.CADRE)
    assert client.post(HALF_WAY, {"code": typed})["Location"] == "/"
    assert "备用码还剩 9 个" in client.get(OWN).content.decode()
    assert "动态口令不对" in with_password(world, Role.CADRE).post(HALF_WAY, {"code": typed}).content.decode()
    line = AuditEvent.objects.get(action="second_factor.recovery")
    assert (line.actor, line.detail["left"]) == ("cadre", 9)


def test_owner_hears_that_few_recovery_codes_are_left(world: World) -> None:
    phone = bind(world.user(Role.CADRE))
    RecoveryCode.objects.filter(pk__in=RecoveryCode.objects.values("pk")[:7]).update(used_at=timezone.now())
    client = with_password(world, Role.CADRE)
    client.post(HALF_WAY, {"code": phone.code()})
    assert "备用码只剩 3 个" in client.get("/").content.decode()


def test_recovery_code_of_another_account_opens_nothing(world: World) -> None:
    other = bind(world.user(Role.TOWNSHIP))
    bind(world.user(Role.CADRE))
    assert not check_code(user=world.user(Role.CADRE), typed=other.codes[0])
    assert check_code(user=world.user(Role.TOWNSHIP), typed=other.codes[0])


def test_fifth_wrong_code_pauses_and_a_right_one_waits_too(world: World) -> None:
    user = world.user(Role.CADRE)
    phone, client = bind(user), with_password(world, Role.CADRE)
    answers = [client.post(HALF_WAY, {"code": f"00000{n}"}).content.decode() for n in range(5)]
    assert all("动态口令不对" in page for page in answers)
    paused = client.post(HALF_WAY, {"code": phone.code()})
    assert (paused.status_code, "请 15 分钟后再试" in paused.content.decode()) == (429, True)
    assert AuditEvent.objects.filter(action="second_factor.pause", subject=str(user)).count() == 1
    SecondFactor.objects.update(paused_until=timezone.now() - timedelta(seconds=1))
    assert client.post(HALF_WAY, {"code": phone.code()})["Location"] == "/"


def test_right_password_is_forgotten_after_five_minutes_and_when_the_account_closes(world: World) -> None:
    phone, late = bind(world.user(Role.CADRE)), with_password(world, Role.CADRE)
    session = late.session
    session["half_signed_in"] |= {"at": session["half_signed_in"]["at"] - 301}
    session.save()
    assert "从头登录" in late.post(HALF_WAY, {"code": phone.code()}).content.decode()
    assert late.get(HALF_WAY)["Location"] == reverse("sign-in")
    closed = with_password(world, Role.CADRE)
    accounts.deactivate_user(user=world.user(Role.CADRE), by=None)
    assert "从头登录" in closed.post(HALF_WAY, {"code": phone.code()}).content.decode()
    assert not inside(closed)


def test_binding_ends_sessions_and_tokens_that_a_password_alone_opened(world: World) -> None:
    user, elsewhere = world.user(Role.CADRE), with_password(world, Role.CADRE)
    token = world.client().post(LOGIN, {"username": "cadre", "password": PASSWORD}, "application/json").json()["token"]
    here = with_password(world, Role.CADRE)
    here.post(reverse("begin-factor"))
    page = here.get(OWN).content.decode()
    secret = SecondFactor.objects.get(user=user).pending
    assert codes.spelled(secret) in page and "data:image/png" in page
    answer = here.post(reverse("finish-factor"), {"code": Telephone(secret, []).code()}).content.decode()
    shown = re.findall(r"<li><code>([a-z2-9-]+)</code>", answer)
    assert len(shown) == codes.RECOVERY_CODES
    assert (inside(here), inside(elsewhere)) == (True, False)
    assert world.client().get("/api/v1/me/", headers={"authorization": f"Token {token}"}).status_code == 401
    assert codes.spelled(secret) not in here.get(OWN).content.decode()
    assert check_code(user=user, typed=shown[9])


def test_wrong_digits_bind_nothing(world: World) -> None:
    client = with_password(world, Role.CADRE)
    client.post(reverse("begin-factor"))
    assert "这六位数字不对" in client.post(reverse("finish-factor"), {"code": "000000"}).content.decode()
    assert SecondFactor.objects.get().secret is None
    refused("no_pending", lambda: factors.enrol(user=world.user(Role.TOWNSHIP), typed="000000"))


def test_telephone_in_use_is_changed_by_its_code_alone(world: World) -> None:
    """Who finds a session open with the password typed a minute ago binds no telephone of his own."""
    user = world.user(Role.CADRE)
    phone, client = bind(user), with_password(world, Role.CADRE)
    client.post(HALF_WAY, {"code": phone.code()})
    for page in ("begin-factor", "renew-recovery", "remove-factor"):
        assert "动态口令不对" in client.post(reverse(page), {"code": "000000"}).content.decode(), page
    assert SecondFactor.objects.get(user=user).pending is None
    client.post(reverse("begin-factor"), {"code": phone.code(1)})
    fresh = Telephone(SecondFactor.objects.get(user=user).pending, [])
    assert check_code(user=user, typed=phone.codes[0])  # until the new one is bound the old one counts
    client.post(reverse("finish-factor"), {"code": fresh.code()})
    assert inside(client)
    assert not check_code(user=user, typed=phone.codes[1])


def test_owner_who_need_not_have_one_takes_it_off(world: World) -> None:
    phone, client = bind(world.user(Role.CADRE)), with_password(world, Role.CADRE)
    client.post(HALF_WAY, {"code": phone.code()})
    client.post(reverse("remove-factor"), {"code": phone.code(1)})
    assert not SecondFactor.objects.exists() and not RecoveryCode.objects.exists()
    assert inside(client) and inside(with_password(world, Role.CADRE))


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", sorted(HOME))
def test_high_posts_bind_a_telephone_before_they_work(world: World, role: str) -> None:
    client = with_password(world, role)
    assert (client.get("/")["Location"] if role in HIGH else "") == (OWN if role in HIGH else "")
    if role in HIGH:
        assert "请先绑定手机" in client.get(OWN).content.decode()
        assert client.get("/api/v1/me/").json()["code"] == "second_factor_required"
        assert client.post(reverse("remove-factor")).status_code == 302
        client.post(reverse("begin-factor"))
        phone = Telephone(SecondFactor.objects.get().pending, [])
        client.post(reverse("finish-factor"), {"code": phone.code()})
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("required")
def test_high_post_does_not_take_its_telephone_off(world: World) -> None:
    phone, client = bind(world.user(Role.AUDITOR)), with_password(world, Role.AUDITOR)
    client.post(HALF_WAY, {"code": phone.code()})
    answer = client.post(reverse("remove-factor"), {"code": phone.code(1)})
    assert (answer.status_code, "不能停用" in answer.content.decode()) == (403, True)
    assert SecondFactor.objects.filter(secret__isnull=False).exists()


@pytest.mark.usefixtures("required")
def test_session_from_before_the_rule_shows_the_code_first(world: World) -> None:
    client = world.client(Role.AUDITOR)
    bind(world.user(Role.AUDITOR))
    client.force_login(User.objects.get(username="auditor"))
    assert client.get("/")["Location"] == OWN
    assert client.get(OWN)["Location"] == reverse("sign-in")
    assert not inside(client)


@pytest.mark.usefixtures("required")
def test_demo_county_asks_nobody(world: World) -> None:
    """Invented people at low posts, as in a village for practice, make no demo of a county."""
    User.objects.filter(username="cadre").update(is_demo=True)
    assert with_password(world, Role.AUDITOR).get("/")["Location"] == OWN
    User.objects.filter(username="county_office").update(is_demo=True)
    assert with_password(world, Role.AUDITOR).get("/").status_code == 200
    assert "没有要求（演示）" in world.client(Role.SECURITY_ADMIN).get(reverse("security")).content.decode()


def test_named_posts_are_asked_also_beside_demo_accounts(world: World, settings: LazySettings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({Role.CADRE})
    User.objects.exclude(username="township").update(is_demo=False)
    assert with_password(world, Role.CADRE).get("/")["Location"] == OWN
    assert with_password(world, Role.AUDITOR).get("/").status_code == 200


def test_token_needs_the_code_beside_the_password(world: World) -> None:
    phone = bind(world.user(Role.DEPARTMENT))
    given = {"username": "department", "password": PASSWORD}

    def ask(**more: str) -> tuple[int, str]:
        answer = world.client().post(LOGIN, given | more, "application/json")
        return answer.status_code, answer.json().get("code", "token")

    assert ask() == (401, "second_factor")
    assert ask(otp="000000") == (401, "second_factor_wrong")
    code = phone.code()
    assert ask(otp=code, password="wrong") == (401, "login_failed")
    assert ask(otp=code) == (200, "token")
    assert ask(otp=code) == (401, "second_factor_wrong")


@pytest.mark.usefixtures("required")
def test_high_post_without_a_telephone_gets_no_token(world: World) -> None:
    answer = world.client().post(LOGIN, {"username": "county_office", "password": PASSWORD}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required")


def test_money_is_confirmed_by_the_code_too_but_the_password_is_changed_by_the_password(world: World) -> None:
    phone, client = bind(world.user(Role.SYSTEM_ADMIN)), with_password(world, Role.SYSTEM_ADMIN)
    client.post(HALF_WAY, {"code": phone.code()})
    session = client.session
    del session["confirmed_at"]
    session.save()
    page = client.post(reverse("new-password", args=[world.user(Role.CADRE).pk])).content.decode()
    assert "或手机上的动态口令" in page
    code, fresh = phone.code(1), "Chuntian-47-he"
    changed = client.post(reverse("change-password"), {"current": code, "password": fresh, "again": fresh})
    assert "现在的密码不对" in changed.content.decode()
    done = client.post(reverse("new-password", args=[world.user(Role.CADRE).pk]), {"own_password": code})
    assert 'id="one-time"' in done.content.decode()


@pytest.mark.parametrize("role", [Role.CADRE, Role.DEPARTMENT, Role.COUNTY_OFFICE])
def test_lost_telephone_is_taken_off_by_two(world: World, role: str) -> None:
    user, admin, second = world.user(role), world.user(Role.SYSTEM_ADMIN), world.user(Role.SECURITY_ADMIN)
    phone = bind(user)
    session = with_password(world, role)
    session.post(HALF_WAY, {"code": phone.code()})
    refused("two_hands", lambda: factors.remove(user=user, by=admin))
    assert "手机丢了" in world.client(admin).get(reverse("users")).content.decode()
    world.client(admin).post(
        reverse("ask-factor-off", args=[user.pk]), {"reason": "手机掉水里了", "own_password": PASSWORD}
    )
    [asked] = user.account_requests.all()
    refused("own_request", lambda: requests.confirm(request=asked, by=admin))
    assert requests.confirm(request=asked, by=second) == ""
    assert not inside(session)
    alone = with_password(world, role)
    assert "您的动态口令由" in alone.get("/").content.decode()
    line = AuditEvent.objects.get(action="second_factor.remove")
    assert (line.actor, line.subject, line.detail["confirmed"]) == (str(admin), str(user), str(second))


def test_nobody_asks_to_take_off_what_is_not_there(world: World) -> None:
    given = {"kind": RequestKind.FACTOR, "reason": "掉了", "by": world.user(Role.SYSTEM_ADMIN)}
    refused("no_factor", lambda: requests.ask_about(user=world.user(Role.CADRE), **given))


def test_failed_log_binds_nothing_and_spends_nothing(world: World) -> None:
    user = world.user(Role.CADRE)
    phone = bind(user)
    with audit_down():
        check_code(user=user, typed=phone.codes[0])
    assert not RecoveryCode.objects.exclude(used_at=None).exists()
    with audit_down():
        factors.remove(user=user, by=user)
    assert check_code(user=user, typed=phone.codes[0])


def test_secret_and_codes_do_not_lie_in_clear(world: World) -> None:
    user = world.user(Role.CADRE)
    phone = bind(user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM households_secondfactor")
        stored = bytes(cursor.fetchone()[0])
    assert phone.secret not in stored and SecondFactor.objects.get().secret == phone.secret
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(kept) == 10 and not kept & set(phone.codes)


def test_secret_without_its_moment_is_refused_by_the_database(world: World) -> None:
    bind(world.user(Role.CADRE))
    with pytest.raises(IntegrityError, match="second_factor_since_it_is_there"), transaction.atomic():
        SecondFactor.objects.update(since=None)
