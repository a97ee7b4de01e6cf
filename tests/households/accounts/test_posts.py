"""Accounts as posts: corrected, moved, handed over with what waits; who moves or leaves is out at once; three powers in three people."""

import re
from importlib import import_module
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households import sql
from households.accounts.actions import accounts, posts, requests
from households.accounts.actions.apart import APART
from households.contacts.reads import whom_to_call
from households.models import (
    AccountRequest,
    AuditEvent,
    Contact,
    ContactHandOver,
    Department,
    RequestKind,
    Tenure,
    User,
)
from households.register.phones import read_kept
from households.roles import HIGH, Role
from tests.audit_failure import audit_down
from tests.households.contacts.village_contacts import give, grid_of
from tests.households.contacts.village_contacts import person as contact_person
from tests.refusals import refused
from tests.scoring.points.points_by_hand import ask as ask_points
from tests.world import PASSWORD, World

LOGIN = "/api/v1/auth/login/"
SECRET = re.compile(r'id="one-time">([^<]+)<')
NEW = {"username": "wangxin", "display_name": "王新", "phone": "13900008888"}


def admin(world: World) -> User:
    return world.user(Role.SYSTEM_ADMIN)


def ways_in(world: World, user: User) -> tuple[Client, dict[str, str]]:
    """A browser in which the person is signed in, and the header of a token that another system uses for them."""
    client = world.client(user)
    answer = world.client().post(LOGIN, {"username": user.username, "password": PASSWORD}, "application/json")
    return client, {"authorization": f"Token {answer.json()['token']}"}


def alive(world: World, client: Client, headers: dict[str, str]) -> tuple[bool, bool]:
    return (
        client.get(reverse("sign-ins")).status_code == 200,
        world.client().get("/api/v1/me/", headers=headers).status_code == 200,
    )


def held(user: User) -> list[tuple[str, str, str]]:
    """Role, place and how it ended, in the order they were held."""
    rows = Tenure.objects.filter(user=user).order_by("id")
    return [(one.role, one.division_id or one.department_id, one.ended) for one in rows]


def test_moved_account_is_out_at_once_and_keeps_its_name(world: World) -> None:
    user, sister = world.user(Role.CADRE), world.sister
    browser, token = ways_in(world, user)
    assert alive(world, browser, token) == (True, True)
    posts.move_user(user=user, role=Role.SUPERVISOR, place=sister, by=admin(world), reason="换届")
    assert alive(world, browser, token) == (False, False)
    assert held(user) == [(Role.CADRE, world.village.code, "moved"), (Role.SUPERVISOR, sister.code, "")]
    client = world.client()
    client.post(reverse("sign-in"), {"username": user.username, "password": PASSWORD})
    page = client.get(reverse("own-post")).content.decode()
    assert "西河村" in page and "村务监督委员" in page
    line = AuditEvent.objects.get(action="account.move")
    assert (line.actor, line.detail["before"], line.detail["reason"]) == (str(admin(world)), "村干部 东山村", "换届")


def test_retired_account_is_out_at_once(world: World) -> None:
    user = world.user(Role.CADRE)
    browser, token = ways_in(world, user)
    accounts.deactivate_user(user=user, by=admin(world))
    assert alive(world, browser, token) == (False, False)
    assert held(user) == [(Role.CADRE, world.village.code, "retired")]
    accounts.activate_user(user=user, by=admin(world))
    assert alive(world, browser, token) == (False, False)
    assert held(user)[1:] == [(Role.CADRE, world.village.code, "")]


def test_department_and_division_are_changed_both_ways(world: World) -> None:
    user, office = world.user(Role.DEPARTMENT), Department.objects.get(code="SLJ")
    posts.move_user(user=user, role=Role.DEPARTMENT, place=office, by=admin(world))
    posts.move_user(user=user, role=Role.TOWNSHIP, place=world.township, by=admin(world))
    assert [place for _, place, _ in held(user)] == ["LYJ", "SLJ", world.township.code]


@pytest.mark.parametrize("role", sorted(HIGH))
def test_nobody_is_moved_into_or_out_of_a_high_post(world: World, role: str) -> None:
    refused("two_hands", lambda: posts.move_user(user=world.user(Role.CADRE), role=role, place=world.county, by=None))
    refused("two_hands", lambda: posts.move_user(user=world.user(role), role=Role.CADRE, place=world.village, by=None))
    refused("two_hands", lambda: posts.hand_over(user=world.user(role), by=admin(world), reason="换人", **NEW))


def test_move_that_fits_nobody_is_refused(world: World) -> None:
    user, by = world.user(Role.CADRE), admin(world)
    refused("same_post", lambda: posts.move_user(user=user, role=Role.CADRE, place=world.village, by=by))
    refused("place", lambda: posts.move_user(user=user, role=Role.CADRE, place=world.township, by=by))
    accounts.deactivate_user(user=user, by=by)
    refused("closed", lambda: posts.move_user(user=user, role=Role.CADRE, place=world.sister, by=by))


def test_post_is_handed_over_in_one_act_with_what_waits(world: World) -> None:
    """The page names what is open; the successor finds it under their own post; the predecessor is out."""
    user = world.user(Role.TOWNSHIP)
    world.frozen_month()
    ask_points(world)
    waiting = posts.open_work(user)
    assert waiting
    browser, token = ways_in(world, user)
    page = world.client(admin(world))
    address = reverse("hand-over-account", args=[user.pk])
    assert str(waiting[0]["what"]) in page.get(address).content.decode()
    answer = page.post(address, {**NEW, "reason": "调任", "own_password": PASSWORD}).content.decode()
    made = User.objects.get(username="wangxin")
    assert (made.role, made.division, read_kept(made.phone)) == (Role.TOWNSHIP, world.township, "13900008888")
    assert made.check_password(SECRET.search(answer)[1])
    assert alive(world, browser, token) == (False, False)
    assert held(user) == [(Role.TOWNSHIP, world.township.code, "handed")]
    assert Tenure.objects.get(user=user).followed_by == made
    assert Tenure.objects.get(user=made).left == waiting
    own = world.client(made)
    User.objects.filter(pk=made.pk).update(must_change_password=False)
    text = own.get(reverse("own-post")).content.decode()
    assert str(waiting[0]["what"]) in text and user.display_name in text


def test_post_is_handed_to_somebody_who_has_an_account(world: World) -> None:
    user, heir = world.user(Role.CADRE), world.user(Role.GROUP_LEADER)
    client = world.client(admin(world))
    given = {"existing": heir.username, "reason": "换届", "own_password": PASSWORD}
    answer = client.post(reverse("hand-over-account", args=[user.pk]), given)
    assert answer["Location"] == reverse("account", args=[heir.pk])
    heir.refresh_from_db()
    assert (heir.role, heir.division) == (Role.CADRE, world.village)
    page = client.get(answer["Location"]).content.decode()
    assert "移交" in page and user.display_name in page and "组长（网格长）" in page


def test_hand_over_says_what_is_missing_beside_the_field(world: World) -> None:
    client = world.client(admin(world))
    address = reverse("hand-over-account", args=[world.user(Role.CADRE).pk])
    page = client.post(address, {"reason": "换届", "phone": "12", "own_password": PASSWORD}).content.decode()
    assert "这一项要填" in page and "不是手机号" in page
    taken = {"display_name": "王新", "username": "township", "reason": "换届", "own_password": PASSWORD}
    assert "已经有了" in client.post(address, taken).content.decode()
    assert "没有这个账号" in client.post(address, {"existing": "nobody", "own_password": PASSWORD}).content.decode()
    assert world.user(Role.CADRE).is_active


def test_failed_log_leaves_the_post_where_it_was(world: World) -> None:
    for after in range(3):
        user = User.objects.get(username="cadre")
        with audit_down(after):
            posts.hand_over(user=user, by=admin(world), reason="换届", password="Chuntian-47-he", **NEW)
        assert not User.objects.filter(username="wangxin").exists()
    user = User.objects.get(username="cadre")
    assert user.is_active
    with audit_down():
        posts.correct_user(user=user, display_name="改名", phone="", by=None)
    with audit_down():
        posts.move_user(user=user, role=Role.CADRE, place=world.sister, by=None)
    assert held(user) == [(Role.CADRE, world.village.code, "")]


def test_high_post_is_handed_over_by_two_in_one_act(world: World) -> None:
    user, second = world.user(Role.COUNTY_OFFICE), world.user(Role.SECURITY_ADMIN)
    client = world.client(admin(world))
    client.post(reverse("hand-over-account", args=[user.pk]), {**NEW, "reason": "调任", "own_password": PASSWORD})
    [asked] = AccountRequest.objects.all()
    assert User.objects.get(pk=user.pk).is_active
    requests.confirm(request=asked, by=second)
    made = User.objects.get(username="wangxin")
    assert (made.role, read_kept(made.phone), made.handed_by) == (Role.COUNTY_OFFICE, "13900008888", None)
    assert not User.objects.get(pk=user.pk).is_active
    assert Tenure.objects.get(user=user).followed_by == made


def test_last_administrator_hands_over_too(world: World) -> None:
    """Alone they cannot close their own account; with a successor they can, and another person confirms."""
    user = admin(world)
    refused("own_account", lambda: accounts.deactivate_user(user=user, by=user))
    asked = requests.ask_to_create(
        **NEW, role=Role.SYSTEM_ADMIN, place=world.county, reason="退休", by=user, predecessor=user
    )
    requests.confirm(request=asked, by=world.user(Role.SECURITY_ADMIN))
    assert list(User.objects.filter(role=Role.SYSTEM_ADMIN, is_active=True).values_list("username", flat=True)) == [
        "wangxin"
    ]


def test_name_and_telephone_are_corrected_and_the_number_lies_sealed(world: World) -> None:
    user, client = world.user(Role.CADRE), world.client(admin(world))
    address = reverse("correct-account", args=[user.pk])
    given = {"display_name": "周新民", "phone": "０７３９－７２２１２３４", "own_password": PASSWORD}
    assert client.post(address, given)["Location"] == reverse("account", args=[user.pk])
    user.refresh_from_db()
    assert (user.display_name, read_kept(user.phone)) == ("周新民", "0739-7221234")
    assert b"7221234" not in bytes(user.phone)
    assert 'href="tel:0739-7221234"' in client.get(reverse("account", args=[user.pk])).content.decode()
    line = AuditEvent.objects.get(action="account.correct")
    assert "7221234" not in str(line.detail)
    assert posts.correct_user(user=user, display_name="周新民", phone="0739-7221234", by=None) == []
    assert AuditEvent.objects.filter(action="account.correct").count() == 1
    assert "以 13 到 19 开头" in client.post(address, {"display_name": "周", "phone": "12345678901"}).content.decode()


def test_township_reads_whom_to_call_for_a_sheet_that_is_missing(world: World) -> None:
    posts.correct_user(user=world.user(Role.CADRE), display_name="周新民", phone="13900007777", by=None)
    world.sheet()
    page = world.client(Role.TOWNSHIP).get(reverse("review", args=[world.month])).content.decode()
    assert '周新民 <a href="tel:13900007777">' in page


@pytest.mark.parametrize(("has", "wants"), [(a, b) for a, b in product(APART, APART) if a != b])
def test_three_powers_are_three_people(world: World, has: str, wants: str) -> None:
    """By name, and by telephone under another name; two people of one name tell each other apart by their telephones."""
    User.objects.update(is_demo=False)
    User.objects.filter(role__in=APART).update(display_name="某某")
    posts.correct_user(user=world.user(has), display_name="周新民", phone="13900007777", by=None)
    person = {"username": "zhouxin", "role": wants, "place": world.county, "password": "Chuntian-47-he", "by": None}
    ask = {"username": "zhouxin", "role": wants, "place": world.county, "reason": "新增", "by": admin(world)}
    for name, phone in (("周新民", ""), ("周新民", "13900007777"), ("周新", "13900007777")):
        refused("one_person", lambda n=name, p=phone: accounts.create_user(**person, display_name=n, phone=p))
        refused("one_person", lambda n=name, p=phone: requests.ask_to_create(**ask, display_name=n, phone=p))
        refused(
            "one_person",
            lambda n=name, p=phone: posts.correct_user(user=world.user(wants), display_name=n, phone=p, by=None),
        )
    made = accounts.create_user(**person, display_name="周新民", phone="13900006666")
    assert made.is_active


@pytest.mark.parametrize(("by", "about"), list(product(APART, APART)))
def test_none_of_the_three_makes_resets_or_reopens_another_alone(world: World, by: str, about: str) -> None:
    """The table of all pairs, past the pages and through them."""
    hand, subject = world.user(by), world.user(about)
    person = {"display_name": "新人", "username": "xinren", "role": about, "place": world.county, "password": PASSWORD}
    refused("two_hands", lambda: accounts.create_user(**person, by=hand))
    refused("two_hands", lambda: accounts.set_password(user=subject, password="Chuntian-47-he", by=hand))
    client, before = world.client(hand), subject.password
    for page, args in (("create-user", []), ("new-password", [subject.pk]), ("reopen-user", [subject.pk])):
        client.post(reverse(page, args=args), {"role": about, "place": world.county.code, "own_password": PASSWORD})
    subject.refresh_from_db()
    assert (subject.password, User.objects.filter(username="xinren").exists()) == (before, False)
    if by == Role.SYSTEM_ADMIN and by != about:
        asked = requests.ask_about(kind=RequestKind.RESET, user=subject, reason="忘了", by=hand)
        refused("own_request", lambda: requests.confirm(request=asked, by=hand))
    elif by != Role.SYSTEM_ADMIN:
        refused("not_yours", lambda: requests.ask_about(kind=RequestKind.RESET, user=subject, reason="忘了", by=hand))


def test_one_person_holds_one_post_at_a_time_says_the_database(world: World) -> None:
    user = world.user(Role.CADRE)
    tenure = Tenure.objects.get(user=user)
    for name, wrong in (
        ("tenure_one_at_a_time", {}),
        ("tenure_in_one_place", {"department_id": "LYJ", "until": tenure.since, "ended": "moved"}),
        ("tenure_ended_or_not", {"until": tenure.since}),
        ("tenure_role_known", {"role": "king", "until": tenure.since, "ended": "moved"}),
    ):
        row = {"user": user, "role": user.role, "division": user.division, "since": tenure.since} | wrong
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Tenure.objects.create(**row)


def test_upgrade_gives_everybody_the_post_they_hold_and_ends_what_was_closed(world: World) -> None:
    user = world.user(Role.CADRE)
    accounts.deactivate_user(user=user, by=None)
    closed = AuditEvent.objects.get(action="account.deactivate").at
    Tenure.objects.all().delete()
    sql.run(import_module("households.migrations.0019_posts_held").FILL)
    assert Tenure.objects.filter(until=None).count() == User.objects.filter(is_active=True).count()
    [gone] = Tenure.objects.exclude(until=None)
    assert (gone.user, gone.since, gone.until, gone.ended) == (user, user.created_at, closed, "retired")


def test_households_of_a_grid_follow_the_post_and_party_members_keep_theirs(world: World) -> None:
    leader = world.user(Role.GROUP_LEADER)
    old = contact_person(world, name=leader.display_name, phone="13900000044", user=leader)
    grid = grid_of(world, old, 0, 1)
    give(world, old, 2, kind="grid")
    give(world, old, 3)
    [kept] = [one for one in posts.open_work(leader) if "党员联系" in str(one["what"])]
    assert kept["number"] == "1"
    made = posts.hand_over(user=leader, by=admin(world), reason="换届", password="Chuntian-47-he", **NEW)
    new = made.contact_person
    grid.refresh_from_db()
    today = timezone.localdate()
    calls = whom_to_call([home.code for home in world.households[:4]], today)
    named = {home.code: [(one.kind, one.name) for one in calls[home.code]] for home in world.households[:4]}
    heads = [named[home.code] for home in world.households[:2]]
    assert heads == [[("micro", made.display_name), ("grid", made.display_name)]] * 2
    assert ("grid", made.display_name) in named[world.households[2].code]
    assert ("party", leader.display_name) in named[world.households[3].code]
    assert (grid.head, new.phone) == (new, "13900008888")
    assert [one.taker for one in ContactHandOver.objects.all()] == [new]
    assert [*Contact.objects.filter(person=old, kind="micro").values_list("valid_to", flat=True)] == [today, today]


def test_contact_is_called_what_the_account_was_corrected_to(world: World) -> None:
    leader = world.user(Role.GROUP_LEADER)
    same = contact_person(world, name=leader.display_name, phone="13900000044", user=leader)
    posts.correct_user(user=leader, display_name="刘改名", phone="13900000045", by=admin(world))
    same.refresh_from_db()
    assert (same.name, same.phone) == ("刘改名", "13900000044")  # the number was never the account's


def test_successor_from_another_village_is_called_by_the_households_that_follow(world: World) -> None:
    leader, heir = world.user(Role.GROUP_LEADER), world.stranger(Role.GROUP_LEADER)
    give(world, contact_person(world, name=leader.display_name, user=leader), 2, kind="grid")
    posts.hand_over(user=leader, by=admin(world), reason="换届", to=heir)
    [call] = list(whom_to_call([world.households[2].code], timezone.localdate())[world.households[2].code])
    assert (call.kind, call.name) == ("grid", heir.display_name)
