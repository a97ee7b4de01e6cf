"""From the county's ranking down to one event, in a real browser; and the published ranking on a phone."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from households.imports.divisions import import_divisions
from households.roles import Role
from scoring.rollup.rollup import roll_up
from tests.browsing import enter, faults
from tests.scoring.eventful_month import CAPPED, FIRST, eventful_month
from tests.world import COUNTY, MONTH, TOWNSHIP, VILLAGE, World, build

pytestmark = pytest.mark.browser

PAGES = [
    f"/rankings/{MONTH}/county/",
    f"/rankings/{MONTH}/township/",
    f"/rankings/{MONTH}/village/",
    f"/rankings/{MONTH}/village/?q=没有",
    f"/rankings/{MONTH}/group/?within={VILLAGE}",
    "/rankings/2024-01/village/",
    f"/rankings/{MONTH}/village/kept/1/?within={COUNTY}",
    f"/why/{MONTH}/{COUNTY}/",
    f"/why/{MONTH}/{VILLAGE}/",
    f"/why/{MONTH}/{FIRST}/",
    f"/why/{MONTH}/{CAPPED}/",
    f"/departments/rankings/{MONTH}/",
    f"/departments/LYJ/{MONTH}/",
]


@pytest.fixture
def eventful(transactional_db: None) -> World:
    return eventful_month(build())


def faults_at(page: object, path: str) -> list[str]:
    """What the page at `path` lacks."""
    page.goto(path)
    return [f"{path} {fault}" for fault in faults(page)]


def shown(page: object) -> list[str]:
    """Names of the lines that can be seen."""
    page.wait_for_load_state()
    return [
        row.locator("th a, th").first.inner_text().split("\n")[0] for row in page.locator("tr[data-find]:visible").all()
    ]


def test_from_the_ranking_down_to_one_event_and_back(
    eventful: World, browser_page: Callable, artefacts: object
) -> None:
    page = browser_page(1280)
    enter(page, eventful, Role.COUNTY_OFFICE)
    page.goto(f"/rankings/{MONTH}/township/")
    page.screenshot(path=artefacts / "rankings.jpg")
    page.get_by_role("link", name="罗坪乡").click()
    assert shown(page) == ["西河村", "东山村"]
    page.get_by_role("link", name="97.50").click()
    page.wait_for_selector("[data-equation]")
    assert page.locator("[data-equation]").all_inner_texts() == ["788 − 8 × 1 = 780", "780 ÷ 8 = 97.50"]
    page.screenshot(path=artefacts / "why.jpg")
    page.get_by_role("link", name="第1组").click()
    page.get_by_role("link", name="张*").click()
    page.wait_for_url(f"**/why/{MONTH}/{CAPPED}/")
    assert page.locator("[data-equation]").inner_text() == "100 − 10 − 10 − 5 + 5 = 80"
    page.get_by_role("link", name="罗坪乡").click()
    page.wait_for_url(f"**/why/{MONTH}/{TOWNSHIP}/")


def many_villages(world: World, number: int = 10) -> None:
    """Enough lines for the search box to appear."""
    rows = "".join(f"430726202{n},壶瓶{n}村\n" for n in range(202, 202 + number))
    report = import_divisions(name="more.csv", data=f"code,name\n{rows}".encode())
    assert report.written, report.errors
    roll_up(MONTH, full=True)


def test_typing_finds_lines_and_the_file_follows(eventful: World, browser_page: Callable) -> None:
    many_villages(eventful)
    page = browser_page(1280)
    enter(page, eventful, Role.COUNTY_OFFICE)
    page.goto(f"/rankings/{MONTH}/village/")
    assert len(shown(page)) == 13
    page.get_by_label("查找").fill("罗坪")
    assert shown(page) == ["西河村", "东山村"]
    assert page.locator(".filter-count").inner_text() == "找到 2 个，共 13 个"
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    rows = csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines())
    assert [row["名称"] for row in rows] == ["西河村", "东山村"]
    page.get_by_label("查找").fill("没有的村")
    assert page.get_by_text("没有找到“没有的村”").is_visible()


def test_phone_shows_the_beginning_until_it_is_asked_for_the_rest(eventful: World, browser_page: Callable) -> None:
    many_villages(eventful, 40)
    page = browser_page(360)
    enter(page, eventful, Role.CADRE)
    page.goto(f"/rankings/{MONTH}/village/?sort=code")
    assert 28 <= len(shown(page)) <= 30  # a line or two say who is not ranked
    assert "东山村" in shown(page)
    page.get_by_label("查找").fill("壶瓶241")
    assert shown(page) == ["壶瓶241村"]
    page.get_by_label("查找").fill("")
    assert len(shown(page)) == 43
    page.goto(f"/rankings/{MONTH}/village/")
    page.get_by_label("显示全部 43 行").check()
    assert len(shown(page)) == 43
    page.emulate_media(media="print")
    assert page.locator(".all-rows").is_hidden()


def test_search_works_without_script_too(eventful: World, browser_page: Callable) -> None:
    many_villages(eventful)
    page = browser_page(1280, java_script_enabled=False)
    enter(page, eventful, Role.COUNTY_OFFICE)
    page.goto(f"/rankings/{MONTH}/village/")
    page.get_by_label("查找").fill("西河")
    page.get_by_role("button", name="查找").click()
    assert shown(page) == ["西河村"]


def test_phone_shows_the_important_columns_and_the_rest_on_request(eventful: World, browser_page: Callable) -> None:
    page = browser_page(360)
    enter(page, eventful, Role.CADRE)
    page.goto(f"/rankings/{MONTH}/village/")
    headings = page.locator("thead th:visible")
    assert [text.strip() for text in headings.all_inner_texts()] == ["名次", "名称", "得分", "变化"]
    page.get_by_label("显示全部各列").check()
    assert headings.count() == 10


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_fit_the_screen(eventful: World, browser_page: Callable, width: int) -> None:
    eventful.freeze()
    page = browser_page(width)
    enter(page, eventful, Role.COUNTY_OFFICE)
    assert [fault for path in PAGES for fault in faults_at(page, path)] == []


def test_published_ranking_is_accessible_and_fits_a_phone(
    eventful: World, browser_page: Callable, artefacts: object
) -> None:
    eventful.freeze()
    page = browser_page(360)
    assert faults_at(page, f"/rankings/{MONTH}/village/") == []
    page.screenshot(path=artefacts / "rankings-public.jpg")
    page.get_by_role("link", name="乡镇").click()
    page.get_by_role("link", name="罗坪乡").click()
    page.get_by_role("heading", level=1, name="2024年5月罗坪乡各村排名", exact=True).wait_for()


def test_sheet_printed_holds_every_line_and_no_controls(eventful: World, browser_page: Callable) -> None:
    page = browser_page(1280)
    enter(page, eventful, Role.COUNTY_OFFICE)
    page.goto(f"/rankings/{MONTH}/village/")
    page.emulate_media(media="print")
    assert len(shown(page)) == 3
    assert not page.locator(".level-tabs").is_visible()
    assert page.locator("thead th:visible").count() == 10


def test_change_is_on_the_page_once_it_is_rolled_up(eventful: World, browser_page: Callable) -> None:
    page = browser_page(1280)
    enter(page, eventful, Role.COUNTY_OFFICE)
    eventful.declare(eventful.strange)
    page.goto(f"/rankings/{MONTH}/village/")
    assert page.get_by_text("有 1 处变动正在汇总").is_visible()
    roll_up(MONTH)
    page.reload()
    assert page.get_by_text("已评齐").first.is_visible()
