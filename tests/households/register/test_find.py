"""Finding a household by its head's whole name: with a reason, within the scope, and so that the household reads it."""

import pytest
from django.test import Client
from django.urls import reverse

from households.models import AuditEvent, Household
from households.permissions import Permission, may
from households.refusals import Refused
from households.register.actions import name_in_full
from households.roles import Role
from tests.audit_failure import audit_down
from tests.plates import own_plate
from tests.world import SISTER, STRANGE, VILLAGE, World

ONE = f"{VILLAGE}010001"
REASON = "核对处理决定上的当事人"
FINDERS = [Role.SUPERVISOR, Role.TOWNSHIP, Role.DEPARTMENT, Role.PETITION_OFFICE, Role.COUNTY_OFFICE]


def find(client: Client, words: str, reason: str = REASON) -> str:
    return client.post(reverse("find-household"), {"words": words, "reason": reason}).content.decode()


@pytest.mark.parametrize("role", FINDERS)
@pytest.mark.parametrize("words", ["张三丰", "zsf", "ZSF", ONE])
def test_household_is_found_by_whole_name_initials_or_number(world: World, role: str, words: str) -> None:
    text = find(world.client(role), words)
    assert "<h3>张三丰</h3>" in text
    assert "东山村 第1组" in text
    assert "李四光" not in text


@pytest.mark.parametrize("words", ["张", "三丰", "zs", "001", "没有人"])
def test_part_of_a_name_finds_nobody(world: World, words: str) -> None:
    assert "张三丰" not in find(world.client(Role.DEPARTMENT), words)
    assert not AuditEvent.objects.filter(action="household.name").exists()


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_name_without_a_reason(world: World, reason: str) -> None:
    assert "<h3>" not in find(world.client(Role.DEPARTMENT), "张三丰", reason)
    with pytest.raises(Refused, match="写明为什么"):
        name_in_full(households=[world.household], reason=reason, by=world.user(Role.DEPARTMENT))
    assert not AuditEvent.objects.filter(action="household.name").exists()


def test_every_shown_household_is_written_down_without_its_name(world: World) -> None:
    find(world.client(Role.DEPARTMENT), "0001")
    lines = AuditEvent.objects.filter(action="household.name").order_by("place")
    assert [line.place for line in lines] == [ONE, f"{VILLAGE}020001", f"{SISTER}010001"]
    assert {str(line.detail) for line in lines} == {str({"reason": REASON})}


def test_nobody_outside_the_scope_is_found(world: World) -> None:
    assert "<h3>郑南坪" not in find(world.client(Role.DEPARTMENT), "郑南坪")
    assert "<h3>郑南坪" in find(world.client(world.stranger(Role.DEPARTMENT)), "郑南坪")
    stranger = Household.objects.get(code=f"{STRANGE}010001")
    with pytest.raises(Refused, match="不能查看"):
        name_in_full(households=[world.household, stranger], reason=REASON, by=world.user(Role.DEPARTMENT))


@pytest.mark.parametrize("role", [Role.CADRE, Role.GROUP_LEADER, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_those_who_know_the_names_or_need_none_do_not_ask(world: World, role: str) -> None:
    assert not may(world.user(role), Permission.NAME_HOUSEHOLDS)
    assert world.client(role).get(reverse("find-household")).status_code == 403


def test_no_list_of_a_village_can_be_drawn(world: World) -> None:
    Household.objects.filter(code__startswith=VILLAGE).update(initials="zsf")
    Household.objects.filter(code__startswith=SISTER).update(initials="zsf")
    assert "<h3>" in find(world.client(Role.TOWNSHIP), "zsf")
    Household.objects.filter(code__startswith=STRANGE).update(initials="zsf")
    text = find(world.client(Role.COUNTY_OFFICE), "zsf")
    assert "符合的超过 10 户" in text
    assert "张三丰" not in text


def test_name_is_not_shown_when_the_audit_fails(world: World) -> None:
    with audit_down():
        name_in_full(households=[world.household], reason=REASON, by=world.user(Role.TOWNSHIP))


def test_household_reads_who_looked_at_its_name_and_why(world: World) -> None:
    plate, pin = own_plate(world.household)
    door, address = Client(), reverse("plate", args=[plate.token])
    door.post(address, {"pin": pin})
    find(world.client(Role.SUPERVISOR), "张三丰")
    text = door.get(address).content.decode()
    assert f"看了姓名：{REASON}" in text


def test_found_household_leads_to_its_line_on_the_sheet(world: World) -> None:
    client = world.client(Role.DEPARTMENT)
    text = find(client, "张三丰")
    address = f"{reverse('sheet-due')}?household={ONE}"
    assert address in text
    assert client.get(address)["Location"].endswith(f"/?household={ONE}")
    assert reverse("sheet-due") + "?household" not in find(world.client(Role.SUPERVISOR), "张三丰")
