"""A real worker lets reservations go, and one that is killed in the middle leaves nothing half done."""

import signal

import pytest
from django.db import connection, transaction

from rewards import tasks
from rewards.models import Item, Redemption
from rewards.states import RedemptionState
from scoring.checks.verify import verify
from tests.processes import Workers
from tests.rewards.shop_world import ShopWorld, build_shop, standing
from tests.waiting import until
from tests.world import MONTH, World


@pytest.fixture
def shop(celery_workers: Workers, world: World) -> ShopWorld:
    """Two reservations whose time is over: dated back at the database, with its triggers asleep."""
    built = build_shop(world)
    for _ in range(2):
        built.reserve()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE rewards_redemption SET expires_at = now() - interval '1 hour'")
    return built


def somebody_is_held_up() -> bool:
    """Whether another session waits for a row that this test holds. Asked of the locks: the list of sessions stays as it
    was when this transaction first looked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


def left() -> int:
    return Redemption.objects.reserved().count()


def test_worker_lets_go_what_is_past_its_time(shop: ShopWorld, celery_workers: Workers) -> None:
    celery_workers.start_worker()
    tasks.expire_reservations.apply_async(queue="points")
    until(lambda: left() == 0, seconds=120)
    assert set(Redemption.objects.values_list("state", flat=True)) == {RedemptionState.EXPIRED}
    assert (shop.soap_is(), standing(shop.rich)) == ((10, 0), (100, 0, 0))


def test_worker_killed_in_the_middle_is_made_up_for(shop: ShopWorld, celery_workers: Workers) -> None:
    """The test holds the item, so the worker stands between the redemption and its goods when it is killed."""
    celery_workers.start_worker()
    with transaction.atomic():
        Item.objects.select_for_update().get(pk=shop.soap.pk)
        tasks.expire_shop.apply_async((shop.shop.pk,), queue="points")
        until(somebody_is_held_up, seconds=120)
        celery_workers.kill_worker(signal.SIGKILL)
    assert left() == 2
    assert (shop.soap_is(), standing(shop.rich)) == ((10, 2), (100, 40, 0))
    celery_workers.start_worker()
    tasks.expire_reservations.apply_async(queue="points")
    until(lambda: left() == 0, seconds=120)
    assert (shop.soap_is(), standing(shop.rich)) == ((10, 0), (100, 0, 0))
    assert verify(MONTH) == []
