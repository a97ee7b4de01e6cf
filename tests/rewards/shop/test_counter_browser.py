"""The counter in a browser: with a line, without one, with a line that breaks, on two phones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from households.files.qr import address, png
from rewards.models import Redemption
from tests.browsing import faults, not_stored, says
from tests.camera import camera_browser, filmed, page_of
from tests.plates import own_plate
from tests.rewards.shop.counter_browser import Counter
from tests.rewards.shop_world import ShopWorld, build_shop, standing
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., object]
LOST = "api/v1/redemptions/**"


@pytest.fixture
def shop(live_site: str) -> ShopWorld:
    return build_shop(build())


def given() -> list[tuple[str, str, int]]:
    """Channel, state and points of everything in the books."""
    return list(Redemption.objects.order_by("id").values_list("channel", "state", "points"))


def lose_answers(page: object, address_part: str) -> list[str]:
    """From now on requests arrive at the server and their answers are lost; returns the addresses as they come."""
    lost: list[str] = []

    def lose(route: object) -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route(address_part, lose)
    return lost


def test_plate_is_read_by_the_camera_without_a_line(
    shop: ShopWorld, _chromium: Any, live_site: str, tmp_path: Path, artefacts: Path
) -> None:
    """By our own reader, which is stored with the page: no browser has to bring one."""
    film, plate = tmp_path / "counter.y4m", own_plate(shop.rich)[0]
    filmed(film, [png("http://example.org/"), png(address("x" * 22))])
    with camera_browser(_chromium, film) as browser, page_of(browser, live_site) as page:
        page.add_init_script("delete window.BarcodeDetector")
        counter = Counter(page, shop)
        counter.offline()
        page.click("#scan")
        says(page, "这不是户牌上的码", "#camera")
        says(page, "没有找到这块户牌", "#camera")
        assert faults(page) == []
        page.screenshot(path=artefacts / "counter-camera-360.jpg", full_page=True)
        page.click("text=收起摄像头")
        filmed(film, [png(address(plate.token))])
        page.click("#scan")
        says(page, "张", "#household-name")
        page.wait_for_selector("#camera", state="hidden")


def test_cadre_hands_over_by_scan_and_pin(shop: ShopWorld, browser_page: Open) -> None:
    plate, pin = own_plate(shop.rich)
    shop.reserve()
    counter = Counter(browser_page(360), shop)
    counter.page.fill("#words", address(plate.token))  # a scanner gun types the address and presses Enter
    counter.page.wait_for_selector("#basket:not([hidden])")
    counter.page.wait_for_selector("#household-name:text-is('张三丰家')")
    counter.add(shop.rice)
    assert faults(counter.page) == []
    counter.page.locator("label:has(#way-pin)").click()
    counter.page.fill("#pin", pin)
    assert "已上传" in counter.give()
    assert given() == [("page", "handed_over", 20), ("counter", "handed_over", 30)]
    assert set(Redemption.objects.values_list("proof", flat=True)) == {"pin"}
    assert standing(shop.rich) == (50, 0, 0)


def test_wrong_pin_is_told_and_gives_nothing(shop: ShopWorld, browser_page: Open) -> None:
    _plate, pin = own_plate(shop.rich)
    shop.reserve()
    counter = Counter(browser_page(360), shop, shop.rich.code)
    counter.page.locator("label:has(#way-pin)").click()
    counter.page.fill("#pin", "000000" if pin != "000000" else "111111")
    assert "还可以试 4 次" in counter.give(done=False)
    counter.page.fill("#pin", pin)
    counter.give()
    assert given() == [("page", "handed_over", 20)]


def test_proxy_and_delivery_are_recorded(shop: ShopWorld, browser_page: Open) -> None:
    shop.reserve()
    counter = Counter(browser_page(360), shop, shop.rich.code)
    counter.page.click("#proxy summary")
    counter.sign()
    assert "代领人的姓名" in counter.give(done=False)
    counter.page.fill("#collected-by", "王小五")
    counter.page.fill("#relation", "邻居")
    counter.page.check("#to-home")
    counter.give()
    kept = Redemption.objects.get()
    assert (kept.collected_by, kept.relation, kept.delivered_to_home, kept.proof) == (
        "王小五",
        "邻居",
        True,
        "signature",
    )


def test_line_dies_and_comes_back_exactly_once(shop: ShopWorld, browser_page: Open, artefacts: object) -> None:
    counter = Counter(browser_page(360), shop)
    counter.offline()
    counter.find("zsf")
    assert counter.page.inner_text("#household-name") == "张*家"
    assert counter.page.is_disabled("#way-pin")
    counter.add(shop.soap, 2)
    counter.sign()
    assert "已保存在本机" in counter.give()
    counter.page.screenshot(path=artefacts / "counter-offline-360.jpg", full_page=True)
    assert faults(counter.page) == []
    counter.open()  # a reload without a line: the page comes from the phone itself
    assert counter.lines() == ["已保存在本机"]
    assert given() == []
    counter.offline(False)
    counter.wait_for("sent")
    assert given() == [("offline", "handed_over", 40)]
    assert standing(shop.rich) == (60, 0, 0)


def test_everything_the_counter_is_made_of_is_stored(shop: ShopWorld, browser_page: Open) -> None:
    assert not_stored(Counter(browser_page(360), shop).page, "counter-1") == []


def test_reservation_is_handed_over_without_a_line(shop: ShopWorld, browser_page: Open) -> None:
    shop.reserve()
    counter = Counter(browser_page(360), shop)
    counter.offline()
    counter.find("zsf")
    counter.sign()
    counter.give()
    counter.page.click("#next")
    counter.find("zsf")
    assert counter.page.is_hidden("#reserved-part")  # not twice
    counter.offline(False)
    counter.wait_for("sent")
    assert given() == [("page", "voided", 20), ("offline", "handed_over", 20)]


def test_limit_of_a_dead_line_is_kept(shop: ShopWorld, browser_page: Open) -> None:
    counter = Counter(browser_page(360), shop)
    counter.offline()
    counter.find("zsf")
    counter.add(shop.soap, 3)
    counter.sign()
    assert "没有网络时一次最多发 50 积分" in counter.give(done=False)
    assert counter.lines() == []


def test_answer_lost_and_tab_killed_records_once(shop: ShopWorld, browser_page: Open) -> None:
    counter = Counter(browser_page(360), shop)
    counter.offline()
    counter.find("zsf")
    counter.add(shop.soap)
    counter.sign()
    counter.give()
    lost = lose_answers(counter.page, "**/redemptions/offline/")
    counter.page.context.set_offline(False)
    counter.page.wait_for_function("() => document.querySelector('#state .mark-off, #state .mark-on')")
    counter.page.wait_for_event("requestfailed", lambda request: "offline" in request.url) if not lost else None
    assert given() == [("offline", "handed_over", 20)]  # it arrived, the phone does not know
    context = counter.page.context
    counter.page.close()
    counter.page = context.new_page()
    counter.open()
    counter.wait_for("sent")
    assert given() == [("offline", "handed_over", 20)]


def test_signed_hand_over_with_a_lost_answer_is_one_hand_over(shop: ShopWorld, browser_page: Open) -> None:
    shop.reserve()
    counter = Counter(browser_page(360), shop, shop.rich.code)
    lose_answers(counter.page, "**/hand-over/")
    counter.sign()
    assert "已保存在本机" in counter.give()
    counter.page.unroute("**/hand-over/")
    counter.page.click("#retry")
    counter.wait_for("sent")
    assert given() == [("page", "handed_over", 20)]
    assert Redemption.objects.get().flags == []


def test_two_phones_without_a_line_both_tell_what_happened(shop: ShopWorld, browser_page: Open) -> None:
    """Goods left the shelf twice: both are in the books, both flagged for the supervisor."""
    shop.reserve()
    phones = [Counter(browser_page(360), shop) for _ in range(2)]
    for phone in phones:
        phone.offline()
        phone.find("zsf")
        phone.sign()
        phone.give()
    for phone in phones:
        phone.offline(False)
        phone.wait_for("sent")
    assert given() == [("page", "voided", 20), ("offline", "handed_over", 20), ("offline", "handed_over", 20)]
    assert Redemption.objects.flagged().count() == 2
    assert shop.soap_is() == (8, 0) and standing(shop.rich) == (60, 0, 0)


def test_reservation_handed_over_elsewhere_meanwhile_is_a_trouble(shop: ShopWorld, browser_page: Open) -> None:
    redemption = shop.reserve()
    counter = Counter(browser_page(360), shop)
    counter.offline()
    counter.find("zsf")
    counter.sign()
    counter.give()
    shop.hand_over(redemption)
    counter.page.context.set_offline(False)
    counter.wait_for("trouble")
    assert "不能再发放" in counter.page.inner_text("#log")
    assert given() == [("page", "handed_over", 20)]
    counter.page.click("text=知道了，不再送")
    counter.page.wait_for_selector("text=再送一次", state="detached")
    assert counter.lines() == ["有问题"]  # it stays in sight


def test_signed_out_counter_keeps_its_records(shop: ShopWorld, browser_page: Open) -> None:
    counter = Counter(browser_page(360), shop)
    counter.offline()
    counter.find("zsf")
    counter.add(shop.soap)
    counter.sign()
    counter.give()
    cookies = counter.page.context.cookies()
    counter.page.context.clear_cookies()
    counter.page.context.set_offline(False)
    counter.page.wait_for_selector("#state .mark-out")
    assert counter.page.is_visible("#sign-in") and counter.lines() == ["已保存在本机"]
    counter.page.context.add_cookies(cookies)
    counter.page.click("#retry")
    counter.wait_for("sent")
    assert given() == [("offline", "handed_over", 20)]
