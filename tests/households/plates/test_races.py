"""Two at the same moment, on two real connections: cadres issue a village's plates, phones open a household's page.

Each has a twin that shows what the guard is for.
"""

from datetime import datetime
from threading import BrokenBarrierError, Event

import pytest
from django.db import transaction

from households.models import Division, Plate
from households.plates.actions import batches as plate_batches
from households.plates.actions import plates
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


def two_openings(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[list[datetime | None], datetime | None]:
    """What each of two found noted when its turn came, and what is noted in the end."""
    plate, pin = plates.issue_plate(household=world.household, by=None)
    noted, found, same = Plate.objects.filter(pk=plate.pk).values_list("opened_at", flat=True), [], plates.hash_pin

    def look(token: str, pin: str) -> str:
        found.append(noted.get())
        return same(token, pin)

    monkeypatch.setattr(plates, "hash_pin", look)
    with transaction.atomic():
        Plate.objects.select_for_update().get(pk=plate.pk)
        rivals = [Rival(lambda: plates.check_pin(plate, pin, opening=True).ok) for _ in range(2)]
        until(lambda: all(rival.pid and held_up(rival) for rival in rivals))
    assert [rival.finish() for rival in rivals] == [True, True]
    return found, noted.get()


def test_of_two_openings_at_once_the_first_is_noted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (nothing, first), kept = two_openings(world, monkeypatch)
    assert (nothing, kept) == (None, first)
    assert first is not None


def test_without_the_guard_the_second_opening_rewrites_the_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr(plates, "Coalesce", lambda _noted, now: now)
    (nothing, first), kept = two_openings(world, monkeypatch)
    assert nothing is None
    assert kept > first
