"""Two journeys through the shop: a villager reserves on a phone, a supervisor reconciles; and every page at two widths."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from households.roles import Role
from rewards.models import Redemption
from rewards.pictures.pictures import keep
from rewards.states import RedemptionState
from tests.browsing import enter, faults, says
from tests.plates import own_plate
from tests.rewards.pictures import photographs
from tests.rewards.shop_world import ShopWorld, build_shop, standing
from tests.world import VILLAGE, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., object]
PAGES = ("shop", "shop-settings", "shop-items", "shop-item-new", "shop-purchases", "shop-stocktakes")
MORE_PAGES = ("shop-redemptions", "shop-reconciliation", "shop-counter")


@pytest.fixture
def shop(live_site: str) -> ShopWorld:
    return build_shop(build())


def test_villager_reserves_and_cancels_on_a_phone(shop: ShopWorld, browser_page: Open, artefacts: object) -> None:
    plate, pin = own_plate(shop.rich)
    page = browser_page(360, java_script_enabled=True)
    page.goto(reverse("plate", args=[plate.token]))
    page.fill("input[name=pin]", pin)
    page.click("main button")
    page.click("text=到积分超市看看能兑什么")
    assert faults(page) == []
    page.screenshot(path=artefacts / "shop-shelf-360.jpg", full_page=True)
    page.click("text=洗衣液")
    page.check("input[name=quantity][value='2']")
    assert faults(page) == []
    page.click("main button:has-text('预订')")
    says(page, "预订好了：洗衣液 2 瓶")
    assert standing(shop.rich) == (100, 40, 0)
    page.click("text=不要了，退回积分")
    says(page, "40 积分退回来了")
    assert faults(page) == []
    assert standing(shop.rich) == (100, 0, 0)


def test_villager_needs_no_script(shop: ShopWorld, browser_page: Open) -> None:
    plate, pin = own_plate(shop.rich)
    page = browser_page(360, java_script_enabled=False)
    page.goto(reverse("plate", args=[plate.token]))
    page.fill("input[name=pin]", pin)
    page.click("main button")
    says(page, "张*家")
    page.goto(reverse("plate-shop-item", args=[plate.token, shop.rice.pk]))
    page.click("main button:has-text('预订')")
    page.wait_for_url("**/shop/mine/")
    assert Redemption.objects.get().state == RedemptionState.RESERVED


def test_supervisor_reconciles_and_witnesses(shop: ShopWorld, browser_page: Open, artefacts: object) -> None:
    shop.hand_over(shop.reserve(quantity=2))
    cadre, supervisor = browser_page(360), browser_page(1280)
    enter(cadre, shop.world, Role.CADRE)
    cadre.goto(reverse("shop-stocktakes", args=[VILLAGE]))
    cadre.click("text=开始盘点")
    cadre.fill(f"#id_counted-{shop.soap.pk}", "7")
    cadre.fill(f"#id_reason-{shop.soap.pk}", "摔破一瓶")
    cadre.fill(f"#id_counted-{shop.rice.pk}", "4")
    cadre.screenshot(path=artefacts / "stocktake-360.jpg", full_page=True)
    cadre.once("dialog", lambda dialog: dialog.accept())
    cadre.click("text=点完了，签名")
    cadre.wait_for_selector("text=已签名")
    enter(supervisor, shop.world, Role.SUPERVISOR)
    supervisor.goto(reverse("shop", args=[VILLAGE]))
    supervisor.click("text=打开盘点表")
    assert faults(supervisor) == []
    supervisor.once("dialog", lambda dialog: dialog.accept())
    supervisor.click("text=核对无误，签名")
    supervisor.wait_for_selector("text=盘点差异已入账")
    supervisor.click("nav.shop-tabs >> text=对账")
    supervisor.wait_for_selector("text=库存、积分和发放记录对得上")
    assert "−1" in supervisor.inner_text("table")
    assert faults(supervisor) == []
    supervisor.screenshot(path=artefacts / "reconciliation-1280.jpg", full_page=True)
    assert shop.soap_is() == (7, 0)


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_keeps_to_the_rules(shop: ShopWorld, browser_page: Open, artefacts: object, width: int) -> None:
    shop.soap.picture = keep(photographs.photo(), by=shop.cadre)
    shop.soap.save(update_fields=["picture"])
    shop.hand_over(shop.reserve())
    shop.reserve(item=shop.rice)
    shop.offline(shop.offline_op())
    page = browser_page(width)
    enter(page, shop.world, Role.CADRE)
    for name in (*PAGES, *MORE_PAGES):
        page.goto(reverse(name, args=[VILLAGE]))
        assert faults(page) == [], name
        page.screenshot(path=artefacts / f"{name}-{width}.jpg", full_page=True)
    enter(page, shop.world, Role.COUNTY_OFFICE)
    page.goto(reverse("shops"))
    assert faults(page) == []
    page.screenshot(path=artefacts / f"shops-{width}.jpg", full_page=True)
