"""Two at the same moment, on two real connections: cadres issue a village's plates, phones open a household's page.

Each has a twin that shows what the guard is for.
"""

from threading import BrokenBarrierError, Event

import pytest
from django.db import transaction

from households.models import Division, Plate
from households.plates.actions import batches as plate_batches
from households.plates.actions import pins
from households.plates.actions.plates import check_pin, issue_plate
from households.refusals import Refused
from tests.scoring.sessions_at_once import OtherSession, held_up
from tests.waiting import until
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def issue(world: World) -> int | str:
    """How many plates one cadre made, or why none."""
    try:
        return len(plate_batches.issue_missing(village=world.village, by=None))
    except Refused as refusal:
        return refusal.code


def outcome(sessions: list[OtherSession]) -> list[int | str]:
    return sorted((session.finish() for session in sessions), key=str)


def test_of_two_cadres_one_issues_and_the_other_is_told(world: World) -> None:
    with transaction.atomic():
        Division.objects.select_for_update().get(pk=world.village.pk)
        sessions = [OtherSession(lambda: issue(world)) for _ in range(2)]
        until(lambda: all(session.pid and held_up(session) for session in sessions))
    assert outcome(sessions) == [8, "nothing_missing"]
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
    sessions = [OtherSession(lambda: issue(world)) for _ in range(2)]
    assert outcome(sessions) == [8, 8]
    assert Plate.objects.exclude(revoked_at=None).count() == 8


def two_first_pins(world: World) -> tuple[list[str], Plate]:
    """What each of two is told who both came in by the PIN on paper and set another; and the plate in the end."""
    plate, _printed = issue_plate(household=world.household, by=None)

    def chosen(pin: str) -> str:
        try:
            pins.set_own_pin(plate=plate, pin=pin, again=pin)
        except Refused as refusal:
            return refusal.code
        return pin

    with transaction.atomic():
        Plate.objects.select_for_update().get(pk=plate.pk)
        sessions = [OtherSession(lambda pin=pin: chosen(pin)) for pin in ("204817", "731950")]
        until(lambda: all(session.pid and held_up(session) for session in sessions))
    told = [str(session.finish()) for session in sessions]
    plate.refresh_from_db()
    return told, plate


def test_of_two_first_pins_one_is_set_and_the_other_is_told(world: World) -> None:
    told, plate = two_first_pins(world)
    (winner,) = (pin for pin in told if pin != "pin_moved_on")
    assert sorted(told) == sorted([winner, "pin_moved_on"])
    assert check_pin(plate, winner).ok
    assert plate.pin_epoch == 1 and plate.opened_at is not None


def test_without_the_guard_both_believe_that_theirs_is_set(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the statement does not ask which PIN is in force."""
    change = pins._change
    monkeypatch.setattr(
        pins,
        "_change",
        lambda _standing, plate, *rest, **more: change(Plate.objects.filter(pk=plate.pk), plate, *rest, **more),
    )
    told, plate = two_first_pins(world)
    assert told == ["204817", "731950"]
    assert plate.pin_epoch == 2
