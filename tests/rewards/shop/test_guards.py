"""What the database itself holds about a shop: each constraint broken, and what is written once and for all."""

from uuid import uuid4

import pytest
from django.utils import timezone

from rewards.models import Item, Redemption, Shop, StockMove, Stocktake, StocktakeLine
from rewards.shop.actions.stocktakes import Count, enter_counts, open_stocktake, sign_stocktake, witness_stocktake
from tests.constraints import broken, raw
from tests.rewards.shop_world import ShopWorld, build_shop
from tests.world import SISTER, World

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def shop(world: World) -> ShopWorld:
    """One row at least in every table: a reservation, a hand-over, a posted stocktake."""
    built = build_shop(world)
    built.reserve()
    built.hand_over(built.reserve())
    return built


# Shops and items


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"weekdays": [8]}, "shop_weekdays_are_1_to_7"),
        ({"weekdays": [0]}, "shop_weekdays_are_1_to_7"),
        ({"reservation_days": 0}, "shop_reservation_stays_1_to_60"),
        ({"reservation_days": 61}, "shop_reservation_stays_1_to_60"),
        ({"household_month_points": 0}, "shop_month_limit_positive"),
        ({"offline_points": 101}, "shop_offline_limits_in_order"),
    ],
)
def test_shop_keeps_its_bounds(shop: ShopWorld, change: dict, name: str) -> None:
    broken(lambda: Shop.objects.update(**change), name)


def test_village_has_one_shop(shop: ShopWorld) -> None:
    broken(lambda: Shop.objects.create(village=shop.world.village), "rewards_shop_pkey")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"name": ""}, "item_named_with_unit"),
        ({"unit": ""}, "item_named_with_unit"),
        ({"points": 0}, "item_price_at_least_1"),
        ({"cost_fen": -1}, "item_cost_never_negative"),
        ({"reserved": 10}, "item_reserved_is_on_hand"),
        ({"on_hand": 0}, "item_reserved_is_on_hand"),
        ({"reserved": -1}, "rewards_item_reserved_check"),
        ({"on_hand": -1, "reserved": -1}, "rewards_item_(on_hand|reserved)_check"),
        ({"household_month_limit": 0}, "item_month_limit_positive"),
        ({"retired_at": NOW()}, "item_retired_is_off_sale"),
    ],
)
def test_item_keeps_its_bounds(shop: ShopWorld, change: dict, name: str) -> None:
    broken(lambda: Item.objects.filter(pk=shop.soap.pk).update(**change), name)


def test_shop_has_each_name_once(shop: ShopWorld) -> None:
    broken(lambda: Item.objects.create(shop=shop.shop, name="洗衣液", unit="瓶", points=1), "item_name_once_per_shop")


# Redemptions: as they are written


def fresh(shop: ShopWorld, **change: object) -> Redemption:
    """A reservation as it should be, with one thing changed."""
    given = {
        "op_id": uuid4(),
        "shop": shop.shop,
        "household": shop.rich,
        "item": shop.soap,
        "quantity": 1,
        "points": 20,
        "month": "2026-11",
        "channel": "page",
        "reserved_at": NOW(),
        "expires_at": NOW(),
    }
    return Redemption(**given | change)


def handed(shop: ShopWorld, **change: object) -> Redemption:
    given = {"state": "handed_over", "handed_at": NOW(), "handed_by": shop.cadre, "proof": "pin"}
    return fresh(shop, **given | change)


def test_reservation_as_it_should_be_is_taken(shop: ShopWorld) -> None:
    fresh(shop).save(force_insert=True)
    handed(shop).save(force_insert=True)
    assert Redemption.objects.count() == 4


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"quantity": 0}, "redemption_of_something"),
        ({"points": 0}, "redemption_of_something"),
        ({"month": "2026-13"}, "redemption_month_written_yyyy_mm"),
        ({"month": "202611"}, "redemption_month_written_yyyy_mm"),
        ({"channel": "phone"}, "redemption_channel_known"),
        ({"state": "gone"}, "redemption_stamps_fit_state"),
        ({"state": "handed_over"}, "redemption_stamps_fit_state"),
        ({"state": "voided"}, "redemption_stamps_fit_state"),
        ({"ended_at": NOW(), "reason": "x"}, "redemption_stamps_fit_state"),
        ({"state": "expired", "ended_at": NOW()}, "redemption_given_up_with_reason"),
        ({"reason": "x"}, "redemption_given_up_with_reason"),
        ({"delivered_to_home": True}, "redemption_handed_over_by_somebody"),
        ({"proof": "pin"}, "redemption_handed_over_by_somebody"),
        ({"over_limit": True}, "redemption_short_only_offline"),
        ({"points_short": 1}, "redemption_short_only_offline"),
        ({"stock_short": 1}, "redemption_short_only_offline"),
        ({"over_floor": True}, "redemption_short_only_offline"),
        ({"channel": "offline"}, "redemption_offline_never_reserved"),
        ({"relation": "儿子"}, "redemption_proxy_with_relation"),
    ],
)
def test_reservation_keeps_its_bounds(shop: ShopWorld, change: dict, name: str) -> None:
    broken(lambda: fresh(shop, **change).save(force_insert=True), name)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"handed_by": None}, "redemption_handed_over_by_somebody"),
        ({"proof": ""}, "redemption_proven_unless_offline"),
        ({"proof": "trust"}, "redemption_proven_unless_offline"),
        ({"proof": "signature"}, "redemption_signature_is_the_proof"),
        ({"collected_by": "张小丰"}, "redemption_proxy_with_relation"),
        ({"state": "reversed", "ended_at": NOW(), "reason": "x"}, "redemption_reversed_by_somebody"),
        ({"state": "reversed", "ended_by": "any"}, "redemption_(stamps_fit_state|given_up_with_reason)"),
    ],
)
def test_hand_over_keeps_its_bounds(shop: ShopWorld, change: dict, name: str) -> None:
    change = change | ({"ended_by": shop.cadre} if "ended_by" in change else {})
    broken(lambda: handed(shop, **change).save(force_insert=True), name)


def test_household_redeems_in_its_own_village(shop: ShopWorld) -> None:
    neighbour = type(shop.rich).objects.filter(code__startswith=SISTER).first()
    broken(lambda: fresh(shop, household=neighbour).save(force_insert=True), "redemption_in_own_village")


def test_operation_reserves_once(shop: ShopWorld) -> None:
    known = Redemption.objects.first().op_id
    broken(lambda: fresh(shop, op_id=known).save(force_insert=True), "op_id")


# Redemptions: as they change


@pytest.mark.parametrize("column", ["points", "quantity", "month", "household_id", "item_id", "channel", "op_id"])
@pytest.mark.parametrize("state", ["reserved", "handed_over"])
def test_what_was_redeemed_never_changes(shop: ShopWorld, state: str, column: str) -> None:
    other = {
        "points": 1,
        "quantity": 5,
        "month": "2020-01",
        "household_id": shop.poor.code,
        "item_id": shop.rice.pk,
        "channel": "counter",
        "op_id": uuid4(),
    }
    one = Redemption.objects.get(state=state)
    broken(lambda: Redemption.objects.filter(pk=one.pk).update(**{column: other[column]}), "never changes")
    setattr(one, column, other[column])
    broken(
        lambda: one.save(update_fields=[column.removesuffix("_id") if column != "op_id" else column]), "never changes"
    )


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("handed_over", {"state": "reserved", "handed_at": None, "handed_by": None, "proof": "", "signature": None}),
        ("handed_over", {"state": "voided", "ended_at": NOW(), "reason": "x"}),
        ("reserved", {"state": "reversed", "handed_at": NOW(), "ended_at": NOW(), "reason": "x"}),
    ],
)
def test_states_only_move_forward(shop: ShopWorld, source: str, target: dict) -> None:
    broken(lambda: Redemption.objects.filter(state=source).update(**target), "forward|redemption_")
    assert Redemption.objects.filter(state=source).count() == 1


def test_stamps_of_a_hand_over_are_written_once(shop: ShopWorld) -> None:
    done = Redemption.objects.filter(state="handed_over")
    broken(lambda: done.update(handed_at=NOW()), "never changes")
    broken(lambda: done.update(collected_by="张小丰", relation="儿子"), "never changes")
    broken(lambda: done.update(proof="pin", signature=None), "never changes")


def test_move_takes_nothing_else_along(shop: ShopWorld) -> None:
    open_one = Redemption.objects.filter(state="reserved")
    broken(lambda: open_one.update(state="voided", ended_at=NOW(), reason="x", points=1), "never changes")
    assert open_one.update(state="voided", ended_at=NOW(), reason="x") == 1


# What is written once and for all


def posted(shop: ShopWorld) -> Stocktake:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    counts = {shop.soap.pk: Count(8, "破损"), shop.rice.pk: Count(4)}
    enter_counts(stocktake=stocktake, counts=counts, by=shop.cadre)
    return witness_stocktake(stocktake=sign_stocktake(stocktake=stocktake, by=shop.cadre), by=shop.supervisor)


def test_move_of_stock_cannot_be_edited(shop: ShopWorld) -> None:
    move = StockMove.objects.first()
    move.quantity = 7
    broken(lambda: move.save(update_fields=["quantity"]), "append-only")
    broken(lambda: StockMove.objects.update(supplier="别家"), "append-only")
    broken(raw("UPDATE rewards_stockmove SET unit_cost_fen = 1"), "append-only")


@pytest.mark.parametrize("model", [StockMove, Redemption, Stocktake, StocktakeLine])
def test_row_cannot_be_removed(shop: ShopWorld, model: type) -> None:
    posted(shop)
    row = model.objects.first()
    table = model._meta.db_table
    broken(raw(f"DELETE FROM {table} WHERE id = {row.pk}"), "append-only")
    broken(raw(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE"), "append-only")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "purchase", "quantity": -1}, "move_sign_fits_kind"),
        ({"kind": "purchase", "quantity": 0}, "move_sign_fits_kind"),
        ({"kind": "hand_over", "quantity": 1, "redemption": "any"}, "move_sign_fits_kind"),
        ({"kind": "variance", "quantity": 0, "note": "x"}, "move_sign_fits_kind"),
        ({"kind": "lost", "quantity": -1}, "move_names_its_redemption"),
        ({"unit_cost_fen": -1}, "move_cost_never_negative"),
        ({"supplier": ""}, "move_purchase_with_voucher"),
        ({"voucher_no": ""}, "move_purchase_with_voucher"),
        ({"kind": "return"}, "move_names_its_redemption"),
        ({"kind": "variance"}, "move_variance_with_reason"),
    ],
)
def test_move_keeps_its_bounds(shop: ShopWorld, change: dict, name: str) -> None:
    given = {"item": shop.soap, "kind": "purchase", "quantity": 1, "supplier": "x", "voucher_no": "x"}
    change = change | ({"redemption": Redemption.objects.first()} if "redemption" in change else {})
    broken(lambda: StockMove(**given | {"source_key": "t:1"} | change).save(force_insert=True), name)


def test_move_is_booked_once(shop: ShopWorld) -> None:
    known = StockMove.objects.first()
    again = StockMove(item=shop.soap, kind="purchase", quantity=1, supplier="x", voucher_no="x")
    again.source_key = known.source_key
    broken(lambda: again.save(force_insert=True), "source_key")


# Stocktakes


def test_shop_has_one_stocktake_at_a_time(shop: ShopWorld) -> None:
    open_stocktake(shop=shop.shop, by=shop.cadre)
    broken(lambda: Stocktake.objects.create(shop=shop.shop, opened_by=shop.cadre), "stocktake_one_at_a_time")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"state": "signed"}, "stocktake_signatures_fit_state"),
        ({"state": "posted"}, "stocktake_signatures_fit_state"),
        ({"state": "lost"}, "stocktake_signatures_fit_state"),
        ({"state": "signed", "signed_at": NOW()}, "stocktake_signed_by_two"),
        ({"state": "cancelled", "cancelled_at": NOW()}, "stocktake_cancelled_with_reason"),
    ],
)
def test_stocktake_keeps_its_bounds(shop: ShopWorld, change: dict, name: str) -> None:
    open_stocktake(shop=shop.shop, by=shop.cadre)
    broken(lambda: Stocktake.objects.update(**change), name)


def test_nobody_witnesses_his_own_count(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    both = {"signed_at": NOW(), "signed_by": shop.cadre, "witnessed_at": NOW(), "witnessed_by": shop.cadre}
    row = Stocktake.objects.filter(pk=stocktake.pk)
    broken(lambda: row.update(state="posted", **both), "stocktake_signed_by_two")


def test_line_keeps_its_bounds(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    line = stocktake.lines.filter(item=shop.soap)
    broken(lambda: line.update(counted=3), "stocktake_variance_with_reason")
    again = StocktakeLine(stocktake=stocktake, item=shop.soap, expected=1)
    broken(lambda: again.save(force_insert=True), "stocktake_line_once_per_item")


def test_what_was_signed_stays_as_it_was_signed(shop: ShopWorld) -> None:
    done = posted(shop)
    broken(lambda: done.lines.update(reason="另有原因"), "never change")
    extra = StocktakeLine(stocktake=done, item=shop.soap, expected=1)
    broken(lambda: extra.save(force_insert=True), "never change")
    broken(lambda: Stocktake.objects.filter(pk=done.pk).update(reason="改"), "never changes")
