"""On the sheet, in a browser: what an entry would do before it is saved, and how its photos are reached."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from households.roles import Role
from scoring.models import EventPhoto
from scoring.rollup.rollup import roll_up
from tests.browsing import faults, says
from tests.plates import own_plate
from tests.scoring.evidence.photographs import added, picture
from tests.scoring.sheets.sheet_browser import choose, come, enter, open_lamp
from tests.world import MONTH, VILLAGE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"


@pytest.mark.parametrize("width", [360, 1280])
def test_impact_stands_below_the_chosen_clause(
    world: World, browser_page: Callable, artefacts: Path, width: int
) -> None:
    world.declare(world.sister, world.strange)
    roll_up(MONTH)
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    open_lamp(page, FIRST, "pollution")
    choose(page, "露天焚烧")
    says(page, "登记以后会这样", "#entry-impact")
    says(page, "100 → 95", "#entry-impact")
    says(page, "积分 −10", "#entry-impact")
    says(page, "第 1 → 第 3 名", "#entry-impact")
    page.locator("#entry-impact").scroll_into_view_if_needed()
    page.screenshot(path=artefacts / f"impact-{width}.jpg")
    assert faults(page) == []
    page.route("**/impact/**", lambda route: route.abort())
    choose(page, "往路边")
    says(page, "现在不知道：没有信号。照样可以登记。", "#entry-impact")
    expect(page.locator("#entry-save")).to_be_enabled()


@pytest.mark.parametrize("width", [360, 1280])
def test_photo_is_added_from_the_sheet(world: World, browser_page: Callable, artefacts: Path, width: int) -> None:
    event = world.record(SECOND, "WJ02")
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    open_lamp(page, SECOND, "illegal_building")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="加照片").click()
    own = opened.value
    own.set_input_files("input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    own.get_by_role("button", name="加照片").click()
    says(own, "照片已经加上")
    own.locator(".evidence img").wait_for()
    own.screenshot(path=artefacts / f"event-{width}.jpg", full_page=True)
    assert faults(own) == []
    assert EventPhoto.objects.get().event == event


@pytest.mark.parametrize("width", [320, 1280])
def test_household_looks_at_its_photo(world: World, browser_page: Callable, artefacts: Path, width: int) -> None:
    event = world.record(FIRST, "WJ02")
    added(world, event, picture())
    plate, pin = own_plate(world.household)
    page = browser_page(width)
    page.goto(f"/h/{plate.token}/")
    page.fill("#pin", pin)
    page.get_by_role("button", name="打开").click()
    says(page, "张*家")
    page.goto(f"/h/{plate.token}/events/{event.pk}/")
    page.locator(".evidence img").wait_for()
    says(page, "村干部")
    page.screenshot(path=artefacts / f"household-event-{width}.jpg", full_page=True)
    assert faults(page) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_supervision_on_a_phone_and_a_desk(world: World, browser_page: Callable, artefacts: Path, width: int) -> None:
    world.record(FIRST, "WR04")
    world.declare(world.village)
    roll_up(MONTH)
    page = browser_page(width)
    come(page, world, Role.SUPERVISOR, f"/supervision/{MONTH}/")
    says(page, "委员会自己抽的户")
    page.screenshot(path=artefacts / f"supervision-{width}.jpg", full_page=True)
    assert faults(page) == []
