"""Two cadres issue a village's plates at the same moment, on two real connections; the twin shows what the lock is for."""

from threading import BrokenBarrierError, Event

import pytest
from django.db import transaction

from households.models import Division, Plate
from households.plates.actions import batches as plate_batches
from households.refusals import Refused
from tests.scoring.rivals import Rival, held_up
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def issue(world: World) -> int | str:
    """How many plates one cadre made, or why none."""
    try:
        return len(plate_batches.issue_missing(village=world.village, by=None))
    except Refused as refusal:
        return refusal.code


def outcome(rivals: list[Rival]) -> list[int | str]:
    return sorted((rival.finish() for rival in rivals), key=str)


def test_of_two_cadres_one_issues_and_the_other_is_told(world: World) -> None:
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=world.village.pk)
        rivals = [Rival(lambda: issue(world)) for _ in range(2)]
        until(lambda: all(rival.pid and held_up(rival) for rival in rivals))
    assert outcome(rivals) == [8, "nothing_missing"]
    assert Plate.objects.filter(revoked_at=None).count() == Plate.objects.count() == 8


def test_without_the_lock_the_second_spoils_what_the_first_prints(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: both find eight households without a plate before either has made one."""
    counted = [Event(), Event()]
    issue_plates = plate_batches.issue_plates

    def wait_for_both(**given: object) -> object:
        next(event for event in counted if not event.is_set()).set()
        if not all(event.wait(60) for event in counted):
            raise BrokenBarrierError
        return issue_plates(**given)

    monkeypatch.setattr(plate_batches, "issue_plates", wait_for_both)
    monkeypatch.setattr(Division.objects, "select_for_update", Division.objects.all)
    rivals = [Rival(lambda: issue(world)) for _ in range(2)]
    assert outcome(rivals) == [8, 8]
    assert Plate.objects.exclude(revoked_at=None).count() == 8
