"""Counting the shelf: a cadre counts and signs, a supervisor witnesses; only then do differences change the stock."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from households import audit
from households.accounts.hands import check_key
from households.models import User
from households.permissions import Permission
from households.refusals import Refused
from rewards.models import Item, MoveKind, Shop, StockMove, Stocktake, StocktakeLine
from rewards.shop.actions.limits import check_may, number, words
from rewards.shop.actions.stock import book
from rewards.states import StocktakeState

MAX_COUNTED = 1_000_000


class Count(NamedTuple):
    """What was counted of one item, and why it differs from the book when it does."""

    counted: int
    reason: str = ""


@transaction.atomic
def open_stocktake(*, shop: Shop, by: User) -> Stocktake:
    """Begin to count: every item that is not retired, one stocktake at a time."""
    check_may(by, Permission.RUN_SHOP, shop.pk)
    Shop.objects.select_for_update().get(pk=shop.pk)
    standing = shop.stocktakes.filter(state__in=[StocktakeState.COUNTING, StocktakeState.SIGNED]).first()
    if standing is not None:
        raise Refused("stocktake_standing", "上一次盘点还没有结束。", hint="请先完成或作废那一次。", status=409)
    items = list(Item.objects.filter(shop=shop, retired_at=None))
    if not items:
        raise Refused("nothing_to_count", "超市里还没有物品可以盘点。", hint="请先添加物品。")
    stocktake = Stocktake.objects.create(shop=shop, opened_by=by)
    StocktakeLine.objects.bulk_create(
        StocktakeLine(stocktake=stocktake, item=item, expected=item.on_hand) for item in items
    )
    audit.record(by, "stocktake.open", place=shop.pk, subject=stocktake.pk, rows=len(items))
    return stocktake


@transaction.atomic
def enter_counts(*, stocktake: Stocktake, counts: Mapping[int, Count], by: User) -> Stocktake:
    """Note what was counted, by item id; each against the book's figure of this very moment. May be repeated.

    A difference needs its reason. Items not named keep what was noted before.
    """
    check_may(by, Permission.RUN_SHOP, stocktake.shop_id)
    now = _locked(stocktake, StocktakeState.COUNTING)
    lines = {line.item_id: line for line in now.lines.all()}
    items = {item.pk: item for item in Item.objects.select_for_update().filter(pk__in=counts).order_by("pk")}
    if counts.keys() - lines.keys() or counts.keys() - items.keys():
        raise Refused("item_not_counted", "有的物品不在这次盘点里。", hint="请刷新页面再填。")
    _check_reasons(counts, items)
    for item_id in sorted(counts):
        _note(lines[item_id], items[item_id], counts[item_id])
    StocktakeLine.objects.bulk_update([lines[item_id] for item_id in counts], ["expected", "counted", "reason"])
    audit.record(by, "stocktake.count", place=now.shop_id, subject=now.pk, rows=len(counts))
    return now


def _check_reasons(counts: Mapping[int, Count], items: Mapping[int, Item]) -> None:
    """All differences without a reason at once: whoever counted fills them in together."""
    lacking = [
        item
        for item in items.values()
        if counts[item.pk].counted != item.on_hand and not counts[item.pk].reason.strip()
    ]
    if lacking:
        names = "、".join(item.name for item in lacking)
        raise Refused(
            "reason_missing", f"请填写{names}的差异原因。", fields={f"reason-{item.pk}": "必填" for item in lacking}
        )


def _note(line: StocktakeLine, item: Item, count: Count) -> None:
    line.expected = item.on_hand
    line.counted = number(count.counted, f"counted-{item.pk}", f"{item.name}的实点数", least=0, most=MAX_COUNTED)
    line.reason = words(count.reason, f"reason-{item.pk}", f"{item.name}的差异原因", 200) if line.variance else ""


@transaction.atomic
def sign_stocktake(*, stocktake: Stocktake, by: User) -> Stocktake:
    """The cadre's signature: every item is counted, figures can no longer change."""
    check_may(by, Permission.RUN_SHOP, stocktake.shop_id)
    now = _locked(stocktake, StocktakeState.COUNTING)
    missing = now.lines.filter(counted=None).count()
    if missing:
        raise Refused("not_all_counted", f"还有 {missing} 种物品没有清点。", hint="没有的请填 0 并写明原因。")
    now.state, now.signed_at, now.signed_by = StocktakeState.SIGNED, timezone.now(), by
    now.save(update_fields=["state", "signed_at", "signed_by"])
    audit.record(by, "stocktake.sign", place=now.shop_id, subject=now.pk)
    return now


@transaction.atomic
def send_back_stocktake(*, stocktake: Stocktake, reason: str, by: User) -> Stocktake:
    """The supervisor does not agree: the cadre counts again."""
    check_may(by, Permission.WITNESS_STOCK, stocktake.shop_id)
    why = words(reason, "reason", "退回原因", 200)
    now = _locked(stocktake, StocktakeState.SIGNED)
    now.state, now.signed_at, now.signed_by, now.reason = StocktakeState.COUNTING, None, None, why
    now.save(update_fields=["state", "signed_at", "signed_by", "reason"])
    audit.record(by, "stocktake.send_back", place=now.shop_id, subject=now.pk, reason=why)
    return now


@transaction.atomic
def cancel_stocktake(*, stocktake: Stocktake, reason: str, by: User) -> Stocktake:
    """Give the count up; nothing of it changes the stock."""
    check_may(by, Permission.RUN_SHOP, stocktake.shop_id)
    why = words(reason, "reason", "作废原因", 200)
    now = _locked(stocktake, StocktakeState.COUNTING, StocktakeState.SIGNED)
    now.state, now.cancelled_at, now.reason = StocktakeState.CANCELLED, timezone.now(), why
    now.save(update_fields=["state", "cancelled_at", "reason"])
    audit.record(by, "stocktake.cancel", place=now.shop_id, subject=now.pk, reason=why)
    return now


@transaction.atomic
def witness_stocktake(*, stocktake: Stocktake, by: User) -> Stocktake:
    """The supervisor's signature: differences become moves, valued at what a unit cost last.

    Refused when fewer are left than are reserved: those who reserved must be told first.
    """
    check_may(by, Permission.WITNESS_STOCK, stocktake.shop_id)
    now = _locked(stocktake, StocktakeState.SIGNED)
    if now.signed_by_id == by.pk:
        raise Refused("second_person", "清点人不能自己监督确认。", hint="请村务监督委员签名。", status=403)
    check_key(by, now.signed_by)
    for line in now.lines.order_by("item_id"):
        if line.variance:
            _post(line, by)
    now.state, now.witnessed_at, now.witnessed_by = StocktakeState.POSTED, timezone.now(), by
    now.save(update_fields=["state", "witnessed_at", "witnessed_by"])
    audit.record(by, "stocktake.witness", place=now.shop_id, subject=now.pk)
    return now


def _post(line: StocktakeLine, by: User) -> None:
    item = Item.objects.select_for_update().get(pk=line.item_id)
    if item.on_hand + line.variance < item.reserved:
        left = max(item.on_hand + line.variance, 0)
        raise Refused(
            "reserved_more_than_left",
            f"{item.name}实有 {left}{item.unit}，但已预订 {item.reserved}{item.unit}。",
            hint="请先取消多出的预订并告诉这些户，或退回重新清点。",
            status=409,
        )
    move = StockMove(
        item=item,
        kind=MoveKind.VARIANCE,
        quantity=line.variance,
        unit_cost_fen=item.cost_fen,
        note=line.reason,
        source_key=f"{MoveKind.VARIANCE}:{line.pk}",
        by=by,
    )
    book(item, [move])


def _locked(stocktake: Stocktake, *states: StocktakeState) -> Stocktake:
    """The stocktake's row, locked, when it is in one of these states."""
    now = Stocktake.objects.select_for_update().get(pk=stocktake.pk)
    if now.state not in states:
        label = StocktakeState(now.state).label
        raise Refused(
            "stocktake_moved", f"这次盘点现在是“{label}”，不能再这样操作。", hint="请刷新页面看最新情况。", status=409
        )
    return now
