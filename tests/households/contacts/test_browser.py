"""The pages on contacts on a phone and on a desk."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from households.roles import Role
from tests.browsing import enter, faults, says
from tests.households.contacts.village_contacts import TODAY, give, grid_of, person, visited
from tests.world import TOWNSHIP, VILLAGE, World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., object]
HOUSEHOLD = f"{VILLAGE}010001"


@pytest.fixture
def world(live_site: str) -> World:
    """Some households have a party member, two are in a micro-grid, one was called on."""
    world = build()
    member = person(world)
    give(world, member, 0, 1, 2)
    grid_of(world, person(world, "井水清", "0739-7221234"), 0, 1)
    visited(world, world.user(Role.GROUP_LEADER))
    return world


@pytest.mark.parametrize("width", [360, 1280])
def test_cadre_gives_households_and_hands_them_over(
    world: World, browser_page: Open, width: int, artefacts: object
) -> None:
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    pages = {
        "village": reverse("contacts-of", args=[VILLAGE]),
        "household": reverse("contact-household", args=[HOUSEHOLD]),
        "people": reverse("contact-people", args=[VILLAGE]),
        "grids": reverse("micro-grids", args=[VILLAGE]),
        "past-grids": reverse("past-micro-grids", args=[VILLAGE]),
        "new-grid": reverse("new-micro-grid", args=[f"{VILLAGE}01"]),
    }
    for name, address in pages.items():
        page.goto(address)
        page.screenshot(path=artefacts / f"contacts-{name}-{width}.jpg", full_page=True)
        assert (name, faults(page)) == (name, [])
    page.goto(pages["people"])
    page.click("text=交接")
    page.select_option("select[name=taker]", index=1)
    page.click("text=先看看会交出哪些户")
    says(page, "户交给")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"contacts-hand-over-{width}.jpg", full_page=True)
    page.click("text=核对过了，交接")
    says(page, "已交给")


@pytest.mark.parametrize("width", [360, 1280])
def test_leader_opens_a_household_calls_and_writes_a_visit(
    world: World, browser_page: Open, width: int, artefacts: object
) -> None:
    page = browser_page(width)
    enter(page, world, Role.GROUP_LEADER)
    page.goto(reverse("my-contacts"))
    page.screenshot(path=artefacts / f"my-contacts-{width}.jpg", full_page=True)
    assert faults(page) == []
    page.click("text=张三丰")
    page.click("text=打电话")
    page.locator("a[href='tel:13800000001']").wait_for()
    page.select_option("select[name=outcome]", "told")
    page.click("text=记下 >> nth=-1")
    says(page, f"{TODAY.year}年{TODAY.month}月{TODAY.day}日")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"my-contact-{width}.jpg", full_page=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_offices_read_coverage_and_linkages(world: World, browser_page: Open, width: int, artefacts: object) -> None:
    page = browser_page(width)
    enter(page, world, Role.COUNTY_OFFICE)
    addresses = (reverse("contacts-of", args=[TOWNSHIP]), reverse("departments"), reverse("department", args=["LYJ"]))
    for number, address in enumerate(addresses):
        page.goto(address)
        page.screenshot(path=artefacts / f"linkages-{number}-{width}.jpg", full_page=True)
        assert faults(page) == []
    page.fill("input[name=place]", "西河村")
    page.fill("input[name=from_month]", f"{TODAY.year + 1}-01")
    page.click("text=先看看会变什么")
    says(page, "请核对")
    page.screenshot(path=artefacts / f"linkages-effect-{width}.jpg", full_page=True)
    assert faults(page) == []
