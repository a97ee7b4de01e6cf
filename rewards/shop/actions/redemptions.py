"""Points become goods: reserve, hand over, void, expire, reverse. Off line is `rewards.shop.actions.redemptions_offline`.

Locks are taken in one order everywhere: household (only for limits), redemption, item, and the ledger's head last. Every
step is a guarded update: of two who are at it at once, the second finds the state moved and is told so.
"""

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.codes import village_of
from households.models import Household, User
from households.months import month_of
from households.operations import Answer, once
from households.outbox.actions import put
from households.permissions import Permission
from households.refusals import Refused
from households.state_tables import Move
from rewards import states
from rewards.models import Item, MoveKind, Proof, Redemption, RedemptionChannel, Shop
from rewards.pictures.pictures import keep_signature
from rewards.shop import opening
from rewards.shop.actions import proofs
from rewards.shop.actions.limits import (
    check_household,
    check_may,
    check_open_today,
    has_limits,
    no_stock,
    number,
    over_limits,
    words,
)
from rewards.shop.actions.stock import book, move_of
from rewards.states import RedemptionAction, RedemptionState
from scoring.ledger import door as ledger

MAX_AT_ONCE = 100  # units in one redemption
BY_HOUSEHOLD = "本户取消"
TOO_LATE = "过了保留期没有领取"


def goods(item: Item, quantity: int) -> str:
    """What it is, in a few words for the household: 洗衣液 2瓶."""
    return f"{item.name} {quantity}{item.unit}"


def reserve(*, op_id: UUID, household: Household, item: Item, quantity: int, by: User | None) -> Redemption:
    """Hold goods and points for a household, in one transaction; the shop need not be open today.

    `by` None is the household itself, in its own session. Refused with 409 and `fields` naming "stock" or "balance" when
    there is not enough, "quantity" when a month's limit is reached. Repeating an `op_id` reserves nothing twice.
    """
    made: list[Redemption] = []  # empty when the answer is an old one

    def act() -> Answer:
        made.append(_reserve(op_id, household, item, quantity, by))
        return _RESERVED

    payload = [household.code, item.pk, quantity]
    once(op_id=op_id, by=by, kind="shop.reserve", payload=payload, act=act, expected=_RESERVED)
    return made[0] if made else Redemption.objects.whole().get(op_id=op_id)


def known(pk: int) -> Redemption:
    """The redemption with its item and shop."""
    return Redemption.objects.whole().get(pk=pk)


_RESERVED: Answer = {"state": RedemptionState.RESERVED}  # which one it is, its own `op_id` tells


def _answer(redemption: Redemption) -> Answer:
    return {"redemption": redemption.pk, "state": redemption.state}


def _reserve(op_id: UUID, household: Household, item: Item, quantity: int, by: User | None) -> Redemption:
    if by is not None:
        check_may(by, Permission.RUN_SHOP, item.shop_id)
    number(quantity, "quantity", "数量", most=MAX_AT_ONCE)
    now = timezone.now()
    today = timezone.localdate(now)
    household = lock_household(household.code) or household
    check_household(household, item.shop, today)
    _check_offered(item)
    month, points = month_of(today), item.points * quantity
    if has_limits(item.shop, item):
        refusal = over_limits(item.shop, item, household.code, month, quantity=quantity, points=points)
        if refusal is not None:
            raise refusal
    _set_aside(item, quantity)
    redemption = Redemption(
        op_id=op_id,
        shop=item.shop,
        household=household,
        item=item,
        quantity=quantity,
        points=points,
        month=month,
        channel=RedemptionChannel.COUNTER if by else RedemptionChannel.PAGE,
        reserved_at=now,
        reserved_by=by,
        expires_at=_end_of(item.shop, now),
    )
    redemption.save(force_insert=True)
    hold_points(redemption)
    note(by, "redemption.reserve", redemption)
    return redemption


def _check_offered(item: Item) -> None:
    if not item.shop.is_open:
        raise Refused("shop_closed", "本村超市暂停营业，现在不能预订。", hint="恢复营业后再来。")
    if item.retired_at is not None or not item.on_sale:
        raise Refused(
            "item_not_offered", f"{item.name}现在没有上架。", hint="请换一种物品。", fields={"item": "没有上架"}
        )


def lock_household(code: str) -> Household | None:
    """The household as it is now, its row held. This serialises what one household does: a month's limit is counted over
    many rows, and nobody takes it off the register meanwhile.
    """
    return Household.objects.select_for_update(no_key=True).filter(code=code).first()


def _set_aside(item: Item, quantity: int) -> None:
    """Reserve goods that are free, at the price that was read; if either moved meanwhile, say what is there now."""
    price = item.points
    free = Item.objects.filter(pk=item.pk, on_sale=True, points=price, on_hand__gte=F("reserved") + quantity)
    while not free.update(reserved=F("reserved") + quantity):
        item.refresh_from_db(fields=["points", "on_hand", "reserved", "on_sale", "retired_at"])
        _check_offered(item)
        if item.free < quantity:
            raise no_stock(item, quantity)
        if item.points != price:
            raise _price_changed(item)
        # There are enough again: somebody gave theirs up between the two looks.


def _price_changed(item: Item) -> Refused:
    return Refused(
        "price_changed", f"{item.name}的积分刚刚改成了 {item.points}。", hint="请看过新的积分再预订。", status=409
    )


def hold_points(redemption: Redemption) -> None:
    """Hold the points; a refusal says in `fields` how many are free."""
    owner = ledger.household(redemption.household_id)
    text = f"预订 {goods(redemption.item, redemption.quantity)}"
    try:
        ledger.hold(owner, redemption.points, key=redemption.ledger_key, text=text)
    except Refused as refusal:
        refusal.fields.setdefault("balance", str(ledger.state_of(owner).free))
        raise


def _end_of(shop: Shop, now: datetime) -> datetime:
    """The midnight after the last day on which it can be picked up."""
    last = opening.last_pick_up_day(timezone.localdate(now), shop.reservation_days, shop.weekdays, shop.dates)
    midnight = datetime.combine(last + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight)


def hand_over(
    *,
    op_id: UUID,
    redemption: Redemption,
    pin: str = "",
    signature: bytes = b"",
    collected_by: str = "",
    relation: str = "",
    to_home: bool = False,
    by: User,
) -> Redemption:
    """Give the goods out, proven by the household's PIN or by a signature drawn on the screen (PNG).

    `collected_by` and `relation` name a proxy; `to_home` says that the goods were brought there, on any day. At the
    counter only on opening days. A wrong PIN is counted against the plate and stays this `op_id`'s answer: the next try
    needs an id of its own. Repeating a successful one hands over nothing twice.
    """
    village = village_of(redemption.household_id)
    check_may(by, Permission.RUN_SHOP, village)
    facts = _checked_collection(collected_by, relation) | {"delivered_to_home": to_home}
    proven = proofs.missing
    if signature:
        facts |= {"proof": Proof.SIGNATURE, "signature": keep_signature(signature, private_to=village, by=by)}
        proven = proofs.by_signature
    elif pin:
        facts |= {"proof": Proof.PIN}
        proven = proofs.by_pin(op_id, redemption.household_id, pin)
    payload = [redemption.pk, {name: str(value) for name, value in sorted(facts.items())}]
    return _once(
        RedemptionAction.HAND_OVER,
        op_id=op_id,
        redemption=redemption,
        payload=payload,
        by=by,
        act=lambda found: _hand_over(found, facts, proven, by),
    )


Act = Callable[[Redemption], Answer]


def _once(
    action: RedemptionAction, *, op_id: UUID, redemption: Redemption, payload: object, by: User | None, act: Act
) -> Redemption:
    """Do something to a redemption once; returns it as it is then. What can change of it, `advance` looks at again."""
    moved: list[Redemption] = []

    def on_a_copy() -> Answer:
        found = copy.copy(redemption)  # who is refused keeps what they had
        answer = act(found)
        moved.append(found)
        return answer

    expected: Answer = {"redemption": redemption.pk, "state": _move(action).target}
    once(op_id=op_id, by=by, kind=f"shop.{action}", payload=payload, act=on_a_copy, expected=expected)
    return moved[0] if moved else known(redemption.pk)


def _checked_collection(collected_by: str, relation: str) -> dict[str, Any]:
    """Who came for the goods; nothing when the household itself did."""
    if not collected_by.strip() and not relation.strip():
        return {}
    return {
        "collected_by": words(collected_by, "collected_by", "代领人姓名", 30),
        "relation": words(relation, "relation", "代领人与户主的关系", 20),
    }


def _hand_over(redemption: Redemption, facts: dict[str, Any], proven: proofs.Proven, by: User) -> Answer:
    proven()
    now = timezone.now()
    if not facts["delivered_to_home"]:
        check_open_today(redemption.shop, timezone.localdate(now))
    advance(redemption, RedemptionAction.HAND_OVER, by, handed_at=now, handed_by=by, **facts)
    out = move_of(redemption, MoveKind.HAND_OVER, -redemption.quantity, by=by)
    book(redemption.item, [out], reserved=-redemption.quantity)
    text = f"领取 {goods(redemption.item, redemption.quantity)}"
    ledger.spend(ledger.household(redemption.household_id), key=redemption.ledger_key, text=text)
    note(
        by, "redemption.hand_over", redemption, proof=Proof(facts["proof"]).label, proxy=bool(facts.get("collected_by"))
    )
    return _answer(redemption)


def void(*, op_id: UUID, redemption: Redemption, reason: str = BY_HOUSEHOLD, by: User | None) -> Redemption:
    """Give a reservation up: goods and points are free again. `by` None is the household itself, in its own session."""
    if by is not None:
        check_may(by, Permission.RUN_SHOP, village_of(redemption.household_id))
    why = words(reason, "reason", "取消原因", 200)
    return _once(
        RedemptionAction.VOID,
        op_id=op_id,
        redemption=redemption,
        payload=[redemption.pk, why],
        by=by,
        act=lambda found: let_go(found, RedemptionAction.VOID, why, by),
    )


def let_go(redemption: Redemption, action: RedemptionAction, reason: str, by: User | None) -> Answer:
    """Void or expire: the reserved goods and the held points are free again. In the caller's transaction."""
    advance(redemption, action, by, ended_at=timezone.now(), ended_by=by, reason=reason)
    book(redemption.item, [], reserved=-redemption.quantity)
    text = f"{action.label}预订 {goods(redemption.item, redemption.quantity)}：{reason}"
    ledger.release(ledger.household(redemption.household_id), key=redemption.ledger_key, text=text)
    if by is not None or action is RedemptionAction.EXPIRE:  # what it gave up itself is no news to it
        put("goods.void", key=redemption.pk, households=[redemption.household_id])
    note(by, f"redemption.{action}", redemption, reason=reason)
    return _answer(redemption)


def expire_due(*, shop: Shop | str, now: datetime | None = None) -> int:
    """Let go every reservation of a shop whose time is over; returns how many. Each by itself, harmless when repeated."""
    moment = now or timezone.now()
    village = shop.pk if isinstance(shop, Shop) else shop
    due = Redemption.objects.reserved().filter(shop=village, expires_at__lte=moment).order_by("id")
    return sum(expire(pk) for pk in due.values_list("pk", flat=True))


def expire(pk: int) -> bool:
    """False when somebody else was quicker: then it has been handed over or voided."""
    try:
        with transaction.atomic():
            let_go(known(pk), RedemptionAction.EXPIRE, TOO_LATE, None)
    except Refused:
        return False
    return True


def reverse(*, op_id: UUID, redemption: Redemption, reason: str, by: User) -> Redemption:
    """The goods came back whole: they return to the shelf and the points to the household, as new entries.

    It stays in the month's reconciliation with its reason, for the supervisor to see. What came back spoilt is written
    off by a stocktake.
    """
    check_may(by, Permission.RUN_SHOP, village_of(redemption.household_id))
    why = words(reason, "reason", "退货原因", 200)
    return _once(
        RedemptionAction.REVERSE,
        op_id=op_id,
        redemption=redemption,
        payload=[redemption.pk, why],
        by=by,
        act=lambda found: _reverse(found, why, by),
    )


def _reverse(redemption: Redemption, reason: str, by: User) -> Answer:
    advance(redemption, RedemptionAction.REVERSE, by, ended_at=timezone.now(), ended_by=by, reason=reason)
    book(redemption.item, [move_of(redemption, MoveKind.RETURN, redemption.quantity, by=by)])
    text = f"退货 {goods(redemption.item, redemption.quantity)}：{reason}"
    owner = ledger.household(redemption.household_id)
    ledger.give_back(owner, redemption.points, key=redemption.ledger_key, text=text)
    put("goods.void", key=redemption.pk, households=[redemption.household_id])
    note(by, "redemption.reverse", redemption, reason=reason)
    return _answer(redemption)


def advance(redemption: Redemption, action: RedemptionAction, by: User | None, **stamps: Any) -> None:
    """Move it on from the state this action starts at; refused with 409 when it is no longer there."""
    move = _move(action)
    if by is not None and by.role not in move.roles:
        raise Refused("not_yours", f"{by.get_role_display()}不能{action.label}。", hint="请找本村村干部。", status=403)
    standing = Redemption.objects.filter(pk=redemption.pk, state=move.source)
    while not standing.update(state=move.target, **stamps):
        refusal = moved_on(redemption.pk, action)
        if refusal.code != f"redemption_{move.source}":
            raise refusal
        # It came to where this begins between the two looks.
    for name, value in {**stamps, "state": move.target}.items():
        setattr(redemption, name, value)


def _move(action: RedemptionAction) -> Move[RedemptionAction, RedemptionState, str]:
    return next(move for move in states.TRANSITIONS if move.action is action)


def moved_on(pk: int, action: RedemptionAction) -> Refused:
    """Told to the second of two: what it is now, and what can be done instead."""
    state = RedemptionState(Redemption.objects.values_list("state", flat=True).get(pk=pk))
    return Refused(
        f"redemption_{state}",
        states.why_not(action, state),
        hint=states.NEXT_STEPS[state],
        fields={"state": state.label},
        status=409,
    )


def note(by: User | None, action: str, redemption: Redemption, **detail: Any) -> None:
    """The audit line; what a household does in its own session is written as a villager's."""
    is_own = by is None and (action == "redemption.reserve" or detail.get("reason") == BY_HOUSEHOLD)
    audit.record(
        audit.VILLAGER if is_own else by,
        action,
        place=redemption.household_id,
        subject=redemption.pk,
        item=redemption.item.name,
        quantity=redemption.quantity,
        points=redemption.points,
        **detail,
    )
