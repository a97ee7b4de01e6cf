"""The pages on contacts: what each says, to whom, in how many queries."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.contacts.actions.contacts import hand_over
from households.models import AuditEvent, Contact, ContactPerson, ContactVisit, MicroGrid
from households.months import month_of
from households.roles import Role
from scoring.months.months import open_month
from tests.households.contacts.village_contacts import TODAY, give, grid_of, person, visited
from tests.world import COUNTY, OTHER_TOWNSHIP, SISTER, TOWNSHIP, VILLAGE, World

HOUSEHOLD = f"{VILLAGE}010001"


def page(client: Client, name: str, *args: object, **query: str) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def plain(text: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", text)


def rows(text: str) -> list[str]:
    return [plain(row) for row in re.findall(r'<tr>\s*<th scope="row">.*?</tr>', text, re.DOTALL)]


def send(client: Client, page_name: str, *args: object, **fields: object) -> HttpResponse:
    return client.post(reverse(page_name, args=args), {"op_id": uuid4(), **fields})


def queries(client: Client, name: str, *args: object) -> int:
    page(client, name, *args)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        page(client, name, *args)
    return len(caught)


def test_village_list_shows_whom_to_call_and_gives_ticked_households(world: World) -> None:
    cadre, who = world.client(Role.CADRE), person(world)
    fields: dict[str, Any] = {"person": who.pk, "kind": "party", "since": TODAY.isoformat()}
    codes = [each.code for each in world.households[:2]]
    assert send(cadre, "contacts-of", VILLAGE, households=codes, **fields).status_code == 302
    listed = rows(page(cadre, "contacts-of", VILLAGE))
    assert "张三丰第1组0001党员联系党树人13900000007" in listed[0] and "还没有" in listed[6]
    assert len(rows(page(cadre, "contacts-of", VILLAGE, lacks="party"))) == 6
    assert len(rows(page(cadre, "contacts-of", VILLAGE, group=f"{VILLAGE}02", lacks="any"))) == 3


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DEPARTMENT, Role.PETITION_OFFICE])
def test_who_does_not_arrange_contacts_reads_masks_and_gives_nothing(world: World, role: Role) -> None:
    who = person(world)
    give(world, who, 0)
    client = world.client(role)
    text = page(client, "contacts-of", VILLAGE)
    assert "党*" in text and "139****0007" in text and "党树人" not in text
    answer = send(client, "contacts-of", VILLAGE, households=HOUSEHOLD, person=who.pk, kind="grid", since=TODAY)
    assert (answer.status_code, Contact.objects.count()) == (404, 1)


def test_coverage_of_township_and_county_leads_to_villages(world: World) -> None:
    give(world, person(world), 0, 5)
    township = page(world.client(Role.TOWNSHIP), "contacts-of", TOWNSHIP)
    assert rows(township) == ["东山村82638", "西河村22222"]
    county = world.client(Role.COUNTY_OFFICE)
    assert rows(page(county, "contacts-of", COUNTY)) == ["罗坪乡1048510", "壶瓶乡20202"]
    assert rows(page(county, "contacts-of", OTHER_TOWNSHIP)) == ["南坪村20202"]
    assert world.client(Role.TOWNSHIP).get(reverse("contacts")).url == reverse("contacts-of", args=[TOWNSHIP])
    assert rows(page(world.client(Role.DEPARTMENT), "contacts")) == ["东山村82638", "西河村22222"]


def test_pages_cost_the_same_whatever_their_length(world: World) -> None:
    who = person(world)
    give(world, who, 0)
    county, cadre = world.client(Role.COUNTY_OFFICE), world.client(Role.CADRE)
    few = queries(county, "contacts-of", COUNTY), queries(cadre, "contacts-of", VILLAGE)
    give(world, who, 1, 2, 3)
    grid_of(world, who, 1, 2)
    assert (queries(county, "contacts-of", COUNTY), queries(cadre, "contacts-of", VILLAGE)) == few
    assert few[0] <= 10


def test_household_keeps_its_history_and_one_is_ended(world: World) -> None:
    [contact] = give(world, person(world), 0)
    cadre = world.client(Role.CADRE)
    send(cadre, "end-contact", HOUSEHOLD, contact.pk, on=TODAY.isoformat())
    assert f"{TODAY.year}年{TODAY.month}月{TODAY.day}日" in rows(page(cadre, "contact-household", HOUSEHOLD))[0]
    assert send(cadre, "end-contact", f"{VILLAGE}010002", contact.pk, on=TODAY.isoformat()).status_code == 404


def test_people_are_added_corrected_and_hand_over_after_a_preview(world: World) -> None:
    cadre = world.client(Role.CADRE)
    send(cadre, "contact-people", VILLAGE, name="党树人", phone="139 0000 0007", account="leader")
    send(cadre, "contact-people", VILLAGE, name="接手人", phone="", account="")
    giver, taker = ContactPerson.objects.order_by("pk")
    assert (giver.phone, giver.user) == ("13900000007", world.user(Role.GROUP_LEADER))
    send(cadre, "contact-person", VILLAGE, taker.pk, name="接手人", phone="0739-7221234", account="")
    give(world, giver, 0, 1)
    assert "党树人13900000007leader2改交接" in rows(page(cadre, "contact-people", VILLAGE))
    fields = {"taker": taker.pk, "day": TODAY.isoformat()}
    seen = send(cadre, "contact-hand-over", VILLAGE, giver.pk, **fields).content.decode()
    assert "党树人的2户交给接手人" in plain(seen).replace("，", "") and "接手人没有账号" in plain(seen)
    assert Contact.objects.filter(person=taker).count() == 0
    send(cadre, "contact-hand-over", VILLAGE, giver.pk, **fields, sure="1")
    assert Contact.objects.filter(person=taker, valid_to=None).count() == 2
    home = page(world.client(Role.GROUP_LEADER), "home")
    assert "您联系的2户交给接手人" in plain(home)


def test_taker_reads_of_the_hand_over_on_the_home_page(world: World) -> None:
    giver, taker = person(world), person(world, "监督人", "", user=world.user(Role.SUPERVISOR))
    give(world, giver, 0)
    hand_over(op_id=uuid4(), giver=giver, taker=taker, day=TODAY, by=world.user(Role.CADRE))
    home = page(world.client(Role.SUPERVISOR), "home")
    assert "党树人的1户由您联系" in plain(home) and reverse("my-contacts") in home


def test_micro_grid_is_made_and_dissolved_by_page(world: World) -> None:
    cadre, head = world.client(Role.CADRE), person(world)
    group = f"{VILLAGE}01"
    given = {"name": "水井边", "head": head.pk, "since": TODAY.isoformat(), "households": [HOUSEHOLD]}
    assert "李四光 0002" in page(cadre, "new-micro-grid", group)
    send(cadre, "new-micro-grid", group, **given)
    grid = MicroGrid.objects.get()
    text = plain(page(cadre, "micro-grids", VILLAGE))
    assert "水井边第1组，1户微网格长党树人13900000007" in text and "张三丰" in text
    masked = plain(page(world.client(Role.TOWNSHIP), "micro-grids", VILLAGE))
    assert "张三丰" not in masked and "张*" in masked
    send(cadre, "change-micro-grid", VILLAGE, grid.pk, head="", day=TODAY.isoformat())
    assert "还没有微网格" in page(cadre, "micro-grids", VILLAGE)


def test_my_households_tell_what_stands_and_never_a_petition(world: World) -> None:
    supervisor = world.user(Role.SUPERVISOR)
    give(world, person(world, user=supervisor), 0)
    open_month(month_of(TODAY))
    world.record(HOUSEHOLD, "WR02", day=TODAY)
    world.record(HOUSEHOLD, "FF07", day=TODAY, by=world.user(Role.PETITION_OFFICE))
    visited(world, supervisor, note="家里老人腿脚不便")
    client = world.client(Role.SUPERVISOR)
    listed = page(client, "my-contacts")
    assert "张三丰" in listed and "李四光" not in listed and "扣 " in listed
    assert (
        "非访" not in listed and "13800000001" not in listed and "138****0001" in page(client, "my-contact", HOUSEHOLD)
    )
    assert "家里老人腿脚不便" in page(client, "my-contact", HOUSEHOLD)
    assert client.get(reverse("my-contact", args=[f"{VILLAGE}010002"])).status_code == 404
    assert "我联系的户" in page(client, "home")
    assert "我联系的户" not in page(world.client(Role.COUNTY_OFFICE), "home")


def test_leader_calls_and_records_a_visit_and_takes_it_back(world: World) -> None:
    client = world.client(Role.GROUP_LEADER)
    assert len(re.findall('class="first"', page(client, "my-contacts"))) == 5
    called = send(client, "call-household", HOUSEHOLD).content.decode()
    assert 'href="tel:13800000001"' in called
    assert AuditEvent.objects.get(action="household.unmask").detail["reason"] == "联系户：打电话"
    wrong = send(client, "record-visit", HOUSEHOLD, day="", outcome="", note="备注还在")
    assert wrong.status_code == 422 and "备注还在" in wrong.content.decode()
    send(client, "record-visit", HOUSEHOLD, day=TODAY.isoformat(), outcome="helped", note="修了电表")
    assert "帮着办了事" in page(client, "my-contact", HOUSEHOLD) and "修了电表" in page(client, "my-contact", HOUSEHOLD)
    send(client, "withdraw-visit", HOUSEHOLD, ContactVisit.objects.get().pk)
    assert "修了电表" not in page(client, "my-contact", HOUSEHOLD)
    assert send(client, "record-visit", f"{SISTER}010001", day=TODAY.isoformat(), outcome="well").status_code == 404


def test_page_of_a_household_says_whom_to_call_and_each_leads_to_the_other(world: World) -> None:
    give(world, person(world), 0)
    code = world.households[0].code
    file, contacts = f"/village/households/{code}/", f"/contacts/households/{code}/"
    told = world.client(Role.CADRE).get(file).content.decode()
    assert "党员联系 党树人 13900000007" in told and contacts in told
    assert file in world.client(Role.CADRE).get(reverse("contact-household", args=[code])).content.decode()
    masked = world.client(Role.SUPERVISOR).get(file).content.decode()
    assert "党* 139****0007" in masked and "党树人" not in masked
