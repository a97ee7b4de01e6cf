"""What the provider's word opens, and what it never gives: accounts, posts, rights, another's account."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.accounts.actions import accounts
from households.accounts.hands import is_from
from households.models import AuditEvent, OutsideIdentity, SignIn, User
from households.oidc import actions, admitting
from households.roles import Role
from tests.audit_failure import audit_down
from tests.households.accounts.telephones import bind as bind_telephone
from tests.households.oidc.provided import LABEL, Provided
from tests.refusals import refused
from tests.world import PASSWORD, VILLAGE, World

pytestmark = pytest.mark.django_db
SUB = "gh-0417"


@pytest.fixture
def cadre(world: World, provider: Provided) -> User:
    user = world.user(Role.CADRE)
    provider.binds(user, SUB)
    return user


def inside(client: Client) -> bool:
    return client.get(reverse("sign-ins")).status_code == 200


def told_no(answer: HttpResponse, words: str) -> bool:
    return words in answer.content.decode() and not answer.wsgi_request.user.is_authenticated


def last_refusal() -> AuditEvent:
    return AuditEvent.objects.filter(action="identity.refuse").latest("id")


def test_stranger_whom_the_provider_knows_gets_no_account(world: World, provider: Provided) -> None:
    before = User.objects.count()
    provider.knows(county_office={"name": "县六零办", "preferred_username": "county_office"})
    assert told_no(provider.signs_in(Client(), "county_office"), "还没有绑定")
    assert User.objects.count() == before and not OutsideIdentity.objects.exists()
    line = last_refusal()
    assert (line.actor, line.subject, line.detail) == ("未登录", "", {"refused": "unknown"})


def test_identity_of_another_provider_or_claim_opens_nothing(
    provider: Provided, cadre: User, settings: LazySettings
) -> None:
    OutsideIdentity.objects.update(issuer="https://login.elsewhere.example")
    assert told_no(provider.signs_in(Client(), SUB), "还没有绑定")
    OutsideIdentity.objects.update(issuer=provider.at, claim="employee")
    assert told_no(provider.signs_in(Client(), SUB), "还没有绑定")
    settings.OIDC = provider.settings(claim="employee")
    provider.knows(another={"employee": SUB})
    client = Client()
    provider.signs_in(client, "another")
    assert inside(client)


def test_mail_address_counts_only_when_it_was_looked_at(
    provider: Provided, world: World, settings: LazySettings
) -> None:
    provider.binds(world.user(Role.CADRE), "cun@example.cn", claim="email")
    settings.OIDC = provider.settings(claim="email")
    provider.knows(x={"email": "cun@example.cn"}, y={"email": "cun@example.cn", "email_verified": True})
    client = Client()
    assert told_no(provider.signs_in(client, "x"), "还没有绑定")
    provider.signs_in(client, "y")
    assert inside(client)


def test_retired_account_stays_closed(provider: Provided, cadre: User) -> None:
    User.objects.filter(pk=cadre.pk).update(is_active=False)
    assert told_no(provider.signs_in(Client(), SUB), "已经停用")
    assert last_refusal().detail == {"refused": "closed"}


def test_closing_an_account_or_a_new_password_takes_the_identity_off(
    provider: Provided, cadre: User, world: World
) -> None:
    accounts.deactivate_user(user=cadre, by=None)
    assert told_no(provider.signs_in(Client(), SUB), "还没有绑定")
    other = world.user(Role.SUPERVISOR)
    provider.binds(other, SUB)  # the person has another post now
    accounts.set_password(user=other, password="Baishu-58-lin", by=world.user(Role.SYSTEM_ADMIN))
    assert told_no(provider.signs_in(Client(), SUB), "还没有绑定")


def locked_by_wrong_passwords(user: User) -> None:
    for number in range(5):
        Client().post(reverse("sign-in"), {"username": user.username, "password": f"falsch-{number}"})


def test_locked_account_stays_locked(provider: Provided, cadre: User) -> None:
    locked_by_wrong_passwords(cadre)
    answer = provider.signs_in(Client(), SUB)
    assert told_no(answer, "已锁定") and answer.status_code == 429
    assert last_refusal().detail == {"refused": "locked"}


def test_coming_in_so_forgives_no_wrong_password(provider: Provided, cadre: User) -> None:
    """Or whoever holds the owner's session there could guess four passwords again and again."""
    for number in range(4):
        Client().post(reverse("sign-in"), {"username": cadre.username, "password": f"falsch-{number}"})
    client = Client()
    provider.signs_in(client, SUB)
    assert inside(client)
    answer = Client().post(reverse("sign-in"), {"username": cadre.username, "password": "falsch-5"})
    assert "已锁定" in answer.content.decode()


def test_refusals_are_written_once_in_many(provider: Provided, world: World) -> None:
    client = Client()
    for _ in range(3):
        provider.signs_in(client, "nobody")
    assert AuditEvent.objects.filter(action="identity.refuse").count() == 1


POSTS = {"cadre": ["village-{place}"], "county_office": ["county"]}


@pytest.mark.parametrize(
    ("groups", "comes_in"),
    [
        ([f"village-{VILLAGE}"], True),
        (f"village-{VILLAGE}", True),
        (["village-430726202201"], False),
        (["county", "system_admin"], False),
        ([], False),
        (None, False),
    ],
)
def test_claims_may_narrow_and_never_widen(
    provider: Provided, cadre: User, settings: LazySettings, groups: Any, comes_in: bool
) -> None:
    settings.OIDC = provider.settings(posts=POSTS)
    provider.knows(**{SUB: {"groups": groups}})
    client = Client()
    answer = provider.signs_in(client, SUB)
    assert inside(client) is comes_in
    if comes_in:
        assert client.get(reverse("api-me")).json()["role"] == Role.CADRE
    else:
        assert told_no(answer, "没有写您担任") and last_refusal().detail == {"refused": "post"}
    cadre.refresh_from_db()
    assert (cadre.role, cadre.division_id) == (Role.CADRE, VILLAGE)


def test_post_that_nobody_named_comes_in_by_password_alone(
    provider: Provided, world: World, settings: LazySettings
) -> None:
    provider.binds(world.user(Role.TOWNSHIP), SUB)
    settings.OIDC = provider.settings(posts=POSTS)
    provider.knows(**{SUB: {"groups": ["county", "village-430726201201"]}})
    assert told_no(provider.signs_in(Client(), SUB), "没有写您担任")


def test_place_of_a_department_is_its_code(world: World) -> None:
    assert admitting.place_of(world.user(Role.DEPARTMENT)) == "LYJ"


def test_security_administrator_reads_what_is_set(provider: Provided, world: World, settings: LazySettings) -> None:
    settings.OIDC = provider.settings(posts=POSTS, counted=[("amr", "otp")])
    page = world.client(Role.SECURITY_ADMIN).get(reverse("security")).content.decode()
    assert f"{LABEL}，身份里要有岗位，它验过的第二道算数" in page


# The second factor


@pytest.fixture
def office(world: World, provider: Provided, settings: LazySettings) -> User:
    """Of a high post, in a county where nobody is invented."""
    settings.SECOND_FACTOR_ROLES = None
    User.objects.update(is_demo=False)
    user = world.user(Role.COUNTY_OFFICE)
    user.refresh_from_db()
    provider.binds(user, SUB)
    return user


def test_high_post_without_a_telephone_may_only_bind_one(provider: Provided, office: User) -> None:
    provider.knows(**{SUB: {"amr": ["mfa"]}})  # which nobody has said counts
    client = Client()
    provider.signs_in(client, SUB)
    assert client.get(reverse("sign-ins"))["Location"] == reverse("own-factor")
    assert "登录密码" in client.post(reverse("begin-factor")).content.decode()


def test_bound_telephone_is_asked_for_behind_the_provider(provider: Provided, office: User) -> None:
    phone, client = bind_telephone(office), Client()
    assert provider.signs_in(client, SUB)["Location"] == reverse("second-factor")
    assert not inside(client)
    client.post(reverse("second-factor"), {"code": phone.code()})
    assert inside(client) and SignIn.objects.get().through_provider


@pytest.mark.parametrize(
    ("claims", "counts"), [({"amr": ["pwd", "otp"]}, True), ({"acr": "urn:loa:2"}, True), ({"amr": ["pwd"]}, False)]
)
def test_second_factor_of_the_provider_where_it_counts(
    provider: Provided, office: User, settings: LazySettings, claims: dict[str, Any], counts: bool
) -> None:
    settings.OIDC = provider.settings(counted=[("amr", "otp"), ("acr", "urn:loa:2")])
    provider.knows(**{SUB: claims})
    client = Client()
    assert "acr_values=urn%3Aloa%3A2" in provider.sent(client)
    provider.signs_in(client, SUB)
    assert inside(client) is counts


def test_before_money_the_password_is_typed_all_the_same(provider: Provided, world: World) -> None:
    admin, client = world.user(Role.SYSTEM_ADMIN), Client()
    provider.binds(admin, SUB)
    provider.signs_in(client, SUB)
    close = reverse("close-user", args=[world.user(Role.CADRE).pk])
    assert "登录密码" in client.post(close).content.decode() and User.objects.get(username=Role.CADRE).is_active
    client.post(close, {"own_password": PASSWORD})
    assert not User.objects.get(username=Role.CADRE).is_active


# Sessions


def test_session_stands_in_the_list_as_what_it_is(provider: Provided, cadre: User) -> None:
    client = Client()
    provider.signs_in(client, SUB)
    assert "经统一身份认证登录" in client.get(reverse("sign-ins")).content.decode()
    client.post(reverse("end-other-sign-ins"))
    assert "经统一身份认证登录" in client.get(reverse("sign-ins")).content.decode()
    assert AuditEvent.objects.get(action="account.sign_in").detail == {"provider": True}
    plain = Client()
    plain.post(reverse("sign-in"), {"username": cadre.username, "password": PASSWORD})
    assert plain.get(reverse("sign-ins")).content.decode().count("经统一身份认证登录") == 1


def test_signing_out_offers_the_end_there_too(provider: Provided, cadre: User) -> None:
    client = Client()
    provider.signs_in(client, SUB)
    page = client.post(reverse("sign-out"), follow=True).content.decode()
    assert f"{provider.at}/end?client_id=dongkou-six-zeros" in page and f"也退出{LABEL}" in page
    assert not inside(client)
    plain = Client()
    plain.post(reverse("sign-in"), {"username": cadre.username, "password": PASSWORD})
    assert plain.post(reverse("sign-out"))["Location"] == reverse("home")


# Binding


def test_owner_binds_after_a_look_and_unbinds(provider: Provided, world: World) -> None:
    user, client = world.user(Role.COUNTY_OFFICE), world.client(Role.COUNTY_OFFICE)
    provider.knows(**{SUB: {"name": "林某某"}})
    page = client.post(reverse("begin-identity")).content.decode()
    address = page.partition(f'href="{provider.at}')[2].partition('"')[0].replace("&amp;", "&")
    client.get(provider.answer(provider.at + address, SUB))
    assert not OutsideIdentity.objects.exists()
    assert "林某某" in client.get(reverse("own-identity")).content.decode()
    client.post(reverse("bind-identity"))
    assert OutsideIdentity.objects.get().user == user
    outside = Client()
    provider.signs_in(outside, SUB)
    assert "您自己给这个账号绑定了统一身份认证" in outside.get(reverse("sign-ins")).content.decode()
    client.post(reverse("unbind-identity"))
    assert (inside(outside), inside(client)) == (False, True)
    assert told_no(provider.signs_in(outside, SUB), "还没有绑定")
    lines = AuditEvent.objects.filter(action__startswith="identity.", actor=user.username).order_by("id")
    assert [line.action for line in lines] == ["identity.bind", "identity.unbind"]


def test_binding_asks_for_the_password_first(provider: Provided, world: World) -> None:
    client = world.client(Role.CADRE)
    session = client.session
    session["confirmed_at"] = 0
    session.save()
    for name in ("begin-identity", "bind-identity", "unbind-identity"):
        assert "登录密码" in client.post(reverse(name)).content.decode()


def test_answer_for_one_account_binds_no_other(provider: Provided, world: World) -> None:
    """Somebody else's browser is led to the answer that was meant for mine."""
    mine, theirs = world.client(Role.CADRE), world.client(Role.SUPERVISOR)
    page = mine.post(reverse("begin-identity")).content.decode()
    address = page.partition(f'href="{provider.at}')[2].partition('"')[0].replace("&amp;", "&")
    answer = provider.answer(provider.at + address, SUB)
    theirs.cookies["dongkou_oidc"] = mine.cookies["dongkou_oidc"].value
    assert "没有成功" in theirs.get(answer).content.decode()
    theirs.post(reverse("bind-identity"))
    assert not OutsideIdentity.objects.exists()


def test_administrator_binds_and_counts_as_the_hand(provider: Provided, world: World) -> None:
    user, admin = world.user(Role.CADRE), world.user(Role.SYSTEM_ADMIN)
    client, page = world.client(admin), reverse("account-identity", args=[user.pk])
    client.post(page, {"subject": SUB})
    outside = Client()
    provider.signs_in(outside, SUB)
    user.refresh_from_db()
    assert inside(outside) and is_from(user, admin)
    assert SUB in client.get(page).content.decode()
    client.post(reverse("account-identity-off", args=[user.pk]))
    assert not OutsideIdentity.objects.exists() and not inside(outside)


def test_administrator_alone_binds_no_high_post(provider: Provided, world: World) -> None:
    office, client = world.user(Role.COUNTY_OFFICE), world.client(Role.SYSTEM_ADMIN)
    page = client.post(reverse("account-identity", args=[office.pk]), {"subject": SUB}).content.decode()
    assert "只能由本人" in page and not OutsideIdentity.objects.exists()


def test_one_identity_opens_one_account(provider: Provided, cadre: User, world: World) -> None:
    other, given = world.user(Role.SUPERVISOR), provider.settings()
    refused("identity_taken", lambda: actions.bind(user=other, provider=given, subject=SUB, by=other))
    refused("identity_there", lambda: actions.bind(user=cadre, provider=given, subject="x", by=cadre))
    accounts.deactivate_user(user=other, by=None)
    refused("closed", lambda: actions.bind(user=other, provider=given, subject="x", by=world.user(Role.CADRE)))
    actions.unbind(user=cadre, by=cadre)
    refused("identity_gone", lambda: actions.unbind(user=cadre, by=cadre))


@pytest.mark.parametrize("wrong", [{"subject": ""}, {"user": Role.SUPERVISOR, "subject": SUB}])
def test_database_refuses(cadre: User, world: World, provider: Provided, wrong: dict[str, str]) -> None:
    row = {"issuer": provider.at, "claim": "sub", "since": timezone.now(), "by": cadre}
    user = world.user(wrong.get("user", Role.TOWNSHIP))
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideIdentity.objects.create(**row, user=user, subject=wrong["subject"])


def test_nothing_is_bound_without_its_line(provider: Provided, world: World) -> None:
    user, given = world.user(Role.CADRE), provider.settings()
    with audit_down():
        actions.bind(user=user, provider=given, subject=SUB, by=user)
    assert not OutsideIdentity.objects.exists()
    actions.bind(user=user, provider=given, subject=SUB, by=user)
    with audit_down():
        actions.unbind(user=user, by=user)
    assert OutsideIdentity.objects.exists()
