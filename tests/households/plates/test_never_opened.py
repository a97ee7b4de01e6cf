"""Plates that were never opened: who is on the list, what is noted at the first opening, and how far one sees."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households import audit, sql
from households.models import Division, Household, Plate
from households.plates.actions.pins import renew_pin, used_before
from households.plates.actions.plates import issue_plate, issue_plates, revoke_plate
from households.roles import Role
from tests.days import today
from tests.world import COUNTY, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World


@pytest.fixture
def doors(world: World) -> list[tuple[Plate, str]]:
    """A plate and its PIN for each of the village's eight households."""
    return issue_plates(households=world.households, by=None)


def page(client: Client, code: str = VILLAGE, **query: str) -> str:
    return client.get(reverse("never-opened", args=[code]), query).content.decode()


def plain(text: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", text)


def listed(text: str) -> list[str]:
    return [plain(cell) for cell in re.findall(r'<th scope="row">(.*?)</th>', text)]


def figures(text: str) -> list[str]:
    return [plain(figure) for figure in re.findall(r"<div>(<strong>.*?)</div>", text)]


def lines(text: str) -> list[str]:
    return [plain(row) for row in re.findall(r'<tr>\s*<th scope="row">.*?</tr>', text, re.DOTALL)]


def open_page(plate: Plate, pin: str, client: Client | None = None) -> HttpResponse:
    return (client or Client()).post(reverse("plate", args=[plate.token]), {"pin": pin})


def forget_openings(*plates: Plate) -> None:
    """As if the plates had been issued before openings were noted."""
    Plate.objects.filter(pk__in=[plate.pk for plate in plates]).update(opening_noted=False)


# What is noted


@pytest.mark.parametrize("way", ["page", "interface"])
def test_first_own_pin_is_noted_as_the_first_opening(doors: list[tuple[Plate, str]], way: str) -> None:
    plate, pin = doors[0]
    before, client = timezone.now(), Client()
    if way == "page":
        client.post(reverse("plate", args=[plate.token]), {"pin": pin})
        client.post(reverse("own-pin", args=[plate.token]), {"pin": "204817", "again": "204817"})
    else:
        for name, sent in (("api-household-session", pin), ("api-household-own-pin", "204817")):
            answer = client.post(reverse(name, args=[plate.token]), {"pin": sent}, content_type="application/json")
            assert answer.status_code == 201
    plate.refresh_from_db()
    assert before <= plate.opened_at <= timezone.now()
    assert Plate.objects.exclude(opened_at=None).count() == 1


def test_pin_on_paper_alone_is_no_opening(doors: list[tuple[Plate, str]]) -> None:
    plate, pin = doors[0]
    assert open_page(plate, pin).status_code == 302
    plate.refresh_from_db()
    assert plate.opened_at is None


def test_second_opening_does_not_rewrite_the_first(doors: list[tuple[Plate, str]]) -> None:
    plate, _pin = doors[0]
    long_ago = timezone.now() - timedelta(days=9)
    Plate.objects.filter(pk=plate.pk).update(opened_at=long_ago)
    used_before(plate=plate)
    plate.refresh_from_db()
    assert plate.opened_at == long_ago


@pytest.mark.parametrize("typed", ["wrong", "unreadable", "locked"])
def test_refused_pin_opens_nothing(doors: list[tuple[Plate, str]], typed: str) -> None:
    plate, pin = doors[0]
    if typed == "locked":
        Plate.objects.filter(pk=plate.pk).update(locked_until=timezone.now() + timedelta(hours=1))
    wrong = {"wrong": f"{(int(pin) + 1) % 1_000_000:06d}", "unreadable": "12", "locked": pin}[typed]
    assert open_page(plate, wrong).status_code != 302
    plate.refresh_from_db()
    assert plate.opened_at is None


def test_new_pin_leaves_the_opening(doors: list[tuple[Plate, str]]) -> None:
    plate, _pin = doors[0]
    used_before(plate=plate)
    renew_pin(plate=plate, by=None)
    plate.refresh_from_db()
    assert plate.opened_at is not None


# What the village's list says


def test_list_names_the_households_that_never_opened(world: World, doors: list[tuple[Plate, str]]) -> None:
    used_before(plate=doors[1][0])
    text = page(world.client(Role.CADRE))
    assert listed(text) == ["张三丰", "王五一", "赵六合", "单七星", "曾八方", "欧阳九州", "孙十全"]
    assert figures(text) == ["8户有户牌", "7户从来没有打开过"]
    assert "第1组　4 户" in text
    assert "周西河" not in text


def test_row_says_when_the_plate_was_issued_and_how_long_ago(world: World, doors: list[tuple[Plate, str]]) -> None:
    issued = timezone.localtime() - timedelta(days=12)
    Plate.objects.filter(pk=doors[0][0].pk).update(issued_at=issued)
    first, second, *_ = lines(page(world.client(Role.CADRE)))
    assert first == f"张三丰0001{issued.year}年{issued.month}月{issued.day}日12天"
    assert second.endswith("今天")


def test_group_is_chosen_as_on_the_plates_page(world: World, doors: list[tuple[Plate, str]]) -> None:
    text = page(world.client(Role.CADRE), group=f"{VILLAGE}02")
    assert listed(text) == ["曾八方", "欧阳九州", "孙十全"]
    assert figures(text) == ["3户有户牌", "3户从来没有打开过"]


@pytest.mark.parametrize("group", [f"{STRANGE}01", "nonsense"])
def test_group_that_is_not_the_villages_is_ignored(world: World, doors: list[tuple[Plate, str]], group: str) -> None:
    assert len(listed(page(world.client(Role.CADRE), group=group))) == 8


def test_all_opened_is_said_in_words(world: World, doors: list[tuple[Plate, str]]) -> None:
    Plate.objects.update(opened_at=timezone.now())
    text = page(world.client(Role.CADRE))
    assert "每户都打开过" in text
    assert listed(text) == []
    assert "打印名单" not in text


def test_village_without_plates_is_not_said_to_have_opened_them(world: World) -> None:
    text = page(world.client(Role.CADRE))
    assert "还没有发户牌" in text
    assert "每户都打开过" not in text


def test_plates_from_before_stand_apart_as_not_known(world: World, doors: list[tuple[Plate, str]]) -> None:
    forget_openings(doors[0][0], doors[5][0])
    never, not_known = page(world.client(Role.CADRE)).split("升级前发的，不知道是否打开过")
    assert listed(not_known) == ["张三丰", "曾八方"]
    assert len(listed(never)) == 6
    assert figures(never) == ["8户有户牌", "6户从来没有打开过", "2户不知道是否打开过"]


def test_plate_from_before_leaves_the_list_once_it_is_opened(world: World, doors: list[tuple[Plate, str]]) -> None:
    forget_openings(doors[0][0])
    used_before(plate=doors[0][0])
    text = page(world.client(Role.CADRE))
    assert "不知道" not in text
    assert "张三丰" not in listed(text)


def test_replaced_plate_begins_anew(world: World, doors: list[tuple[Plate, str]]) -> None:
    used_before(plate=doors[0][0])
    issue_plate(household=world.household, by=None)
    assert listed(page(world.client(Role.CADRE)))[0] == "张三丰"


@pytest.mark.parametrize("gone", ["plate", "household"])
def test_what_is_no_longer_there_is_not_visited(world: World, doors: list[tuple[Plate, str]], gone: str) -> None:
    if gone == "plate":
        revoke_plate(plate=doors[0][0], by=None)
    else:
        Household.objects.filter(pk=world.household.pk).update(valid_to=today())
    text = page(world.client(Role.CADRE))
    assert "张三丰" not in text
    assert figures(text) == ["7户有户牌", "7户从来没有打开过"]


@pytest.mark.parametrize("issued", [1, 3])
def test_list_takes_the_same_queries_however_many_rows(
    world: World, issued: int, django_assert_num_queries: object
) -> None:
    issue_plates(households=world.households[:issued], by=None)
    client = world.client(Role.CADRE)
    page(client)
    with django_assert_num_queries(6):
        page(client)


# How far one sees


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_names_are_masked_for_who_does_not_go_from_door_to_door(
    world: World, doors: list[tuple[Plate, str]], role: Role
) -> None:
    text = page(world.client(role))
    assert listed(text)[0] == "张*"
    assert "张三丰" not in text
    assert reverse("plate-of", args=[world.household.code]) not in text


def test_group_leader_sees_the_own_group(world: World, doors: list[tuple[Plate, str]]) -> None:
    client = world.client(Role.GROUP_LEADER)
    text = client.get(reverse("never-opened-home"), follow=True).content.decode()
    assert listed(text) == ["张三丰", "李四光", "王五一", "赵六合", "单七星"]
    assert client.get(reverse("never-opened", args=[VILLAGE])).status_code == 404
    assert client.get(reverse("never-opened", args=[f"{VILLAGE}02"])).status_code == 404


def test_township_sees_its_villages_in_figures(world: World, doors: list[tuple[Plate, str]]) -> None:
    used_before(plate=doors[0][0])
    issue_plate(household=Household.objects.get(code=f"{STRANGE}010001"), by=None)
    client = world.client(Role.TOWNSHIP)
    text = client.get(reverse("never-opened-home"), follow=True).content.decode()
    assert lines(text) == ["东山村87", "西河村还没有发"]
    assert figures(text) == ["8户有户牌", "7户从来没有打开过"]
    assert "南坪村" not in text
    assert reverse("never-opened", args=[VILLAGE]) in text


def test_county_sees_its_townships_in_figures(world: World, doors: list[tuple[Plate, str]]) -> None:
    forget_openings(doors[2][0])
    issue_plate(household=Household.objects.get(code=f"{STRANGE}010001"), by=None)
    text = page(world.client(Role.COUNTY_OFFICE), COUNTY)
    assert lines(text) == ["罗坪乡871", "壶瓶乡110"]
    assert reverse("never-opened", args=[OTHER_TOWNSHIP]) in text


def test_department_sees_the_places_linked_to_it(world: World, doors: list[tuple[Plate, str]]) -> None:
    text = world.client(Role.DEPARTMENT).get(reverse("never-opened-home")).content.decode()
    assert lines(text) == ["东山村88", "西河村还没有发"]


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.CADRE, SISTER),
        (Role.CADRE, TOWNSHIP),
        (Role.TOWNSHIP, STRANGE),
        (Role.TOWNSHIP, OTHER_TOWNSHIP),
        (Role.TOWNSHIP, COUNTY),
        (Role.COUNTY_OFFICE, f"{VILLAGE}99"),
        (Role.COUNTY_OFFICE, f"{VILLAGE}010001"),
    ],
)
def test_place_outside_is_not_found(world: World, role: Role, code: str) -> None:
    for village in (SISTER, STRANGE):
        issue_plate(household=Household.objects.get(code=f"{village}010001"), by=None)
    answer = world.client(role).get(reverse("never-opened", args=[code]))
    text = answer.content.decode()
    assert (answer.status_code, lines(text), listed(text)) == (404, [], [])


@pytest.mark.parametrize("villages", [1, 3])
def test_figures_take_the_same_queries_however_many_places(
    world: World, doors: list[tuple[Plate, str]], villages: int, django_assert_num_queries: object
) -> None:
    client, code = world.client(world.stranger(Role.TOWNSHIP)), OTHER_TOWNSHIP
    for number in range(202, 201 + villages):
        Division.objects.create(code=f"{code}{number}", name=f"{number}村", parent=world.other_township)
    assert len(lines(page(client, code))) == villages
    with django_assert_num_queries(5):
        page(client, code)


# The ways there


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.SUPERVISOR, Role.GROUP_LEADER])
def test_menu_leads_those_who_see_households_there(world: World, role: Role) -> None:
    text = world.client(role).get(reverse("home")).content.decode()
    assert f'href="{reverse("never-opened-home")}"' in text


def test_plates_page_leads_the_cadre_there(world: World, doors: list[tuple[Plate, str]]) -> None:
    client = world.client(Role.CADRE)
    assert f'href="{reverse("never-opened-home")}"' in client.get(reverse("plates")).content.decode()
    assert f'href="{reverse("plates")}"' in page(client)


# Plates from before the upgrade


def test_migration_takes_what_the_audit_log_proves(world: World, doors: list[tuple[Plate, str]]) -> None:
    """A household acted in its own session: then its plate had been opened. A lock or staff's doings prove nothing."""
    acted, locked, served = (household.code for household in world.households[:3])
    for place, action, villager in (
        (acted, "redemption.reserve", True),
        (acted, "redemption.void", True),
        (locked, "plate.lock", True),
        (served, "redemption.reserve", False),
    ):
        line = audit.line(None, action, place=place)
        line.role = audit.VILLAGER if villager else line.role
        audit.record_all([line])
    proved = audit.AuditEvent.objects.filter(place=acted, role=audit.VILLAGER).order_by("at").first()
    upgrade()
    assert list(Plate.objects.exclude(opened_at=None).values_list("household", "opened_at")) == [(acted, proved.at)]


def test_plates_issued_after_the_migration_are_known(world: World, doors: list[tuple[Plate, str]]) -> None:
    upgrade()
    later, _pin = issue_plate(household=world.household, by=None)
    assert list(Plate.objects.filter(opening_noted=True)) == [later]


def test_migration_does_not_lend_a_plate_what_an_earlier_one_proved(
    world: World, doors: list[tuple[Plate, str]]
) -> None:
    line = audit.line(None, "redemption.reserve", place=world.household.code)
    line.role = audit.VILLAGER
    audit.record_all([line])
    second, _pin = issue_plate(household=world.household, by=None)
    upgrade()
    assert list(Plate.objects.exclude(opened_at=None)) == [doors[0][0]]
    assert Plate.objects.get(pk=second.pk).opened_at is None


def upgrade() -> None:
    """The columns go, and come again by the migration, as on a machine that has plates already."""
    before = MigrationLoader(connection).project_state(("households", "0004_pin_set_at"))
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")
    sql.run("ALTER TABLE households_plate DROP COLUMN opened_at, DROP COLUMN opening_noted")
    with connection.schema_editor() as editor:
        import_module("households.migrations.0005_opened_at").Migration("0005_opened_at", "households").apply(
            before, editor
        )
