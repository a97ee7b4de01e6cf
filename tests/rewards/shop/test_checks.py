"""`verify` asks the shops too: each fault planted at the database is named, and none that is not there."""

from collections.abc import Callable

import pytest
from django.db import connection

from rewards.models import Item, Redemption
from scoring.checks.verify import Drift, verify
from tests.rewards.shop_world import ShopWorld, build_shop
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(world: World) -> ShopWorld:
    """One redemption in every state, and one off line that was short of everything."""
    built = build_shop(world)
    built.reserve()
    built.void(built.reserve())
    built.hand_over(built.reserve())
    built.reverse(built.hand_over(built.reserve()))
    built.offline(built.offline_op(9, household=built.poor))
    return built


def drifts() -> list[Drift]:
    return [drift for drift in verify(MONTH) if drift.name.startswith("shop_")]


def planted(sql: str, *params: object) -> list[tuple[str, str]]:
    """What is found after a change that no action makes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return [(drift.name, drift.where) for drift in drifts()]


def key(state: str) -> str:
    return Redemption.objects.get(state=state, channel="page").ledger_key


def test_every_state_in_order_is_no_drift(shop: ShopWorld) -> None:
    assert drifts() == []


def test_stock_that_is_not_its_moves_is_named(shop: ShopWorld) -> None:
    Item.objects.filter(pk=shop.rice.pk).update(on_hand=9)
    assert drifts() == [Drift("shop_stock", f"{VILLAGE} #{shop.rice.pk}", "on_hand=4", "on_hand=9")]


def test_reserved_that_is_not_the_open_ones_is_named(shop: ShopWorld) -> None:
    Item.objects.filter(pk=shop.rice.pk).update(reserved=2)
    assert [(one.name, one.expected, one.found) for one in drifts()] == [("shop_reserved", "reserved=0", "reserved=2")]


@pytest.mark.parametrize(
    ("state", "sql"),
    [
        ("reserved", "DELETE FROM scoring_pointentry WHERE source_key = %s"),
        ("voided", "DELETE FROM scoring_pointentry WHERE source_key = 'release' || substr(%s, 5)"),
        ("handed_over", "DELETE FROM scoring_pointentry WHERE source_key = 'spend' || substr(%s, 5)"),
        ("handed_over", "UPDATE scoring_pointentry SET held = held + 1 WHERE source_key = %s"),
        ("reversed", "DELETE FROM scoring_pointentry WHERE source_key LIKE 'reversal' || substr(%s, 5) || '@%%'"),
    ],
)
def test_step_that_is_not_in_the_ledger_is_named(shop: ShopWorld, state: str, sql: str) -> None:
    number = Redemption.objects.get(state=state, channel="page").pk
    assert planted(sql, f"hold:{key(state)}") == [("shop_points", f"redemption {number}")]


def test_points_of_another_household_are_named(shop: ShopWorld) -> None:
    sql = """
        UPDATE scoring_pointentry SET account_id = (SELECT id FROM scoring_account WHERE owner = %s)
        WHERE source_key = %s
    """
    found = planted(sql, shop.poor.code, f"spend:{key('handed_over')}")
    assert {name for name, _ in found} == {"shop_points"}
    assert len(found) == 2


def test_entry_of_a_redemption_that_does_not_exist_is_named(shop: ShopWorld) -> None:
    sql = "UPDATE scoring_pointentry SET source_key = 'hold:redemption:999999' WHERE source_key = %s"
    assert ("shop_points", "redemption 999999") in planted(sql, f"hold:{key('reserved')}")


@pytest.mark.parametrize("change", ["DELETE FROM rewards_stockmove", "UPDATE rewards_stockmove SET quantity = -5"])
def test_goods_that_moved_otherwise_are_named(shop: ShopWorld, change: str) -> None:
    number = Redemption.objects.get(state="handed_over", channel="page").pk
    found = planted(f"{change} WHERE redemption_id = %s", number)
    assert found == [("shop_stock", f"{VILLAGE} #{shop.soap.pk}"), ("shop_moves", f"redemption {number}")]


def test_state_changed_in_secret_is_named(shop: ShopWorld) -> None:
    number = Redemption.objects.get(state="reserved").pk
    found = planted(
        "UPDATE rewards_redemption SET state = 'voided', ended_at = now(), reason = 'x' WHERE id = %s", number
    )
    assert found == [("shop_reserved", f"{VILLAGE} #{shop.soap.pk}"), ("shop_points", f"redemption {number}")]


@pytest.mark.parametrize("step", ["void", "hand_over"])
def test_next_step_is_no_drift_either(shop: ShopWorld, step: str) -> None:
    act: Callable[[Redemption], Redemption] = getattr(shop, step)
    act(Redemption.objects.get(state="reserved"))
    assert drifts() == []
