"""Random histories of the register on the real database, held against a model that knows months and codes alone.

Splits, merges, moves, closings, reopenings, corrections, redemptions, declarations, freezings and changes of places (villages
merged, split and renumbered, groups moved, borders shifted, and all of that taken back), in any order: each month each household
counts once or is rightly absent, what was frozen stays as it is to the byte, no point appears or is lost.
"""

from collections import Counter
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from households.borders.actions.undoing import take_back
from households.borders.checks import checked as borders_checked
from households.changes.checks import checked
from households.codes import group_of, village_of
from households.contacts.checks import checked as contacts_checked
from households.models import BorderOrder, ChangeKind, Division, Household
from households.refusals import Refused
from households.roles import Role
from rewards.models import Redemption
from scoring.checks.verify import verify
from scoring.freezing import credit_late, freeze
from scoring.ledger import heirs
from scoring.ledger.places import settle_places
from scoring.models import Account, HouseholdScore, PointEntry, RankingSnapshot, Sheet
from scoring.months.months import open_month
from scoring.rollup.rollup import roll_up
from scoring.states import SheetState
from tests.households.borders.orders import ordered
from tests.households.changes.histories import done
from tests.rewards.shop_world import ShopWorld, build_shop, give
from tests.world import LONG_AFTER, SISTER, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
MONTHS = ["2024-04", "2024-05", "2024-06", "2024-07"]
K = ChangeKind
KINDS = [
    K.ADD,
    K.SPLIT,
    K.SPLIT,
    K.MERGE,
    K.MERGE,
    K.MOVE,
    K.MOVE,
    K.MOVE,
    K.CLOSE,
    K.CLOSE,
    K.REOPEN,
    K.REOPEN,
    K.HEIR,
]
STEPS = (
    ["change"] * 6
    + ["border"] * 3
    + ["take back"]
    + ["correct", "redeem", "redeem", "void", "declare", "declare", "freeze", "roll up"]
)
Given = tuple[str, ChangeKind, int, int, int, int]
STEP = st.tuples(
    st.sampled_from(STEPS), st.sampled_from(KINDS), *(st.integers(0, 23) for _ in range(3)), st.integers(0, 3)
)


class History:
    """The small world with a shop, what is tried in it, and which codes ought to count in which month."""

    def __init__(self, shop: ShopWorld) -> None:
        self.shop, self.world = shop, shop.world
        codes = list(Household.objects.values_list("code", flat=True))
        for household in Household.objects.exclude(pk__in=[shop.rich.pk, shop.poor.pk]):
            give(household, 50)
        self.present = {month: set(codes) for month in MONTHS}
        self.since = dict.fromkeys(codes, 0)  # from which of MONTHS on a code is what it is
        self.ended: dict[str, int] = {}
        self.closed: set[str] = set()
        self.signed = dict.fromkeys((VILLAGE, SISTER, STRANGE), -1)  # the last month that a village has signed for
        self.frozen: dict[str, list[object]] = {}
        self.places: dict[str, int] = {}  # from which of MONTHS on a place that began stands
        self.orders: list[BorderOrder] = []
        self.happened: Counter[str] = Counter()

    def step(self, given: Given) -> None:
        """Try one; a refusal is an answer too, and changes nothing."""
        what, kind, first, second, third, month = given
        try:
            with transaction.atomic():
                match what:
                    case "change":
                        self.change(kind, first, second, third, month)
                    case "border":
                        self.border(first, second, third, month)
                    case "take back":
                        self.take_back(self.orders[-1])
                    case "correct":
                        self.correct(first, month)
                    case "redeem":
                        self.shop.reserve(Household.objects.get(code=self.pick(first)), by=self.shop.cadre)
                    case "void":
                        self.shop.void(Redemption.objects.reserved().first())
                    case "declare":
                        self.declare(first, month)
                    case "freeze":
                        self.freeze(month)
                    case _:
                        roll_up(MONTHS[month])
            self.happened[kind if what == "change" else what] += 1
        except (Refused, AttributeError, IndexError) as refused:
            self.happened[getattr(refused, "code", "nothing there")] += 1

    def pick(self, number: int) -> str:
        codes = sorted(self.since)
        return codes[number % len(codes)]

    def change(self, kind: ChangeKind, first: int, second: int, third: int, month: int) -> None:
        code = self.pick(first) if kind is not K.REOPEN or not self.closed else min(self.closed)
        other = self.pick(second) if kind in (K.MERGE, K.HEIR) else ""
        groups = sorted(Division.objects.filter(code__regex="^.{14}$").values_list("code", flat=True))
        group = groups[second % len(groups)] if kind in (K.ADD, K.MOVE) else ""
        more = {"other": other, "group": group, "release": bool(third % 2)}
        if kind in (K.ADD, K.SPLIT):
            more["head_name"] = "新立户"
        day = date.fromisoformat(f"{MONTHS[month]}-{10 + third % 8:02d}")
        done(None, kind, day, "" if kind is K.ADD else code, **more)
        villages = {village_of(one) for one in (code if kind is not K.ADD else "", other, group) if one}
        floors = [self.since[one] for one in (code, other) if one and kind is not K.ADD]
        floors.append(self.places.get(group or group_of(code), 0))
        self.apply(kind, code, other, group, max([month, *floors, *(self.signed[one] + 1 for one in villages)]))

    def apply(self, kind: ChangeKind, code: str, other: str, group: str, start: int) -> None:
        if kind in (K.ADD, K.SPLIT, K.MOVE):
            new = Household.objects.filter(group=group or group_of(code)).order_by("-code").first().code
            assert new not in self.since, "a code was used again"
            self.since[new] = start
            self.count(new, start, here=True)
        if kind in (K.SPLIT, K.MERGE):
            self.since[other if kind is K.MERGE else code] = start
        if kind in (K.MERGE, K.MOVE, K.CLOSE):
            self.ended[code] = start
            self.count(code, start, here=False)
        if kind is K.CLOSE:
            self.closed.add(code)
        if kind is K.REOPEN:
            start = max(start, self.ended.pop(code))
            self.closed.discard(code)
            self.since[code] = start
            self.count(code, start, here=True)

    def border(self, first: int, second: int, third: int, month: int) -> None:
        """One of five changes of places, of whichever village, group or household the numbers mean."""
        standing = [one for one in sorted(self.signed) if not Division.objects.get(code=one).valid_to]
        here, there = standing[first % len(standing)], standing[second % len(standing)]
        groups = sorted(Division.objects.filter(parent__in=standing, valid_to=None).values_list("code", flat=True))
        group, fresh = groups[first % len(groups)], f"{here[:9]}{300 + len(self.signed):03d}"
        among = Division.objects.filter(parent=there).order_by("-code").values_list("code", flat=True)
        beyond = f"{there}{int((among.first() or '00')[-2:]) + 1:02d}"
        lines = [
            [(here, there, "并成的村")],
            [(here, fresh, "新编码的村")],
            [(group, beyond, "")],
            [(self.pick(third), groups[second % len(groups)], ""), (self.pick(third + 1), group, "")],
            [("", fresh, "分出的村"), (group, f"{fresh}01", "")],
        ][third % 5]
        total = points_in_all()
        day = date.fromisoformat(f"{MONTHS[month]}-{10 + third % 8:02d}")
        order = ordered(None, day, *lines, release=bool(second % 2))
        assert points_in_all() == total
        self.orders.append(order)
        start = index_of(order.counts_from)
        pairs = list(order.changes.values_list("household", "other"))
        villages = {village_of(code) for pair in pairs for code in pair}
        assert start >= max([month, *(self.signed.get(one, -1) + 1 for one in villages)])
        for old, new in pairs:
            assert new not in self.since, "a code was used again"
            self.since[new] = self.ended[old] = start
            self.count(old, start, here=False)
            self.count(new, start, here=True)
        for code in order.kept["made"]:
            self.places[code] = start
            if len(code) == 12:
                self.signed[code] = -1

    def take_back(self, order: BorderOrder) -> None:
        pairs = list(order.changes.filter(kind=K.MOVE).values_list("household", "other"))
        total = points_in_all()
        take_back(order=order, by=self.world.user(Role.COUNTY_OFFICE))
        assert points_in_all() == total
        start = index_of(order.counts_from)
        for old, new in pairs:
            self.since[old] = self.ended.pop(old)
            self.ended[new] = start
            self.count(old, start, here=True)
            self.count(new, start, here=False)

    def count(self, code: str, start: int, *, here: bool) -> None:
        for month in MONTHS[start:]:
            (self.present[month].add if here else self.present[month].discard)(code)

    def correct(self, first: int, month: int) -> None:
        day = date.fromisoformat(f"{MONTHS[month]}-12")
        done(self.world.user(Role.COUNTY_OFFICE), K.CORRECT, day, self.pick(first), head_name=f"改名{uuid4().hex[:4]}")

    def declare(self, first: int, month: int) -> None:
        village = sorted(self.signed)[first % len(self.signed)]
        self.world.declare(Division.objects.get(code=village), month=MONTHS[month])
        self.signed[village] = max(self.signed[village], month)

    def freeze(self, month: int) -> None:
        freeze(month=MONTHS[month], on=LONG_AFTER, force=True)
        for sheet in Sheet.objects.filter(period=MONTHS[month], state=SheetState.FROZEN):
            self.frozen.setdefault(f"{sheet.period_id} {sheet.village_id}", frozen_rows(sheet))

    # What must hold

    def check(self) -> None:
        for month in MONTHS:
            for village in Division.objects.filter(code__in=self.signed):
                here = {code for code in self.present[month] if code.startswith(village.code)}
                if here and self.world.sheet(village, month).state == SheetState.OPEN:
                    self.world.declare(village, month=month)
            roll_up(month)
            scored = set(HouseholdScore.objects.filter(month=month).values_list("code", flat=True))
            assert scored == self.present[month], month
            again = roll_up(month, full=True)
            assert again.households == 0, "computed anew, it is another month"
            credit_late(month)
        for key, rows in self.frozen.items():
            month, village = key.split()
            assert frozen_rows(Sheet.objects.get(period=month, village=village)) == rows
        heirs.settle_everywhere()
        settle_places()
        assert verify() == []
        told = [*checked(None), *borders_checked(None), *contacts_checked(None)]
        assert [line.sentence for line in told if not line.holds] == []
        moved = PointEntry.objects.filter(kind__in=["moved_out", "moved_in"]).aggregate(
            n=Sum("amount"), owed=Sum("owed")
        )
        assert not moved["n"] and not moved["owed"]
        gone = [code for code in self.ended if code not in self.closed]
        assert not Account.objects.filter(owner__in=gone, balance__gt=F("held")).exists()


def index_of(day: date) -> int:
    """Which of MONTHS, or how far behind them."""
    return (day.year - 2024) * 12 + day.month - 4


def points_in_all() -> dict[str, int]:
    return Account.objects.aggregate(balance=Sum("balance"), owed=Sum("owed"))


def frozen_rows(sheet: Sheet) -> list[object]:
    """Everything that was written of a village's month when it was frozen."""
    scores = HouseholdScore.objects.filter(month=sheet.period_id, code__startswith=sheet.village_id)
    kept = RankingSnapshot.objects.filter(month=sheet.period_id, version__lte=sheet.archived_in or 0)
    return [*scores.order_by("code").values_list(), *kept.order_by("pk").values_list("pk", "digest")]


def live(shop: ShopWorld, steps: list[Given]) -> Counter[str]:
    """One history, after which the world is as before."""
    with transaction.atomic():
        history = History(shop)
        for step in steps:
            history.step(step)
        history.check()
        transaction.set_rollback(True)
    return history.happened


@pytest.fixture
def shop(world: World) -> ShopWorld:
    for month in MONTHS:
        open_month(month)
    return build_shop(world)


SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
PHASES = [
    Phase.explicit,
    Phase.generate,
]  # a history that fails says what broke; to make it shorter would take many minutes


@settings(max_examples=8, suppress_health_check=SUPPRESSED, phases=PHASES)
@given(steps=st.lists(STEP, min_size=10, max_size=24))
def test_households_count_once_whatever_becomes_of_them(shop: ShopWorld, steps: list[Given]) -> None:
    live(shop, steps)


@pytest.mark.long
@settings(max_examples=120, suppress_health_check=SUPPRESSED, phases=PHASES)
@given(steps=st.lists(STEP, min_size=30, max_size=80))
def test_households_count_once_in_long_histories(shop: ShopWorld, steps: list[Given]) -> None:
    live(shop, steps)


def test_steps_of_a_history_do_happen(shop: ShopWorld) -> None:
    """What is tried at random is not refused each time."""
    steps = [("change", kind, number, number + 5, number, number % 4) for number, kind in enumerate(KINDS)]
    happened = live(
        shop, [*steps, ("redeem", K.ADD, 1, 0, 0, 0), ("declare", K.ADD, 2, 0, 0, 0), ("freeze", K.ADD, 0, 0, 0, 0)]
    )
    places = [("border", K.ADD, number, number + 1, number, 1) for number in range(5)]
    happened += live(shop, [places[0], ("take back", K.ADD, 0, 0, 0, 0), *places])
    assert happened["border"] >= 4
    assert {"take back", K.ADD, K.SPLIT, K.MERGE, K.MOVE, K.CLOSE, K.REOPEN, "declare", "freeze"} <= set(happened)
