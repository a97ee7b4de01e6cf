"""A township reviews its month in real Chromium: nothing passes unopened, everything by keyboard, on a phone as well."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.plates.actions.batches import issue_missing
from households.roles import Role
from scoring.models import Review
from scoring.states import SheetState
from tests.browsing import enter, faults, says
from tests.world import MONTH, VILLAGE, World, build

pytestmark = pytest.mark.browser


@pytest.fixture
def declared(transactional_db: None) -> World:
    """东山村 with three exceptions, one of them waiting for a second person; all villages declared."""
    world = build()
    for number, clause in ((1, "WR02"), (2, "WJ04"), (3, "WR09")):
        world.record(f"{VILLAGE}01000{number}", clause)
    world.declare()
    return world


def reviewer(browser_page: Callable, world: World, width: int = 1280, **options: object) -> object:
    page = browser_page(width, **options)
    enter(page, world, Role.TOWNSHIP)
    page.goto(reverse("review", args=[MONTH]))
    return page


def look_at_the_drawn(page: object) -> None:
    """Every household that was drawn: nothing amiss."""
    for choice in page.query_selector_all("select[name^=found-]"):
        choice.select_option("desk")


def test_month_is_reviewed_from_the_first_village_to_the_last(
    declared: World, browser_page: Callable, artefacts: Path
) -> None:
    page = reviewer(browser_page, declared)
    page.click(".review-queue .btn >> nth=0")
    page.click("text=审核通过并确认 1 条")
    says(page, "还有 3 条例外没有打开看过", "[role=alert]")
    for summary in page.query_selector_all(".review-entry summary"):
        summary.click()
    page.wait_for_selector("#decide >> text=已看 3 / 3 条")
    page.click("text=审核通过并确认 1 条")
    says(page, "抽中的户还有 5 户没有打开看过", "[role=alert]")
    look_at_the_drawn(page)
    page.screenshot(path=artefacts / "review-1280.jpg", full_page=True)
    page.click("text=审核通过并确认 1 条")
    page.wait_for_selector("h1:has-text('西河村')")
    says(page, "东山村已通过")
    page.click("summary:has-text('退回')")
    page.fill("#reason", "第 1 组漏录")
    page.click("text=退回给村里修改")
    page.wait_for_selector("text=申报上来的都审完了")
    assert [declared.sheet().state, declared.sheet(declared.sister).state] == [SheetState.REVIEWED, SheetState.OPEN]


def test_sheet_is_opened_and_approved_by_keyboard(declared: World, browser_page: Callable) -> None:
    page = reviewer(browser_page, declared)
    page.goto(reverse("review-sheet", args=[MONTH, VILLAGE]))
    page.focus(".review-entry summary >> nth=0")
    for _ in range(3):
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
    page.wait_for_selector("#decide >> text=已看 3 / 3 条")
    look_at_the_drawn(page)
    page.focus("#decide button")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('西河村')")
    assert declared.sheet().state == SheetState.REVIEWED


def test_what_was_opened_survives_a_reload(declared: World, browser_page: Callable) -> None:
    page = reviewer(browser_page, declared, width=360)
    page.goto(reverse("review-sheet", args=[MONTH, VILLAGE]))
    page.click(".review-entry summary >> nth=1")
    page.reload()
    page.wait_for_selector("#decide >> text=已看 1 / 3 条")


def test_review_works_without_scripts(declared: World, browser_page: Callable) -> None:
    page = reviewer(browser_page, declared, width=360, java_script_enabled=False)
    page.goto(reverse("review-sheet", args=[MONTH, VILLAGE]))
    for number in range(3):
        page.click(f".review-entry summary >> nth={number}")
        page.check(f".review-entry input >> nth={number}")
    look_at_the_drawn(page)
    page.click("text=审核通过并确认 1 条")
    page.wait_for_selector("h1:has-text('西河村')")


def test_slower_of_two_reviewers_is_told(declared: World, browser_page: Callable) -> None:
    first, second = (reviewer(browser_page, declared) for _ in range(2))
    for page in (first, second):
        page.goto(reverse("review-sheet", args=[MONTH, declared.sister.code]))
        look_at_the_drawn(page)
    first.click("#decide button")
    first.wait_for_selector("text=西河村已通过")
    second.click("#decide button")
    says(second, "您打开以后有了变化", "[role=alert]")
    assert second.is_visible(".state-reviewed")
    assert Review.objects.count() == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_county_pages_of_a_month_keep_to_the_rules(
    declared: World, browser_page: Callable, artefacts: Path, width: int
) -> None:
    page, found = browser_page(width), []
    enter(page, declared, Role.COUNTY_OFFICE)
    pages = {"cockpit": [MONTH], "calendar": [], "village-month": [MONTH, VILLAGE], "review-sheet": [MONTH, VILLAGE]}
    for name, parts in pages.items():
        page.goto(reverse(name, args=parts))
        page.screenshot(path=artefacts / f"{name}-{width}.jpg", full_page=True)
        found += faults(page)
    assert found == []


@pytest.mark.parametrize("width", [360, 1280])
def test_review_pages_keep_to_the_rules(declared: World, browser_page: Callable, width: int) -> None:
    page = reviewer(browser_page, declared, width)
    found = faults(page)
    page.goto(reverse("review-sheet", args=[MONTH, VILLAGE]))
    page.click(".review-entry summary >> nth=0")
    assert [*found, *faults(page)] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_plate_pages_keep_to_the_rules(declared: World, browser_page: Callable, width: int) -> None:
    issue_missing(village=declared.village, by=None)
    page, found = browser_page(width), []
    enter(page, declared, Role.CADRE)
    for address in (reverse("plates"), reverse("plate-of", args=[f"{VILLAGE}010001"]), reverse("plate-sheet")):
        page.goto(address)
        found += faults(page)
    assert found == []
