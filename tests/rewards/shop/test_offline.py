"""A counter without connection: what happened is recorded, flagged, and takes nothing below zero."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from households.files import cells
from households.models import AuditEvent
from households.refusals import Refused
from households.roles import Role
from rewards.models import MoveKind, Proof, Redemption, RedemptionChannel, StockMove
from rewards.shop.actions.catalogue import Goods, change_item
from rewards.shop.actions.redemptions_offline import record_offline
from rewards.states import RedemptionState
from tests.audit_failure import audit_down
from tests.refusals import refusal
from tests.rewards.shop_world import SIGNATURE, ShopWorld, give, standing
from tests.world import SISTER

pytestmark = pytest.mark.django_db


def recorded(shop: ShopWorld, *args: object, **more: object) -> Redemption:
    """One operation, recorded."""
    (outcome,) = shop.offline(shop.offline_op(*args, **more))
    assert outcome.status == "recorded", outcome.reason
    return Redemption.objects.get(pk=outcome.redemption)


def test_ordinary_hand_over_is_recorded_and_marked(shop: ShopWorld) -> None:
    done = recorded(shop, 2)
    assert (done.state, done.channel, done.points) == (RedemptionState.HANDED_OVER, RedemptionChannel.OFFLINE, 40)
    assert done.flags == ["断网补录"]
    assert shop.soap_is() == (8, 0)
    assert standing(shop.rich) == (60, 0, 0)


def test_it_stands_under_the_time_of_the_device(shop: ShopWorld) -> None:
    at = timezone.now() - timedelta(days=2)
    assert recorded(shop, handed_at=at).handed_at == at


@pytest.mark.parametrize("days", [-3, 400])
def test_clock_of_the_device_that_is_wrong_is_not_believed(shop: ShopWorld, days: int) -> None:
    done = recorded(shop, handed_at=timezone.now() - timedelta(days=days))
    assert timezone.now() - timedelta(days=32) < done.handed_at <= timezone.now()


def test_points_that_were_not_there_are_owed(shop: ShopWorld) -> None:
    done = recorded(shop, household=shop.poor)
    assert (done.points_short, done.flags) == (5, ["断网补录", "积分欠 5"])
    assert standing(shop.poor) == (0, 0, 5)


def test_what_is_owed_is_taken_from_what_comes_in(shop: ShopWorld) -> None:
    recorded(shop, household=shop.poor)
    give(shop.poor, 8)
    assert standing(shop.poor) == (3, 0, 0)


def test_points_held_for_a_reservation_stay_held(shop: ShopWorld) -> None:
    shop.reserve(quantity=4)
    done = recorded(shop, 2)
    assert done.points_short == 20
    assert standing(shop.rich) == (80, 80, 20)


def test_stock_that_was_not_there_is_found(shop: ShopWorld) -> None:
    give(shop.rich, 500)
    done = recorded(shop, 13)
    assert (done.stock_short, shop.soap_is()) == (3, (0, 0))
    moves = StockMove.objects.filter(redemption=done).values_list("kind", "quantity")
    assert list(moves) == [(MoveKind.FOUND, 3), (MoveKind.HAND_OVER, -13)]


def test_stock_reserved_for_others_is_not_given_away_in_the_books(shop: ShopWorld) -> None:
    give(shop.rich, 500)
    shop.reserve(quantity=9)
    done = recorded(shop, 3)
    assert (done.stock_short, shop.soap_is()) == (2, (9, 9))


def test_hand_over_beyond_a_months_limit_is_flagged(shop: ShopWorld) -> None:
    goods = Goods(name="洗衣液", unit="瓶", points=20, household_month_limit=1)
    shop.soap = change_item(item=shop.soap, goods=goods, by=shop.cadre)
    assert recorded(shop).over_limit is False
    assert recorded(shop).over_limit is True


def test_hand_over_beyond_the_floor_is_flagged(shop: ShopWorld) -> None:
    shop.settle(offline_points=40, offline_household_points=60)
    assert [recorded(shop, n).over_floor for n in (2, 1, 1)] == [False, False, True]


def test_single_hand_over_beyond_the_floor_is_flagged(shop: ShopWorld) -> None:
    shop.settle(offline_points=40, offline_household_points=200)
    assert recorded(shop, 3).flags == ["断网补录", "超过断网限额"]


def test_batch_whose_signatures_find_no_room_comes_again_whole(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, signed = shop.offline_op(signature=b""), shop.offline_op(signature=SIGNATURE)
    with monkeypatch.context() as busy:
        places = cells.Places(at_once=1, waiting=0)
        busy.setattr(cells.own(), "places", places)
        with places.one(), pytest.raises(Refused) as refused:
            shop.offline(first, signed)
    assert refused.value.status == 503
    assert Redemption.objects.filter(proof=Proof.SIGNATURE).count() == 0
    again = shop.offline(first, signed)
    assert [outcome.status for outcome in again] == ["exists", "recorded"]
    assert Redemption.objects.get(pk=again[1].redemption).signature is not None


@pytest.mark.parametrize("signature", [b"", b"no picture", SIGNATURE[:60]])
def test_missing_or_broken_signature_shows(shop: ShopWorld, signature: bytes) -> None:
    assert recorded(shop, signature=signature).proof == Proof.NONE


def test_proxy_and_delivery_are_kept(shop: ShopWorld) -> None:
    done = recorded(shop, collected_by="张小丰", relation="儿子", to_home=True)
    assert (done.collected_by, done.relation, done.delivered_to_home) == ("张小丰", "儿子", True)


def test_proxy_without_relation_is_recorded_all_the_same(shop: ShopWorld) -> None:
    assert recorded(shop, collected_by="张小丰").relation == "未填"


def test_reservation_handed_over_off_line_is_replaced(shop: ShopWorld) -> None:
    reserved = shop.reserve(quantity=2)
    outcome = shop.offline(shop.offline_op(redemption=reserved.pk))[0]
    done = Redemption.objects.get(pk=outcome.redemption)
    reserved.refresh_from_db()
    assert (reserved.state, reserved.reason) == (RedemptionState.VOIDED, "断网时已经发放，见补录")
    assert (done.quantity, done.points, done.points_short, done.stock_short) == (2, 40, 0, 0)
    assert (shop.soap_is(), standing(shop.rich)) == ((8, 0), (60, 0, 0))


def test_reservation_that_expired_meanwhile_is_recorded_anew(shop: ShopWorld) -> None:
    reserved = shop.void(shop.reserve())
    outcome = shop.offline(shop.offline_op(redemption=reserved.pk))[0]
    assert outcome.status == "recorded"
    assert standing(shop.rich) == (80, 0, 0)


def test_reservation_handed_over_before_is_refused(shop: ShopWorld) -> None:
    done = shop.hand_over(shop.reserve())
    outcome = shop.offline(shop.offline_op(redemption=done.pk))[0]
    assert (outcome.status, "已领取" in outcome.reason) == ("refused", True)
    assert standing(shop.rich) == (80, 0, 0)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"item": 0}, "没有找到这种物品"),
        ({"redemption": 999_999}, "没有找到这笔预订"),
        ({"quantity": 0}, "数量应在 1 到 100 之间"),
    ],
)
def test_what_cannot_be_recorded_is_refused(shop: ShopWorld, given: dict, told: str) -> None:
    outcome = shop.offline(shop.offline_op(**given))[0]
    assert outcome.status == "refused"
    assert told in outcome.reason
    assert not Redemption.objects.exists()


def test_household_of_another_village_is_refused(shop: ShopWorld) -> None:
    neighbour = shop.offline_op()
    outcome = shop.offline(type(neighbour)(uuid4(), timezone.now(), f"{SISTER}010001", shop.soap.pk, 1))[0]
    assert (outcome.status, "不是本村" in outcome.reason) == ("refused", True)


def test_one_refused_does_not_hold_up_the_rest(shop: ShopWorld) -> None:
    outcomes = shop.offline(shop.offline_op(), shop.offline_op(item=0), shop.offline_op())
    assert [outcome.status for outcome in outcomes] == ["recorded", "refused", "recorded"]


def test_batch_sent_again_records_nothing_twice(shop: ShopWorld) -> None:
    ops = [shop.offline_op(), shop.offline_op(household=shop.poor)]
    first, second = shop.offline(*ops), shop.offline(*ops)
    assert [outcome.status for outcome in second] == ["exists", "exists"]
    assert [outcome.redemption for outcome in first] == [outcome.redemption for outcome in second]
    assert (shop.soap_is(), standing(shop.poor)) == ((8, 0), (0, 0, 5))


def test_batch_cut_off_in_the_middle_goes_on(shop: ShopWorld) -> None:
    ops = [shop.offline_op() for _ in range(3)]
    shop.offline(*ops[:2])
    assert [outcome.status for outcome in shop.offline(*ops)] == ["exists", "exists", "recorded"]


def test_refused_one_stays_refused(shop: ShopWorld) -> None:
    shop.world.frozen_month()
    op = shop.offline_op(item=0)
    first, second = shop.offline(op)[0], shop.offline(op)[0]
    assert (first.status, first.reason) == (second.status, second.reason)


def test_same_id_with_another_content_is_refused(shop: ShopWorld) -> None:
    op = shop.offline_op()
    shop.offline(op)
    other = shop.offline_op(3, op_id=op.op_id)
    assert "已用于另一项操作" in shop.offline(other)[0].reason


def test_offline_hand_over_can_be_reversed_whole(shop: ShopWorld) -> None:
    done = recorded(shop, household=shop.poor)
    shop.reverse(done)
    assert (shop.soap_is(), standing(shop.poor)) == ((10, 0), (15, 0, 0))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TOWNSHIP])
def test_only_the_cadre_records(shop: ShopWorld, role: str) -> None:
    by = shop.world.user(role)
    assert refusal(lambda: record_offline(shop=shop.shop, ops=[], by=by)).status == 403


def test_audit_names_the_flags(shop: ShopWorld) -> None:
    recorded(shop, household=shop.poor)
    assert AuditEvent.objects.get(action="redemption.offline").detail["flags"] == "断网补录、积分欠 5"


def test_forced_audit_failure_records_nothing(shop: ShopWorld) -> None:
    with audit_down():
        shop.offline(shop.offline_op())
    assert (shop.soap_is(), standing(shop.rich)) == ((10, 0), (100, 0, 0))
    assert not Redemption.objects.exists()
