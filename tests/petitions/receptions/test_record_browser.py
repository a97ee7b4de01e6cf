"""Writing down a reception in a browser: without a line, with what the server says to it later, and when its writer leaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from petitions.models import Petition, Promise, Reception, ReceptionRecord
from petitions.steps import closing
from tests.browsing import enter, faults, not_stored
from tests.petitions.desk import Desk
from tests.petitions.receiving import Device
from tests.petitions.receptions.scene import Days
from tests.world import SISTER, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Any]
TITLES = ("变压器容量不够", "出厂的路断了")


@pytest.fixture
def desk(live_site: str) -> Desk:
    return Desk(build())


@pytest.fixture
def cases(desk: Desk) -> list[Petition]:
    return [desk.assigned(title=title) for title in TITLES]


@pytest.fixture
def day(desk: Desk, cases: list[Petition]) -> Reception:
    days = Days(desk)
    reception = days.plan()
    days.put(reception, *cases)
    return reception


def outcomes() -> list[tuple[str, str]]:
    """Title and outcome of every record in the books, as they came in."""
    return list(ReceptionRecord.objects.order_by("id").values_list("petition__title", "outcome"))


def test_what_was_written_without_a_line_arrives_once(
    desk: Desk, cases: list[Petition], day: Reception, browser_page: Open, artefacts: Path
) -> None:
    device = Device(browser_page(360), desk, day)
    assert (faults(device.page), not_stored(device.page, "reception-1")) == ([], [])
    device.offline()
    device.choose(cases[0])
    assert "请选一个结果" in device.save(done=False)
    device.promise("月底前换变压器", note="讲了停电损失。")
    assert faults(device.page) == []
    device.page.screenshot(path=artefacts / "reception-case-360.jpg", full_page=True)
    device.save()
    device.choose()
    device.say(
        "follow", matter_title="厂门口没有路灯", matter_text="夜班工人摔跤", matter_place=SISTER, note="请住建局看。"
    )
    device.wait_for_draft()
    device.killed()  # without a line: page, list and what was being typed come from the device itself
    assert device.lines() == ["已保存在本机"] and outcomes() == []
    device.choose()
    assert "接着写" in device.page.inner_text("#draft-note")
    assert device.page.input_value("#matter-place") == "罗坪乡 西河村"
    device.save()
    assert not [words for words in (*TITLES, "停电损失", "路灯", "陈股长") if words in device.readable()]
    device.page.screenshot(path=artefacts / "reception-kept-360.jpg", full_page=True)
    device.offline(False)
    device.wait_for("sent", 2)
    assert outcomes() == [("变压器容量不够", "promise"), ("厂门口没有路灯", "follow")]
    assert Petition.objects.get(place=SISTER).title == "厂门口没有路灯"
    assert (Promise.objects.get().person, "查询码" in device.page.inner_text("#log")) == ("陈股长", True)


def test_what_the_server_says_later_is_told(
    desk: Desk, cases: list[Petition], day: Reception, browser_page: Open
) -> None:
    device = Device(browser_page(1280), desk, day)
    device.offline()
    for petition in cases:
        device.choose(petition)
        device.promise("十天内修好", note="当面答应。")
        device.save()
    closing.withdraw(op_id=uuid4(), petition=cases[0], note="不用了")
    page = device.page
    page.route("**/records/", lambda route: refuse_second(route, cases[1].number))
    page.context.set_offline(False)
    device.wait_for("trouble")
    assert "没有网络的时候这件事有了新的进展（现在：已撤回）" in page.inner_text("#log")
    page.unroute("**/records/")
    page.click("text=改一改再送")
    assert "上次没有送成：承诺单位不对" in page.inner_text("#trouble")
    device.say("follow", note="当面听了。")
    device.save()
    device.wait_for("sent", 2)
    assert outcomes() == [(TITLES[0], "promise"), (TITLES[1], "follow")]
    assert page.locator("#log [data-state=trouble]").count() == 0


def refuse_second(route: Any, number: str) -> None:
    """The server's refusal of one of the records."""
    if number in (route.request.post_data or ""):
        body = '{"code": "invalid", "detail": "承诺单位不对", "fields": {}}'
        route.fulfill(status=422, content_type="application/json", body=body)
    else:
        route.continue_()


def test_a_form_that_is_not_filled_yet_is_not_shown(
    desk: Desk, cases: list[Petition], day: Reception, browser_page: Open
) -> None:
    """Whatever else the page redraws meanwhile: what was chosen in it would be filled over by the draft."""
    device = Device(browser_page(360), desk, day)
    page = device.page
    device.choose(cases[0])
    device.say("promise", promise_what="十天内修好")
    device.wait_for_draft()
    page.click("#leave")
    page.evaluate(HOLD)
    page.click(f"[data-number='{cases[0].number}']")
    page.wait_for_function("() => window.asked")
    device.offline()
    assert (page.is_visible("#case"), page.is_visible("#list")) == (False, True)
    page.evaluate("window.release()")
    page.wait_for_selector("#case")
    assert page.input_value("#promise-what") == "十天内修好"


HOLD = """() => {
  const open = crypto.subtle.decrypt.bind(crypto.subtle);
  const released = new Promise((release) => { window.release = release; });
  crypto.subtle.decrypt = async (...sealed) => { window.asked = true; await released; return open(...sealed); };
}"""


def test_leaving_warns_and_clears_all_but_what_waits(
    desk: Desk, cases: list[Petition], day: Reception, browser_page: Open
) -> None:
    device, asked = Device(browser_page(1280), desk, day), []
    page = device.page
    page.route("**/records/", lambda route: route.abort())
    device.choose(cases[0])
    device.say("solved", note="当场办好。")
    device.save()
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator(".menu > summary").click()
    with page.expect_event("dialog"):
        page.get_by_role("button", name="退出登录").click()
    assert "还有 1 条接访记录没有送出" in asked[0] and "/record/" in page.url
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.get_by_role("button", name="退出登录").click()
    page.goto("/accounts/sign-in/")
    assert device.stored() == {"ops": 1, "log": 0, "packages": 0, "drafts": 0, "keys": 1}
    page.unroute("**/records/")
    enter(page, desk.world, desk.office)
    device.open()
    device.wait_for("sent")
    assert outcomes() == [(TITLES[0], "solved")]
