"""A real Celery worker killed in the middle of a roll-up: the next one finishes, and the totals are the same."""

import signal

import pytest
from django.db import transaction

from scoring import tasks
from scoring.checks.verify import verify
from scoring.models import Mark
from scoring.rollup import rollup
from scoring.rollup.rollup import lock_place
from tests.processes import Workers
from tests.scoring.facts import department, line, marked, record, score
from tests.scoring.sessions_at_once import somebody_waits
from tests.waiting import until
from tests.world import COUNTY, MONTH, TOWNSHIP, VILLAGE, World, build

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = f"{VILLAGE}010001"


@pytest.fixture
def month(celery_workers: Workers) -> World:
    world = build()
    world.declare()
    rollup.roll_up_marked()
    return world


def test_worker_rolls_up_what_is_marked(month: World, celery_workers: Workers) -> None:
    record((FIRST, "WR02"))
    celery_workers.start_worker()
    tasks.roll_up_marked.apply_async(queue="rollup")
    until(lambda: not Mark.objects.exists(), seconds=120)
    assert line(COUNTY).total == 1195


def test_worker_killed_between_township_and_county_is_replaced(month: World, celery_workers: Workers) -> None:
    """The test holds the county's lock, so the worker has finished the township and waits to finish the county."""
    record((FIRST, "WR02"))
    celery_workers.start_worker()
    with transaction.atomic():
        lock_place(MONTH, COUNTY)
        tasks.roll_up_township.apply_async((MONTH, TOWNSHIP), queue="rollup")
        somebody_waits()
        celery_workers.kill_worker(signal.SIGKILL)
    assert (line(TOWNSHIP).total, line(COUNTY).total) == (995, 1200)
    assert marked() == {VILLAGE}
    celery_workers.start_worker()
    tasks.roll_up_marked.apply_async(queue="rollup")
    until(lambda: not Mark.objects.exists(), seconds=120)
    assert (score(FIRST), line(COUNTY).total, department("LYJ")) == (95, 1195, (18, 1790))
    assert verify() == []
