"""The plate's public side and its PIN: nothing personal without it, no oracle, limits, one session for one household."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dongkou.logs import redact
from households.models import AuditEvent, Household, Plate
from households.months import month_of
from households.plates import sessions as plate_sessions
from households.plates.actions.plates import revoke_plate
from households.roles import Role
from tests.answers import whole
from tests.cached import server
from tests.households.plates.pins import wrong
from tests.plates import own_plate
from tests.world import STRANGE, VILLAGE, World

NOBODY = "A" * 22


@pytest.fixture
def door(world: World) -> tuple[Plate, str]:
    """张三丰's plate and its PIN."""
    return own_plate(world.household)


def address(token: str) -> str:
    return reverse("plate", args=[token])


def enter(client: Client, plate: Plate, pin: str, **extra: str) -> HttpResponse:
    return client.post(address(plate.token), {"pin": pin}, **extra)


def shape(response: HttpResponse) -> str:
    """The page without what is different each time: token, CSRF token."""
    text = response.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "csrf", text)
    return re.sub(r"/h/[A-Za-z0-9_-]{22}/", "/h/…/", text)


def test_plate_shows_the_village_and_nothing_personal(world: World, door: tuple[Plate, str]) -> None:
    world.record(world.household.code, "WR02", day=timezone.localdate().replace(day=1))
    text = Client().get(address(door[0].token)).content.decode()
    for words in ("东山村", "罗坪乡", "6 位密码", "正在录入", "/rules/", 'inputmode="numeric"'):
        assert words in text
    for secret in ("张", world.household.code, "0001", "第1组", "13800000001", "乱倒垃圾"):
        assert secret not in text


def test_plates_of_one_village_look_the_same(world: World, door: tuple[Plate, str]) -> None:
    other, _ = own_plate(world.households[6])
    pages = [Client().get(address(plate.token)) for plate in (door[0], other)]
    assert shape(pages[0]) == shape(pages[1])


def test_unknown_and_revoked_plates_cannot_be_told_apart(door: tuple[Plate, str]) -> None:
    revoke_plate(plate=door[0], by=None)
    revoked, unknown = Client().get(address(door[0].token)), Client().get(address(NOBODY))
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert shape(revoked) == shape(unknown)
    assert "这块户牌没有在用" in revoked.content.decode()


def test_unknown_and_revoked_plates_cost_the_same(door: tuple[Plate, str], django_assert_num_queries: object) -> None:
    revoke_plate(plate=door[0], by=None)
    for token in (door[0].token, NOBODY, "short", "户" * 22):
        with django_assert_num_queries(1):
            Client().get(address(token))


def test_pin_on_a_revoked_plate_is_just_not_found(door: tuple[Plate, str]) -> None:
    plate, pin = door
    revoke_plate(plate=plate, by=None)
    answers = [enter(Client(), plate, pin), Client().post(address(NOBODY), {"pin": pin})]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert shape(answers[0]) == shape(answers[1])
    assert plate_sessions.COOKIE not in answers[0].cookies


def test_public_page_takes_two_queries(door: tuple[Plate, str], django_assert_num_queries: object) -> None:
    """On the second call: the first one in a process reads what the county entered of holidays, and keeps it."""
    Client().get(address(door[0].token))
    with django_assert_num_queries(2):
        Client().get(address(door[0].token))


def test_pin_opens_the_household_page(door: tuple[Plate, str]) -> None:
    client = Client()
    answer = enter(client, *door)
    assert answer.status_code == 302
    assert answer.url == address(door[0].token)
    assert "张*家" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("dress", [" {} ", "{}\u3000", "full"])
def test_pin_may_be_typed_as_phones_type_it(door: tuple[Plate, str], dress: str) -> None:
    plate, pin = door
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in pin)
    client = Client()
    enter(client, plate, wide if dress == "full" else dress.format(pin))
    assert "张*家" in client.get(address(plate.token)).content.decode()


def test_session_cookie_is_kept_from_scripts_and_other_sites(door: tuple[Plate, str]) -> None:
    cookie = enter(Client(), *door).cookies[plate_sessions.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 30 * 60
    assert door[0].token not in cookie.value


def test_session_of_one_plate_opens_no_other(world: World, door: tuple[Plate, str]) -> None:
    client = Client()
    enter(client, *door)
    for household in (world.households[1], Household.objects.get(code=f"{STRANGE}010001")):
        other, _ = own_plate(household)
        text = client.get(address(other.token)).content.decode()
        assert "6 位密码" in text
        assert "张*" not in text


def test_every_pin_makes_a_fresh_key(door: tuple[Plate, str]) -> None:
    client = Client()
    first = enter(client, *door).cookies[plate_sessions.COOKIE].value
    second = enter(client, *door).cookies[plate_sessions.COOKIE].value
    assert first != second
    stale = Client()
    stale.cookies[plate_sessions.COOKIE] = first
    assert "6 位密码" in stale.get(address(door[0].token)).content.decode()


def test_planted_key_is_not_taken_over(door: tuple[Plate, str]) -> None:
    client = Client()
    client.cookies[plate_sessions.COOKIE] = "planted0planted0planted0planted0"
    assert enter(client, *door).cookies[plate_sessions.COOKIE].value != "planted0planted0planted0planted0"


def test_session_ends_after_half_an_hour(door: tuple[Plate, str]) -> None:
    client = Client()
    enter(client, *door)
    row = Session.objects.get(session_data=plate_sessions.words_about(door[0]))
    assert timedelta(minutes=29) < row.expire_date - timezone.now() <= timedelta(minutes=30)
    Session.objects.filter(pk=row.pk).update(expire_date=timezone.now())
    assert "6 位密码" in client.get(address(door[0].token)).content.decode()


def test_rows_that_ran_out_are_swept(world: World, door: tuple[Plate, str]) -> None:
    enter(Client(), *door)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    other = own_plate(world.households[1])
    enter(Client(), *other)
    assert [row.session_data for row in Session.objects.all()] == [plate_sessions.words_about(other[0])]


def test_database_holds_no_key_that_opens(door: tuple[Plate, str]) -> None:
    key = enter(Client(), *door).cookies[plate_sessions.COOKIE].value
    row = Session.objects.get(session_data=plate_sessions.words_about(door[0]))
    assert key not in row.session_key
    client = Client()
    client.cookies[plate_sessions.COOKIE] = row.session_key
    assert "6 位密码" in client.get(address(door[0].token)).content.decode()


def test_revoking_ends_the_session(door: tuple[Plate, str]) -> None:
    client = Client()
    enter(client, *door)
    assert "张*家" in client.get(address(door[0].token)).content.decode()
    revoke_plate(plate=door[0], by=None)
    answer = client.get(address(door[0].token))
    assert (answer.status_code, "张" in whole(answer)) == (404, False)


def test_leaving_ends_the_session_on_the_server(door: tuple[Plate, str]) -> None:
    client = Client()
    key = enter(client, *door).cookies[plate_sessions.COOKIE].value
    answer = client.post(reverse("plate-leave", args=[door[0].token]))
    assert answer.url == address(door[0].token)
    client.cookies[plate_sessions.COOKIE] = key
    assert "6 位密码" in client.get(address(door[0].token)).content.decode()


def test_wrong_pin_says_how_many_tries_are_left(door: tuple[Plate, str]) -> None:
    plate, pin = door
    answer = enter(Client(), plate, wrong(pin))
    assert answer.status_code == 403
    assert "密码不对，还可以试 4 次" in answer.content.decode()
    assert plate_sessions.COOKIE not in answer.cookies


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "1" * 100_000])
def test_what_is_no_pin_costs_no_try(door: tuple[Plate, str], typed: str) -> None:
    answer = enter(Client(), door[0], typed)
    assert answer.status_code == 422
    assert "密码是 6 位数字" in answer.content.decode()
    door[0].refresh_from_db()
    assert door[0].failures == 0


def test_fifth_wrong_pin_locks_and_says_for_how_long(door: tuple[Plate, str]) -> None:
    plate, pin = door
    answers = [enter(Client(), plate, wrong(pin)) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert "请 15 分钟以后再试" in answers[-1].content.decode()
    assert enter(Client(), plate, pin).status_code == 429


def test_long_lock_is_told_in_hours(door: tuple[Plate, str]) -> None:
    Plate.objects.filter(pk=door[0].pk).update(failures=15, locked_until=timezone.now() + timedelta(hours=4))
    assert "请 4 小时以后再试" in enter(Client(), *door).content.decode()


def test_thirty_wrong_pins_of_strangers_shut_nobody_out_of_their_own_page(world: World) -> None:
    doors = [own_plate(household) for household in world.households[:8]]
    for plate, pin in doors[:7]:
        for _ in range(5):
            last = enter(Client(), plate, wrong(pin))
    assert last.status_code == 429
    curt = enter(Client(), doors[7][0], wrong(doors[7][1]))
    assert curt.status_code == 429
    assert "这个网络刚才输错太多次" in curt.content.decode()
    assert enter(Client(), *doors[7]).status_code == 302


def test_plate_that_strangers_locked_stays_locked(door: tuple[Plate, str], settings: Any) -> None:
    settings.ADDRESS_FAILURES = 1
    answers = [enter(Client(), door[0], wrong(door[1])) for _ in range(5)]
    assert "先锁住了" in answers[-1].content.decode()
    assert enter(Client(), *door).status_code == 429


def test_address_is_counted_without_being_kept(door: tuple[Plate, str]) -> None:
    enter(Client(), door[0], wrong(door[1]), REMOTE_ADDR="203.0.113.9")
    keys = [key.decode() for key in server().scan_iter("*attempts*")]
    assert len(keys) == 1
    assert "203.0.113.9" not in keys[0]


@pytest.mark.parametrize("role", [Role.CADRE, Role.GROUP_LEADER, Role.SUPERVISOR])
def test_staff_of_the_village_are_led_to_the_sheet(world: World, door: tuple[Plate, str], role: str) -> None:
    answer = world.client(role).get(address(door[0].token))
    month = month_of(timezone.localdate())
    assert answer.status_code == 302
    assert answer.url == f"{reverse('sheet', args=[month])}?household={world.household.code}"
    assert door[0].token not in answer.url


def test_other_staff_see_what_everybody_sees(world: World, door: tuple[Plate, str]) -> None:
    people = [world.stranger(Role.CADRE), world.user(Role.TOWNSHIP), world.user(Role.AUDITOR)]
    for user in people:
        text = world.client(user).get(address(door[0].token)).content.decode()
        assert "6 位密码" in text
        assert world.household.code not in text


def test_group_leader_is_not_led_to_another_group(world: World) -> None:
    plate, _ = own_plate(world.households[6])
    assert plate.household_id.startswith(f"{VILLAGE}02")
    assert world.client(Role.GROUP_LEADER).get(address(plate.token)).status_code == 200


def test_staff_and_household_sessions_do_not_mix(world: World, door: tuple[Plate, str]) -> None:
    client = world.client(world.stranger(Role.CADRE))
    before = client.cookies["dongkou_session"].value
    enter(client, *door)
    assert client.cookies["dongkou_session"].value == before
    assert "张*家" in client.get(address(door[0].token)).content.decode()
    for key in (
        client.cookies[plate_sessions.COOKIE].value,
        Session.objects.get(session_data=plate_sessions.words_about(door[0])).pk,
    ):
        client.cookies["dongkou_session"] = key
        assert client.get(reverse("home")).wsgi_request.user.is_anonymous


@pytest.mark.parametrize("path", ["plate", "unknown", "page"])
def test_nothing_is_kept_by_caches_or_told_to_others(door: tuple[Plate, str], path: str) -> None:
    client = Client()
    if path == "page":
        enter(client, *door)
    answer = client.get(address(NOBODY if path == "unknown" else door[0].token))
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_logs_hold_neither_token_nor_pin(door: tuple[Plate, str], caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    enter(client, *door)
    client.get(address(door[0].token))
    client.get(address(NOBODY))
    lines = " ".join(redact(record.getMessage()) for record in caplog.records)
    assert door[0].token not in lines
    assert door[1] not in lines


def test_audit_knows_no_villager_by_name(world: World, door: tuple[Plate, str]) -> None:
    for _ in range(5):
        enter(Client(), door[0], wrong(door[1]))
    line = AuditEvent.objects.get(action="plate.lock")
    assert (line.actor, line.place) == ("villager", world.household.code)


def test_form_without_its_token_is_refused(door: tuple[Plate, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    assert enter(client, *door).status_code == 403
    assert plate_sessions.COOKIE not in client.cookies
