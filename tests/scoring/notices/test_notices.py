"""公示: who reads it and until when, what stands on it and never does, on the page, on paper and over the interface."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.roles import Role
from scoring.freezing import freeze
from scoring.models import Sheet
from scoring.months.months import calendar_of
from scoring.notices.paper import PAPERS
from scoring.notices.reads import head_of, open_heads
from scoring.notices.rules import readable_until
from tests.rewards.awards.pdf_text import read
from tests.scoring.notices.posting import POSTED, days_ago, posted
from tests.world import STRANGE, TOWNSHIP, VILLAGE, World

ONE, TWO = f"{VILLAGE}010001", f"{VILLAGE}010002"
PAGE = reverse("notice", args=[VILLAGE, POSTED])


@pytest.fixture
def sheet(world: World) -> Sheet:
    return posted(world, (ONE, "WR02"), (TWO, "WR09"))


def text(client: Client | None = None, page: str = PAGE) -> str:
    return re.sub(r"\s+", " ", (client or Client()).get(page).content.decode())


def lines(page: str) -> list[tuple[str, str]]:
    return re.findall(r"<span>(\S+?)</span><b>(\d+)</b>", page)


def test_notice_names_surnames_and_results_and_nothing_against_anybody(world: World, sheet: Sheet) -> None:
    page = text()
    assert len(lines(page)) == 8
    assert {("张*", "95"), ("李*", "110"), ("欧阳*", "100")} <= set(lines(page))
    for household in world.households:
        assert household.head_name not in page and household.code not in page
    for event in sheet.period.events.select_related("clause"):
        assert event.clause.text not in page and event.clause.code not in page
    assert not re.search("(?<!不)扣", page)


def test_lines_stand_by_surname_and_result_not_by_number(world: World, sheet: Sheet) -> None:
    first = re.search(r"<h3>(.*?)</ul>", text())
    assert first
    names = [name for name, _ in lines(first[1])]
    assert names == sorted(names) and len(names) == 5


def test_notice_says_days_ways_and_the_rules_of_the_month(world: World, sheet: Sheet) -> None:
    page, head = text(), head_of(sheet)
    until = head.days.objections_until
    assert f"{until.month}月{until.day}日" in page
    assert (
        "填一张异议申请表交给村干部、村务监督委员或乡镇" in page
        and reverse("rules-version", args=[sheet.period.scheme.code]) in page
    )
    assert "大喇叭文稿" in page and "评了 8 户" in page


def test_notice_is_read_for_fifteen_days_also_when_it_is_frozen(world: World, sheet: Sheet) -> None:
    freeze(month=POSTED, on=head_of(sheet).days.freeze_on)
    assert Client().get(PAGE).status_code == 200 and "已经锁定" in text()
    sheet.refresh_from_db()
    span = (readable_until(head_of(sheet).days) - timezone.localdate()).days
    assert span >= 15
    days_ago(sheet, span)
    later = calendar_of(POSTED).posted(timezone.localdate() - timedelta(days=span)).freeze_on
    days_ago(sheet, max(15, (timezone.localdate() - later).days) + 40)
    over = Client().get(PAGE)
    assert over.status_code == 404 and "公示已经到期" in over.content.decode() and not lines(over.content.decode())
    assert len(lines(text(world.client(Role.CADRE)))) == 8
    assert world.client(world.stranger(Role.CADRE)).get(PAGE).status_code == 404


def test_month_that_was_never_posted_has_no_notice(world: World) -> None:
    world.frozen_month(POSTED)
    answer = Client().get(PAGE)
    assert answer.status_code == 404 and "没有公示过" in answer.content.decode()
    assert world.client(Role.CADRE).get(PAGE).status_code == 404
    assert Client().get(reverse("api-notice", args=[POSTED, VILLAGE])).status_code == 404
    assert open_heads(timezone.localdate()) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_notice_prints_for_the_board(world: World, sheet: Sheet, paper: str) -> None:
    answer = Client().get(PAGE, {"paper": paper})
    told = "".join(read(answer.content))
    assert answer["Content-Type"] == "application/pdf" and "欧阳*" in told and "六零积分公示" in told
    assert "张三丰" not in told and ONE not in told
    assert Client().get(PAGE, {"paper": "a0"}).status_code == 404


def test_township_prints_all_its_villages_in_one_file_and_no_other(world: World, sheet: Sheet) -> None:
    asked = {"month": POSTED, "township": TOWNSHIP, "paper": "a4"}
    told = "".join(read(world.client(Role.TOWNSHIP).get(reverse("notices"), asked).content))
    assert "东山村" in told and "西河村" in told and "南坪村" not in told
    stranger = world.client(world.stranger(Role.TOWNSHIP))
    assert stranger.get(reverse("notices"), asked).status_code == 404
    assert VILLAGE not in stranger.get(reverse("notices")).content.decode()


def test_list_leads_to_every_notice_and_finds_one_by_name(world: World, sheet: Sheet) -> None:
    listed = text(page=reverse("notice-list"))
    assert PAGE in listed and reverse("notice", args=[STRANGE, POSTED]) in listed
    found = text(page=reverse("notice-list") + "?q=东山")
    assert PAGE in found and STRANGE not in found
    assert reverse("notice-list") in text(page=reverse("home"))


def test_interface_says_what_the_page_says(world: World, sheet: Sheet) -> None:
    answer = Client().get(reverse("api-notice", args=[POSTED, VILLAGE])).json()
    told = [(line["name"], str(line["score"])) for group in answer["groups"] for line in group["households"]]
    assert sorted(told) == sorted(lines(text()))
    assert answer["households"] == 8 and answer["six_zero_households"] == 7
    assert answer["objections_until"] == head_of(sheet).days.objections_until.isoformat()


@pytest.mark.parametrize("records", [[], [(ONE, "WR02"), (TWO, "WR09"), (f"{VILLAGE}020001", "WJ02")]])
def test_page_asks_the_database_as_often_for_any_number(
    world: World, records: list[tuple[str, str]], django_assert_num_queries: object
) -> None:
    posted(world, *records)
    client = Client()
    client.get(PAGE)
    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get(PAGE)
