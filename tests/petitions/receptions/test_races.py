"""Two at once on one day, list or promise, on two real connections; each guard with a twin that goes wrong without it."""

from datetime import time, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError

from petitions.models import Petition, Promise, Reception, ReceptionItem, ReceptionRecord
from petitions.promises.actions import promises
from petitions.receptions import checks as reception_checks
from petitions.receptions.actions import lists, planning
from petitions.steps import history
from tests.petitions.desk import Desk
from tests.petitions.receptions.scene import Days
from tests.together import together
from tests.world import STRANGE

pytestmark = pytest.mark.django_db(transaction=True)


def told(results: list[object]) -> list[str]:
    """What each got: the code of a refusal, or that it went through."""
    return sorted("done" if not isinstance(one, str) else one for one in results)


def test_leader_is_planned_once_by_two_at_once(days: Days) -> None:
    results = together(partial(days.plan), partial(days.plan, place=STRANGE))
    assert told(results) == ["done", "leader_elsewhere"]
    assert Reception.objects.count() == 1


def test_without_the_countys_lock_he_is_at_two_places(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: both look before either has written."""
    from threading import Barrier

    met, check = Barrier(2), planning._check_clash

    def waiting(reception: Reception) -> None:
        check(reception)
        met.wait(10)

    monkeypatch.setattr(planning, "_lock_county", lambda _place: None)
    monkeypatch.setattr(planning, "_check_clash", waiting)
    assert told(together(partial(days.plan), partial(days.plan, place=STRANGE))) == ["done", "done"]
    assert Reception.objects.count() == 2


def test_petition_is_listed_once_by_two_at_once(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.file()
    assert told(together(*[partial(days.put, reception, petition)] * 2)) == ["done", "done"]
    assert ReceptionItem.objects.count() == 1


def test_one_record_sent_twice_at_once_is_one(desk: Desk, days: Days) -> None:
    reception, petition, op_id = days.plan(), desk.assigned(), uuid4()
    given = {"op_id": op_id, "outcome": "promise", "promise": days.promised()}
    results = together(*[partial(days.record, reception, petition, **given)] * 3)
    assert told(results) == ["done"] * 3
    assert (ReceptionRecord.objects.count(), Promise.objects.count()) == (1, 1)
    assert list(reception_checks.faults()) == []


def test_two_records_at_once_are_both_kept(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.file()
    results = together(*[partial(days.record, reception, petition, note=note) for note in ("一", "二")])
    assert told(results) == ["done", "done"]
    assert (ReceptionRecord.objects.count(), ReceptionItem.objects.count()) == (2, 1)
    assert [step.kind for step in reception.steps.all()] == ["plan", "hold"]


def test_record_and_cancelling_at_once_lose_nothing(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.file()
    cancel = partial(planning.cancel, op_id=uuid4(), reception=reception, by=desk.office, reason="雨")
    results = together(partial(days.record, reception, petition), cancel)
    assert told(results) in (["done", "done"], ["done", "wrong_state"])
    assert ReceptionRecord.objects.count() == 1
    assert list(reception_checks.faults()) == []


def test_promise_is_fulfilled_or_given_up_by_two_at_once(desk: Desk, days: Days) -> None:
    promise = days.report(days.promise())
    accept = partial(promises.accept, op_id=uuid4(), promise=promise, by=desk.office, told="修了")
    give_up = partial(promises.give_up, op_id=uuid4(), promise=promise, by=desk.office, told="修不了")
    assert told(together(accept, give_up)) == ["done", "wrong_state"]
    assert list(reception_checks.faults()) == []


def test_without_the_petitions_lock_two_promises_meet_the_database(
    desk: Desk, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: both take the next line of the history."""
    from threading import Barrier

    petition, met, check = desk.assigned(), Barrier(2), history.check_needs

    def waiting(*given: object) -> None:
        met.wait(10)
        check(*given)

    monkeypatch.setattr(history, "locked", lambda one: Petition.objects.select_related("place").get(pk=one.pk))
    monkeypatch.setattr(history, "check_needs", waiting)
    with pytest.raises(IntegrityError, match="in_sequence"):
        together(*[partial(days.promise, petition)] * 2)
    assert Promise.objects.count() == 1


def test_moving_and_listing_at_once_are_both_done(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.file()
    given = {"day": days.today + timedelta(days=1), "starts": time(9), "ends": time(10), "reason": "会"}
    move = partial(planning.move, op_id=uuid4(), reception=reception, by=desk.office, **given)
    assert told(together(partial(days.put, reception, petition), move)) == ["done", "done"]
    assert (Reception.objects.get().moves, len(lists.listed_petitions(reception))) == (1, 1)
