"""The sheet when things go wrong: lost answers, no signal, a session that ends, another person in between."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from households.roles import Role
from scoring.models import Declaration, ScoreEvent
from tests.browsing import says
from tests.scoring.points.asking import add, asker, op, withdraw
from tests.scoring.sheets.sheet_browser import choose, come, enter, lamp, open_lamp, reads, record, said, save
from tests.world import MONTH, VILLAGE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"
LINES = f'.sheet-row[data-code="{FIRST}"]:visible .sheet-lines'
OPS = "**/ops/"
PATIENT = """
  const { setTimeout } = window;
  window.setTimeout = (act, pause, ...given) => setTimeout(act, pause < 3000 ? pause : pause * 1000, ...given);
"""


@pytest.fixture
def page(world: World, browser_page: Callable) -> Iterator[object]:
    """The cadre's sheet on a phone. Its pauses before sending again by itself are too long to come between a test's steps."""
    opened = browser_page(360)
    opened.add_init_script(PATIENT)
    enter(opened, world, Role.CADRE)
    yield opened
    opened.unroute_all(behavior="ignoreErrors")


def lose_answers(page: object) -> None:
    """The server hears everything, and nobody hears the server."""

    def lose(route: object) -> None:
        route.fetch()
        route.abort()

    page.route(OPS, lose)


def cut(page: object) -> None:
    page.route(OPS, lambda route: route.abort())


def mend(page: object) -> None:
    page.unroute_all(behavior="wait")
    page.click("#sheet-retry")
    page.wait_for_selector("#sheet-retry", state="hidden")


def fill_in(page: object, note: str = "棚子占了公路边") -> None:
    open_lamp(page, FIRST, "illegal_building")
    choose(page, "搭棚、砌墙")
    page.fill("#entry-note", note)


def test_lost_answer_is_sent_again_with_the_same_id_and_written_once(page: object) -> None:
    lose_answers(page)
    record(page, FIRST, "illegal_building", "搭棚、砌墙")
    says(page, "等待发送", LINES)
    reads(page, "#sheet-count", "已登记 0 条例外 · 其余 8 户六项为零")
    mend(page)
    page.wait_for_selector("text=已登记 1 条例外")
    says(page, "已保存", LINES)
    assert ScoreEvent.objects.count() == 1


def test_unsent_entry_survives_a_reload_and_is_sent(page: object) -> None:
    cut(page)
    record(page, FIRST, "illegal_building", "搭棚、砌墙")
    page.once("dialog", lambda question: question.accept())  # the browser asks before leaving
    page.unroute_all(behavior="wait")
    page.reload()
    page.wait_for_selector("text=已登记 1 条例外")
    assert ScoreEvent.objects.count() == 1


def test_unsent_entry_is_not_sent_for_the_next_person_on_the_phone(
    page: object, world: World, browser_page: Callable
) -> None:
    cut(page)
    record(page, FIRST, "illegal_building", "搭棚、砌墙")
    page.unroute_all(behavior="wait")
    page.once("dialog", lambda question: question.accept())
    enter(page, world, Role.GROUP_LEADER)
    assert "等待发送" not in page.content()
    assert not ScoreEvent.objects.exists()


def test_signature_waits_until_everything_is_saved(page: object) -> None:
    cut(page)
    record(page, FIRST, "illegal_building", "搭棚、砌墙")
    page.click("#sheet-sign")
    says(page, "还有没有保存的内容，保存以后才能申报。", "#sheet-saved")
    assert not page.locator("#sign").is_visible()
    mend(page)
    page.click("#sheet-sign")
    page.wait_for_selector("#sign[open]")


def test_lost_answer_to_a_signature_signs_once(page: object) -> None:
    lose_answers(page)
    page.click("#sheet-sign")
    page.click("#sign-go")
    page.wait_for_selector("text=同一次签字不会重复")
    mend(page)
    page.wait_for_selector(".state-declared")
    assert Declaration.objects.count() == 1


def test_server_in_trouble_is_waited_for(page: object) -> None:
    page.route(OPS, lambda route: route.fulfill(status=502, body="<html>"))
    record(page, FIRST, "illegal_building", "搭棚、砌墙")
    says(page, "服务器暂时没有回应，等待发送", LINES)
    mend(page)
    page.wait_for_selector("text=已登记 1 条例外")


def test_ended_session_keeps_what_was_typed_and_goes_on_after_signing_in(page: object, world: World) -> None:
    fill_in(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    save(page)
    page.wait_for_selector("text=登录已经过期，1 条等着发送，内容都在")
    assert page.get_by_role("link", name="重新登录").is_visible()
    session = world.client(Role.CADRE).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "127.0.0.1", "path": "/"}]
    )
    mend(page)
    page.wait_for_selector("text=已登记 1 条例外")
    assert ScoreEvent.objects.get().note == "棚子占了公路边"


def test_another_persons_entry_is_told_and_nothing_typed_is_lost(page: object, world: World) -> None:
    fill_in(page)
    page.fill("#entry-date", "2024-05-20")
    asker(world, Role.GROUP_LEADER).send(add(FIRST))
    save(page)
    page.wait_for_selector("#entry-said :text('刚刚登记过同一天的这一条')")
    assert page.locator("#entry-note").input_value() == "棚子占了公路边"
    assert "村民" not in said(page, "#entry-said")
    page.wait_for_selector("#entry-events .sheet-event")
    says(page, "登记了张三丰的零违建", ".sheet-changed")
    assert ScoreEvent.objects.count() == 1


def test_after_a_conflict_the_second_incident_can_still_be_recorded(page: object, world: World) -> None:
    fill_in(page)
    page.fill("#entry-date", "2024-05-20")
    asker(world, Role.GROUP_LEADER).send(add(FIRST))
    save(page)
    page.wait_for_selector("#entry-events .sheet-event")
    save(page)
    reads(page, "#entry-save", "确实又一次，登记")
    save(page)
    page.wait_for_selector("#entry:not([open])", state="attached")
    assert ScoreEvent.objects.count() == 2


def test_sheet_declared_meanwhile_refuses_with_the_reason_and_keeps_the_text(page: object, world: World) -> None:
    fill_in(page)
    asker(world, Role.CADRE).send(op("declare"))
    save(page)
    page.wait_for_selector(".state-declared", state="attached")
    page.wait_for_selector("#entry :text('本月已经申报，等待乡镇审核')")
    assert page.locator("#entry-save").is_hidden()
    page.keyboard.press("Escape")
    asker(world, Role.CADRE).send(op("undeclare", reason="漏了一条"))
    page.reload()
    page.wait_for_selector(".state-open")
    open_lamp(page, FIRST, "illegal_building")
    assert page.locator("#entry-note").input_value() == "棚子占了公路边"
    assert page.get_by_text("这是上次没有存的内容").is_visible()


def test_numbers_that_moved_stop_the_signature_and_show_the_new_ones(page: object, world: World) -> None:
    page.click("#sheet-sign")
    asker(world, Role.GROUP_LEADER).send(add(FIRST))
    page.click("#sign-go")
    page.wait_for_selector("#sign-said :text('台账刚刚有人改过')")
    page.wait_for_selector("#sign-words :text('其余 7 户六项为零')")
    page.click("#sign-go")
    page.wait_for_selector(".state-declared")
    assert Declaration.objects.get().exceptions == 1


def test_withdrawal_raced_by_another_is_told_on_the_entry(page: object, world: World) -> None:
    number = asker(world, Role.CADRE).record(FIRST)
    page.reload()
    open_lamp(page, FIRST, "illegal_building")
    page.get_by_role("button", name="撤回").click()
    page.locator("#entry").get_by_label("撤回的原因").fill("记错了")
    asker(world, Role.CADRE).send(withdraw(number, "另一台手机上撤回"))
    page.get_by_role("button", name="确认撤回").click()
    page.wait_for_selector("text=撤回过 1 条")
    assert lamp(page, FIRST, "illegal_building").get_attribute("aria-label").endswith("还没有申报")
    assert ScoreEvent.objects.get().withdraw_reason == "另一台手机上撤回"


def test_draft_is_kept_when_the_dialog_is_closed_and_gone_once_saved(page: object) -> None:
    fill_in(page)
    page.keyboard.press("Escape")
    open_lamp(page, FIRST, "illegal_building")
    assert page.locator("#entry-note").input_value() == "棚子占了公路边"
    assert page.locator("#entry input[name=clause]:checked").input_value() == "WJ02"
    save(page)
    page.wait_for_selector("#entry:not([open])", state="attached")
    open_lamp(page, FIRST, "illegal_building")
    assert page.locator("#entry-note").input_value() == ""


def test_refusal_that_comes_after_the_dialog_was_closed_waits_in_the_list(page: object, world: World) -> None:
    cut(page)
    record(page, FIRST, "illegal_building", "搭棚、砌墙")
    asker(world, Role.CADRE).send(op("declare"))
    page.unroute_all(behavior="wait")
    page.click("#sheet-retry")
    page.wait_for_selector(".sheet-line-locked")
    says(page, "台账已锁定，没有保存：本月已经申报", LINES)
    reads(page, "#sheet-saved", "1 条没有保存，请看名单里的原因")
    page.get_by_role("button", name="不要了").click()
    page.wait_for_selector(".sheet-line-locked", state="detached")


def test_sheet_that_cannot_be_read_offers_to_try_again_and_does_so_by_itself(
    world: World, browser_page: Callable
) -> None:
    page = browser_page(360)
    page.route(f"**/api/v1/sheets/{MONTH}/**", lambda route: route.abort())
    come(page, world, Role.CADRE)
    page.wait_for_selector("#sheet-loading :text('没有读到台账：没有信号。')")
    assert page.get_by_role("button", name="再试一次").is_visible()
    page.unroute_all(behavior="wait")
    page.wait_for_selector("#sheet-list .sheet-group")


def test_page_left_alone_for_long_reads_again_when_it_is_looked_at(page: object, world: World) -> None:
    page.evaluate("""() => {
      const later = Date.now() + 600000;
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      Object.defineProperty(document, "hidden", { value: false, configurable: true });
      Date.now = () => later;
    }""")
    asker(world, Role.GROUP_LEADER).record(SECOND)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("text=登记了李四光的零违建")
    reads(page, "#sheet-count", "已登记 1 条例外 · 其余 7 户六项为零")
