"""A county frozen by several workers, township by township: each waits for nobody, and the last one finishes."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from households.models import Alarm, AlarmKind
from households.sql import run
from scoring import freezing, tasks
from scoring.checks.verify import verify
from scoring.freezing import Frozen, finish_left, freeze_share, townships_due
from scoring.models import Mark, PointEntry, RankingSnapshot, Sheet
from scoring.rankings.snapshots import LEVELS
from scoring.states import SheetState
from tests.days import today
from tests.processes import Workers
from tests.scoring.sessions_at_once import OtherSession
from tests.waiting import until
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, TOWNSHIP, World, build

pytestmark = pytest.mark.django_db(transaction=True)
EVERY_ENTRY = 12 + 4 + 3 + 2 + 2  # households, groups, villages, townships, departments


def posted() -> World:
    """Everything was read long enough."""
    world = build()
    world.declare()
    world.approve()
    tasks.advance_county(COUNTY)
    Sheet.objects.update(posted_at=F("posted_at") - timedelta(days=60))
    return world


def share(township: str) -> int:
    return freeze_share(MONTH, township, on=today()).villages


def left() -> Frozen:
    """What a round of the county does besides asking."""
    return finish_left(MONTH, COUNTY, waits=bool(townships_due(MONTH, COUNTY, on=today())))


def assert_finished_once() -> None:
    assert PointEntry.objects.count() == EVERY_ENTRY
    assert RankingSnapshot.objects.count() == len(LEVELS)
    assert not Sheet.objects.filter(period=MONTH, archived_in=None).exists()
    assert not Mark.objects.exists()
    assert verify() == []


def test_last_township_finishes_the_county() -> None:
    posted()
    assert townships_due(MONTH, COUNTY, on=today()) == [TOWNSHIP, OTHER_TOWNSHIP]
    assert share(OTHER_TOWNSHIP) == 1
    assert not RankingSnapshot.objects.exists()
    assert share(TOWNSHIP) == 2
    assert_finished_once()
    assert share(TOWNSHIP) == 0


def test_township_in_other_hands_is_left_to_them() -> None:
    posted()
    with transaction.atomic():
        run("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"freeze {MONTH} {TOWNSHIP}"})
        assert OtherSession(lambda: share(TOWNSHIP)).finish() == 0
    assert share(TOWNSHIP) == 2


def test_township_that_cannot_be_frozen_holds_up_no_other() -> None:
    """It is asked for again and again; after a while what the others have is finished without it."""
    posted()
    assert share(TOWNSHIP) == 2
    assert left().snapshots == 0
    Sheet.objects.filter(state=SheetState.FROZEN).update(frozen_at=F("frozen_at") - timedelta(minutes=11))
    assert left().snapshots == len(LEVELS)
    assert left().snapshots == 0
    assert share(OTHER_TOWNSHIP) == 1
    assert RankingSnapshot.objects.count() == 2 * len(LEVELS)
    assert verify() == []


def test_share_that_fails_is_an_alarm_until_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    posted()
    with monkeypatch.context() as patched:
        patched.setattr(freezing, "freeze_township", lambda *_asked, **_more: {}["x"])
        with pytest.raises(KeyError):
            tasks.freeze_share(MONTH, OTHER_TOWNSHIP)
    tasks.freeze_share(MONTH, TOWNSHIP)
    alarm = Alarm.objects.open().get()
    assert (alarm.kind, alarm.where) == (
        AlarmKind.RUNNING,
        f"scoring.tasks.freeze_share {MONTH} {OTHER_TOWNSHIP} KeyError",
    )
    tasks.freeze_share(MONTH, OTHER_TOWNSHIP)
    assert Alarm.objects.get().gone_at
    assert_finished_once()


def test_workers_share_a_county(celery_workers: Workers) -> None:
    posted()
    celery_workers.start_worker()
    tasks.advance_calendar.apply_async(queue="points")
    until(RankingSnapshot.objects.exists, seconds=120)
    until(lambda: not Mark.objects.exists(), seconds=120)
    assert_finished_once()
