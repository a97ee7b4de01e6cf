"""What the page for records is made of: the package it takes along, the page that holds nothing, and the worker that stores it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from households.roles import Role
from petitions.models import Petition, Reception
from petitions.receptions.package import MAX_STEPS, MAX_TEXT
from tests.answers import whole
from tests.petitions.desk import SLJ, Desk
from tests.petitions.receptions.scene import Days
from tests.world import VILLAGE, World


@pytest.fixture
def days(world: World) -> Days:
    return Days(Desk(world))


@pytest.fixture
def listed(days: Days) -> Petition:
    return days.desk.assigned(title="厂区变压器")


@pytest.fixture
def day(days: Days, listed: Petition) -> Reception:
    reception = days.plan()
    days.put(reception, listed)
    return reception


def package(days: Days, reception: Reception) -> dict[str, Any]:
    answer = days.desk.world.client(Role.PETITION_OFFICE).get(reverse("reception-package", args=[reception.pk]))
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return dict(json.loads(answer.content))


def one_case(days: Days, reception: Reception) -> dict[str, Any]:
    [case] = package(days, reception)["cases"]
    return dict(case)


def test_package_masks_the_filer(days: Days, day: Reception) -> None:
    told = json.dumps(package(days, day), ensure_ascii=False)
    assert "张三丰" not in told and "138" not in told
    assert one_case(days, day)["who"] == "张*"


def test_package_holds_the_briefing(days: Days, day: Reception, listed: Petition) -> None:
    case = one_case(days, day)
    assert (case["number"], case["title"], case["text"]) == (listed.number, "厂区变压器", "门前的路断了三个月。")
    assert (case["seq"], case["state"], case["units"]) == (listed.seq, "已交办", ["林业局（主办）"])
    assert case["lead"] == "department:LYJ" and case["due"] == listed.due_on.isoformat()


def test_long_text_is_cut(days: Days) -> None:
    reception = days.plan()
    days.put(reception, days.desk.assigned(text="长" * (MAX_TEXT + 50)))
    text = one_case(days, reception)["text"]
    assert text.startswith("长" * MAX_TEXT) and text.endswith("（没有显示完）")


def test_only_the_latest_steps_that_say_something_are_told(days: Days, day: Reception, listed: Petition) -> None:
    for _ in range(MAX_STEPS + 2):
        days.record(day, listed)
    steps = one_case(days, day)["steps"]
    assert len(steps) == MAX_STEPS and {step["step"] for step in steps} == {"接访记录"}


def test_records_and_promises_are_told(days: Days, day: Reception, listed: Petition) -> None:
    days.record(day, listed, outcome="promise", promise=days.promised())
    case = one_case(days, day)
    assert [(one["outcome"], one["note"]) for one in case["records"]] == [("作出承诺", "当面听了情况，路基要重做。")]
    assert [(one["unit"], one["state"]) for one in case["promises"]] == [("林业局", "待兑现")]


def test_accusation_goes_along_as_a_number_only(days: Days) -> None:
    desk = days.desk
    accused = desk.assign(desk.accept(desk.accusation(SLJ, title="收费的事", text="有人收钱。")))
    reception = days.plan(units=())
    days.put(reception, accused)
    case = one_case(days, reception)
    assert case["number"] == accused.number and case["title"] == "检举控告件"
    told = json.dumps(case, ensure_ascii=False)
    assert "收费" not in told and "收钱" not in told and "张" not in told


def test_package_tells_what_can_be_chosen(days: Days, day: Reception) -> None:
    content = package(days, day)
    assert ["department:LYJ", "林业局", "lyj"] in content["units"]
    assert VILLAGE in json.dumps(content["places"])
    assert [code for code, _ in content["outcomes"]] == ["solved", "promise", "follow", "absent"]
    assert content["states"]["answered"] == "已答复"


def test_package_of_an_empty_list_is_empty(days: Days) -> None:
    assert package(days, days.plan())["cases"] == []


@pytest.mark.parametrize("number", [1, 4])
def test_package_costs_the_same_however_long_the_list(
    days: Days, number: int, django_assert_max_num_queries: Any
) -> None:
    reception = days.plan()
    days.put(reception, *(days.desk.assigned(title=f"第 {at} 件") for at in range(number)))
    client, address = days.desk.world.client(Role.PETITION_OFFICE), reverse("reception-package", args=[reception.pk])
    client.get(address)
    with django_assert_max_num_queries(17):
        assert len(json.loads(client.get(address).content)["cases"]) == number


@pytest.mark.parametrize("name", ["reception-record", "reception-package"])
@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.DEPARTMENT, Role.COUNTY_OFFICE])
def test_records_are_the_petition_offices_alone(days: Days, day: Reception, name: str, role: str) -> None:
    answer = days.desk.world.client(role).get(reverse(name, args=[day.pk]))
    assert (answer.status_code, "厂区变压器" in whole(answer)) == (403, False)


@pytest.mark.parametrize("name", ["reception-record", "reception-package"])
@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_reception_that_is_not_there_is_not_found(days: Days, day: Reception, name: str, pk: int) -> None:
    client = days.desk.world.client(Role.PETITION_OFFICE)
    answer = client.get(reverse(name, args=[pk]))
    assert (answer.status_code, "厂区变压器" in whole(answer)) == (404, False)


def test_page_holds_no_data_and_names_one_script_that_is_whole(days: Days, day: Reception) -> None:
    page = days.desk.world.client(Role.PETITION_OFFICE).get(reverse("reception-record", args=[day.pk]))
    text = page.content.decode()
    assert page.status_code == 200 and "厂区变压器" not in text
    [script] = re.findall(r'src="/static/(js/petitions/receptions/record\.[0-9a-f]{12}\.js)"', text)
    shipped = Path(settings.STATIC_ROOT, script).read_text("utf-8")
    assert (
        "AES-GCM" in shipped and "matter-enterprise" in shipped and not re.search(r"""(from|import) *["']\.""", shipped)
    )
    assert "<noscript>" in text
    assert 'data-cache="reception-1"' in text and "<script>" not in text and "style=" not in text


def test_worker_lies_above_the_pages_it_stores(db: None) -> None:
    answer = Client().get(reverse("reception-worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("reception-worker").rsplit("/", 1)[0] == "/petitions/days"
    assert b"function storePages" in answer.content and b'"cache": "reception-1"' in answer.content
