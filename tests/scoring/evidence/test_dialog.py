"""Photos chosen in the dialog of the sheet: they go with the entry, wait with it without a line, and are sent again when lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from households.roles import Role
from scoring.models import EventPhoto, ScoreEvent
from tests.browsing import faults
from tests.scoring.evidence.photographs import picture
from tests.scoring.sheets.sheet_browser import choose, enter, open_lamp, save
from tests.world import VILLAGE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ONE = f"{VILLAGE}010001"
SHADES = (10, 90, 170, 220, 250)


@pytest.fixture
def page(world: World, browser_page: Callable) -> Iterator[object]:
    opened = browser_page(360)
    enter(opened, world, Role.CADRE)
    yield opened
    opened.unroute_all(behavior="ignoreErrors")


def chosen(page: object, number: int) -> None:
    """An entry filled in, with photos chosen."""
    open_lamp(page, ONE, "illegal_building")
    choose(page, "搭棚、砌墙")
    files = [{"name": f"{shade}.jpg", "mimeType": "image/jpeg", "buffer": picture(shade=shade)} for shade in SHADES]
    page.set_input_files("#entry-photos", files[:number])


def says(page: object, words: str) -> None:
    expect(page.locator("#sheet-saved")).to_contain_text(words, timeout=15_000)


def test_photos_go_with_the_entry_and_stand_on_its_card(page: object, artefacts: Path) -> None:
    chosen(page, 2)
    page.locator("#entry-photos").scroll_into_view_if_needed()
    page.screenshot(path=artefacts / "sheet-photos-360.jpg")
    assert faults(page) == []
    save(page)
    says(page, "2 张照片已经加上")
    assert EventPhoto.objects.filter(event=ScoreEvent.objects.get()).count() == 2
    open_lamp(page, ONE, "illegal_building")
    expect(page.locator("#entry-events")).to_contain_text("照片 2 张")


def test_too_many_are_told_before_anything_is_sent(page: object) -> None:
    chosen(page, 5)
    save(page)
    expect(page.locator("#entry-photos-fault")).to_have_text("最多 4 张照片。")
    assert not ScoreEvent.objects.exists()


def test_entry_without_a_line_takes_its_photos_along_later(page: object) -> None:
    chosen(page, 1)
    page.route("**/ops/", lambda route: route.abort())
    save(page)
    says(page, "1 条等待发送")
    assert not EventPhoto.objects.exists()
    page.unroute_all(behavior="wait")  # the queue sends again by itself
    says(page, "1 张照片已经加上")
    assert EventPhoto.objects.count() == ScoreEvent.objects.count() == 1


def test_photos_that_were_lost_are_sent_again_once(page: object) -> None:
    """The server took the first, and nobody heard of it."""

    def lose(route: object) -> None:
        route.fetch()
        route.abort()

    chosen(page, 2)
    page.route("**/photos/", lose)
    save(page)
    notice = page.locator("#sheet-notices .notice-error")
    expect(notice).to_contain_text("2 张照片没有传上去：没有信号", timeout=15_000)
    page.unroute_all(behavior="wait")
    notice.get_by_text("再传一次").click()
    says(page, "2 张照片已经加上")
    assert EventPhoto.objects.count() == 2 and ScoreEvent.objects.count() == 1
