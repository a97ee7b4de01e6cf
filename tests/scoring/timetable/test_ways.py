"""The way to one village's month: from the calendar, which stands in the menu, and from its sheet under review."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from households.roles import Role
from tests.browsing import enter, faults
from tests.days import this_month
from tests.world import MONTH, SISTER, VILLAGE, World, build

CALENDAR = reverse("calendar")


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_calendar_finds_a_village_by_its_name_and_leads_to_its_months(world: World) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    assert f'href="{CALENDAR}"' in text(office, "/")
    found = text(office, f"{CALENDAR}?q=东山")
    for month in (this_month(), MONTH):
        address = reverse("village-month", args=[month, VILLAGE])
        assert f'href="{address}"' in found and "东山村" in text(office, address)
    assert reverse("village-month", args=[MONTH, SISTER]) not in found
    assert "没有找到“天坪”" in text(office, f"{CALENDAR}?q=天坪")
    assert VILLAGE not in text(office, CALENDAR)


def test_sheet_under_review_leads_there_whoever_keeps_the_calendar_alone(world: World) -> None:
    world.declare(world.village)
    sheet, address = reverse("review-sheet", args=[MONTH, VILLAGE]), reverse("village-month", args=[MONTH, VILLAGE])
    assert f'href="{address}"' in text(world.client(Role.COUNTY_OFFICE), sheet)
    assert address not in text(world.client(Role.TOWNSHIP), sheet)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_office_clicks_from_the_menu_to_the_village(
    transactional_db: None, browser_page: Callable, artefacts: Path, width: int
) -> None:
    world = build()
    world.declare(world.village)
    page = browser_page(width)
    enter(page, world, Role.COUNTY_OFFICE)
    page.goto(CALENDAR)
    page.fill("#q", "东山")
    page.click("#one ~ form button")
    page.wait_for_selector("text=罗坪乡")
    page.screenshot(path=artefacts / f"calendar-village-{width}.jpg", full_page=True)
    assert faults(page) == []
    page.click(f"a[href='{reverse('village-month', args=[MONTH, VILLAGE])}']")
    page.wait_for_selector("text=申请提前锁定")
    page.screenshot(path=artefacts / f"village-month-{width}.jpg", full_page=True)
