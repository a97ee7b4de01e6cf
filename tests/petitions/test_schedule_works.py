"""Beat and a worker, as shipped: what has come due is reminded of, closed and erased without anybody's doing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dongkou import beat, signs
from households.workdays.workdays import in_working_hours
from petitions.models import Petition, PetitionEvent
from tests.petitions.desk import Desk
from tests.petitions.ended_petitions import withdrawn
from tests.processes import Workers
from tests.waiting import until
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)
JOBS = ("remind of petitions", "close petitions nobody objected to", "erase what petitions need no longer keep")


def test_schedule_reminds_closes_and_erases(celery_workers: Workers) -> None:
    """Beat believes that its last round was two days ago, so every job of petitions is due at once."""
    desk = Desk(build())
    late, answered = desk.file(), desk.answered(at=timezone.now() - timedelta(days=40))
    old = withdrawn(desk, 6)
    for job in JOBS:
        signs.broker().hset(beat.LAST_RUNS, job, (timezone.now() - timedelta(days=2)).isoformat())
    celery_workers.start()
    until(lambda: Petition.objects.get(pk=answered.pk).state == "closed", seconds=60)
    until(lambda: Petition.objects.get(pk=old.pk).erased_at, seconds=60)
    reminded = PetitionEvent.objects.filter(petition=late, kind__in=["remind", "supervise"], role="system")
    if in_working_hours(timezone.now()):  # outside them nobody is to be reminded
        until(reminded.exists, seconds=60)
    closing = PetitionEvent.objects.get(petition=answered, kind="close")
    assert (closing.role, closing.by) == ("system", None)
