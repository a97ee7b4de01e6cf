"""Voiding, expiring and reversing: what was held or spent comes back once, and the first one wins."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from households import audit
from households.models import AuditEvent, ChangeKind
from households.roles import Role
from rewards import tasks
from rewards.models import MoveKind, Redemption, StockMove
from rewards.shop.actions.redemptions import TOO_LATE, expire_due, void
from rewards.states import RedemptionState
from scoring.models import PointEntry
from tests.audit_failure import audit_down
from tests.households.changes.histories import done
from tests.refusals import refusal
from tests.rewards.shop_world import ShopWorld, standing

pytestmark = pytest.mark.django_db


def later() -> object:
    return timezone.now() + timedelta(days=100)


def test_void_frees_goods_and_points(shop: ShopWorld) -> None:
    gone = shop.void(shop.reserve(quantity=2))
    assert (gone.state, gone.reason, gone.ended_by) == (RedemptionState.VOIDED, "不要了", shop.cadre)
    assert shop.soap_is() == (10, 0)
    assert standing(shop.rich) == (100, 0, 0)


def test_log_says_the_household_gave_up_only_what_it_gave_up_itself(shop: ShopWorld) -> None:
    void(op_id=uuid4(), redemption=shop.reserve(), by=None)
    shop.reserve()
    done(None, ChangeKind.CLOSE, date(2024, 5, 10), shop.rich.code, release=True)
    lines = AuditEvent.objects.filter(action="redemption.void").order_by("pk")
    assert [line.actor == audit.VILLAGER for line in lines] == [True, False]


def test_void_moves_no_goods(shop: ShopWorld) -> None:
    shop.void(shop.reserve())
    assert set(StockMove.objects.values_list("kind", flat=True)) == {MoveKind.PURCHASE}


def test_void_by_the_household_is_a_villagers(shop: ShopWorld) -> None:
    gone = shop.void(shop.reserve(), by=None, reason="本户取消")
    assert (gone.ended_by, gone.reason) == (None, "本户取消")
    assert AuditEvent.objects.get(action="redemption.void").actor == "villager"


def test_void_needs_a_reason(shop: ShopWorld) -> None:
    redemption = shop.reserve()
    assert refusal(lambda: shop.void(redemption, reason="  ")).fields == {"reason": "必填"}
    assert shop.soap_is() == (10, 1)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TOWNSHIP, Role.DEPARTMENT])
def test_only_the_cadre_voids(shop: ShopWorld, role: str) -> None:
    redemption = shop.reserve()
    assert refusal(lambda: shop.void(redemption, by=shop.world.user(role))).code == "not_yours"


def test_void_after_hand_over_points_to_the_return(shop: ShopWorld) -> None:
    redemption = shop.hand_over(shop.reserve())
    refused = refusal(lambda: shop.void(redemption))
    assert (refused.code, refused.hint) == ("redemption_handed_over", "东西已经领走；要退，请办理退货。")


def test_void_again_with_the_same_id_is_harmless(shop: ShopWorld) -> None:
    redemption, op_id = shop.reserve(), uuid4()
    assert {shop.void(redemption, op_id=op_id).state for _ in range(2)} == {RedemptionState.VOIDED}
    assert standing(shop.rich) == (100, 0, 0)


def test_void_again_with_another_id_is_told(shop: ShopWorld) -> None:
    redemption = shop.reserve()
    shop.void(redemption)
    assert refusal(lambda: shop.void(redemption)).code == "redemption_voided"


def test_reservation_past_its_time_expires(shop: ShopWorld) -> None:
    redemption = shop.reserve(quantity=3)
    assert expire_due(shop=shop.shop, now=later()) == 1
    redemption.refresh_from_db()
    assert (redemption.state, redemption.reason) == (RedemptionState.EXPIRED, TOO_LATE)
    assert shop.soap_is() == (10, 0)
    assert standing(shop.rich) == (100, 0, 0)


def test_expiry_is_written_as_the_schedules(shop: ShopWorld) -> None:
    shop.reserve()
    expire_due(shop=shop.shop, now=later())
    assert AuditEvent.objects.get(action="redemption.expire").actor == audit.OPERATOR


def test_household_reads_why_its_reservation_ended(shop: ShopWorld) -> None:
    redemption = shop.reserve()
    expire_due(shop=shop.shop, now=later())
    entry = PointEntry.objects.get(source_key=f"release:{redemption.ledger_key}")
    assert entry.text == "过期预订 洗衣液 1瓶：过了保留期没有领取"


def test_reservation_in_its_time_stays(shop: ShopWorld) -> None:
    redemption = shop.reserve()
    assert expire_due(shop=shop.shop, now=redemption.expires_at - timedelta(seconds=1)) == 0
    assert expire_due(shop=shop.shop, now=redemption.expires_at) == 1


def test_expiring_twice_does_it_once(shop: ShopWorld) -> None:
    shop.reserve()
    assert [expire_due(shop=shop.shop, now=later()) for _ in range(2)] == [1, 0]
    assert standing(shop.rich) == (100, 0, 0)


def test_expiry_leaves_what_was_handed_over(shop: ShopWorld) -> None:
    shop.hand_over(shop.reserve())
    assert expire_due(shop=shop.shop, now=later()) == 0


def test_expiry_of_one_shop_leaves_another(shop: ShopWorld) -> None:
    shop.reserve()
    assert expire_due(shop=shop.world.sister.code, now=later()) == 0


def test_schedule_asks_every_shop_that_has_something_due(shop: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time is over: dated back at the database, with its triggers asleep; a clock moved ahead would be asked about."""
    shop.reserve()
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks.expire_shop, "apply_async", lambda args, **_options: asked.append(args))
    tasks.expire_reservations()
    assert asked == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE rewards_redemption SET expires_at = now() - interval '1 hour'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    tasks.expire_reservations()
    assert asked == [(shop.shop.pk,)]
    tasks.expire_shop(shop.shop.pk)
    assert Redemption.objects.get().state == RedemptionState.EXPIRED


def test_reversal_brings_goods_and_points_back(shop: ShopWorld) -> None:
    back = shop.reverse(shop.hand_over(shop.reserve(quantity=2)))
    assert (back.state, back.reason, back.ended_by) == (RedemptionState.REVERSED, "瓶子漏了", shop.cadre)
    assert shop.soap_is() == (10, 0)
    assert standing(shop.rich) == (100, 0, 0)


def test_reversal_keeps_the_hand_over_readable(shop: ShopWorld) -> None:
    back = shop.reverse(shop.hand_over(shop.reserve()))
    assert back.handed_by == shop.cadre
    assert back.signature_id
    kinds = StockMove.objects.filter(redemption=back).values_list("kind", "quantity")
    assert list(kinds) == [(MoveKind.HAND_OVER, -1), (MoveKind.RETURN, 1)]


def test_reversal_needs_a_reason(shop: ShopWorld) -> None:
    redemption = shop.hand_over(shop.reserve())
    assert refusal(lambda: shop.reverse(redemption, reason="")).code == "reason_missing"
    assert standing(shop.rich) == (80, 0, 0)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_only_the_cadre_reverses(shop: ShopWorld, role: str) -> None:
    redemption = shop.hand_over(shop.reserve())
    assert refusal(lambda: shop.reverse(redemption, by=shop.world.user(role))).status == 403


def test_reversal_of_a_reservation_points_to_the_void(shop: ShopWorld) -> None:
    redemption = shop.reserve()
    refused = refusal(lambda: shop.reverse(redemption))
    assert refused.sentence == "这笔兑换现在是“已预订”，不能再退货。还没有发放的预订，可以直接取消。"


def test_second_reversal_gives_nothing_more(shop: ShopWorld) -> None:
    redemption = shop.hand_over(shop.reserve())
    shop.reverse(redemption)
    assert refusal(lambda: shop.reverse(redemption)).code == "redemption_reversed"
    assert standing(shop.rich) == (100, 0, 0)


@pytest.mark.parametrize("step", ["void", "reverse"])
def test_forced_audit_failure_gives_nothing_back(shop: ShopWorld, step: str) -> None:
    redemption = shop.reserve()
    redemption = shop.hand_over(redemption) if step == "reverse" else redemption
    before = (redemption.state, shop.soap_is(), standing(shop.rich))

    with audit_down():
        getattr(shop, step)(redemption)
    redemption.refresh_from_db()
    assert (redemption.state, shop.soap_is(), standing(shop.rich)) == before
