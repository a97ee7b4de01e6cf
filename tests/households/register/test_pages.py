"""The register: masked by default, a number in full only with a reason that the household can read."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from households.models import AuditEvent, ChangeKind, Household
from households.refusals import Refused
from households.register.actions import unmask
from households.roles import Role
from tests.audit_failure import audit_down
from tests.households.changes.histories import done
from tests.plates import own_plate
from tests.world import SISTER, VILLAGE, World

ONE = f"{VILLAGE}010001"
PHONE = "13800000001"


def register(client: Client, **query: str) -> str:
    return client.get(reverse("households"), query).content.decode()


def ask(client: Client, reason: str, household: str = ONE) -> str:
    return client.post(reverse("show-phone", args=[household]), {"reason": reason}).content.decode()


def test_register_masks_every_number(world: World) -> None:
    text = register(world.client(Role.CADRE))
    assert "138****0001" in text
    assert PHONE not in text
    assert "张三丰" in text


def test_register_holds_the_own_subtree_only(world: World) -> None:
    assert "周西河" not in register(world.client(Role.CADRE))
    leader = register(world.client(Role.GROUP_LEADER))
    assert "张三丰" in leader
    assert "曾八方" not in leader
    assert "西河村" in register(world.client(Role.TOWNSHIP))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TOWNSHIP, Role.DEPARTMENT, Role.COUNTY_OFFICE])
def test_register_masks_names_for_those_who_need_none(world: World, role: str) -> None:
    text = register(world.client(role))
    assert "张*" in text
    assert "张三丰" not in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("三丰", 1),
        ("zsf", 1),
        ("ＺＳＦ", 1),
        ("三　丰", 1),
        ("0001", 2),
        ("０００１", 2),
        ("没有", 0),
        (" ", 8),
        ("%", 0),
    ],
)
def test_register_is_searched(world: World, words: str, found: int) -> None:
    assert register(world.client(Role.CADRE), words=words).count('<th scope="row">') == found


@pytest.mark.parametrize("stored", ["阿卜杜拉·买买提", "阿卜杜拉•买买提", "阿卜杜拉 · 买买提", "阿\u200b卜杜拉买买提"])
@pytest.mark.parametrize(
    "typed", ["阿卜杜拉·买买提", "阿卜杜拉・买买提", "阿卜杜拉.买买提", "阿卜杜拉买买提", "\u2f18杜拉"]
)
def test_name_is_found_however_it_was_stored_and_typed(world: World, stored: str, typed: str) -> None:
    Household.objects.filter(pk=ONE).update(head_name=stored)
    assert register(world.client(Role.CADRE), words=typed).count('<th scope="row">') == 1


def test_name_from_an_old_code_page_is_found(world: World) -> None:
    Household.objects.filter(pk=ONE).update(head_name="\u2f65\ue5e5\ue863")
    assert register(world.client(Role.CADRE), words="田䶮").count('<th scope="row">') == 1


def test_number_is_shown_with_a_reason(world: World) -> None:
    client = world.client(Role.CADRE)
    assert PHONE not in client.get(reverse("show-phone", args=[ONE])).content.decode()
    assert PHONE in ask(client, "通知防汛转移")


def test_look_is_written_down_without_the_number(world: World) -> None:
    ask(world.client(Role.CADRE), "通知防汛转移")
    line = AuditEvent.objects.get(action="household.unmask")
    assert (line.actor, line.place, line.detail) == ("cadre", ONE, {"reason": "通知防汛转移"})
    assert PHONE not in str(line.__dict__)


@pytest.mark.parametrize("reason", ["", "   "])
def test_number_without_a_reason_stays_masked(world: World, reason: str) -> None:
    assert PHONE not in ask(world.client(Role.CADRE), reason)
    with pytest.raises(Refused, match="写明为什么"):
        unmask(household=world.household, reason=reason, by=world.user(Role.CADRE))
    assert not AuditEvent.objects.filter(action="household.unmask").exists()


def test_number_of_a_neighbour_cannot_be_asked_for(world: World) -> None:
    neighbour = Household.objects.get(code=f"{SISTER}010001")
    assert world.client(Role.CADRE).post(reverse("show-phone", args=[neighbour.code])).status_code == 404
    with pytest.raises(Refused, match="不能查看"):
        unmask(household=neighbour, reason="看看", by=world.user(Role.CADRE))


def test_household_without_a_number_says_so(world: World) -> None:
    assert "没有登记电话" in ask(world.client(Role.CADRE), "通知", f"{VILLAGE}010003")


def test_number_is_not_shown_when_the_audit_fails(world: World) -> None:
    with audit_down():
        unmask(household=world.household, reason="通知", by=world.user(Role.CADRE))


def test_household_reads_who_looked_and_why(world: World) -> None:
    plate, pin = own_plate(world.household)
    door, address = Client(), reverse("plate", args=[plate.token])
    door.post(address, {"pin": pin})
    assert "谁看过您家的完整电话" not in door.get(address).content.decode()
    ask(world.client(Role.CADRE), "通知防汛转移")
    text = door.get(address).content.decode()
    assert "谁看过您家的完整电话" in text
    assert "<span>村干部<small>看了电话：" in text and "村干部甲" not in text
    assert "通知防汛转移" in text


def test_register_is_never_cached(world: World) -> None:
    assert "no-store" in world.client(Role.CADRE).get(reverse("households"))["Cache-Control"]


@pytest.mark.parametrize("village", [VILLAGE, SISTER])
def test_register_takes_the_same_queries_however_many(
    world: World, village: str, django_assert_num_queries: object
) -> None:
    Household.objects.exclude(code__startswith=village).filter(code__startswith=VILLAGE[:9]).update(
        valid_to="2020-01-01"
    )
    client = world.client(Role.TOWNSHIP)
    register(client)
    with django_assert_num_queries(4):
        register(client)


def test_phone_that_cannot_be_read_takes_no_page_down(world: World) -> None:
    Household.objects.filter(code=ONE).update(phone=b"\x01" + b"0" * 40)
    text = register(world.client(Role.CADRE))
    assert "电话读不出" in text and "张三丰" in text and "138****0002" in text
    page = ask(world.client(Role.CADRE), "通知防汛转移")
    assert "这一户的电话读不出" in page
    assert not AuditEvent.objects.filter(action="household.unmask").exists()


def test_closed_household_is_found_by_its_whole_code_alone(world: World) -> None:
    cadre, day = world.client(Role.CADRE), date(2024, 5, 10)
    done(world.user(Role.CADRE), ChangeKind.CLOSE, day, ONE)
    found = register(cadre, words=ONE)
    assert "已注销" in found and "2024年5月10日起不在册" in found and f"/village/households/{ONE}/" in found
    assert "恢复" in cadre.get(f"/village/households/{ONE}/").content.decode()
    assert f"/village/households/{ONE}/" not in register(cadre, words=ONE[:-1])
    assert f"/village/households/{ONE}/" not in register(cadre, words="张三丰")
    assert "已注销" not in register(world.client(world.stranger(Role.CADRE)), words=ONE)
    assert "张*" in register(world.client(Role.TOWNSHIP), words=ONE)


def test_merged_household_is_found_with_the_one_it_went_to(world: World) -> None:
    done(world.user(Role.CADRE), ChangeKind.MERGE, date(2024, 5, 10), ONE, other=f"{VILLAGE}010002")
    found = register(world.client(Role.CADRE), words=ONE)
    assert "已并户" in found and f"另一户是 {VILLAGE}010002" in found
