"""Redemptions a second, reserved and handed over by PIN, against two bare transactions of one UPDATE and one INSERT.

Both sides keep as many counters busy, each a thread with a connection of its own in a village of its own, and take turns in
one database, so that both meet the same disk and the same processors.
"""

import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from uuid import uuid4

from django.db import connection, transaction

from households.accounts.actions.accounts import create_user
from households.accounts.passwords import one_time_password
from households.models import Division, Household, User
from households.plates.actions.pins import used_before
from households.plates.actions.plates import issue_plate
from households.roles import Role
from households.sql import column, run
from rewards.models import Item
from rewards.shop.actions.catalogue import Goods, ShopTerms, add_item, settle_shop
from rewards.shop.actions.redemptions import hand_over, reserve
from rewards.shop.actions.stock import purchase
from scoring.bench.results import Result
from scoring.bench.stage import Stage, seconds
from scoring.ledger import door as ledger

COUNTERS = 4
PRICE = 10
TURN = 25  # redemptions of one counter in one turn
TURNS = 3  # for each run asked for
AT_LEAST = 0.4
_BARE = """
    CREATE TABLE bench_account (code text PRIMARY KEY, balance bigint NOT NULL, held bigint NOT NULL DEFAULT 0,
                                CHECK (held >= 0 AND held <= balance));
    CREATE TABLE bench_entry (id bigserial PRIMARY KEY, code text NOT NULL, amount int NOT NULL, held int NOT NULL,
                              at timestamptz NOT NULL DEFAULT now())
"""
_ACCOUNTS = "INSERT INTO bench_account (code, balance) SELECT unnest(%(codes)s::text[]), 1000000"
_HOLD = "UPDATE bench_account SET held = held + %(points)s WHERE code = %(code)s AND balance - held >= %(points)s"
_SPEND = """
    UPDATE bench_account SET balance = balance - %(points)s, held = held - %(points)s
    WHERE code = %(code)s AND held >= %(points)s
"""
_ENTRY = "INSERT INTO bench_entry (code, amount, held) VALUES (%(code)s, %(amount)s, %(points)s)"


class NotRedeemed(Exception):
    """A transaction of the bare side found nothing to change: its times mean nothing."""


@dataclass(frozen=True)
class BenchCounter:
    """One village's counter: who stands there, what is sold, to whom, and their PIN."""

    cadre: User
    item: Item
    household: Household
    pin: str

    def redeem(self) -> None:
        """One redemption as the product does it: two requests with ids of their own."""
        reserved = reserve(op_id=uuid4(), household=self.household, item=self.item, quantity=1, by=self.cadre)
        hand_over(op_id=uuid4(), redemption=reserved, pin=self.pin, by=self.cadre)

    def bare(self) -> None:
        """The least that could be called a redemption."""
        _bare(_HOLD, self.household.code, 0)
        _bare(_SPEND, self.household.code, -PRICE)


@transaction.atomic
def _bare(update: str, code: str, amount: int) -> None:
    params = {"code": code, "points": PRICE, "amount": amount}
    if not run(update, params):
        raise NotRedeemed(code)
    run(_ENTRY, params)


def jobs(stage: Stage, runs: int) -> list[Result]:
    """Redemptions a second, ours against the bare ones."""
    stage.copy("shops", of="declared")
    villages = column("SELECT code FROM households_division WHERE length(code) = 12 ORDER BY code")[:COUNTERS]
    counters = [_counter(village, runs) for village in villages]
    run(_BARE)
    run(_ACCOUNTS, {"codes": [counter.household.code for counter in counters]})
    ours, bare = _turns(counters, runs)
    met = ours / bare >= AT_LEAST
    told = f"{bare:.0f} 次/秒 两个裸事务"
    return [
        Result("兑换（预订加领取）", f"{ours:.0f} 次/秒", told, f"{ours / bare:.2f}", f"≥ {AT_LEAST:g}", met),
    ]


def _turns(counters: list[BenchCounter], runs: int) -> tuple[float, float]:
    """Redemptions a second of both sides, the medians of turns taken one after the other."""
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    sides = {"ours": BenchCounter.redeem, "bare": BenchCounter.bare}
    with ThreadPoolExecutor(len(counters)) as threads:
        for turn in range(1 + TURNS * runs):
            for side, act in sides.items():
                pace = _pace(threads, counters, act)
                taken[side] += [pace] if turn else []  # the first turn warms up
        _hang_up(threads, len(counters))
    return statistics.median(taken["ours"]), statistics.median(taken["bare"])


def _pace(threads: ThreadPoolExecutor, counters: list[BenchCounter], act: Callable[[BenchCounter], None]) -> float:
    """Redemptions a second of all counters together."""

    def serve(counter: BenchCounter) -> None:
        for _ in range(TURN):
            act(counter)

    return TURN * len(counters) / seconds(lambda: list(threads.map(serve, counters)))


def _hang_up(threads: ThreadPoolExecutor, number: int) -> None:
    """Close every thread's connection: the database goes afterwards."""
    together = Barrier(number)

    def close(_number: int) -> None:
        together.wait()
        connection.close()

    list(threads.map(close, range(number)))


def _counter(village: str, runs: int) -> BenchCounter:
    place = Division.objects.get(code=village)
    cadre = create_user(
        username=f"counter-{village}", display_name="测", role=Role.CADRE, place=place, password=one_time_password(), by=None,
        is_demo=True,
    )  # fmt: skip
    number = (1 + TURNS * runs) * TURN
    shop = settle_shop(village=place, terms=ShopTerms(weekdays=range(1, 8)), by=cadre)
    item = add_item(shop=shop, goods=Goods(name="香皂", unit="块", points=PRICE), by=cadre)
    purchase(op_id=uuid4(), item=item, quantity=number, unit_cost_fen=350, supplier="供销社", voucher_no="1", by=cadre)
    household = Household.objects.filter(group__parent=place).order_by("code")[0]
    with transaction.atomic():
        ledger.adjust(ledger.household(household.code), PRICE * number, key=f"bench:{village}", text="测试积分")
    plate, _printed = issue_plate(household=household, by=None)
    return BenchCounter(cadre, item, household, used_before(plate=plate))
