"""Between two households: Back closes the dialog and stays on the sheet, and the search is ready for the next name."""

from collections.abc import Callable

import pytest

from households.roles import Role
from tests.scoring.sheets.sheet_browser import choose, enter, open_lamp, reads, record, save
from tests.world import MONTH, VILLAGE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"


@pytest.fixture
def page(world: World, browser_page: Callable) -> object:
    opened = browser_page(360)
    enter(opened, world, Role.CADRE)
    return opened


def test_back_closes_the_dialog_and_keeps_what_was_typed(page: object) -> None:
    open_lamp(page, FIRST, "illegal_building")
    choose(page, "搭棚、砌墙")
    page.fill("#entry-note", "棚子占了公路边")
    page.go_back()
    page.wait_for_selector("#entry:not([open])", state="attached")
    assert page.url.endswith(f"/village/sheet/{MONTH}/")
    open_lamp(page, FIRST, "illegal_building")
    assert page.input_value("#entry-note") == "棚子占了公路边"
    page.click("#entry [data-close]")
    page.wait_for_selector("#entry:not([open])", state="attached")


def test_back_leaves_the_sheet_when_no_dialog_is_open(page: object) -> None:
    page.goto("/")
    page.goto(f"/village/sheet/{MONTH}/")
    page.wait_for_selector("#sheet-list .sheet-group", state="attached")
    record(page, FIRST, "illegal_building", "搭棚、砌墙")
    page.wait_for_function("() => !history.state || !history.state.layers")
    page.go_back()
    page.wait_for_url("**/")


def test_next_name_replaces_the_last_one(page: object) -> None:
    page.fill("#sheet-search", "zsf")
    page.keyboard.press("Enter")
    page.locator("#entry [data-zero=illegal_building]").click()
    choose(page, "搭棚、砌墙")
    save(page)
    page.wait_for_selector("#entry:not([open])", state="attached")
    page.keyboard.press("/")
    page.keyboard.type("lsg")
    assert page.input_value("#sheet-search") == "lsg"


def test_touched_search_marks_the_name_that_is_done(page: object) -> None:
    page.fill("#sheet-search", "zsf")
    record(page, FIRST, "illegal_building", "搭棚、砌墙")
    page.click("#sheet-search")
    page.wait_for_function(
        "() => document.activeElement.selectionEnd === 3 && document.activeElement.selectionStart === 0"
    )


def test_day_is_told_in_words(page: object) -> None:
    open_lamp(page, SECOND, "pollution")
    choose(page, "露天焚烧")
    page.fill("#entry-date", "2024-05-20")
    reads(page, "#entry-date-words", "5月20日 星期一")
