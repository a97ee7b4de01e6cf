"""Reserving: goods and points held in one transaction, and every reason why not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from households.models import AuditEvent, Household
from households.roles import Role
from rewards.models import Item, Redemption, RedemptionChannel
from rewards.shop.actions import redemptions
from rewards.shop.actions.catalogue import Goods, change_item
from rewards.states import RedemptionState
from tests.audit_failure import audit_down
from tests.refusals import refusal
from tests.rewards.shop_world import ShopWorld, give, standing
from tests.world import SISTER

pytestmark = pytest.mark.django_db


def nothing_happened(shop: ShopWorld) -> bool:
    return not Redemption.objects.exists() and shop.soap_is() == (10, 0) and standing(shop.rich) == (100, 0, 0)


def test_reservation_holds_goods_and_points(shop: ShopWorld) -> None:
    redemption = shop.reserve(quantity=2)
    assert (redemption.state, redemption.points, redemption.channel) == (
        RedemptionState.RESERVED,
        40,
        RedemptionChannel.PAGE,
    )
    assert shop.soap_is() == (10, 2)
    assert standing(shop.rich) == (100, 40, 0)


def test_reservation_by_the_household_is_audited_as_a_villagers(shop: ShopWorld) -> None:
    redemption = shop.reserve()
    line = AuditEvent.objects.get(action="redemption.reserve")
    assert (line.actor, line.role, line.place) == ("villager", "villager", shop.rich.code)
    assert line.detail == {"item": "洗衣液", "quantity": 1, "points": 20}
    assert line.subject == str(redemption.pk)


def test_reservation_at_the_counter_names_the_cadre(shop: ShopWorld) -> None:
    redemption = shop.reserve(by=shop.cadre)
    assert (redemption.channel, redemption.reserved_by) == (RedemptionChannel.COUNTER, shop.cadre)
    assert AuditEvent.objects.get(action="redemption.reserve").actor == shop.cadre.username


def test_reservation_stays_until_the_midnight_after_its_last_day(shop: ShopWorld) -> None:
    shop.settle(reservation_days=3)
    ends = timezone.localtime(shop.reserve().expires_at)
    assert ends.date() == timezone.localdate() + timedelta(days=4)
    assert (ends.hour, ends.minute) == (0, 0)


def test_same_id_again_reserves_nothing_twice(shop: ShopWorld) -> None:
    op_id = uuid4()
    first, second = shop.reserve(op_id=op_id), shop.reserve(op_id=op_id)
    assert first.pk == second.pk
    assert shop.soap_is() == (10, 1)
    assert standing(shop.rich) == (100, 20, 0)


def test_failed_id_stays_failed_when_points_have_come(shop: ShopWorld) -> None:
    op_id = uuid4()
    codes = []
    for _ in range(2):
        refused = refusal(lambda: shop.reserve(shop.poor, op_id=op_id))
        codes.append((refused.code, refused.status, refused.fields))
        give(shop.poor, 50)
    assert codes[0] == codes[1]
    assert codes[0][:2] == ("not_enough_points", 409)
    assert not Redemption.objects.exists()


def test_too_few_points_are_refused_by_name(shop: ShopWorld) -> None:
    refused = refusal(lambda: shop.reserve(shop.poor))
    assert (refused.code, refused.status, refused.fields) == ("not_enough_points", 409, {"balance": "15"})
    assert "15" in refused.reason
    assert shop.soap_is() == (10, 0)
    assert standing(shop.poor) == (15, 0, 0)


def test_points_held_for_one_thing_do_not_buy_another(shop: ShopWorld) -> None:
    shop.reserve(quantity=4)
    assert refusal(lambda: shop.reserve(item=shop.rice)).code == "not_enough_points"
    assert standing(shop.rich) == (100, 80, 0)


def test_too_little_stock_is_refused_with_what_is_left(shop: ShopWorld) -> None:
    shop.reserve(quantity=3)
    Item.objects.filter(pk=shop.soap.pk).update(points=1)
    refused = refusal(lambda: shop.reserve(quantity=8))
    assert (refused.code, refused.status, refused.fields) == ("not_enough_stock", 409, {"stock": "7"})
    assert refused.sentence == "洗衣液只剩 7瓶可以兑换。请把数量改成 7 以内。"


def test_sold_out_names_the_way_out(shop: ShopWorld) -> None:
    Item.objects.filter(pk=shop.soap.pk).update(on_hand=0)
    refused = refusal(shop.reserve)
    assert refused.sentence == "洗衣液已经兑完了。可以换别的物品，或等下次进货。"


@pytest.mark.parametrize("quantity", [0, -1, 101])
def test_quantity_out_of_range_is_refused(shop: ShopWorld, quantity: int) -> None:
    assert refusal(lambda: shop.reserve(quantity=quantity)).code == "quantity_out_of_range"
    assert nothing_happened(shop)


def test_closed_shop_takes_no_reservation(shop: ShopWorld) -> None:
    shop.settle(is_open=False)
    assert refusal(shop.reserve).code == "shop_closed"
    assert nothing_happened(shop)


def test_shop_takes_reservations_on_days_it_is_not_open(shop: ShopWorld) -> None:
    shop.settle(weekdays=[timezone.localdate().isoweekday() % 7 + 1])
    assert shop.reserve().state == RedemptionState.RESERVED


def test_item_off_sale_is_refused(shop: ShopWorld) -> None:
    change_item(item=shop.soap, goods=Goods(name="洗衣液", unit="瓶", points=20, on_sale=False), by=shop.cadre)
    refused = refusal(shop.reserve)
    assert (refused.code, refused.fields) == ("item_not_offered", {"item": "没有上架"})
    assert nothing_happened(shop)


def test_household_of_the_next_village_is_refused(shop: ShopWorld) -> None:
    neighbour = Household.objects.filter(code__startswith=SISTER).first()
    assert refusal(lambda: shop.reserve(neighbour)).code == "household_elsewhere"


def test_household_off_the_register_is_refused(shop: ShopWorld) -> None:
    shop.rich.valid_to = timezone.localdate()
    shop.rich.save(update_fields=["valid_to"])
    assert refusal(shop.reserve).code == "household_ended"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.GROUP_LEADER, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_only_the_cadre_reserves_at_the_counter(shop: ShopWorld, role: str) -> None:
    refused = refusal(lambda: shop.reserve(by=shop.world.user(role)))
    assert (refused.code, refused.status) == ("not_yours", 403)
    assert nothing_happened(shop)


def test_cadre_of_another_village_is_refused(shop: ShopWorld) -> None:
    assert refusal(lambda: shop.reserve(by=shop.world.stranger(Role.CADRE))).code == "not_yours"


def test_price_that_changed_while_reading_is_told(shop: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def dearer(item: Item) -> None:
        Item.objects.filter(pk=item.pk).update(points=25)

    monkeypatch.setattr(redemptions, "_check_offered", dearer)
    refused = refusal(shop.reserve)
    assert (refused.code, refused.status) == ("price_changed", 409)
    assert standing(shop.rich) == (100, 0, 0)


def test_forced_audit_failure_leaves_nothing(shop: ShopWorld) -> None:
    with audit_down():
        shop.reserve()
    assert nothing_happened(shop)


# Limits of a month


def limited(shop: ShopWorld, limit: int) -> None:
    goods = Goods(name="洗衣液", unit="瓶", points=20, household_month_limit=limit)
    shop.soap = change_item(item=shop.soap, goods=goods, by=shop.cadre)


def test_item_limit_counts_what_the_household_had_this_month(shop: ShopWorld) -> None:
    limited(shop, 3)
    shop.reserve(quantity=2)
    refused = refusal(lambda: shop.reserve(quantity=2))
    assert (refused.code, refused.status) == ("over_item_limit", 409)
    assert refused.sentence == "洗衣液每户每月最多兑换 3瓶，您家本月已有 2瓶。最多还可以换 1瓶。"
    assert shop.reserve(quantity=1).pk


def test_item_limit_forgets_what_was_given_up(shop: ShopWorld) -> None:
    limited(shop, 2)
    shop.void(shop.reserve(quantity=2))
    shop.reverse(shop.hand_over(shop.reserve(quantity=2)))
    assert shop.reserve(quantity=2).state == RedemptionState.RESERVED


def test_item_limit_is_of_each_household(shop: ShopWorld) -> None:
    limited(shop, 1)
    shop.reserve()
    give(shop.poor, 50)
    assert shop.reserve(shop.poor).pk


def test_points_limit_counts_all_items(shop: ShopWorld) -> None:
    shop.settle(household_month_points=50)
    shop.reserve(item=shop.rice)
    refused = refusal(lambda: shop.reserve(quantity=2))
    assert refused.code == "over_points_limit"
    assert "可以换 20 积分以内的物品" in refused.hint
    assert shop.reserve(quantity=1).pk


def test_limit_reached_says_next_month(shop: ShopWorld) -> None:
    limited(shop, 1)
    shop.reserve()
    assert refusal(shop.reserve).hint == "可以换别的物品，或下个月再来。"
