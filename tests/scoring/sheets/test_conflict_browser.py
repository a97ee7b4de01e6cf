"""Two telephones on one sheet: what does not touch merges, what does is shown side by side, with a choice in plain words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from households.roles import Role
from scoring.models import ScoreEvent
from tests.browsing import faults, says
from tests.scoring.points.asking import add, asker, op
from tests.scoring.sheets.phone import CODES, Phone
from tests.scoring.sheets.sheet_browser import reads
from tests.waiting import until
from tests.world import MONTH, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Any]
FIRST = CODES[0]
LINES = f'.sheet-row[data-code="{FIRST}"]:visible .sheet-lines'


def standing() -> list[tuple[str, str, str]]:
    rows = ScoreEvent.objects.standing().order_by("code", "date")
    return [(row.code, row.date.isoformat(), row.recorded_by.role) for row in rows]


@pytest.fixture
def raced(world: World, browser_page: Open) -> Phone:
    """The cadre recorded the first household without a line; the leader did, for another day, with one."""
    phone = Phone(browser_page(360), world)
    phone.offline()
    phone.record(FIRST)
    phone.record(CODES[1])
    asker(world, Role.GROUP_LEADER).send(add(FIRST, note="砌了一道墙"))
    phone.page.context.set_offline(False)
    phone.page.wait_for_selector(".sheet-line-conflict")
    says(phone.page, "登记了张三丰的零违建", ".sheet-changed")  # the sheet was read anew: its rows stay as they are
    return phone


def choose(phone: Phone, words: str) -> None:
    phone.page.get_by_role("button", name="看一看，选一个").first.click()
    phone.page.wait_for_selector("#conflict[open]")
    phone.page.locator("#conflict-choices button", has_text=words).click()
    phone.page.wait_for_selector(".sheet-line-conflict", state="detached")


def test_soft_merges_and_hard_shows_both(raced: Phone, artefacts: Path) -> None:
    assert [code for code, _, role in standing() if role == Role.CADRE] == [CODES[1]]
    says(raced.page, "有冲突，没有保存", LINES)
    raced.page.screenshot(path=artefacts / "sheet-conflict-list-360.jpg", full_page=True)
    raced.page.get_by_role("button", name="看一看，选一个").first.click()
    raced.page.wait_for_selector("#conflict[open]")
    mine, theirs = raced.page.locator(".conflict-side").all_inner_texts()
    assert "我在这台设备上记的" in mine and "5月31日" in mine
    assert "已经登记的" in theirs and "5月20日" in theirs and "砌了一道墙" in theirs
    assert faults(raced.page) == []
    raced.page.screenshot(path=artefacts / "sheet-conflict-360.jpg")
    raced.page.set_viewport_size({"width": 1280, "height": 800})
    raced.page.screenshot(path=artefacts / "sheet-conflict-1280.jpg")


def test_theirs_is_kept(raced: Phone) -> None:
    choose(raced, "用已经登记的")
    assert [(code, role) for code, _, role in standing()] == [(FIRST, Role.GROUP_LEADER), (CODES[1], Role.CADRE)]
    raced.all_arrived()


def test_mine_is_kept_and_theirs_withdrawn(raced: Phone) -> None:
    choose(raced, "用我的")
    says(raced.page, "5月31日 村干部甲 · 已保存", LINES)
    reads(raced.page, "#sheet-count", "已登记 2 条例外 · 其余 6 户六项为零")
    assert [(code, role) for code, _, role in standing()] == [(FIRST, Role.CADRE), (CODES[1], Role.CADRE)]
    assert ScoreEvent.objects.get(recorded_by__role=Role.GROUP_LEADER).withdraw_reason.startswith("与后登记的一条重复")


def test_both_are_kept(raced: Phone) -> None:
    choose(raced, "两条都要")
    reads(raced.page, "#sheet-count", "已登记 3 条例外 · 其余 6 户六项为零")
    assert [role for code, _, role in standing() if code == FIRST] == [Role.GROUP_LEADER, Role.CADRE]


def test_sheet_signed_for_meanwhile_locks_the_entry_until_it_is_opened_again(
    world: World, browser_page: Open, artefacts: Path
) -> None:
    phone = Phone(browser_page(360), world)
    phone.offline()
    phone.record(FIRST)
    asker(world, Role.CADRE).send(op("declare"))
    phone.page.context.set_offline(False)
    phone.page.wait_for_selector(".sheet-line-locked")
    phone.page.wait_for_selector(".state-declared")
    says(phone.page, "台账已锁定，没有保存：本月已经申报", LINES)
    assert phone.page.get_by_role("button", name="再登记").count() == 0
    assert faults(phone.page) == []
    phone.page.screenshot(path=artefacts / "sheet-locked-360.jpg", full_page=True)
    phone.page.set_viewport_size({"width": 1280, "height": 800})
    phone.page.screenshot(path=artefacts / "sheet-locked-1280.jpg")
    asker(world, Role.CADRE).send(op("undeclare", reason="漏了一条"))
    phone.page.reload()
    phone.page.wait_for_selector(".state-open")
    phone.page.get_by_role("button", name="再登记").click()
    phone.page.wait_for_selector("#entry[open]")
    phone.page.click("#entry-save")
    until(lambda: [code for code, _, _ in standing()] == [FIRST])
    phone.all_arrived()


def test_answer_that_the_server_did_not_sign_is_none(world: World, browser_page: Open) -> None:
    phone = Phone(browser_page(360), world)

    def forge(route: Any) -> None:
        [sent] = route.request.post_data_json["ops"]
        result = {"op_id": sent["op_id"], "status": "applied", "reason": "", "event": 1, "code": "", "fields": {}}
        receipt = {"key": 1, "at": "2024-06-01T00:00:00Z", "digest": "0" * 64, "status": "taken", "signature": "AAAA"}
        answer = {"version": 1, "state": "open", "results": [result | {"receipt": receipt}], "events": []}
        route.fulfill(json=answer)

    phone.page.route("**/ops/", forge)
    phone.record(FIRST)
    says(phone.page, "回答没有服务器的签名，等待发送", LINES)
    phone.page.click("#sheet-sent")
    says(phone.page, "已保存在本机", "#sent-log")
    assert "已送达" not in phone.page.inner_text("#sent-log")
    phone.page.keyboard.press("Escape")
    phone.page.unroute_all(behavior="wait")
    phone.page.click("#sheet-retry")
    phone.all_arrived()
    phone.page.click("#sheet-sent")
    says(phone.page, "已送达，服务器", "#sent-log")
    assert f"/village/sheet/{MONTH}/" in phone.page.url and len(standing()) == 1
