"""Goods in and out: every change of an item's stock is booked here, beside the move that explains it."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from households import audit
from households.models import User
from households.operations import Answer, once
from households.permissions import Permission
from households.refusals import Refused
from households.sql import rows
from rewards.models import Item, MoveKind, Redemption, StockMove
from rewards.shop.actions.limits import MAX_FEN, check_may, number, words


def book(item: Item, moves: Sequence[StockMove], *, reserved: int = 0) -> None:
    """Write the moves, change the stock by their sum and the reserved figure by `reserved`, in the caller's transaction.

    The row's constraints (0 <= reserved <= on_hand) are the last word: callers check before, so that nobody meets them.
    """
    if len(moves) == 1:
        _book_one(item, moves[0], reserved)
        return
    change = sum(move.quantity for move in moves)
    Item.objects.filter(pk=item.pk).update(on_hand=F("on_hand") + change, reserved=F("reserved") + reserved)
    StockMove.objects.bulk_create(moves)


# What nearly every booking is, in one statement: shelf and move are written together or not at all.
_BOOK = """
    WITH shelf AS (
        UPDATE rewards_item SET on_hand = on_hand + %(quantity)s, reserved = reserved + %(reserved)s WHERE id = %(item_id)s
    )
    INSERT INTO rewards_stockmove (item_id, kind, quantity, unit_cost_fen, supplier, voucher_no, redemption_id, note,
                                   source_key, by_id, at)
    VALUES (%(item_id)s, %(kind)s, %(quantity)s, %(unit_cost_fen)s, %(supplier)s, %(voucher_no)s, %(redemption_id)s,
            %(note)s, %(source_key)s, %(by_id)s, %(at)s)
    RETURNING id
"""
_WRITTEN = ("kind", "quantity", "unit_cost_fen", "supplier", "voucher_no", "redemption_id", "note", "source_key")


def _book_one(item: Item, move: StockMove, reserved: int) -> None:
    values = {name: getattr(move, name) for name in (*_WRITTEN, "by_id", "at")}
    [(move.pk,)] = rows(_BOOK, values | {"item_id": item.pk, "reserved": reserved, "kind": str(move.kind)})


def move_of(redemption: Redemption, kind: MoveKind, quantity: int, *, by: User | None) -> StockMove:
    """The one move of its kind that a redemption makes, valued at what a unit cost last."""
    return StockMove(
        item_id=redemption.item_id,
        kind=kind,
        quantity=quantity,
        unit_cost_fen=redemption.item.cost_fen,
        redemption_id=redemption.pk,
        source_key=f"{kind}:{redemption.pk}",
        by=by,
    )


def purchase(
    *,
    op_id: UUID,
    item: Item,
    quantity: int,
    unit_cost_fen: int,
    supplier: str,
    voucher_no: str,
    note: str = "",
    by: User | None,
) -> StockMove:
    """Goods came in: `quantity` units at `unit_cost_fen` fen each, with the supplier and the voucher they came with.

    The item's cost becomes this price. Repeating an `op_id` books nothing twice.
    """
    move = StockMove(
        item=item,
        kind=MoveKind.PURCHASE,
        quantity=quantity,
        unit_cost_fen=unit_cost_fen,
        supplier=supplier.strip(),
        voucher_no=voucher_no.strip(),
        note=note.strip()[:200],
        source_key=f"{MoveKind.PURCHASE}:{op_id}",
        by=by,
    )
    payload = [item.pk, quantity, unit_cost_fen, move.supplier, move.voucher_no, move.note]
    answer = once(op_id=op_id, by=by, kind="shop.purchase", payload=payload, act=lambda: _take_in(item, move, by))
    return StockMove.objects.get(pk=answer["move"])


def _take_in(item: Item, move: StockMove, by: User | None) -> Answer:
    check_may(by, Permission.RUN_SHOP, item.shop_id)
    number(move.quantity, "quantity", "进货数量")
    number(move.unit_cost_fen, "unit_cost_fen", "单价（分）", least=0, most=MAX_FEN)
    words(move.supplier, "supplier", "供货单位", 60)
    words(move.voucher_no, "voucher_no", "凭证号", 60)
    now = Item.objects.select_for_update().get(pk=item.pk)
    if now.retired_at is not None:
        raise Refused("item_retired", f"{now.name}已经停用，不能进货。", hint="请新增一种物品再进货。", status=409)
    book(now, [move])
    Item.objects.filter(pk=now.pk).update(cost_fen=move.unit_cost_fen)
    audit.record(
        by,
        "stock.purchase",
        place=now.shop_id,
        subject=now.pk,
        item=now.name,
        quantity=move.quantity,
        voucher=move.voucher_no,
    )
    return {"move": move.pk}
