"""The sheet without a line, in Chromium: it opens, takes what is recorded, loses none of it and mixes it with nobody else's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from households.months import previous_month
from households.roles import Role
from scoring.models import ScoreEvent
from tests.browsing import faults, not_stored, says
from tests.scoring.points.asking import asker
from tests.scoring.sheets.phone import CODES, PATH, STORED, Phone
from tests.scoring.sheets.sheet_browser import choose, open_lamp, reads, save
from tests.world import MONTH, SISTER, VILLAGE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Any]
OPS = "**/ops/"
SHORT = "/village/sheet/"


def recorded() -> list[tuple[str, str]]:
    return sorted(ScoreEvent.objects.values_list("code", "clause__code"))


TEN = sorted((code, clause) for code in CODES[:5] for clause in ("WJ02", "WR02"))


def test_ten_exceptions_without_a_line_arrive_exactly_once(world: World, browser_page: Open, artefacts: Path) -> None:
    phone = Phone(browser_page(360), world)
    assert "去没有信号的地方也能照常打开" in phone.line()
    assert (faults(phone.page), not_stored(phone.page, "sheet-1")) == ([], [])
    phone.offline()
    phone.record_ten()
    phone.says("10 条已存在本机")
    phone.each_says("没有信号，等待发送", 10)
    phone.page.screenshot(path=artefacts / "sheet-offline-360.jpg", full_page=True)
    phone.page.reload()
    phone.says("10 条已存在本机")
    phone.killed()
    phone.says("离线")
    phone.each_says("没有信号，等待发送", 10)
    assert recorded() == []
    assert not [words for words in ("张三丰", "WJ02", CODES[0]) if words in phone.readable()]
    lost = []

    def act_and_die(route: Any) -> None:
        route.fetch()
        lost.append(route)

    phone.page.route(OPS, act_and_die)
    with phone.page.expect_request(OPS):
        phone.page.context.set_offline(False)
    phone.killed()  # in the middle of sending: the server acted, nobody heard it
    phone.all_arrived()
    assert recorded() == TEN and phone.stored()["ops"] == 0
    reads(phone.page, "#sheet-count", "已登记 10 条例外 · 其余 3 户六项为零")


BREAKING = """
  const add = Cache.prototype.add;
  const broken = new Set();
  Cache.prototype.add = function (request) {
    if (broken.has(String(request)) || !String(request).includes("carry")) return add.call(this, request);
    broken.add(String(request));
    return Promise.reject(new TypeError("the line broke"));
  };
"""


def test_part_that_a_breaking_line_kept_back_is_fetched_once_more(world: World, browser_page: Open) -> None:
    page = browser_page(360)
    page.add_init_script(BREAKING)
    phone = Phone(page, world)
    phone.says("台账已存在本机")
    assert not_stored(page, "sheet-1") == []


def test_sheets_of_two_villages_are_stored_apart(world: World, browser_page: Open) -> None:
    page = browser_page(1280)
    phone = Phone(page, world, Role.TOWNSHIP, f"{PATH}?village={VILLAGE}")
    Phone(page, world, Role.TOWNSHIP, f"{PATH}?village={SISTER}")
    page.context.set_offline(True)
    for village, name in ((VILLAGE, "东山村"), (SISTER, "西河村")):
        phone.path = f"{PATH}?village={village}"
        phone.open()
        assert page.inner_text("h1") == f"{name}台账"
        assert page.get_attribute("#sheet", "data-book") == f"{MONTH} {village}"


def test_plate_scanned_without_a_line_opens_the_household(world: World, browser_page: Open) -> None:
    phone = Phone(browser_page(360), world)
    phone.page.context.set_offline(True)
    phone.page.goto(f"{PATH}?household={CODES[1]}")
    phone.page.wait_for_selector("#entry[open]")
    assert "李四光" in phone.page.inner_text("#entry-who")
    phone.killed()
    assert phone.page.locator("#entry[open]").count() == 0


def test_short_address_opens_the_kept_sheet_of_the_month_that_is_due(world: World, browser_page: Open) -> None:
    page = browser_page(360)
    phone = Phone(page, world)  # a later month than the one that is due
    Phone(page, world, path=SHORT)
    page.context.set_offline(True)
    phone.path = SHORT
    phone.open()
    assert page.get_attribute("#sheet", "data-book") == f"{previous_month(MONTH)} {VILLAGE}"
    page.goto(f"{SHORT}?household={CODES[1]}")
    page.wait_for_selector("#entry[open]")
    assert "李四光" in page.inner_text("#entry-who")


def test_short_address_without_its_month_on_the_device_opens_no_other(world: World, browser_page: Open) -> None:
    page = browser_page(360)
    Phone(page, world)
    page.context.set_offline(True)
    with pytest.raises(Error, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(SHORT)


def test_second_cadre_on_the_phone_neither_sees_nor_sends_the_firsts(world: World, browser_page: Open) -> None:
    phone = Phone(browser_page(360), world)
    phone.page.route(OPS, lambda route: route.abort())
    phone.record(CODES[0])
    phone.says("1 条已存在本机")
    phone.page.unroute_all(behavior="wait")
    phone.open_as(Role.GROUP_LEADER)
    assert "还有别的账号的 1 条登记没有送出" in phone.page.inner_text("#sheet-others")
    assert (phone.states(), recorded()) == ([], [])
    phone.record(CODES[1])
    phone.all_arrived()
    assert recorded() == [(CODES[1], "WJ02")]
    phone.open_as(Role.CADRE)
    phone.all_arrived()
    assert {event.recorded_by.role for event in ScoreEvent.objects.all()} == {Role.CADRE, Role.GROUP_LEADER}


def test_signing_out_tells_how_many_wait_and_takes_the_page_along(world: World, browser_page: Open) -> None:
    phone, asked = Phone(browser_page(1280), world), []
    phone.page.route(OPS, lambda route: route.abort())
    phone.record(CODES[0])
    phone.says("1 条已存在本机")
    phone.page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    phone.page.locator(".menu > summary").click()
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name="退出登录").click()
    assert "还有 1 条台账登记没有送出" in asked[0]
    phone.page.goto("/accounts/sign-in/")
    assert phone.stored() == {"ops": 1, "log": 0, "packages": 0, "drafts": 0, "keys": 1}
    kept = "async () => (await (await caches.open('sheet-1')).keys()).map((each) => new URL(each.url).pathname)"
    assert [path for path in phone.page.evaluate(kept) if not path.startswith("/static/")] == []
    phone.page.unroute_all(behavior="wait")
    phone.open_as(Role.CADRE)
    phone.all_arrived()
    assert recorded() == [(CODES[0], "WJ02")]


def test_what_was_typed_outlives_the_tab(world: World, browser_page: Open) -> None:
    phone = Phone(browser_page(360), world)
    open_lamp(phone.page, CODES[0], "illegal_building")
    choose(phone.page, "搭棚、砌墙")
    phone.page.fill("#entry-note", "棚子占了公路边")
    phone.page.keyboard.press("Escape")
    phone.page.wait_for_function(
        "() => new Promise((done) => { const asked = indexedDB.open('dongkou-sheets');"
        " asked.onsuccess = () => { const count = asked.result.transaction('drafts').objectStore('drafts').count();"
        " count.onsuccess = () => { asked.result.close(); done(count.result === 1); }; }; })"
    )
    phone.killed()
    open_lamp(phone.page, CODES[0], "illegal_building")
    assert phone.page.input_value("#entry-note") == "棚子占了公路边"


def test_device_without_room_says_that_nothing_was_taken(world: World, browser_page: Open) -> None:
    phone = Phone(browser_page(360), world)
    phone.page.evaluate("""() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (row) {
        if (this.name === "ops") throw new DOMException("no room", "QuotaExceededError");
        return put.call(this, row);
      };
    }""")
    open_lamp(phone.page, CODES[0], "illegal_building")
    choose(phone.page, "搭棚、砌墙")
    phone.page.fill("#entry-note", "棚子占了公路边")
    save(phone.page)
    phone.page.wait_for_selector("#entry-said :text('这台设备存不下了，这一条没有记下')")
    assert phone.page.input_value("#entry-note") == "棚子占了公路边"
    assert recorded() == [] and phone.states() == []


def test_month_of_an_earlier_day_is_shown_at_once_when_the_line_is_slow(world: World, browser_page: Open) -> None:
    phone = Phone(browser_page(360), world)
    waiting: list[Any] = []

    def hold(route: Any) -> None:
        waiting.append(route)

    phone.page.route(f"**/api/v1/sheets/{MONTH}/{VILLAGE}/", hold)
    phone.open()
    asker(world, Role.GROUP_LEADER).record(CODES[0])
    assert waiting and phone.page.locator(STORED).count() == 0
    waiting[0].continue_()
    phone.page.unroute_all(behavior="ignoreErrors")
    says(phone.page, "登记了张三丰的零违建", ".sheet-changed")
    phone.page.wait_for_selector(STORED)
