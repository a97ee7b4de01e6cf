"""A real worker killed in the middle of a large file: nothing of it is there, and the next worker does the whole of it."""

import signal
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from households import tasks
from households.imports.kinds import kind_of
from households.intake import actions, work
from households.models import AuditEvent, Division, Household, ImportChange, ImportRun, ImportState, User
from households.roles import Role
from households.sql import column, run
from tests.processes import Workers
from tests.waiting import until
from tests.world import SISTER, VILLAGE, World, build

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 3000
HEADER = "村代码,组,户号,户主,电话,地址\n"


@pytest.fixture
def place(celery_workers: Workers) -> World:
    return build()


def rehearsed(by: User) -> ImportRun:
    """A new household for each number below MANY in both villages' ninth to eleventh groups, and another head for a known one."""
    lines = [
        f"{village},{9 + number // 500},{1 + number % 500},新{'甲乙丙丁戊己庚辛壬癸'[number % 10]},,新村{number}号\n"
        for village in (VILLAGE, SISTER)
        for number in range(MANY // 2)
    ]
    content = f"{HEADER}{VILLAGE},1,1,改名人,,\n{''.join(lines)}".encode()
    kind = kind_of("households")
    assert kind is not None
    brought = actions.hand_in(kind=kind, name="全县名册.csv", data=content, options={"since_ever": True}, by=by)
    work.work(brought.pk)
    brought.refresh_from_db()
    assert brought.state == ImportState.CHECKED, brought.said
    return brought


def standing() -> tuple[object, ...]:
    """What the file touches."""
    homes = [*Household.objects.order_by("code").values_list("code", "head_name", "address", "valid_to")]
    return homes, Division.objects.count(), AuditEvent.objects.filter(action="households.import").count()


def nobody_works() -> bool:
    """Whether the sessions of the killed worker are gone, with their locks."""
    return not column("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")


def killed_at_its_end(workers: Workers, brought: ImportRun) -> None:
    """The test holds the last table, so the worker has written all the others and stands before its commit."""
    workers.start_worker()
    with transaction.atomic():
        run("LOCK TABLE households_importchange IN SHARE MODE")
        tasks.work_import.apply_async((brought.pk,), queue="export")
        until(lambda: column("SELECT 1 FROM pg_locks WHERE NOT granted"), seconds=120)
        workers.kill_worker(signal.SIGKILL)
    until(nobody_works)


def taken_up_again(workers: Workers, brought: ImportRun, state: str) -> None:
    """Beat asks for what nobody seems to be at."""
    ImportRun.objects.filter(pk=brought.pk).update(asked_at=timezone.now() - timedelta(minutes=2))
    workers.start_worker()
    tasks.take_up_imports.apply_async(queue="export")
    until(lambda: ImportRun.objects.get(pk=brought.pk).state == state, seconds=120)
    workers.kill_worker(signal.SIGTERM)


def test_killed_worker_leaves_nothing_and_the_next_one_finishes(place: World, celery_workers: Workers) -> None:
    by = place.user(Role.COUNTY_OFFICE)
    brought, before = rehearsed(by), standing()
    actions.write(run=brought, by=by)
    killed_at_its_end(celery_workers, brought)
    brought.refresh_from_db()
    assert (brought.state, brought.tries) == (ImportState.WRITING, 1)
    assert (standing(), ImportChange.objects.count()) == (before, 0)
    taken_up_again(celery_workers, brought, ImportState.WRITTEN)
    assert Household.objects.filter(head_name__startswith="新").count() == MANY
    assert standing()[2] == before[2] + 1  # once, however many tried
    written = standing()
    actions.take_back(run=brought, by=by)
    killed_at_its_end(celery_workers, brought)
    assert standing() == written
    taken_up_again(celery_workers, brought, ImportState.UNDONE)
    assert (standing()[:2], ImportChange.objects.count()) == (before[:2], 0)
