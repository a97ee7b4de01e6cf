"""Stock, points and signatures of a month: what agrees, and each kind of difference by its name."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from households.months import month_of, previous_month
from rewards.models import Item, Redemption, StockMove
from rewards.shop.actions.stocktakes import Count, enter_counts, open_stocktake, sign_stocktake, witness_stocktake
from rewards.shop.reconciliation import ItemLine, Reconciliation, number_of, reconcile
from tests.rewards.shop_world import ShopWorld

pytestmark = pytest.mark.django_db


def this_month() -> str:
    return month_of(timezone.localdate())


def report(shop: ShopWorld, month: str = "") -> Reconciliation:
    return reconcile(shop.shop, month or this_month())


def soap(shop: ShopWorld) -> ItemLine:
    return next(line for line in report(shop).items if line.item == shop.soap)


def in_secret(sql: str, *params: object) -> None:
    """A change that no action makes: somebody at the database, with the triggers asleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def told(shop: ShopWorld) -> list[tuple[str, str, str]]:
    return [(one.where, one.expected, one.found) for one in report(shop).differences]


def test_ordinary_month_agrees(shop: ShopWorld) -> None:
    shop.hand_over(shop.reserve(quantity=2))
    shop.void(shop.reserve())
    found = report(shop)
    assert (found.agrees, found.points_due, found.points_booked) == (True, 40, 40)
    assert (found.by_signature, found.by_pin, found.unproven, found.flagged) == (1, 0, [], [])


def test_units_of_an_item_add_up(shop: ShopWorld) -> None:
    shop.hand_over(shop.reserve(quantity=2))
    shop.reverse(shop.hand_over(shop.reserve()))
    line = soap(shop)
    assert (line.opening, line.purchased, line.handed_over, line.returned, line.closing) == (0, 10, 3, 1, 8)
    assert (line.purchased_fen, line.handed_over_fen) == (8500, 2550)


def test_what_is_only_reserved_is_not_in_it(shop: ShopWorld) -> None:
    shop.reserve()
    assert (report(shop).handed_over, report(shop).points_due, soap(shop).closing) == ([], 0, 10)


def test_reversal_is_shown_and_taken_off(shop: ShopWorld) -> None:
    back = shop.reverse(shop.hand_over(shop.reserve()))
    found = report(shop)
    assert ([one.pk for one in found.reversed], found.points_due, found.points_booked) == ([back.pk], 0, 0)
    assert found.reversed[0].reason == "瓶子漏了"
    assert found.agrees


def test_stocktakes_difference_has_its_column(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    counts = {shop.soap.pk: Count(8, "破损"), shop.rice.pk: Count(4)}
    enter_counts(stocktake=stocktake, counts=counts, by=shop.cadre)
    witness_stocktake(stocktake=sign_stocktake(stocktake=stocktake, by=shop.cadre), by=shop.supervisor)
    assert (soap(shop).variance, soap(shop).closing, report(shop).agrees) == (-2, 8, True)


def test_offline_hand_overs_are_flagged_and_agree(shop: ShopWorld) -> None:
    shop.offline(shop.offline_op(household=shop.poor, signature=b""), shop.offline_op(12))
    found = report(shop)
    assert (len(found.flagged), len(found.unproven), found.agrees) == (2, 1, True)
    assert (soap(shop).found, soap(shop).closing) == (3, 0)
    assert found.points_due == found.points_booked == 260


def test_proofs_and_proxies_are_counted(shop: ShopWorld) -> None:
    shop.hand_over(shop.reserve(), pin=shop.pin())
    shop.hand_over(shop.reserve(), collected_by="张小丰", relation="儿子")
    found = report(shop)
    assert (found.by_pin, found.by_signature, found.by_proxy) == (1, 1, 1)


def test_suppliers_are_summed_by_voucher(shop: ShopWorld) -> None:
    shop.buy(shop.soap, 2, 900)
    shop.buy(shop.rice, 1, 2600, supplier="镇粮站", voucher_no="LZ-7")
    lines = [(one.supplier, one.vouchers, one.quantity, one.fen) for one in report(shop).suppliers]
    assert lines == [("县供销社", 1, 16, 8500 + 10000 + 1800), ("镇粮站", 1, 1, 2600)]
    assert report(shop).purchased_fen == 22900


def test_month_before_and_after_are_apart(shop: ShopWorld) -> None:
    last = timezone.localtime().replace(day=1) - timedelta(days=3)
    in_secret("UPDATE rewards_stockmove SET at = %s", last)
    shop.hand_over(shop.reserve())
    earlier, now = report(shop, previous_month(this_month())), report(shop)
    assert [(line.opening, line.purchased, line.closing) for line in earlier.items] == [(0, 4, 4), (0, 10, 10)]
    assert (soap(shop).opening, soap(shop).purchased, soap(shop).closing) == (10, 0, 9)
    assert (earlier.agrees, now.agrees, earlier.handed_over) == (True, True, [])


def test_month_without_anything_is_empty(shop: ShopWorld) -> None:
    empty = report(shop, "2020-01")
    assert (empty.items, empty.suppliers, empty.handed_over, empty.agrees) == ([], [], [], True)


def test_months_begin_at_midnight_in_shanghai(shop: ShopWorld) -> None:
    first = datetime.fromisoformat("2024-06-01T00:00:00+08:00")
    in_secret("UPDATE rewards_stockmove SET at = %s WHERE item_id = %s", first, shop.soap.pk)
    in_secret("UPDATE rewards_stockmove SET at = %s WHERE item_id = %s", first - timedelta(seconds=1), shop.rice.pk)
    assert [line.item.name for line in report(shop, "2024-05").items] == ["大米"]
    june = {line.item.name: (line.opening, line.purchased) for line in report(shop, "2024-06").items}
    assert june == {"洗衣液": (0, 10), "大米": (4, 0)}


def test_neighbours_shop_is_not_in_it(shop: ShopWorld) -> None:
    shop.hand_over(shop.reserve())
    Item.objects.update(shop=shop.shop)
    assert len(report(shop).handed_over) == 1
    other = type(shop.shop)(village=shop.world.sister)
    assert reconcile(other, this_month()).handed_over == []


# Differences


def test_stock_changed_in_secret_is_named(shop: ShopWorld) -> None:
    Item.objects.filter(pk=shop.soap.pk).update(on_hand=7)
    assert told(shop) == [("洗衣液的库存", "10瓶", "7瓶")]


def test_points_that_were_never_taken_are_named(shop: ShopWorld) -> None:
    done = shop.hand_over(shop.reserve())
    in_secret("DELETE FROM scoring_pointentry WHERE source_key = %s", f"spend:{done.ledger_key}")
    assert told(shop) == [(f"第 {done.pk} 笔（洗衣液）的积分", "兑换应扣 20 分", "积分账上 0 分")]


def test_other_points_than_agreed_are_named(shop: ShopWorld) -> None:
    done = shop.hand_over(shop.reserve())
    in_secret("UPDATE scoring_pointentry SET amount = -5, held = -5 WHERE source_key = %s", f"spend:{done.ledger_key}")
    assert told(shop) == [(f"第 {done.pk} 笔（洗衣液）的积分", "兑换应扣 20 分", "积分账上 5 分")]


def test_points_that_were_not_given_back_are_named(shop: ShopWorld) -> None:
    back = shop.reverse(shop.hand_over(shop.reserve()))
    in_secret("DELETE FROM scoring_pointentry WHERE kind = 'reversal'")
    assert told(shop) == [(f"第 {back.pk} 笔（洗衣液）的积分", "退货应退 20 分", "积分账上 0 分")]


def test_other_units_than_agreed_are_named(shop: ShopWorld) -> None:
    done = shop.hand_over(shop.reserve())
    in_secret("UPDATE rewards_stockmove SET quantity = -2 WHERE redemption_id = %s", done.pk)
    wheres = [where for where, _, _ in told(shop)]
    assert wheres == ["洗衣液的库存", f"第 {done.pk} 笔（洗衣液）的数量"]


def test_points_taken_for_goods_that_never_left_are_named(shop: ShopWorld) -> None:
    done = shop.hand_over(shop.reserve())
    in_secret("DELETE FROM rewards_stockmove WHERE redemption_id = %s", done.pk)
    assert (f"第 {done.pk} 笔的积分", "没有发放，不扣分", "积分账上 20 分") in told(shop)


def test_entrys_key_names_the_redemption() -> None:
    assert [number_of(key) for key in ("spend:redemption:17", "reversal:redemption:17@2026")] == [17, 17]


@pytest.mark.parametrize("rows", [1, 3])
def test_report_asks_as_often_for_one_as_for_three(
    shop: ShopWorld, rows: int, django_assert_num_queries: object
) -> None:
    for _ in range(rows):
        shop.reverse(shop.hand_over(shop.reserve()))
        shop.hand_over(shop.reserve())
    with django_assert_num_queries(7):
        assert len(report(shop).handed_over) == 2 * rows
    assert Redemption.objects.count() == 2 * rows
    assert StockMove.objects.count() == 2 + 3 * rows
