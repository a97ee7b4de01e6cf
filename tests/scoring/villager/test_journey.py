"""A villager scans the plate at the door, in real Chromium: on a phone, without scripts, and by the rules of accessibility."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.months import previous_month
from households.plates.actions.plates import issue_plate
from households.roles import Role
from scoring.rollup.rollup import roll_up
from tests.browsing import enter, faults, says
from tests.days import first_of_month, this_month
from tests.plates import own_plate
from tests.world import World, build

pytestmark = pytest.mark.browser


@pytest.fixture
def door(transactional_db: None) -> tuple[World, str, str]:
    """The world with a frozen month and a declared one; the address of 张三丰's plate and its PIN."""
    world = build()
    world.frozen_month(previous_month(this_month()))
    for clause in ("WR02", "WR01", "WR10", "WJ04"):
        world.record(world.household.code, clause, day=first_of_month())
    world.declare(month=this_month())
    roll_up(this_month())
    plate, pin = own_plate(world.household)
    return world, reverse("plate", args=[plate.token]), pin


def open_page(page: object, address: str, pin: str) -> None:
    page.goto(address)
    page.fill("#pin", pin)
    page.click("main form button")
    page.wait_for_selector("text=张*家")


@pytest.mark.parametrize("width", [360, 1280])
def test_plate_and_household_page_keep_to_the_rules(
    door: tuple[World, str, str], browser_page: Callable, artefacts: Path, width: int
) -> None:
    _, address, pin = door
    page = browser_page(width)
    page.goto(address)
    found = faults(page)
    open_page(page, address, pin)
    page.screenshot(path=artefacts / f"household-{width}.jpg", full_page=True)
    assert [*found, *faults(page)] == []


def test_whole_visit_works_without_scripts(door: tuple[World, str, str], browser_page: Callable) -> None:
    _, address, pin = door
    page = browser_page(360, java_script_enabled=False)
    page.goto(address)
    page.fill("#pin", f"{(int(pin) + 1) % 1_000_000:06d}")
    page.click("main form button")
    says(page, "还可以试 4 次", "[role=alert]")
    open_page(page, address, pin)
    says(page, "100 − 5 + 5 = 100")
    page.click("main table a")
    says(page, "已经锁定")
    page.click("header form button")
    page.wait_for_selector("#pin")
    page.go_back()
    page.reload()
    page.wait_for_selector("#pin")


def test_visit_by_keyboard_alone(door: tuple[World, str, str], browser_page: Callable) -> None:
    _, address, pin = door
    page = browser_page(1280)
    page.goto(address)
    while not page.evaluate("document.activeElement.id === 'pin'"):
        page.keyboard.press("Tab")
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=张*家")


def test_type_is_large_and_the_score_is_the_largest(door: tuple[World, str, str], browser_page: Callable) -> None:
    _, address, pin = door
    page = browser_page(360)
    open_page(page, address, pin)
    sizes = page.evaluate(
        "[...document.querySelectorAll('main :not(svg *)')].filter(e => e.childNodes.length && e.textContent.trim())"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    score = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.big b')).fontSize)")
    assert min(sizes) >= 16
    assert score == max(sizes) >= 48


def test_cadre_who_scans_lands_on_the_sheet(door: tuple[World, str, str], browser_page: Callable) -> None:
    world, address, _ = door
    page = browser_page(360)
    enter(page, world, Role.CADRE)
    page.goto(address)
    assert page.url.endswith(f"{reverse('sheet', args=[this_month()])}?household={world.household.code}")


def test_rules_open_chapter_by_chapter(door: tuple[World, str, str], browser_page: Callable, artefacts: Path) -> None:
    page = browser_page(360)
    page.goto(reverse("rules"))
    assert not page.is_visible("text=往路边、水沟、河塘乱倒垃圾")
    page.click(".chapter summary >> nth=1")
    page.wait_for_selector("text=往路边、水沟、河塘乱倒垃圾")
    page.screenshot(path=artefacts / "rules-360.jpg")
    assert faults(page) == []


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640)])
def test_box_button_and_reason_stand_where_the_eye_is(
    door: tuple[World, str, str], browser_page: Callable, artefacts: Path, width: int, height: int
) -> None:
    _, address, pin = door
    page = browser_page(width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    bottom = "(what) => document.querySelector(what).getBoundingClientRect().bottom"
    assert page.evaluate(bottom, "main form button") <= height
    page.fill("#pin", "１１１ １１０")
    page.click("main form button")
    says(page, "密码不对，还可以试 4 次", "#pin-wrong")
    page.screenshot(path=artefacts / f"plate-wrong-{width}.jpg")
    assert page.evaluate("scrollY") == 0
    assert page.evaluate(bottom, "#pin-wrong") < page.evaluate(bottom, "#pin") <= height
    assert "pin-wrong" in page.get_attribute("#pin", "aria-describedby")
    assert page.title().startswith("密码不对")
    page.fill("#pin", " ".join(pin))
    page.click("main form button")
    page.wait_for_selector("text=张*家")


def test_first_visit_sets_a_pin_without_scripts(
    door: tuple[World, str, str], browser_page: Callable, artefacts: Path
) -> None:
    world, _, _ = door
    plate, printed = issue_plate(household=world.households[1], by=None)
    page = browser_page(360, java_script_enabled=False)
    page.goto(reverse("plate", args=[plate.token]))
    page.fill("#pin", printed)
    page.click("main form button")
    says(page, "先设一个自己的密码")
    page.fill("#new-pin", "123456")
    page.fill("#again", "123456")
    page.click("main form button")
    says(page, "太简单", "#new-pin-fault")
    page.screenshot(path=artefacts / "own-pin-360.jpg", full_page=True)
    for box in ("#new-pin", "#again"):
        page.fill(box, "204817")
    page.click("main form button")
    says(page, "您家自己设了密码")
