"""The household's own PIN: set at first use before anything else, known to nobody else, told when somebody renews it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households import audit
from households.models import AuditEvent, Plate, PlateDevice
from households.plates import devices
from households.plates import sessions as plate_sessions
from households.plates.actions.devices import MAX_DEVICES, forget_devices, remember
from households.plates.actions.pins import renew_pin, set_own_pin
from households.plates.actions.plates import check_pin, issue_plate
from households.refusals import Refused
from households.roles import Role
from petitions.models import Petition
from tests.petitions.filers import Filer
from tests.plates import own_plate
from tests.world import World

OWN = "204817"


@pytest.fixture
def door(world: World) -> tuple[Plate, str]:
    """A plate whose PIN is still the one on paper."""
    return issue_plate(household=world.household, by=world.user(Role.CADRE))


def address(plate: Plate, page: str = "plate") -> str:
    return reverse(page, args=[plate.token])


def entered(plate: Plate, pin: str, client: Client | None = None, **extra: str) -> tuple[Client, HttpResponse]:
    client = client or Client()
    return client, client.post(address(plate), {"pin": pin}, **extra)


def choose(client: Client, plate: Plate, pin: str = OWN, again: str | None = None, **more: str) -> HttpResponse:
    return client.post(address(plate, "own-pin"), {"pin": pin, "again": pin if again is None else again} | more)


def text(client: Client, url: str) -> str:
    return client.get(url, follow=True).content.decode()


# First use


def test_pin_on_paper_shows_nothing_but_the_setting_of_another(door: tuple[Plate, str]) -> None:
    plate, printed = door
    client, answer = entered(plate, printed)
    assert answer.url == address(plate, "own-pin")
    assert plate_sessions.COOKIE not in client.cookies or not client.cookies[plate_sessions.COOKIE].value
    for page in ("plate", "household-points", "plate-shop", "villager-projects", "household-petitions"):
        assert "张*" not in text(client, address(plate, page)), page
    assert "先设一个自己的密码" in text(client, address(plate, "own-pin"))


def test_own_pin_opens_and_the_one_on_paper_is_dead(door: tuple[Plate, str]) -> None:
    plate, printed = door
    client, _ = entered(plate, printed)
    assert choose(client, plate).url == address(plate)
    assert "张*家" in text(client, address(plate))
    assert entered(plate, printed)[1].status_code == 403
    assert entered(plate, OWN)[1].url == address(plate)


def test_visit_that_is_broken_off_may_begin_again(door: tuple[Plate, str]) -> None:
    entered(*door)
    client, _ = entered(*door)
    choose(client, door[0])
    assert "张*家" in text(client, address(door[0]))


@pytest.mark.parametrize(
    ("pin", "again", "words"),
    [
        ("000000", None, "太简单"),
        ("123456", None, "太简单"),
        ("777777", None, "太简单"),
        ("12345", None, "密码要 6 位"),
        ("abcdef", None, "密码要 6 位"),
        (OWN, "204818", "两次输的不一样"),
        ("printed", None, "这是原来的密码"),
    ],
)
def test_unfit_pin_is_refused_with_a_reason(door: tuple[Plate, str], pin: str, again: str | None, words: str) -> None:
    plate, printed = door
    client, _ = entered(plate, printed)
    answer = choose(client, plate, printed if pin == "printed" else pin, again)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    plate.refresh_from_db()
    assert plate.own_pin_at is None and check_pin(plate, printed).ok


@pytest.mark.parametrize("typed", ["２０４８１７", "204 817", "204-817", "\u3000204817 "])
def test_own_pin_may_be_typed_as_phones_type_it(door: tuple[Plate, str], typed: str) -> None:
    client, _ = entered(*door)
    assert choose(client, door[0], typed, OWN).status_code == 302
    assert entered(door[0], typed)[1].url == address(door[0])


def test_first_session_of_one_plate_sets_no_other(world: World, door: tuple[Plate, str]) -> None:
    other, _ = issue_plate(household=world.households[1], by=None)
    client, _ = entered(*door)
    assert choose(client, other).url == address(other)
    other.refresh_from_db()
    assert other.own_pin_at is None


def test_second_browser_that_came_in_first_is_told(door: tuple[Plate, str]) -> None:
    plate, printed = door
    (slow, _), (quick, _) = entered(plate, printed), entered(plate, printed)
    choose(quick, plate)
    assert choose(slow, plate, "731950").url == address(plate)
    assert "张*" not in text(slow, address(plate))
    with pytest.raises(Refused, match="刚才已经换过"):
        set_own_pin(plate=plate, pin="731950", again="731950")
    plate.refresh_from_db()
    assert check_pin(plate, OWN).ok


def test_nothing_is_set_without_its_line_in_the_log(door: tuple[Plate, str], monkeypatch: pytest.MonkeyPatch) -> None:
    plate, printed = door

    def broken(_lines: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(audit, "record_all", broken)
    with pytest.raises(RuntimeError):
        set_own_pin(plate=plate, pin=OWN, again=OWN)
    monkeypatch.undo()
    assert check_pin(Plate.objects.get(pk=plate.pk), printed).ok


def test_log_says_that_it_was_set_and_never_what(door: tuple[Plate, str]) -> None:
    plate, _ = door
    set_own_pin(plate=plate, pin=OWN, again=OWN)
    line = AuditEvent.objects.get(action="plate.own_pin")
    assert (line.actor, line.role, line.place) == ("villager", "villager", plate.household_id)
    assert OWN not in str(AuditEvent.objects.values_list())


def test_own_pin_before_the_paper_is_refused_by_the_database(door: tuple[Plate, str]) -> None:
    before = timezone.now() - timedelta(days=1)
    for wrong in ({"own_pin_at": before, "pin_epoch": 1}, {"own_pin_at": timezone.now(), "pin_epoch": 0}):
        with pytest.raises(IntegrityError, match="plate_own_pin_after_paper"), transaction.atomic():
            Plate.objects.filter(pk=door[0].pk).update(**wrong)


# Changing and renewing


def test_household_changes_its_pin_by_the_one_in_force(world: World) -> None:
    plate, pin = own_plate(world.household)
    (client, _), (other, _) = entered(plate, pin), entered(plate, pin)
    wrong = choose(client, plate, OWN, current=f"{(int(pin) + 1) % 1_000_000:06d}")
    assert wrong.status_code == 403 and "还可以试 4 次" in wrong.content.decode()
    assert choose(client, plate, OWN, current=pin).status_code == 302
    assert "张*家" in text(client, address(plate))
    assert "张*" not in text(other, address(plate))
    assert entered(plate, pin)[1].status_code == 403


def test_renewed_pin_is_again_good_for_once(world: World) -> None:
    plate, pin = own_plate(world.household)
    client, _ = entered(plate, pin)
    renewed = renew_pin(plate=plate, by=world.user(Role.CADRE))
    assert "张*" not in text(client, address(plate))
    assert entered(plate, pin)[1].status_code == 403
    assert entered(plate, renewed)[1].url == address(plate, "own-pin")


def test_household_reads_who_renewed_its_pin_and_when(world: World) -> None:
    plate, _ = own_plate(world.household)
    renewed = renew_pin(plate=plate, by=world.user(Role.CADRE))
    client, _ = entered(plate, renewed)
    choose(client, plate)
    today = timezone.localdate()
    page = " ".join(text(client, address(plate)).split())
    told = f'<span>村干部换了密码，给了一张新纸条</span><span class="amount">{today.year}年{today.month}月{today.day}日</span>'
    assert told in page
    assert page.index("您家自己设了密码") < page.index("村干部换了密码")
    assert "村干部甲换了" not in page


def test_session_from_before_the_upgrade_reads_and_does_nothing_else(world: World, door: tuple[Plate, str]) -> None:
    plate, _ = door
    client = Client()
    holder = HttpResponse()
    plate_sessions.HOUSEHOLD.open(client.get("/").wsgi_request, holder, plate.pk)
    client.cookies[plate_sessions.COOKIE] = holder.cookies[plate_sessions.COOKIE].value
    assert "张*家" in text(client, address(plate))
    assert "张*家的积分" in text(client, address(plate, "household-points"))
    for page in ("villager-projects", "household-petition-new", "household-petitions", "plate-shop-mine"):
        assert client.get(address(plate, page)).url == address(plate, "own-pin"), page
        assert client.post(address(plate, page), {"op_id": str(uuid4())}).url == address(plate, "own-pin"), page
    assert "现在的密码" in text(client, address(plate, "own-pin"))


def test_petitions_from_before_the_own_pin_open_with_number_and_code_alone(world: World) -> None:
    """Whoever printed the PIN may be the first to use it."""
    filer = Filer(world.household)
    petition, _ = filer.filed(name="张三丰")
    page = filer.url("page", petition.number)
    assert filer.client.get(page).status_code == 200
    now = timezone.now()
    Plate.objects.filter(token=filer.token).update(pin_set_at=petition.filed_at - timedelta(days=1), own_pin_at=now)
    assert filer.client.get(page).status_code == 404
    assert petition.title not in text(filer.client, filer.url("list"))
    assert Petition.objects.filter(pk=petition.pk).exists()


# Devices that were right before


def test_strangers_at_the_door_do_not_lock_out_a_device_that_was_right(world: World) -> None:
    plate, pin = own_plate(world.household)
    family, _ = entered(plate, pin)
    for _ in range(5):
        entered(plate, "111110")
    stranger, answer = entered(plate, pin)
    assert answer.status_code == 429
    family.post(address(plate, "plate-leave"))
    assert 'name="pin"' in text(family, address(plate))
    assert entered(plate, pin, family)[1].status_code == 302
    assert 'name="pin"' not in text(stranger, address(plate))


def test_locked_plate_hides_the_form_and_tells_the_time(world: World) -> None:
    plate, _ = own_plate(world.household)
    until = timezone.now() + timedelta(minutes=12)
    Plate.objects.filter(pk=plate.pk).update(failures=5, locked_until=until)
    page = text(Client(), address(plate))
    assert f"{timezone.localtime(until):%H:%M} 以后" in page and "12 分钟以后再试" in page
    assert 'name="pin"' not in page


def test_known_device_has_few_tries_of_its_own(world: World) -> None:
    plate, pin = own_plate(world.household)
    client, _ = entered(plate, pin)
    told = [entered(plate, "111110", client)[1] for _ in range(9)]
    assert [answer.status_code for answer in told] == [403] * 8 + [429]
    plate.refresh_from_db()
    assert plate.failures == 5
    assert entered(plate, pin, client)[1].status_code == 429


def test_device_is_known_by_one_plate_alone_and_kept_from_scripts(world: World) -> None:
    plate, pin = own_plate(world.household)
    other, _ = own_plate(world.households[1])
    cookie = entered(plate, pin)[1].cookies[devices.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == address(plate)
    assert cookie["max-age"] == 400 * 24 * 3600
    assert cookie.value not in str(list(PlateDevice.objects.values()))
    Plate.objects.update(locked_until=timezone.now() + timedelta(hours=1))
    client = Client()
    client.cookies[devices.COOKIE] = cookie.value
    assert 'name="pin"' in text(client, address(plate))
    assert 'name="pin"' not in text(client, address(other))


@pytest.mark.parametrize("way", ["changed", "renewed", "asked"])
def test_no_device_is_remembered_after(world: World, way: str) -> None:
    plate, pin = own_plate(world.household)
    client, _ = entered(plate, pin)
    if way == "changed":
        set_own_pin(plate=plate, pin=OWN, again=OWN)
    elif way == "renewed":
        renew_pin(plate=plate, by=None)
    else:
        client.post(address(plate, "forget-plate-devices"))
        assert AuditEvent.objects.filter(action="plate.forget_devices", role="villager").count() == 1
    assert not PlateDevice.objects.exists()


def test_plate_remembers_so_many_devices_and_no_more(world: World) -> None:
    plate, _ = own_plate(world.household)
    keys = [remember(plate=plate) for _ in range(MAX_DEVICES + 2)]
    kept = set(PlateDevice.objects.values_list("digest", flat=True))
    assert kept == {devices.digest_of(key) for key in keys[2:]}
    assert forget_devices(plate=plate) == MAX_DEVICES


# The same over the interface


def post(client: Client, plate: Plate, name: str, **body: str) -> HttpResponse:
    return client.post(reverse(name, args=[plate.token]), body, content_type="application/json")


def test_interface_answers_a_session_that_may_only_set_the_pin(door: tuple[Plate, str]) -> None:
    plate, printed = door
    client = Client()
    answer = post(client, plate, "api-household-session", pin=printed)
    assert (answer.status_code, answer.json()["must_set_pin"]) == (201, True)
    assert "张*家" not in text(client, address(plate))
    refused = post(client, plate, "api-household-own-pin", pin="123456")
    assert (refused.status_code, refused.json()["code"]) == (422, "pin_unfit")
    assert "太简单" in refused.json()["fields"]["pin"]
    opened = post(client, plate, "api-household-own-pin", pin=OWN)
    assert (opened.status_code, opened.json()["must_set_pin"]) == (201, False)
    assert "张*家" in text(client, address(plate))
    assert post(Client(), plate, "api-household-session", pin=printed).status_code == 403
    assert post(Client(), plate, "api-household-session", pin=OWN).json()["must_set_pin"] is False


def test_interface_changes_a_pin_by_the_one_in_force_alone(world: World) -> None:
    plate, pin = own_plate(world.household)
    client = Client()
    assert post(client, plate, "api-household-own-pin", pin=OWN, current=pin).status_code == 404
    post(client, plate, "api-household-session", pin=pin)
    assert post(client, plate, "api-household-own-pin", pin=OWN).json()["code"] == "pin_unreadable"
    assert post(client, plate, "api-household-own-pin", pin=OWN, current=pin).status_code == 201
    plate.refresh_from_db()
    assert check_pin(plate, OWN).ok
