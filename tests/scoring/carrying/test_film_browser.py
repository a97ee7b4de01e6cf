"""Work of a village without a line as codes: before another telephone's camera or on paper, and its receipts the same way back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from households.files.qr import png
from households.roles import Role
from scoring.models import ScoreEvent
from tests.browsing import enter, faults, says
from tests.camera import camera_browser, filmed, page_of, shown
from tests.scoring.sheets.phone import CODES, Phone
from tests.scoring.sheets.sheet_browser import reads
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """What the camera sees."""
    path = tmp_path / "film.y4m"
    filmed(path, [png("https://example.org/")])
    return path


@pytest.fixture
def browser(_chromium: Any, film: Path) -> Iterator[Any]:
    with camera_browser(_chromium, film) as opened:
        yield opened


def with_work(page: Any, world: World) -> Phone:
    """A telephone without a line, on which two exceptions wait; what it has recorded is open."""
    phone = Phone(page, world)
    phone.wait_for_way()
    phone.offline()
    phone.record(CODES[0])
    phone.record(CODES[1])
    open_sent(phone)
    return phone


def open_sent(phone: Phone) -> None:
    phone.page.click("#sheet-sent")
    phone.page.wait_for_selector("#carry-show:enabled")


def shown_by(phone: Phone) -> list[bytes]:
    phone.page.click("#carry-show")
    phone.page.wait_for_selector("#carry-film .film-code")
    return shown(phone.page, ".film-said", ".film-code")


def handing_in(page: Any, world: World) -> None:
    enter(page, world, Role.TOWNSHIP)
    page.goto("/village/carried/")
    page.click("#hand-in-look")


def test_film_goes_out_and_the_receipts_come_back(
    world: World, browser: Any, live_site: str, film: Path, artefacts: Path
) -> None:
    with page_of(browser, live_site) as page, page_of(browser, live_site, 1280) as office:
        phone = with_work(page, world)
        pieces = shown_by(phone)
        assert len(pieces) > 2 and faults(page) == []
        page.screenshot(path=artefacts / "carry-film-360.jpg")
        filmed(film, [*pieces[::-1], *pieces])  # backwards, and again

        handing_in(office, world)
        says(office, f"{len(pieces)} 张都读到了")
        assert faults(office) == []
        office.screenshot(path=artefacts / "carried-film-1280.jpg", full_page=True)
        office.click('#hand-in button:has-text("交上去")')
        office.wait_for_selector("text=已登记 2 条")
        office.click("#receipts-show")
        office.wait_for_selector(".film-code")
        assert faults(office) == []
        filmed(film, shown(office, ".film-said", ".film-code"))
        office.screenshot(path=artefacts / "carried-receipts-1280.jpg", full_page=True)

        page.click("#carry-look")
        reads(page, "#carry-said", "读好了：2 条有服务器的签收。")
        assert page.locator("#sent-log >> text=已送达").count() == 2
        assert page.locator("#carry-camera").is_hidden()
    assert {event.recorded_by for event in ScoreEvent.objects.all()} == {world.user(Role.CADRE)}
    assert ScoreEvent.objects.count() == 2


def test_torn_slip_is_told_and_the_same_codes_make_up_for_it(
    world: World, browser: Any, live_site: str, film: Path, artefacts: Path
) -> None:
    with page_of(browser, live_site) as page, page_of(browser, live_site) as office:
        phone = with_work(page, world)
        page.click("#carry-print")
        page.wait_for_selector(".slip canvas", state="attached")
        page.emulate_media(media="print")
        printed = [each.screenshot() for each in page.locator(".slip canvas").all()]
        page.screenshot(path=artefacts / "carry-slip.jpg", full_page=True)
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        filmed(film, [printed[0], *printed[2:]])  # the second is torn off

        handing_in(office, world)
        says(office, f"读到 {len(printed) - 1} 张，共 {len(printed)} 张，还差第 2 张")
        office.screenshot(path=artefacts / "carried-torn-360.jpg", full_page=True)
        office.click("text=收起摄像头")
        assert not ScoreEvent.objects.exists()
        filmed(film, shown_by(phone))  # the same text, on the screen
        office.click("#hand-in-look")
        says(office, f"{len(printed)} 张都读到了")
        office.click('#hand-in button:has-text("交上去")')
        office.wait_for_selector("text=已登记 2 条")


def test_code_of_something_else_is_told_in_words(world: World, browser: Any, live_site: str, film: Path) -> None:
    with page_of(browser, live_site) as page:
        handing_in(page, world)
        says(page, "这不是台账的码")
        for text, words in (
            (f"DKR {'0' * 12} 1/2 abc", "这是回执的码"),
            (f"DKT {'0' * 12} 1/1 abc", "读到的几张合不起来"),
        ):
            page.click("text=收起摄像头") if page.locator("text=收起摄像头").count() else None
            filmed(film, [png(text)])
            page.click("#hand-in-look")
            says(page, words)


def test_receipts_of_another_device_are_refused_and_nothing_is_lost(
    world: World, browser: Any, live_site: str, film: Path
) -> None:
    with page_of(browser, live_site) as page:
        phone = with_work(page, world)
        own = shown_by(phone)
        filmed(film, own)
        page.click("#carry-look")
        says(page, "这是要交上去的码", "#carry-camera")
        page.click("#carry-camera >> text=收起摄像头")
        assert phone.stored()["ops"] == 2


def test_camera_that_is_refused_or_missing_is_told(
    world: World, _chromium: Any, browser: Any, live_site: str, film: Path
) -> None:
    with page_of(browser, live_site, camera=False) as page:
        handing_in(page, world)
        says(page, "没有允许这个网页用摄像头")
        assert faults(page) == []
    with camera_browser(_chromium, None) as blind, page_of(blind, live_site) as page:
        handing_in(page, world)
        says(page, "这台设备没有找到摄像头")
        assert page.locator("#id_file").is_visible()
