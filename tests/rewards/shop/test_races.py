"""Two at once in the shop, on two real connections. Each guard has a twin that goes wrong when it is taken away."""

from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.db.models import F, Sum

from rewards.models import Item, Redemption, StockMove
from rewards.shop.actions import redemptions, redemptions_offline, stocktakes
from rewards.shop.actions.catalogue import Goods, add_item, change_item
from rewards.shop.actions.redemptions import expire_due
from rewards.shop.actions.stocktakes import Count, enter_counts, open_stocktake, sign_stocktake, witness_stocktake
from rewards.states import RedemptionState
from tests.rewards.shop_world import ShopWorld, build_shop, give, standing
from tests.together import together
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5  # a race that is won by luck once is not won by luck every time


@pytest.fixture
def shop(transactional_db: None, world: World) -> ShopWorld:
    built = build_shop(world)
    give(built.poor, 85)
    return built


def leave(shop: ShopWorld, on_hand: int) -> None:
    """So many bottles are left, by a count with two signatures."""
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    lines = stocktake.lines.select_related("item")
    counts = {line.item_id: Count(on_hand if line.item == shop.soap else line.expected, "用于试验") for line in lines}
    enter_counts(stocktake=stocktake, counts=counts, by=shop.cadre)
    witness_stocktake(stocktake=sign_stocktake(stocktake=stocktake, by=shop.cadre), by=shop.supervisor)


def sums_stand() -> bool:
    """Stock is the sum of its moves, reserved the sum of open reservations."""
    for item in Item.objects.all():
        moved = StockMove.objects.filter(item=item).aggregate(total=Sum("quantity"))["total"]
        held = Redemption.objects.reserved().filter(item=item).aggregate(total=Sum("quantity"))["total"] or 0
        if (item.on_hand, item.reserved) != (moved, held):
            return False
    return True


def states(results: list[object]) -> list[str]:
    return sorted(one.state if isinstance(one, Redemption) else str(one) for one in results)


def test_last_item_goes_to_one_and_the_other_is_told(shop: ShopWorld) -> None:
    for _ in range(ROUNDS):
        leave(shop, 1)
        results = together(
            lambda: shop.reserve(shop.rich, by=shop.cadre), lambda: shop.reserve(shop.poor, by=shop.cadre)
        )
        assert states(results) == ["not_enough_stock", "reserved"]
        assert shop.soap_is() == (1, 1)
        shop.void(Redemption.objects.reserved().get())
    assert (standing(shop.rich), standing(shop.poor)) == ((100, 0, 0), (100, 0, 0))


def test_last_item_goes_to_two_without_the_guarded_update(shop: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: read, decide, write what was read. Two households reserve one bottle."""
    leave(shop, 1)
    met = Barrier(2)

    def trusting(item: Item, quantity: int) -> None:
        fresh = Item.objects.get(pk=item.pk)
        met.wait(60)
        assert fresh.free >= quantity
        Item.objects.filter(pk=item.pk).update(reserved=fresh.reserved + quantity)

    monkeypatch.setattr(redemptions, "_set_aside", trusting)
    results = together(lambda: shop.reserve(shop.rich), lambda: shop.reserve(shop.poor))
    assert states(results) == ["reserved", "reserved"]
    assert not sums_stand()


def test_only_the_constraint_is_left_when_nobody_looks(shop: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(shop, 1)

    def blind(item: Item, quantity: int) -> None:
        Item.objects.filter(pk=item.pk).update(reserved=F("reserved") + quantity)

    monkeypatch.setattr(redemptions, "_set_aside", blind)
    with pytest.raises(IntegrityError, match="item_reserved_is_on_hand"):
        together(lambda: shop.reserve(shop.rich), lambda: shop.reserve(shop.poor))
    assert sums_stand()


def test_household_on_two_phones_spends_its_points_once(shop: ShopWorld) -> None:
    shop.reserve(quantity=4)
    for _ in range(ROUNDS):
        results = together(shop.reserve, shop.reserve)
        assert states(results) == ["not_enough_points", "reserved"]
        assert standing(shop.rich) == (100, 100, 0)
        shop.void(next(one for one in results if isinstance(one, Redemption)))
    assert sums_stand()


def test_household_on_two_phones_keeps_to_the_months_limit(shop: ShopWorld) -> None:
    goods = Goods(name="洗衣液", unit="瓶", points=20, household_month_limit=1)
    shop.soap = change_item(item=shop.soap, goods=goods, by=shop.cadre)
    results = together(shop.reserve, shop.reserve, shop.reserve)
    assert states(results) == ["over_item_limit", "over_item_limit", "reserved"]


def test_limit_over_two_items_holds_as_well(shop: ShopWorld) -> None:
    shop.settle(household_month_points=30)
    results = together(shop.reserve, lambda: shop.reserve(item=shop.rice))
    assert states(results) == ["over_points_limit", "reserved"]


def test_months_limit_is_passed_without_the_households_lock(shop: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: both count before either has written."""
    shop.settle(household_month_points=30)
    count, met = redemptions.over_limits, Barrier(2)

    def counted(*what: object, **how: object) -> object:
        refusal = count(*what, **how)
        met.wait(60)
        return refusal

    monkeypatch.setattr(redemptions, "lock_household", lambda _code: None)
    monkeypatch.setattr(redemptions, "over_limits", counted)
    assert states(together(shop.reserve, lambda: shop.reserve(item=shop.rice))) == ["reserved", "reserved"]


def test_void_and_hand_over_at_once_one_of_them_happens(shop: ShopWorld) -> None:
    for _ in range(ROUNDS):
        one = shop.reserve()
        results = states(together(lambda one=one: shop.void(one), lambda one=one: shop.hand_over(one)))
        assert results in (["handed_over", "redemption_handed_over"], ["redemption_voided", "voided"])
        assert sums_stand()
    spent = Redemption.objects.filter(state=RedemptionState.HANDED_OVER).aggregate(n=Sum("points"))["n"] or 0
    assert standing(shop.rich) == (100 - spent, 0, 0)


def test_only_the_trigger_is_left_without_the_guarded_step(shop: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: both have seen a reservation; the second tries to move on what is no longer one."""
    one, met = shop.reserve(), Barrier(2)

    def trusting(redemption: Redemption, action: str, _by: object, **stamps: object) -> None:
        met.wait(60)
        target = {"void": RedemptionState.VOIDED, "hand_over": RedemptionState.HANDED_OVER}[action]
        Redemption.objects.filter(pk=redemption.pk).update(state=target, **stamps)

    monkeypatch.setattr(redemptions, "advance", trusting)
    with pytest.raises(IntegrityError, match="only moves forward"):
        together(lambda: shop.void(one), lambda: shop.hand_over(one))


def test_expiry_and_hand_over_at_once_one_of_them_happens(shop: ShopWorld) -> None:
    for _ in range(ROUNDS):
        one = shop.reserve()
        expired, handed = together(
            lambda one=one: expire_due(shop=shop.shop, now=one.expires_at), lambda one=one: shop.hand_over(one)
        )
        assert (expired, handed if isinstance(handed, str) else handed.state) in (
            (1, "redemption_expired"),
            (0, "handed_over"),
        )
        assert sums_stand()
        shop.reverse(handed) if isinstance(handed, Redemption) else None
    assert standing(shop.rich) == (100, 0, 0)


def test_two_schedules_expire_once(shop: ShopWorld) -> None:
    due = [shop.reserve() for _ in range(3)][-1].expires_at
    assert sum(together(*[lambda: expire_due(shop=shop.shop, now=due)] * 2)) == 3
    assert (shop.soap_is(), standing(shop.rich)) == ((10, 0), (100, 0, 0))


def test_two_counters_hand_over_once(shop: ShopWorld) -> None:
    one = shop.reserve()
    results = together(*[lambda: shop.hand_over(one)] * 3)
    assert states(results) == ["handed_over", "redemption_handed_over", "redemption_handed_over"]
    assert (shop.soap_is(), standing(shop.rich)) == ((9, 0), (80, 0, 0))


def test_two_reversals_give_back_once(shop: ShopWorld) -> None:
    done = shop.hand_over(shop.reserve())
    results = together(*[lambda: shop.reverse(done)] * 2)
    assert states(results) == ["redemption_reversed", "reversed"]
    assert (shop.soap_is(), standing(shop.rich)) == ((10, 0), (100, 0, 0))


def test_one_id_sent_by_two_requests_reserves_once(shop: ShopWorld) -> None:
    op_id = uuid4()
    results = together(*[lambda: shop.reserve(op_id=op_id)] * 4)
    assert len({one.pk for one in results}) == 1
    assert (shop.soap_is(), standing(shop.rich)) == ((10, 1), (100, 20, 0))


def test_one_batch_sent_twice_at_once_is_recorded_once(shop: ShopWorld) -> None:
    ops = [shop.offline_op(), shop.offline_op()]
    results = together(*[lambda: shop.offline(*ops)] * 2)
    assert {outcome.status for batch in results for outcome in batch} <= {"recorded", "exists"}
    assert (Redemption.objects.count(), shop.soap_is()) == (2, (8, 0))


def test_offline_batch_and_reservation_share_the_last_item(shop: ShopWorld) -> None:
    for _ in range(ROUNDS):
        leave(shop, 1)
        _, reserved = together(lambda: shop.offline(shop.offline_op()), lambda: shop.reserve(shop.poor))
        found = Redemption.objects.filter(channel="offline").latest("id").stock_short
        if isinstance(reserved, Redemption):
            assert (found, shop.soap_is()) == (1, (1, 1))
            shop.void(reserved)
        else:
            assert (reserved, found, shop.soap_is()) == ("not_enough_stock", 0, (0, 0))
    assert sums_stand()


def test_offline_batch_meets_the_constraint_without_the_items_lock(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: what is short is worked out from a figure that moves meanwhile."""
    leave(shop, 1)
    met, flag = Barrier(2), redemptions_offline._flag

    def late(redemption: Redemption, of: object) -> None:
        flag(redemption, of)
        met.wait(60)  # the bottle is reserved now
        met.wait(60)

    def reserve() -> Redemption:
        met.wait(60)
        try:
            return shop.reserve(shop.poor)
        finally:
            met.wait(60)

    monkeypatch.setattr(redemptions_offline, "_flag", late)
    monkeypatch.setattr(Item.objects, "select_for_update", lambda **_how: Item.objects.all())
    with pytest.raises(IntegrityError, match="item_reserved_is_on_hand"):
        together(lambda: shop.offline(shop.offline_op()), reserve)


def test_two_stocktakes_at_once_make_one(shop: ShopWorld) -> None:
    results = together(*[lambda: open_stocktake(shop=shop.shop, by=shop.cadre)] * 2)
    assert sum(one == "stocktake_standing" for one in results) == 1


def test_two_witnesses_post_once(shop: ShopWorld) -> None:
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    counts = {shop.soap.pk: Count(8, "破损"), shop.rice.pk: Count(4)}
    enter_counts(stocktake=stocktake, counts=counts, by=shop.cadre)
    sign_stocktake(stocktake=stocktake, by=shop.cadre)
    results = together(*[lambda: witness_stocktake(stocktake=stocktake, by=shop.supervisor)] * 2)
    assert sum(one == "stocktake_moved" for one in results) == 1
    assert shop.soap_is() == (8, 0)


def test_difference_is_posted_twice_without_the_stocktakes_lock(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: only the move's source key still stands between the second signature and the stock."""
    stocktake = open_stocktake(shop=shop.shop, by=shop.cadre)
    counts = {shop.soap.pk: Count(8, "破损"), shop.rice.pk: Count(4)}
    enter_counts(stocktake=stocktake, counts=counts, by=shop.cadre)
    signed = sign_stocktake(stocktake=stocktake, by=shop.cadre)
    monkeypatch.setattr(stocktakes, "_locked", lambda *_what: signed)
    with pytest.raises(IntegrityError, match="source_key"):
        together(*[lambda: witness_stocktake(stocktake=signed, by=shop.supervisor)] * 2)


def test_one_name_is_added_once(shop: ShopWorld) -> None:
    towel = Goods(name="毛巾", unit="条", points=8)
    results = together(*[lambda: add_item(shop=shop.shop, goods=towel, by=shop.cadre)] * 2)
    assert sum(one == "item_known" for one in results) == 1


def test_purchases_at_once_are_all_booked(shop: ShopWorld) -> None:
    together(*[lambda: shop.buy(shop.soap, 5)] * 4)
    assert shop.soap_is() == (30, 0)
    assert sums_stand()


def test_crowd_at_the_counter_never_deadlocks(shop: ShopWorld) -> None:
    """Every kind of step at once, on the same household and items, in whatever order: refused or done, never stuck."""
    shop.settle(household_month_points=100_000)
    for household in (shop.rich, shop.poor):
        give(household, 2000)
    standing_ones = [shop.reserve(household) for household in (shop.rich, shop.poor) for _ in range(2)]
    done = shop.hand_over(shop.reserve())
    together(
        *[lambda one=one: shop.void(one) for one in standing_ones],
        *[lambda one=one: shop.hand_over(one) for one in standing_ones],
        *[lambda one=one: shop.offline(shop.offline_op(redemption=one.pk)) for one in standing_ones],
        lambda: shop.reverse(done),
        lambda: shop.reserve(item=shop.rice),
        lambda: expire_due(shop=shop.shop, now=standing_ones[0].expires_at),
    )
    assert sums_stand()
