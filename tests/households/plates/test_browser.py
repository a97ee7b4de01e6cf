"""The plates never opened on a phone and on a desk, and what the printer makes of the list."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from households.models import Plate
from households.plates.actions.plates import issue_plates
from households.roles import Role
from tests.browsing import enter, faults, says
from tests.world import COUNTY, VILLAGE, World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., object]


@pytest.fixture
def world(live_site: str) -> World:
    """Eight plates: one opened, one of which nobody knows."""
    world = build()
    (opened, _), (unknown, _), *_ = issue_plates(households=world.households, by=None)
    Plate.objects.filter(pk=opened.pk).update(opened_at=timezone.now())
    Plate.objects.filter(pk=unknown.pk).update(opening_noted=False)
    return world


@pytest.mark.parametrize("width", [360, 1280])
def test_cadre_finds_the_households_to_visit(world: World, browser_page: Open, width: int, artefacts: object) -> None:
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    page.goto(reverse("plates"))
    page.click("text=没打开过的")
    says(page, "6户从来没有打开过")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"never-opened-{width}.jpg", full_page=True)
    page.select_option("select[name=group]", f"{VILLAGE}02")
    page.click("text=查看")
    says(page, "3户从来没有打开过")


def test_list_on_paper_has_room_to_write_and_nothing_to_press(
    world: World, browser_page: Open, artefacts: object
) -> None:
    page = browser_page(1280)
    enter(page, world, Role.CADRE)
    page.goto(reverse("never-opened", args=[VILLAGE]))
    room, buttons = page.locator("th.on-paper").first, page.locator("main .btn")
    assert not room.is_visible()
    page.emulate_media(media="print")
    assert room.is_visible()
    assert not any(button.is_visible() for button in buttons.all())
    page.pdf(path=artefacts / "never-opened.pdf", prefer_css_page_size=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_county_is_led_down_to_the_village(world: World, browser_page: Open, width: int, artefacts: object) -> None:
    page = browser_page(width)
    enter(page, world, Role.COUNTY_OFFICE)
    page.goto(reverse("never-opened", args=[COUNTY]))
    assert faults(page) == []
    page.screenshot(path=artefacts / f"never-opened-county-{width}.jpg", full_page=True)
    page.click("text=罗坪乡")
    page.click("text=东山村")
    says(page, "升级前发的，不知道是否打开过")
    assert faults(page) == []
    says(page, "李*")
