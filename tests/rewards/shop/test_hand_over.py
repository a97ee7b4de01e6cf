"""Handing over: by PIN or signature, on opening days, to the household, a proxy or at home."""

from uuid import uuid4

import pytest
from django.utils import timezone

from households.models import AuditEvent, Operation, Plate
from households.plates.actions.plates import issue_plate
from households.roles import Role
from rewards.models import MoveKind, Picture, Proof, Redemption, StockMove
from rewards.shop import opening
from rewards.states import RedemptionState
from scoring.models import PointEntry
from tests.audit_failure import audit_down
from tests.refusals import refusal
from tests.rewards.shop_world import SIGNATURE, ShopWorld, standing
from tests.world import VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def reserved(shop: ShopWorld) -> Redemption:
    return shop.reserve(quantity=2)


def still_reserved(shop: ShopWorld) -> bool:
    return (
        Redemption.objects.get().state == "reserved"
        and shop.soap_is() == (10, 2)
        and standing(shop.rich) == (100, 40, 0)
    )


def settle(shop: ShopWorld, reserved: Redemption, **terms: object) -> None:
    """Change the shop, and read the redemption as the next request would."""
    shop.settle(**terms)
    reserved.refresh_from_db()


def closed_today(shop: ShopWorld, reserved: Redemption) -> None:
    tomorrow = timezone.localdate().isoweekday() % 7 + 1
    settle(shop, reserved, weekdays=[tomorrow])


def test_hand_over_with_a_signature_moves_goods_and_points(shop: ShopWorld, reserved: Redemption) -> None:
    done = shop.hand_over(reserved)
    assert (done.state, done.proof, done.handed_by) == (RedemptionState.HANDED_OVER, Proof.SIGNATURE, shop.cadre)
    assert shop.soap_is() == (8, 0)
    assert standing(shop.rich) == (60, 0, 0)


def test_signature_is_kept_private_to_the_village(shop: ShopWorld, reserved: Redemption) -> None:
    done = shop.hand_over(reserved)
    assert Picture.objects.get(pk=done.signature_id).place == VILLAGE


def test_hand_over_books_one_move_valued_at_cost(shop: ShopWorld, reserved: Redemption) -> None:
    shop.hand_over(reserved)
    move = StockMove.objects.get(kind=MoveKind.HAND_OVER)
    assert (move.quantity, move.unit_cost_fen, move.redemption, move.by) == (-2, 850, reserved, shop.cadre)
    assert move.source_key == f"hand_over:{reserved.pk}"


def test_household_reads_in_its_account_what_it_was(shop: ShopWorld, reserved: Redemption) -> None:
    shop.hand_over(reserved)
    told = PointEntry.objects.filter(source_key__contains=reserved.ledger_key).values_list("text", flat=True)
    assert list(told) == ["预订 洗衣液 2瓶", "领取 洗衣液 2瓶"]


def test_hand_over_with_the_pin(shop: ShopWorld, reserved: Redemption) -> None:
    done = shop.hand_over(reserved, pin=shop.pin())
    assert (done.state, done.proof, done.signature) == (RedemptionState.HANDED_OVER, Proof.PIN, None)


def test_wrong_pin_is_counted_and_hands_over_nothing(shop: ShopWorld, reserved: Redemption) -> None:
    shop.pin()
    refused = refusal(lambda: shop.hand_over(reserved, pin="000000"))
    assert (refused.code, refused.status) == ("pin_wrong", 403)
    assert Plate.objects.get(household=shop.rich).failures == 1
    assert still_reserved(shop)


def test_wrong_pin_stays_the_answer_of_its_id(shop: ShopWorld, reserved: Redemption) -> None:
    pin, op_id = shop.pin(), uuid4()
    for tried in ("000000", pin):
        assert refusal(lambda tried=tried: shop.hand_over(reserved, pin=tried, op_id=op_id)).code == "pin_wrong"
    assert Plate.objects.get(household=shop.rich).failures == 1
    assert shop.hand_over(reserved, pin=pin).state == RedemptionState.HANDED_OVER
    assert Plate.objects.get(household=shop.rich).failures == 0


def test_no_operation_holds_the_pin(shop: ShopWorld, reserved: Redemption) -> None:
    pin, op_id = shop.pin(), uuid4()
    shop.hand_over(reserved, pin=pin, op_id=op_id)
    kept = Operation.objects.get(op_id=op_id)
    assert pin not in str(kept.answer)
    other = shop.hand_over(reserved, pin="135790", op_id=op_id)  # the digest does not depend on it either
    assert other.pk == reserved.pk


def test_plate_that_locks_says_so(shop: ShopWorld, reserved: Redemption) -> None:
    shop.pin()
    codes = [refusal(lambda: shop.hand_over(reserved, pin="000000")).code for _ in range(6)]
    assert codes == ["pin_wrong"] * 4 + ["plate_locked"] * 2
    assert still_reserved(shop)


def test_pin_on_paper_takes_nothing_and_opens_no_page(shop: ShopWorld, reserved: Redemption) -> None:
    plate, printed = issue_plate(household=shop.rich, by=None)
    assert refusal(lambda: shop.hand_over(reserved, pin=printed)).code == "pin_on_paper"
    plate.refresh_from_db()
    assert plate.opened_at is None
    assert still_reserved(shop)


def test_household_without_a_plate_signs(shop: ShopWorld, reserved: Redemption) -> None:
    refused = refusal(lambda: shop.hand_over(reserved, pin="123456"))
    assert (refused.code, refused.hint) == ("no_plate", "请领取人在屏幕上签名。")


def test_hand_over_without_proof_is_refused(shop: ShopWorld, reserved: Redemption) -> None:
    assert refusal(lambda: shop.hand_over(reserved, pin="", signature=b"")).code == "proof_missing"
    assert still_reserved(shop)


def test_signature_that_is_no_picture_is_refused(shop: ShopWorld, reserved: Redemption) -> None:
    assert refusal(lambda: shop.hand_over(reserved, signature=b"<svg></svg>")).code == "picture_not_one"
    assert still_reserved(shop)


def test_proxy_is_recorded_with_relation(shop: ShopWorld, reserved: Redemption) -> None:
    done = shop.hand_over(reserved, collected_by=" 张小丰 ", relation="儿子")
    assert (done.collected_by, done.relation) == ("张小丰", "儿子")
    assert AuditEvent.objects.get(action="redemption.hand_over").detail["proxy"] is True
    assert "张小丰" not in str(AuditEvent.objects.get(action="redemption.hand_over").detail)


@pytest.mark.parametrize(
    ("name", "relation", "code"), [("张小丰", "", "relation_missing"), ("", "儿子", "collected_by_missing")]
)
def test_proxy_needs_name_and_relation(
    shop: ShopWorld, reserved: Redemption, name: str, relation: str, code: str
) -> None:
    refused = refusal(lambda: shop.hand_over(reserved, collected_by=name, relation=relation))
    assert refused.code == code
    assert still_reserved(shop)


def test_counter_on_a_closed_day_names_the_next(shop: ShopWorld, reserved: Redemption) -> None:
    closed_today(shop, reserved)
    refused = refusal(lambda: shop.hand_over(reserved))
    following = opening.next_open_day(timezone.localdate(), shop.shop.weekdays, [])
    assert refused.code == "shop_not_open_today"
    assert refused.reason == f"今天不是开门日，下一次开门是{opening.spoken_day(following)}。"
    assert still_reserved(shop)


def test_delivery_to_the_home_needs_no_opening_day(shop: ShopWorld, reserved: Redemption) -> None:
    closed_today(shop, reserved)
    assert shop.hand_over(reserved, to_home=True).delivered_to_home


def test_closed_shop_hands_over_nothing_at_the_counter(shop: ShopWorld, reserved: Redemption) -> None:
    settle(shop, reserved, is_open=False)
    assert refusal(lambda: shop.hand_over(reserved)).code == "shop_closed"
    assert still_reserved(shop)


def test_shop_without_opening_days_says_what_is_missing(shop: ShopWorld, reserved: Redemption) -> None:
    settle(shop, reserved, weekdays=[])
    assert refusal(lambda: shop.hand_over(reserved)).hint == "请先在超市设置里填写开门日。"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.GROUP_LEADER, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_only_the_cadre_hands_over(shop: ShopWorld, reserved: Redemption, role: str) -> None:
    assert refusal(lambda: shop.hand_over(reserved, by=shop.world.user(role))).code == "not_yours"
    assert still_reserved(shop)


def test_cadre_of_another_village_hands_over_nothing(shop: ShopWorld, reserved: Redemption) -> None:
    assert refusal(lambda: shop.hand_over(reserved, by=shop.world.stranger(Role.CADRE))).status == 403
    assert still_reserved(shop)


def test_second_hand_over_is_told_what_happened(shop: ShopWorld, reserved: Redemption) -> None:
    shop.hand_over(reserved)
    refused = refusal(lambda: shop.hand_over(reserved))
    assert (refused.code, refused.status) == ("redemption_handed_over", 409)
    assert refused.sentence == "这笔兑换现在是“已领取”，不能再发放。东西已经领走；要退，请办理退货。"
    assert shop.soap_is() == (8, 0)


def test_same_id_again_hands_over_once(shop: ShopWorld, reserved: Redemption) -> None:
    op_id = uuid4()
    states = {shop.hand_over(reserved, op_id=op_id).state for _ in range(3)}
    assert states == {RedemptionState.HANDED_OVER}
    assert shop.soap_is() == (8, 0)
    assert StockMove.objects.filter(kind=MoveKind.HAND_OVER).count() == 1


def test_same_id_for_another_redemption_is_refused(shop: ShopWorld, reserved: Redemption) -> None:
    op_id, other = uuid4(), shop.reserve()
    shop.hand_over(reserved, op_id=op_id)
    assert refusal(lambda: shop.hand_over(other, op_id=op_id)).code == "op_id_reused"


def test_forced_audit_failure_hands_over_nothing(shop: ShopWorld, reserved: Redemption) -> None:
    with audit_down():
        shop.hand_over(reserved, signature=SIGNATURE)
    assert still_reserved(shop)
    assert not StockMove.objects.filter(kind=MoveKind.HAND_OVER).exists()
