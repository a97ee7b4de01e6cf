"""The shop's settings and its catalogue."""

from datetime import date

import pytest

from households.models import AuditEvent
from households.roles import Role
from rewards.models import Item, Shop
from rewards.shop.actions.catalogue import Goods, ShopTerms, add_item, change_item, retire_item, settle_shop
from tests.audit_failure import audit_down
from tests.refusals import refusal
from tests.rewards.shop_world import EVERY_DAY, ShopWorld, standing
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db
SOAP = Goods(name="洗衣液", unit="瓶", points=20)


def test_shop_is_opened_with_its_terms(world: World) -> None:
    terms = ShopTerms(weekdays=[5, 1, 1], dates=[date(2026, 10, 1)], household_month_points=60)
    settle_shop(village=world.village, terms=terms, by=world.user(Role.CADRE))
    made = Shop.objects.get(pk=VILLAGE)
    assert (made.weekdays, made.dates, made.household_month_points) == ([1, 5], [date(2026, 10, 1)], 60)
    assert AuditEvent.objects.get(action="shop.open").place == VILLAGE


def test_settings_are_changed_and_the_log_says_which(shop: ShopWorld) -> None:
    shop.settle(reservation_days=3)
    assert Shop.objects.get().reservation_days == 3
    assert AuditEvent.objects.get(action="shop.change").detail == {"changed": "预订保留天数"}


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"weekdays": [0]}, "weekdays_unknown"),
        ({"weekdays": [8]}, "weekdays_unknown"),
        ({"reservation_days": 0}, "reservation_days_out_of_range"),
        ({"reservation_days": 61}, "reservation_days_out_of_range"),
        ({"household_month_points": 0}, "household_month_points_out_of_range"),
        ({"offline_points": 101}, "offline_points_out_of_range"),
        ({"offline_household_points": -1}, "offline_household_points_out_of_range"),
        (
            {"dates": [date(2026, 1, n + 1) if n < 31 else date(2026, 3, n - 30) for n in range(61)]},
            "dates_out_of_range",
        ),
    ],
)
def test_settings_out_of_range_are_refused(world: World, terms: dict, code: str) -> None:
    given = ShopTerms(**terms)
    assert refusal(lambda: settle_shop(village=world.village, terms=given, by=world.user(Role.CADRE))).code == code
    assert not Shop.objects.exists()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.GROUP_LEADER, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_only_the_cadre_runs_the_shop(world: World, role: str) -> None:
    by = world.user(role)
    assert refusal(lambda: settle_shop(village=world.village, terms=ShopTerms(), by=by)).status == 403
    assert not Shop.objects.exists()


def test_operator_opens_a_shop_by_command(world: World) -> None:
    assert settle_shop(village=world.village, terms=ShopTerms(weekdays=EVERY_DAY), by=None).pk == VILLAGE


def test_item_is_added_without_stock(shop: ShopWorld) -> None:
    item = add_item(shop=shop.shop, goods=Goods(name=" 毛巾 ", unit="条", points=8), by=shop.cadre)
    assert (item.name, item.on_hand, item.reserved, item.free) == ("毛巾", 0, 0, 0)


def test_item_of_a_known_name_is_refused(shop: ShopWorld) -> None:
    refused = refusal(lambda: add_item(shop=shop.shop, goods=SOAP, by=shop.cadre))
    assert (refused.code, refused.fields) == ("item_known", {"name": "已有"})


def test_item_cannot_take_anothers_name(shop: ShopWorld) -> None:
    refused = refusal(lambda: change_item(item=shop.rice, goods=SOAP, by=shop.cadre))
    assert refused.code == "item_known"


@pytest.mark.parametrize(
    ("goods", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 31}, "name"),
        ({"unit": ""}, "unit"),
        ({"points": 0}, "points"),
        ({"cost_fen": -1}, "cost_fen"),
        ({"household_month_limit": 0}, "household_month_limit"),
        ({"low_stock": -1}, "low_stock"),
        ({"description": "长" * 201}, "description"),
    ],
)
def test_goods_out_of_range_are_refused(shop: ShopWorld, goods: dict, field: str) -> None:
    given = Goods(**{"name": "毛巾", "unit": "条", "points": 8, **goods})
    assert set(refusal(lambda: add_item(shop=shop.shop, goods=given, by=shop.cadre)).fields) == {field}
    assert Item.objects.count() == 2


def test_price_changes_leave_reservations_alone(shop: ShopWorld) -> None:
    reserved = shop.reserve()
    changed = change_item(item=shop.soap, goods=Goods(name="洗衣液", unit="瓶", points=25), by=shop.cadre)
    shop.hand_over(reserved)
    assert (changed.points, standing(shop.rich)) == (25, (80, 0, 0))
    assert AuditEvent.objects.get(action="item.change").detail["changed"] == "所需积分、进价（分）、低库存提醒"


def test_item_with_nothing_left_is_retired(shop: ShopWorld) -> None:
    towel = add_item(shop=shop.shop, goods=Goods(name="毛巾", unit="条", points=8), by=shop.cadre)
    gone = retire_item(item=towel, reason="不再进货", by=shop.cadre)
    assert gone.retired_at
    assert gone.on_sale is False
    assert add_item(shop=shop.shop, goods=Goods(name="毛巾", unit="条", points=9), by=shop.cadre).pk != towel.pk


def test_item_in_stock_is_not_retired(shop: ShopWorld) -> None:
    refused = refusal(lambda: retire_item(item=shop.soap, reason="不卖了", by=shop.cadre))
    assert (refused.code, "10瓶" in refused.reason) == ("item_in_stock", True)


def test_item_reserved_is_not_retired(shop: ShopWorld) -> None:
    shop.reserve()
    assert refusal(lambda: retire_item(item=shop.soap, reason="不卖了", by=shop.cadre)).code == "item_reserved"


def test_retired_item_is_neither_changed_nor_retired_again(shop: ShopWorld) -> None:
    towel = add_item(shop=shop.shop, goods=Goods(name="毛巾", unit="条", points=8), by=shop.cadre)
    retire_item(item=towel, reason="不再进货", by=shop.cadre)
    assert refusal(lambda: change_item(item=towel, goods=SOAP, by=shop.cadre)).code == "item_retired"
    assert refusal(lambda: retire_item(item=towel, reason="再来", by=shop.cadre)).code == "item_retired"
    assert refusal(lambda: shop.buy(towel, 5)).code == "item_retired"


def test_stranger_changes_nothing(shop: ShopWorld) -> None:
    stranger = shop.world.stranger(Role.CADRE)
    for act in (
        lambda: add_item(shop=shop.shop, goods=Goods(name="毛巾", unit="条", points=8), by=stranger),
        lambda: change_item(item=shop.soap, goods=SOAP, by=stranger),
        lambda: retire_item(item=shop.soap, reason="不卖了", by=stranger),
    ):
        assert refusal(act).code == "not_yours"


def test_low_stock_alarm_stands_from_the_threshold_on(shop: ShopWorld) -> None:
    alarms = []
    for _ in range(4):
        shop.soap.refresh_from_db()
        alarms.append((shop.soap.is_low, shop.soap in Item.objects.low()))
        shop.reserve(household=shop.rich, quantity=1)
        Item.objects.filter(pk=shop.soap.pk).update(on_hand=4)
    assert alarms == [(False, False), (False, False), (True, True), (True, True)]


def test_item_without_a_threshold_never_alarms(shop: ShopWorld) -> None:
    Item.objects.filter(pk=shop.rice.pk).update(on_hand=0)
    shop.rice.refresh_from_db()
    assert (shop.rice.is_low, shop.rice in Item.objects.low()) == (False, False)


@pytest.mark.parametrize("act", ["settle", "add", "change", "retire"])
def test_forced_audit_failure_changes_nothing(shop: ShopWorld, act: str) -> None:
    towel = add_item(shop=shop.shop, goods=Goods(name="毛巾", unit="条", points=8), by=shop.cadre)
    before = (list(Item.objects.values()), list(Shop.objects.values()))
    acts = {
        "settle": lambda: shop.settle(reservation_days=3),
        "add": lambda: add_item(shop=shop.shop, goods=Goods(name="盆", unit="个", points=8), by=shop.cadre),
        "change": lambda: change_item(item=towel, goods=Goods(name="毛巾", unit="条", points=9), by=shop.cadre),
        "retire": lambda: retire_item(item=towel, reason="不再进货", by=shop.cadre),
    }

    with audit_down():
        acts[act]()
    assert (list(Item.objects.values()), list(Shop.objects.values())) == before
