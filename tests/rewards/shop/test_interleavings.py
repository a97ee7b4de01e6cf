"""Two thousand requests side by side, on real connections, each round explained by the model or not at all.

A round is two or three requests started at the same moment: reserve, hand over, void, expire, reverse, freeze, restate, some
of them sent again. It passes when some order of them, one after the other in pure Python, gives the same answers and the
same balances, holds, debts, stock and states. Failed requests are sent again later and must fail as they did.
More of it, when nobody waits: TILL_REQUESTS=100000 script/test tests/rewards/shop/test_interleavings.py
"""

import os
from collections.abc import Callable, Iterator

import pytest
from django.db.models import F, Q, Sum

from households import operations
from rewards.models import Item, Redemption
from rewards.shop.actions import redemptions
from scoring.checks.verify import verify
from scoring.ledger import actions as door
from scoring.rollup import rollup
from tests.rewards.shop.counters_at_once import Counters, Disagreement, counters
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
SEEDS = range(5)
REQUESTS = int(os.environ.get("TILL_REQUESTS", "2000")) // len(SEEDS)  # of each seed
MANY = 10_000
TWIN_REQUESTS = 1400
KILLED = 300


@pytest.fixture
def shop(transactional_db: None, world: World, request: pytest.FixtureRequest) -> Iterator[Counters]:
    with counters(world, getattr(request, "param", 7)) as one:
        yield one


def play(one: Counters, requests: int) -> None:
    """So many requests, two or three in a round."""
    while requests > 0:
        ops = one.any_ops()
        one.run(ops)
        one.supply()
        requests -= len(ops)


def finish(one: Counters) -> None:
    """Give the villages that have not declared their lines."""
    for month in one.frozen:
        rollup.roll_up(month)


def stock_adds_up() -> bool:
    moved = Item.objects.annotate(moved=Sum("moves__quantity")).exclude(on_hand=F("moved"))
    standing = Q(redemptions__state="reserved")
    held = Item.objects.annotate(held=Sum("redemptions__quantity", filter=standing, default=0)).exclude(
        reserved=F("held")
    )
    return not moved.exists() and not held.exists()


@pytest.mark.parametrize("requests", [KILLED, pytest.param(MANY, marks=pytest.mark.long)])
def test_nothing_is_lost_or_doubled_when_connections_are_cut(shop: Counters, requests: int) -> None:
    """A request whose connection was cut is sent again under its id: done once, or refused once."""
    shop.kills = 0.2
    play(shop, requests)
    assert shop.cut > requests / 20
    finish(shop)
    assert verify() == []
    assert stock_adds_up()


@pytest.mark.parametrize("shop", SEEDS, indirect=True)
def test_rounds_of_requests_are_explained_by_the_model(shop: Counters) -> None:
    play(shop, REQUESTS)
    finish(shop)
    assert verify() == []
    assert stock_adds_up()
    kinds = {op.kind for op in shop.past}
    assert {"reserve", "hand_over", "void", "expire", "reverse"} <= kinds
    assert Redemption.objects.count() == len(shop.state.redemptions) > REQUESTS / 20


def test_every_answer_is_given_again(shop: Counters) -> None:
    """Whatever has changed since, refusals too: nothing is done for a request that was answered."""
    play(shop, 250)
    before = shop.state.shown()
    for op in shop.past:
        shop.run([op])
    assert shop.state.shown()[:2] == before[:2]


def unguarded_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    def set_aside(item: Item, quantity: int) -> None:
        item.refresh_from_db()
        if item.free < quantity:
            raise redemptions.no_stock(item, quantity)
        Item.objects.filter(pk=item.pk).update(reserved=item.reserved + quantity)

    monkeypatch.setattr(redemptions, "_set_aside", set_aside)


def unguarded_state(monkeypatch: pytest.MonkeyPatch) -> None:
    def advance(redemption: Redemption, action: object, _by: object, **stamps: object) -> None:
        move = next(move for move in redemptions.states.TRANSITIONS if move.action is action)
        if redemption.state != move.source:
            raise redemptions.moved_on(redemption.pk, action)
        Redemption.objects.filter(pk=redemption.pk).update(state=move.target, **stamps)
        redemption.state = move.target

    monkeypatch.setattr(redemptions, "advance", advance)


def unlocked_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_OPEN_POSTING", door._READ)


def points_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The free points are not looked at: what the database's own guard lets through must be noticed."""
    monkeypatch.setattr(door.PointBalance, "free", property(lambda _standing: 10**9))


def forgotten_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that was refused is told something else when it comes again."""
    real = operations.replay

    def replay(answer: dict) -> dict:
        refused = answer.get("refused")
        return real({"refused": {**refused, "code": "forgotten"}} if refused else answer)

    monkeypatch.setattr(operations, "replay", replay)


def forgotten_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that comes twice is done twice."""
    monkeypatch.setattr(redemptions, "once", lambda *, act, **_rest: act())


@pytest.mark.parametrize(
    "fault",
    [unguarded_stock, unguarded_state, unlocked_chain, points_not_counted, forgotten_refusals, forgotten_ids],
)
def test_model_notices_a_missing_guard(
    shop: Counters, monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    fault(monkeypatch)
    with pytest.raises(Disagreement):
        play(shop, TWIN_REQUESTS)
