"""Stock, points and signatures of a shop and month side by side; every difference has a name. Reads, repairs nothing.

A redemption belongs to the month in which its goods were booked out. Goods and points are booked in one transaction, so
each hand-over has one move of stock and one spend in the ledger, and each reversal a return and what was given back.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from households.months import Month, first_day, next_month
from rewards.models import Item, MoveKind, Proof, Redemption, Shop, StockMove
from scoring.models import EntryKind, PointEntry

_KEY = "redemption:"
_NUMBER = re.compile(rf":{_KEY}([0-9]+)")
_AROUND = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item's month in units: opening + purchased - handed_over + returned + variance + found + handed_on = closing.

    `variance` is what stocktakes found (either sign), `found` what offline hand-overs showed to have been there, `handed_on` what
    came from or went to another shop when places changed. Points
    are those of the hand-overs less those of the returns; costs in whole fen.
    """

    item: Item
    opening: int
    purchased: int
    handed_over: int
    returned: int
    variance: int
    found: int
    handed_on: int
    purchased_fen: int
    handed_over_fen: int

    @property
    def closing(self) -> int:
        return (
            self.opening
            + self.purchased
            - self.handed_over
            + self.returned
            + self.variance
            + self.found
            + self.handed_on
        )

    @property
    def is_still(self) -> bool:
        """Nothing was there and nothing moved: of no interest."""
        moved = (self.purchased, self.handed_over, self.returned, self.variance, self.found, self.handed_on)
        return not any((self.opening, *moved))


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """What one supplier delivered in the month: vouchers, units and whole fen."""

    supplier: str
    vouchers: int
    quantity: int
    fen: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not agree: where, what it should be and what it is, in Chinese."""

    where: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The month of a shop. Points are whole points, money whole fen.

    `points_due` is what the hand-overs cost, less what the reversals gave back; `points_booked` the same according to the
    ledger. `unproven` were handed over without PIN or signature, `flagged` off line or beyond a limit, `reversed` came
    back; a supervisor looks at each of them. `differences` is empty when everything agrees.
    """

    shop: Shop
    month: Month
    items: list[ItemLine]
    suppliers: list[SupplierLine]
    handed_over: list[Redemption]
    reversed: list[Redemption]
    points_due: int
    points_booked: int
    differences: list[Difference]

    @property
    def agrees(self) -> bool:
        """Whether stock, points and hand-overs agree; missing signatures are not a matter of sums."""
        return not self.differences

    @property
    def unproven(self) -> list[Redemption]:
        return [one for one in self.handed_over if one.proof == Proof.NONE]

    @property
    def flagged(self) -> list[Redemption]:
        return [one for one in self.handed_over if one.flags]

    @property
    def is_handed_on(self) -> bool:
        """Whether goods came from or went to another shop."""
        return any(line.handed_on for line in self.items)

    @property
    def by_pin(self) -> int:
        return sum(one.proof == Proof.PIN for one in self.handed_over)

    @property
    def by_signature(self) -> int:
        return sum(one.proof == Proof.SIGNATURE for one in self.handed_over)

    @property
    def by_proxy(self) -> int:
        return sum(bool(one.collected_by) for one in self.handed_over)

    @property
    def purchased_fen(self) -> int:
        return sum(line.purchased_fen for line in self.items)

    @property
    def handed_over_fen(self) -> int:
        return sum(line.handed_over_fen for line in self.items)


def reconcile(shop: Shop, month: Month) -> Reconciliation:
    """The month of a shop: seven queries, however much went on."""
    start, end = _bounds(month)
    moves = StockMove.objects.filter(item__shop=shop, at__lt=end)
    items = _item_lines(shop, moves, start)
    inside = moves.filter(at__gte=start)
    out, back = _booked(inside, MoveKind.HAND_OVER), _booked(inside, MoveKind.RETURN)
    booked = _ledger(shop, start, end)
    return Reconciliation(
        shop=shop,
        month=month,
        items=[line for line in items if not line.is_still],
        suppliers=_suppliers(inside),
        handed_over=[one for one, _ in out],
        reversed=[one for one, _ in back],
        points_due=sum(one.points for one, _ in out) - sum(one.points for one, _ in back),
        points_booked=sum(booked.spent[one.pk] for one, _ in out) - sum(booked.given_back[one.pk] for one, _ in back),
        differences=[
            *_stock_differences(items, end),
            *_point_differences(out, booked.spent, "兑换应扣"),
            *_point_differences(back, booked.given_back, "退货应退"),
            *_unknown_spends(booked),
        ],
    )


def _bounds(month: Month) -> tuple[datetime, datetime]:
    return _midnight(first_day(month)), _midnight(first_day(next_month(month)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _item_lines(shop: Shop, moves: QuerySet[StockMove], start: datetime) -> list[ItemLine]:
    """Every item of the shop with the sums of its moves before and within the month."""
    inside = {kind: Q(kind=kind, at__gte=start) for kind in MoveKind}
    fen = F("quantity") * F("unit_cost_fen")
    sums = moves.values("item").order_by("item")
    sums = sums.annotate(
        opening=Sum("quantity", filter=Q(at__lt=start)),
        purchased_fen=Sum(fen, filter=inside[MoveKind.PURCHASE]),
        handed_over_fen=Sum(fen, filter=inside[MoveKind.HAND_OVER]),
        **{f"of_{kind}": Sum("quantity", filter=within) for kind, within in inside.items()},
    )
    by_item: dict[int, Mapping[str, Any]] = {row["item"]: row for row in sums}
    return [_line(item, by_item.get(item.pk, {})) for item in Item.objects.filter(shop=shop)]


def _line(item: Item, sums: Mapping[str, Any]) -> ItemLine:
    def of(name: str) -> int:
        return sums.get(name) or 0

    return ItemLine(
        item=item,
        opening=of("opening"),
        purchased=of("of_purchase"),
        handed_over=-of("of_hand_over"),
        returned=of("of_return"),
        variance=of("of_variance"),
        found=of("of_found"),
        handed_on=of("of_handed_on"),
        purchased_fen=of("purchased_fen"),
        handed_over_fen=-of("handed_over_fen"),
    )


def _suppliers(booked: QuerySet[StockMove]) -> list[SupplierLine]:
    bought = booked.filter(kind=MoveKind.PURCHASE).values("supplier").order_by("supplier")
    totals = bought.annotate(
        vouchers=Count("voucher_no", distinct=True),
        units=Sum("quantity"),
        fen=Sum(F("quantity") * F("unit_cost_fen")),
    )
    return [SupplierLine(row["supplier"], row["vouchers"], row["units"], row["fen"]) for row in totals]


def _booked(booked: QuerySet[StockMove], kind: MoveKind) -> list[tuple[Redemption, int]]:
    """The redemptions whose goods moved this way in the month, with how many units did, in the order they did."""
    moves = booked.filter(kind=kind).select_related(
        "redemption__item", "redemption__household", "redemption__handed_by"
    )
    return [(move.redemption, abs(move.quantity)) for move in moves.order_by("id") if move.redemption is not None]


@dataclass(frozen=True, slots=True)
class _Booked:
    """Points by redemption as the ledger has them: spent (owed ones included) and given back; `fresh` in this month."""

    spent: dict[int, int]
    given_back: dict[int, int]
    fresh: set[int]


def _ledger(shop: Shop, start: datetime, end: datetime) -> _Booked:
    """The village's spends and reversals of the month. Goods and points booked at midnight may lie in two months: a day
    more on either side is looked at."""
    entries = PointEntry.objects.filter(
        chain=shop.pk,
        kind__in=[EntryKind.SPEND, EntryKind.REVERSAL],
        source_key__contains=f":{_KEY}",
        at__gte=start - _AROUND,
        at__lt=end + _AROUND,
    )
    booked = _Booked(defaultdict(int), defaultdict(int), set())
    for kind, key, amount, owed, at in entries.values_list("kind", "source_key", "amount", "owed", "at"):
        number = number_of(key)
        if kind == EntryKind.REVERSAL:
            booked.given_back[number] += amount
        else:
            booked.spent[number] += owed - amount
            booked.fresh.update([number] if start <= at < end else [])
    return booked


def number_of(source_key: str) -> int:
    """The redemption that an entry of the ledger is about: spend:redemption:17 and reversal:redemption:17@2026 are 17."""
    return int(_NUMBER.findall(source_key)[0])


def _stock_differences(items: Iterable[ItemLine], end: datetime) -> list[Difference]:
    """The books of a month that is still running must end at what stands on the shelf."""
    if end <= timezone.now():
        return [_short(line) for line in items if line.closing < 0]
    wrong = (line for line in items if line.closing != line.item.on_hand)
    return [
        Difference(f"{line.item.name}的库存", f"{line.closing}{line.item.unit}", f"{line.item.on_hand}{line.item.unit}")
        for line in wrong
    ]


def _short(line: ItemLine) -> Difference:
    return Difference(f"{line.item.name}的月末库存", "不少于 0", f"{line.closing}{line.item.unit}")


def _point_differences(moved: list[tuple[Redemption, int]], booked: Mapping[int, int], what: str) -> list[Difference]:
    """Goods that moved without their points, or for another number of them; or another number of units."""
    wrong = []
    for one, units in moved:
        where = f"第 {one.pk} 笔（{one.item.name}）"
        if booked.get(one.pk, 0) != one.points:
            found = f"积分账上 {booked.get(one.pk, 0)} 分"
            wrong.append(Difference(f"{where}的积分", f"{what} {one.points} 分", found))
        if units != one.quantity:
            found = f"库存账上 {units}{one.item.unit}"
            wrong.append(Difference(f"{where}的数量", f"{one.quantity}{one.item.unit}", found))
    return wrong


def _unknown_spends(booked: _Booked) -> list[Difference]:
    """Points spent in the month for a redemption whose goods never left the shelf."""
    moves = StockMove.objects.filter(kind=MoveKind.HAND_OVER, redemption__in=booked.fresh)
    left = booked.fresh - set(moves.values_list("redemption", flat=True))
    return [
        Difference(f"第 {number} 笔的积分", "没有发放，不扣分", f"积分账上 {booked.spent[number]} 分")
        for number in sorted(left)
    ]
