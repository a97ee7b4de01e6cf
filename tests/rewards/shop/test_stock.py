"""Goods coming in, and the shelf counted with two signatures."""

from uuid import uuid4

import pytest

from households.models import AuditEvent
from households.roles import Role
from rewards.models import Item, MoveKind, StockMove, Stocktake
from rewards.shop.actions.stocktakes import (
    Count,
    cancel_stocktake,
    enter_counts,
    open_stocktake,
    send_back_stocktake,
    sign_stocktake,
    witness_stocktake,
)
from rewards.states import StocktakeState
from tests.audit_failure import audit_down
from tests.refusals import refusal
from tests.rewards.shop_world import ShopWorld

pytestmark = pytest.mark.django_db


def test_purchase_raises_the_stock_and_the_cost(shop: ShopWorld) -> None:
    shop.buy(shop.soap, 5, 900)
    shop.soap.refresh_from_db()
    assert (shop.soap.on_hand, shop.soap.cost_fen) == (15, 900)
    move = StockMove.objects.latest("id")
    assert (move.kind, move.quantity, move.unit_cost_fen, move.supplier) == (MoveKind.PURCHASE, 5, 900, "县供销社")


def test_purchase_sent_again_is_booked_once(shop: ShopWorld) -> None:
    op_id = uuid4()
    for _ in range(2):
        shop.buy(shop.soap, 5, op_id=op_id)
    assert shop.soap_is() == (15, 0)


def test_purchase_id_for_other_goods_is_refused(shop: ShopWorld) -> None:
    op_id = uuid4()
    shop.buy(shop.soap, 5, op_id=op_id)
    assert refusal(lambda: shop.buy(shop.soap, 6, op_id=op_id)).code == "op_id_reused"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": -3}, "quantity"),
        ({"quantity": 10_001}, "quantity"),
        ({"unit_cost_fen": -1}, "unit_cost_fen"),
        ({"supplier": " "}, "supplier"),
        ({"voucher_no": ""}, "voucher_no"),
        ({"voucher_no": "长" * 61}, "voucher_no"),
    ],
)
def test_purchase_out_of_range_is_refused(shop: ShopWorld, given: dict, field: str) -> None:
    assert set(refusal(lambda: shop.buy(shop.soap, **{"quantity": 5, **given})).fields) == {field}
    assert shop.soap_is() == (10, 0)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_only_the_cadre_takes_goods_in(shop: ShopWorld, role: str) -> None:
    assert refusal(lambda: shop.buy(shop.soap, 5, by=shop.world.user(role))).code == "not_yours"


def test_forced_audit_failure_books_nothing(shop: ShopWorld) -> None:
    with audit_down():
        shop.buy(shop.soap, 5)
    assert shop.soap_is() == (10, 0)
    assert StockMove.objects.count() == 2


# The stocktake


def counted(shop: ShopWorld, soap: int = 8, reason: str = "两瓶破损") -> Stocktake:
    """Everything counted: the rice as the book says."""
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    counts = {shop.soap.pk: Count(soap, reason), shop.rice.pk: Count(4)}
    return enter_counts(stocktake=stocktake, counts=counts, by=shop.cadre)


def signed(shop: ShopWorld, **figures: object) -> Stocktake:
    return sign_stocktake(stocktake=counted(shop, **figures), by=shop.cadre)


def test_stocktake_lists_every_item_with_the_books_figure(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    assert dict(stocktake.lines.values_list("item__name", "expected")) == {"洗衣液": 10, "大米": 4}


def test_difference_changes_the_stock_only_after_two_signatures(shop: ShopWorld) -> None:
    stocktake = signed(shop)
    assert shop.soap_is() == (10, 0)
    done = witness_stocktake(stocktake=stocktake, by=shop.supervisor)
    assert (done.state, done.signed_by, done.witnessed_by) == (StocktakeState.POSTED, shop.cadre, shop.supervisor)
    assert shop.soap_is() == (8, 0)


def test_difference_is_a_move_with_its_reason_and_value(shop: ShopWorld) -> None:
    witness_stocktake(stocktake=signed(shop), by=shop.supervisor)
    (move,) = StockMove.objects.filter(kind=MoveKind.VARIANCE)
    assert (move.item, move.quantity, move.note, move.unit_cost_fen) == (shop.soap, -2, "两瓶破损", 850)


def test_surplus_is_posted_too(shop: ShopWorld) -> None:
    witness_stocktake(stocktake=signed(shop, soap=11, reason="上次少点一瓶"), by=shop.supervisor)
    assert shop.soap_is() == (11, 0)


def test_difference_without_a_reason_is_refused(shop: ShopWorld) -> None:
    refused = refusal(lambda: counted(shop, reason=" "))
    assert (refused.code, refused.fields) == ("reason_missing", {f"reason-{shop.soap.pk}": "必填"})
    assert "洗衣液" in refused.reason


def test_all_missing_reasons_are_named_at_once(shop: ShopWorld) -> None:
    wrong = {shop.soap.pk: Count(9), shop.rice.pk: Count(5, " ")}
    take = open_stocktake(shop=shop.shop, by=shop.cadre)
    refused = refusal(lambda: enter_counts(stocktake=take, counts=wrong, by=shop.cadre))
    assert refused.fields == {f"reason-{item.pk}": "必填" for item in (shop.soap, shop.rice)}
    assert "洗衣液、大米" in refused.reason
    assert not take.lines.exclude(counted=None).exists()


def test_count_is_against_the_book_of_that_moment(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    shop.hand_over(shop.reserve(quantity=2))
    enter_counts(stocktake=stocktake, counts={shop.soap.pk: Count(8)}, by=shop.cadre)
    line = stocktake.lines.get(item=shop.soap)
    assert (line.expected, line.variance) == (8, 0)


def test_hand_over_between_count_and_signature_keeps_the_difference(shop: ShopWorld) -> None:
    stocktake = signed(shop)
    shop.hand_over(shop.reserve(quantity=3))
    witness_stocktake(stocktake=stocktake, by=shop.supervisor)
    assert shop.soap_is() == (5, 0)


def test_signature_needs_every_item_counted(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    enter_counts(stocktake=stocktake, counts={shop.rice.pk: Count(4)}, by=shop.cadre)
    assert refusal(lambda: sign_stocktake(stocktake=stocktake, by=shop.cadre)).reason == "还有 1 种物品没有清点。"


def test_figures_of_a_signed_stocktake_stand(shop: ShopWorld) -> None:
    stocktake = signed(shop)
    counts = {shop.soap.pk: Count(10)}
    assert refusal(lambda: enter_counts(stocktake=stocktake, counts=counts, by=shop.cadre)).code == "stocktake_moved"


def test_supervisor_sends_back_and_the_cadre_counts_again(shop: ShopWorld) -> None:
    stocktake = send_back_stocktake(stocktake=signed(shop), reason="货架底层没点", by=shop.supervisor)
    assert (stocktake.state, stocktake.signed_by) == (StocktakeState.COUNTING, None)
    enter_counts(stocktake=stocktake, counts={shop.soap.pk: Count(10)}, by=shop.cadre)
    sign_stocktake(stocktake=stocktake, by=shop.cadre)
    witness_stocktake(stocktake=stocktake, by=shop.supervisor)
    assert shop.soap_is() == (10, 0)


def test_cancelled_stocktake_changes_nothing(shop: ShopWorld) -> None:
    stocktake = cancel_stocktake(stocktake=signed(shop), reason="改天再点", by=shop.cadre)
    assert refusal(lambda: witness_stocktake(stocktake=stocktake, by=shop.supervisor)).code == "stocktake_moved"
    assert shop.soap_is() == (10, 0)


def test_one_stocktake_at_a_time(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    assert refusal(lambda: open_stocktake(shop=shop.shop, by=shop.cadre)).code == "stocktake_standing"
    cancel_stocktake(stocktake=stocktake, reason="改天再点", by=shop.cadre)
    assert open_stocktake(shop=shop.shop, by=shop.cadre).pk


def test_empty_shop_has_nothing_to_count(shop: ShopWorld) -> None:
    Item.objects.update(retired_at="2026-01-01T00:00:00+08:00", on_sale=False)
    assert refusal(lambda: open_stocktake(shop=shop.shop, by=shop.cadre)).code == "nothing_to_count"


def test_fewer_left_than_reserved_is_refused(shop: ShopWorld) -> None:
    shop.reserve(quantity=4)
    stocktake = signed(shop, soap=3, reason="被水泡了")
    refused = refusal(lambda: witness_stocktake(stocktake=stocktake, by=shop.supervisor))
    assert (refused.code, refused.reason) == ("reserved_more_than_left", "洗衣液实有 3瓶，但已预订 4瓶。")
    assert shop.soap_is() == (10, 4)


def test_witnessed_twice_posts_once(shop: ShopWorld) -> None:
    stocktake = signed(shop)
    witness_stocktake(stocktake=stocktake, by=shop.supervisor)
    assert refusal(lambda: witness_stocktake(stocktake=stocktake, by=shop.supervisor)).code == "stocktake_moved"
    assert shop.soap_is() == (8, 0)


def test_each_signature_has_its_own_person(shop: ShopWorld) -> None:
    assert refusal(lambda: open_stocktake(shop=shop.shop, by=shop.supervisor)).code == "not_yours"
    stocktake = counted(shop)
    assert refusal(lambda: sign_stocktake(stocktake=stocktake, by=shop.supervisor)).code == "not_yours"
    sign_stocktake(stocktake=stocktake, by=shop.cadre)
    assert refusal(lambda: witness_stocktake(stocktake=stocktake, by=shop.cadre)).code == "not_yours"
    stranger = shop.world.stranger(Role.SUPERVISOR)
    assert refusal(lambda: witness_stocktake(stocktake=stocktake, by=stranger)).code == "not_yours"


def test_item_that_is_not_in_the_stocktake_is_refused(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    refused = refusal(lambda: enter_counts(stocktake=stocktake, counts={999_999: Count(1)}, by=shop.cadre))
    assert refused.code == "item_not_counted"


def test_every_step_is_in_the_log(shop: ShopWorld) -> None:
    witness_stocktake(stocktake=signed(shop), by=shop.supervisor)
    steps = AuditEvent.objects.filter(action__startswith="stocktake.").order_by("id").values_list("action", "actor")
    assert [f"{action} {actor}" for action, actor in steps] == [
        f"stocktake.open {shop.cadre.username}",
        f"stocktake.count {shop.cadre.username}",
        f"stocktake.sign {shop.cadre.username}",
        f"stocktake.witness {shop.supervisor.username}",
    ]


def test_forced_audit_failure_posts_nothing(shop: ShopWorld) -> None:
    stocktake = signed(shop)

    with audit_down():
        witness_stocktake(stocktake=stocktake, by=shop.supervisor)
    assert shop.soap_is() == (10, 0)
    assert Stocktake.objects.get().state == StocktakeState.SIGNED
