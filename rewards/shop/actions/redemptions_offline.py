"""What a counter without a connection gave out, sent once the connection is back.

It has happened: so it is recorded even when points, stock or limits do not suffice, and flagged for the supervisor. Nothing
goes below zero: units that the books do not have are found (a stock move of its own), points that the household does not
have are owed and taken from what comes in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from households.files import cells
from households.models import Household, User
from households.months import month_of
from households.operations import Answer, answered, once
from households.permissions import Permission
from households.refusals import Refused
from households.sql import column
from rewards.models import Item, MoveKind, Picture, Proof, Redemption, RedemptionChannel, Shop
from rewards.pictures.pictures import keep_signature
from rewards.shop.actions.limits import check_household, check_may, number, over_floor, over_limits, words
from rewards.shop.actions.redemptions import MAX_AT_ONCE, goods, let_go, lock_household, moved_on, note
from rewards.shop.actions.stock import book, move_of
from rewards.states import RedemptionAction, RedemptionState
from scoring.ledger import door as ledger

KIND = "shop.offline"
OLDEST = timedelta(days=31)  # what is older is dated so: the clock of the device is wrong, or the sheet was forgotten
REPLACED = "断网时已经发放，见补录"


@dataclass(frozen=True, slots=True)
class OfflineOp:
    """One hand-over as the device wrote it down.

    Either `redemption` (a reservation seen before the connection broke; its household, item and quantity hold) or
    `household`, `item` and `quantity`. `signature` is a PNG; without one the proof is missing and shows as such.
    """

    op_id: UUID
    handed_at: datetime
    household: str = ""
    item: int = 0
    quantity: int = 0
    redemption: int | None = None
    signature: bytes = b""
    collected_by: str = ""
    relation: str = ""
    to_home: bool = False

    def payload(self) -> list[object]:
        """What makes it the same operation when it is sent again."""
        return [
            self.handed_at,
            self.household,
            self.item,
            self.quantity,
            self.redemption,
            self.collected_by,
            self.to_home,
        ]


@dataclass(frozen=True, slots=True)
class OfflineOutcome:
    """What became of one: recorded, exists (it had been recorded before), or refused with the reason."""

    op_id: UUID
    status: str
    reason: str = ""
    redemption: int | None = None
    flags: Sequence[str] = ()


def record_offline(*, shop: Shop, ops: Sequence[OfflineOp], by: User) -> list[OfflineOutcome]:
    """Record a batch in its order, each by itself: one that is refused does not hold up the rest.

    Refused is only what cannot be recorded at all: a household or an item that is not the village's, or a reservation
    that was handed over before. An `op_id` sent again gets its answer again.
    """
    check_may(by, Permission.RUN_SHOP, shop.pk)
    before = answered(op.op_id for op in ops)
    return [_one(shop, op, by, repeated=op.op_id in before) for op in ops]


def _one(shop: Shop, op: OfflineOp, by: User, *, repeated: bool) -> OfflineOutcome:
    signed = _signature(shop, op, by)
    try:
        answer = once(op_id=op.op_id, by=by, kind=KIND, payload=op.payload(), act=lambda: _record(shop, op, signed, by))
    except Refused as refusal:
        return OfflineOutcome(op.op_id, "refused", refusal.sentence)
    return OfflineOutcome(op.op_id, "exists" if repeated else "recorded", "", answer["redemption"], answer["flags"])


def _signature(shop: Shop, op: OfflineOp, by: User) -> Picture | None:
    """The signature, if there is one that can be read: goods are gone either way, and a missing proof shows.

    Where there is no room to read it now, the batch comes again: that is refused as a whole.
    """
    if not op.signature:
        return None
    try:
        return keep_signature(op.signature, private_to=shop.pk, by=by)
    except Refused as refusal:
        if refusal.status == cells.BUSY:
            raise
        return None


@dataclass(frozen=True, slots=True)
class _Given:
    """What was given to whom, for how many points."""

    household: Household
    item: Item
    quantity: int
    points: int


def _record(shop: Shop, op: OfflineOp, signed: Picture | None, by: User) -> Answer:
    at = min(max(op.handed_at, timezone.now() - OLDEST), timezone.now())
    given = _reserved(shop, op, by) if op.redemption else _unreserved(shop, op, at)
    item = Item.objects.select_for_update(of=("self",)).select_related("shop").get(pk=given.item.pk)
    found = max(given.quantity - item.free, 0)
    redemption = Redemption(pk=_next_number(), **_facts(op, given, signed, at, by))
    redemption.item = item
    redemption.stock_short = found
    _flag(redemption, shop)
    text = f"领取 {goods(item, given.quantity)}（断网补录）"
    owner = ledger.household(given.household.code)
    redemption.points_short = ledger.record_spent(owner, given.points, key=redemption.ledger_key, text=text)
    redemption.save(force_insert=True)
    there = [move_of(redemption, MoveKind.FOUND, found, by=by)] if found else []
    book(item, [*there, move_of(redemption, MoveKind.HAND_OVER, -given.quantity, by=by)])
    note(by, "redemption.offline", redemption, flags="、".join(redemption.flags))
    return {"redemption": redemption.pk, "state": redemption.state, "flags": redemption.flags}


def _reserved(shop: Shop, op: OfflineOp, by: User) -> _Given:
    """A reservation that was handed out: it is given up, and what happened is recorded in its place."""
    found = Redemption.objects.select_related("item", "household").filter(pk=op.redemption, shop=shop).first()
    if found is None:
        raise Refused("redemption_unknown", "没有找到这笔预订。", hint="请按户编号和物品补录。")
    lock_household(found.household_id)
    state = Redemption.objects.select_for_update().values_list("state", flat=True).get(pk=found.pk)
    if state in (RedemptionState.HANDED_OVER, RedemptionState.REVERSED):
        raise moved_on(found.pk, RedemptionAction.HAND_OVER)
    if state == RedemptionState.RESERVED:
        let_go(found, RedemptionAction.VOID, REPLACED, by)
    return _Given(found.household, found.item, found.quantity, found.points)


def _unreserved(shop: Shop, op: OfflineOp, at: datetime) -> _Given:
    household = Household.objects.filter(code=op.household).first()
    item = Item.objects.filter(pk=op.item, shop=shop).first()
    if household is None:
        raise Refused("household_unknown", f"没有找到户 {op.household[:18]}。", hint="请核对户编号。")
    if item is None:
        raise Refused("item_unknown", "没有找到这种物品。", hint="请核对后按正确的物品补录。")
    check_household(household, shop, timezone.localdate(at))
    quantity = number(op.quantity, "quantity", "数量", most=MAX_AT_ONCE)
    lock_household(household.code)
    return _Given(household, item, quantity, item.points * quantity)


def _facts(op: OfflineOp, given: _Given, signed: Picture | None, at: datetime, by: User) -> dict[str, Any]:
    proxy = op.collected_by.strip()
    return {
        "op_id": op.op_id,
        "shop_id": given.item.shop_id,
        "household": given.household,
        "quantity": given.quantity,
        "points": given.points,
        "month": month_of(timezone.localdate(at)),
        "channel": RedemptionChannel.OFFLINE,
        "state": RedemptionState.HANDED_OVER,
        "reserved_at": timezone.now(),
        "reserved_by": by,
        "expires_at": at,
        "handed_at": at,
        "handed_by": by,
        "proof": Proof.SIGNATURE if signed else Proof.NONE,
        "signature": signed,
        "collected_by": words(proxy, "collected_by", "代领人姓名", 30) if proxy else "",
        "relation": words(op.relation or "未填", "relation", "代领人与户主的关系", 20) if proxy else "",
        "delivered_to_home": op.to_home,
    }


def _flag(redemption: Redemption, shop: Shop) -> None:
    """Beyond a month's limit, or beyond what a counter without connection may give away?"""
    day = timezone.localdate(redemption.handed_at)
    beyond = over_limits(
        shop,
        redemption.item,
        redemption.household_id,
        redemption.month,
        quantity=redemption.quantity,
        points=redemption.points,
    )
    redemption.over_limit = beyond is not None
    redemption.over_floor = over_floor(shop, redemption.household_id, day, redemption.points)


def _next_number() -> int:
    """The number of a redemption to be written: the ledger's key names it before the row exists."""
    [number] = column("SELECT nextval(pg_get_serial_sequence('rewards_redemption', 'id'))")
    return int(number)
