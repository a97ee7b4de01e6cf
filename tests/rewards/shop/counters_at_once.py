"""Real counters at work: threads with connections of their own, given requests to make at the same moment."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Barrier
from uuid import UUID, uuid4

from django.db import Error, InterfaceError, OperationalError, connection, transaction

from households.months import months_between
from households.refusals import Refused
from households.roles import Role
from households.sql import rows
from rewards.models import Item, Redemption
from rewards.shop.actions import catalogue, redemptions
from scoring.freezing import freeze
from scoring.ledger import door as ledger
from scoring.models import ScoreEvent
from scoring.months.months import open_month
from scoring.restatements import actions as restating
from tests.plates import own_plate
from tests.rewards.shop.shop_model import OK, PRICES, SIX_ZERO, Op, State, explanations, move
from tests.rewards.shop_world import ShopWorld, build_shop
from tests.world import LONG_AFTER, VILLAGE, World

HOUSEHOLDS = 4
COUNTERS = 3
OPEN = ("reserved", "handed_over")
WITH_ID = ("reserve", "hand_over", "void", "reverse", "restate")  # what may be sent again after an answer was lost
FIRST, LAST = "2024-05", "2025-04"
_SEEN = """
    SELECT 'account', owner, balance, held, owed FROM scoring_account
    WHERE owner_kind = 'household' AND owner >= %(low)s AND owner < %(high)s
    UNION ALL SELECT 'item', id::text, on_hand, reserved, 0 FROM rewards_item
    UNION ALL SELECT state, op_id::text, 0, 0, 0 FROM rewards_redemption WHERE op_id = ANY (%(live)s::uuid[])
"""


class Disagreement(AssertionError):
    """The database did what no order of the requests explains."""


@dataclass
class Counters:
    """The shop with its model beside it. `run` makes one round of requests at once and compares."""

    shop: ShopWorld
    pins: list[str]
    rng: random.Random
    threads: ThreadPoolExecutor
    state: State = field(default_factory=State)
    past: list[Op] = field(default_factory=list)
    months: list[str] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)
    numbers: dict[str, Redemption] = field(default_factory=dict)
    kills: float = 0  # how often a round has its connections cut while it runs
    cut: int = 0  # requests that lost theirs, and were sent again under their id
    lines: set[int] = field(default_factory=set)

    @property
    def items(self) -> list[Item]:
        return [self.shop.soap, self.shop.rice, self.shop.oil]  # type: ignore[attr-defined]

    def run(self, ops: list[Op]) -> None:
        """All at once; Disagreement unless some order of them explains what is seen."""
        start = Barrier(len(ops))
        begun = [self.threads.submit(self._make, op, start) for op in ops]
        if all(op.kind in WITH_ID for op in ops) and self.rng.random() < self.kills:
            self._kill()
        seen = [done.result(60) for done in begun]
        real = self.seen_from_outside([op for op in ops if op.kind == "reserve"])
        for after in explanations(self.state, ops, seen):
            if after.shown() == real:
                self.state = after
                self.past = [*self.past[-200:], *ops]
                return
        touched = {op.redemption: self.state.redemptions.get(op.redemption) for op in ops}
        raise Disagreement(f"{ops} on {touched} answered {seen}: {real[:2]} from {self.state.shown()[:2]}")

    def _make(self, op: Op, start: Barrier) -> str:
        connection.ensure_connection()
        self.lines.add(connection.connection.get_backend_pid())
        start.wait(60)
        while True:
            try:
                return self.make(op)
            except Refused as refusal:
                return refusal.code
            except (OperationalError, InterfaceError) as fault:
                if not self.kills:
                    return f"{type(fault).__name__}: {fault}"
                self.cut += 1
                connection.close()  # as a browser does: the answer did not come, so the same is sent again
            except (Error, ValueError) as fault:
                return f"{type(fault).__name__}: {fault}"

    def _kill(self) -> None:
        """Cut the connections of everybody at work, some milliseconds into it; which step that meets is chance."""
        moment = self.rng.random() / 50
        rows(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pg_sleep(%(moment)s)) s, unnest(%(pids)s::int[]) pid",
            {"moment": moment, "pids": list(self.lines)},
        )
        self.lines.clear()

    def make(self, op: Op) -> str:
        """One request; OK, or what the action said."""
        key = UUID(op.key)
        if op.kind == "reserve":
            household = self.shop.world.households[op.household]
            given = {"household": household, "item": self.items[op.item], "quantity": op.quantity, "by": None}
            self.numbers[op.key] = redemptions.reserve(op_id=key, **given)
        elif op.kind == "hand_over":
            self.shop.hand_over(self.numbers[op.redemption], op_id=key, pin=self.pins[op.household])
        elif op.kind in ("void", "reverse"):
            getattr(self.shop, op.kind)(self.numbers[op.redemption], op_id=key)
        elif op.kind == "expire":
            return OK if redemptions.expire(self.numbers[op.redemption].pk) else "no"
        elif op.kind == "freeze":
            freeze(month=op.month, on=LONG_AFTER, force=True)
        else:
            restating.grant(op_id=key, adjustment=op.number, by=self.shop.world.user(Role.COUNTY_OFFICE))
        return OK

    def seen_from_outside(self, fresh: list[Op]) -> tuple[object, ...]:
        """What the model shows, read from the database: accounts, items, states of redemptions."""
        live = [key for key, row in self.state.redemptions.items() if row[-1] in OPEN] + [op.key for op in fresh]
        found = rows(_SEEN, {"low": VILLAGE, "high": VILLAGE + ":", "live": live})
        sums = {(kind, code): numbers for kind, code, *numbers in found}
        nothing = (0, 0, 0)
        codes = [household.code for household in self.shop.world.households[:HOUSEHOLDS]]
        accounts = {n: tuple(sums.get(("account", code), nothing)) for n, code in enumerate(codes)}
        items = {n: tuple(sums["item", str(item.pk)][:2]) for n, item in enumerate(self.items)}
        if min(number for numbers in sums.values() for number in numbers) < 0:
            raise Disagreement(f"below zero: {sums}")
        states = {key: row[-1] for key, row in self.state.redemptions.items()}
        return accounts, items, states | {key: kind for kind, key, *_ in found if kind not in ("account", "item")}

    def any_ops(self) -> list[Op]:
        """A round: two or three requests that get in each other's way as often as not."""
        number = self.rng.choice((2, 2, 2, 3))
        if self.rng.random() < 0.01 and self.months:
            return [*self._some(number - 1), self._freeze()]
        if self.rng.random() < 0.012 and self.frozen:
            asked = self._restate()
            return [*self._some(number - 1), asked, replace(asked, key=str(uuid4()))][-number:]
        return self._some(number)

    def _some(self, number: int) -> list[Op]:
        ops = [self._one()]
        while len(ops) < number:
            ops.append(self.rng.choice((self._one, self._one, lambda: self._beside(ops[0])))())
        return ops

    def _one(self) -> Op:
        if self.past and self.rng.random() < 0.2:
            return self.rng.choice(self.past)  # sent again
        open_ones = [key for key, row in self.state.redemptions.items() if row[-1] in OPEN]
        if not open_ones or self.rng.random() < 0.4:
            return self._reserve(self.rng.randrange(HOUSEHOLDS), self.rng.randrange(len(PRICES)))
        return self._about(self.rng.choice(open_ones[-12:]))

    def _beside(self, op: Op) -> Op:
        """Something that wants the same as `op`: the same request, the same redemption, the same goods or points."""
        if self.rng.random() < 0.3:
            return op
        if op.redemption:
            return self._about(op.redemption)
        return self._reserve(op.household, op.item)

    def _reserve(self, household: int, item: int) -> Op:
        return Op("reserve", str(uuid4()), household, item, self.rng.choice((1, 1, 2)))

    def _about(self, redemption: str) -> Op:
        household, *_, state = self.state.redemptions[redemption]
        kinds = (
            ("reverse", "hand_over")
            if state == "handed_over"
            else ("hand_over", "hand_over", "void", "expire", "reverse")
        )
        return Op(self.rng.choice(kinds), str(uuid4()), household, redemption=redemption)

    def _freeze(self) -> Op:
        self.frozen.append(self.months.pop(0))
        return Op("freeze", str(uuid4()), month=self.frozen[-1])

    def _restate(self) -> Op:
        """A month of a household is put right: a deduction is added, or taken back again."""
        month, household = self.rng.choice(self.frozen), self.rng.randrange(HOUSEHOLDS)
        code = self.shop.world.households[household].code
        event = ScoreEvent.objects.standing().filter(period=month, code=code).first()
        raw = {"withdraw": event.pk} if event else {"household": code, "clause": "WR04"}
        township = self.shop.world.user(Role.TOWNSHIP)
        asked = restating.ask(op_id=uuid4(), month=month, raw={**raw, "reason": "复核"}, by=township)
        points = SIX_ZERO if event else 0
        given = {"month": month, "household": household, "points": points, "number": asked["id"]}
        return Op("restate", str(uuid4()), **given)

    def supply(self) -> None:
        """Between rounds: points for a household that has none left, goods for an empty shelf; never much."""
        for household, (balance, held, owed) in self.state.accounts.items():
            if balance - held - owed < PRICES[0] and self.rng.random() < 0.1:
                self._give(household, 60)
        for item, (on_hand, reserved) in self.state.items.items():
            if on_hand - reserved == 0 and self.rng.random() < 0.1:
                self.shop.buy(self.items[item], 3)
                self.state.items[item] = (on_hand + 3, reserved)

    def _give(self, household: int, points: int) -> None:
        owner = ledger.household(self.shop.world.households[household].code)
        with transaction.atomic():
            ledger.adjust(owner, points, key=f"gift:{uuid4().hex}", text="试用积分")
        move(self.state, household, balance=points)


@contextmanager
def counters(world: World, seed: int) -> Iterator[Counters]:
    """A shop with few goods and few points, and counters at work in it."""
    shop = build_shop(world)
    goods = catalogue.Goods(name="食用油", unit="桶", points=PRICES[2])
    shop.oil = catalogue.add_item(shop=shop.shop, goods=goods, by=shop.cadre)  # type: ignore[attr-defined]
    shop.buy(shop.oil, 2)  # type: ignore[attr-defined]
    pins = [own_plate(household)[1] for household in world.households[:HOUSEHOLDS]]
    months = months_between(FIRST, LAST)
    for month in months:
        open_month(month)
        world.declare(world.village, month=month)
    with ThreadPoolExecutor(COUNTERS) as threads:
        one = Counters(shop, pins, random.Random(seed), threads, months=months)
        one.state.accounts = {0: (100, 0, 0), 1: (15, 0, 0)} | dict.fromkeys(range(2, HOUSEHOLDS), (0, 0, 0))
        one.state.items = {0: (10, 0), 1: (4, 0), 2: (2, 0)}
        try:
            yield one
        finally:
            done = Barrier(COUNTERS)
            list(threads.map(lambda _n: (done.wait(30), connection.close()), range(COUNTERS)))
