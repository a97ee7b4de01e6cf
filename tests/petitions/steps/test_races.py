"""Two at once on one petition, on two real connections. Each guard has a twin that goes wrong when it is taken away."""

from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError

from petitions.cases.actions import merging
from petitions.filing.actions import writing
from petitions.models import Assignment, Petition, PetitionEvent
from petitions.states import replay
from petitions.steps import history, routing
from tests.petitions.desk import LYJ, SLJ, Desk
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4  # a race that is won by luck once is not won by luck every time


def outcomes(results: list[object]) -> list[str]:
    return sorted(one.state if isinstance(one, Petition) else str(one) for one in results)


def consistent(petition: Petition) -> bool:
    petition.refresh_from_db()
    lines = list(PetitionEvent.objects.filter(petition=petition).values_list("kind", flat=True))
    return petition.seq == len(lines) and petition.state == replay(lines)


def test_two_who_accept_at_once_accept_it_once(desk: Desk) -> None:
    for _ in range(ROUNDS):
        petition = desk.file()
        results = together(*[partial(desk.accept, petition, at=None)] * 2)
        assert outcomes(results) == ["accepted", "wrong_state"]
        assert consistent(petition)
        assert desk.lines(petition) == ["file", "accept"]


def test_two_who_accept_at_once_without_the_lock_meet_the_database(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: both read the same row, and only the numbering of the history keeps one of them out."""
    monkeypatch.setattr(
        history, "locked", lambda petition: Petition.objects.select_related("place").get(pk=petition.pk)
    )
    check = history.check_needs
    met = Barrier(2)

    def waiting(*given: object) -> None:
        met.wait(10)
        check(*given)

    monkeypatch.setattr(history, "check_needs", waiting)
    petition = desk.file()
    with pytest.raises(IntegrityError, match="petitionevent_in_sequence"):
        together(*[lambda: desk.accept(petition, at=None)] * 2)
    assert consistent(petition)


def test_assigning_and_redirecting_at_once_does_one_of_them(desk: Desk) -> None:
    for _ in range(ROUNDS):
        petition = desk.accepted()
        given = {"petition": petition, "by": desk.office, "path": "litigation", "told": "请去法院"}
        results = together(
            partial(desk.assign, petition, LYJ, at=None), partial(routing.redirect, op_id=uuid4(), **given)
        )
        assert outcomes(results) in (["assigned", "wrong_state"], ["redirected", "wrong_state"])
        assert consistent(petition)
        assert Assignment.objects.filter(petition=petition).exists() == (petition.state == "assigned")


def test_two_assignments_at_once_leave_one_lead(desk: Desk) -> None:
    petition = desk.accepted()
    results = together(*(lambda unit=unit: desk.assign(petition, unit, at=None) for unit in (LYJ, SLJ)))
    assert outcomes(results) == ["assigned", "note_missing"]
    assert Assignment.objects.filter(petition=petition, lead=True, ended_at=None).count() == 1


def test_one_id_sent_twice_at_once_is_one_step(desk: Desk) -> None:
    petition, op_id = desk.file(), uuid4()
    results = together(*[lambda: desk.accept(petition, op_id=op_id, at=None)] * 3)
    assert outcomes(results) == ["accepted"] * 3
    assert desk.lines(petition) == ["file", "accept"]


def test_who_files_at_once_gets_numbers_of_their_own(desk: Desk) -> None:
    results = together(*[lambda: desk.filed().petition.number] * 6)
    assert sorted(str(number)[-6:] for number in results) == [f"{serial:06d}" for serial in range(1, 7)]


def test_without_the_counter_they_get_the_same_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: look for the highest number and add one."""
    met = Barrier(2)

    def trusting(wanted: list[tuple[str, int]]) -> list[str]:
        numbers = [f"{county}-{year}-{Petition.objects.count() + 1:06d}" for county, year in wanted]
        met.wait(10)
        return numbers

    monkeypatch.setattr(writing, "numbers_for", trusting)
    with pytest.raises(IntegrityError, match="number"):
        together(*[desk.filed] * 2)
    assert Petition.objects.count() == 1


def test_merging_each_into_the_other_at_once_merges_one(desk: Desk) -> None:
    for _ in range(ROUNDS):
        one, two = desk.file(), desk.file()
        given = {"by": desk.office, "told": "并案"}
        results = together(
            partial(merging.merge, op_id=uuid4(), petition=one, into=two, **given),
            partial(merging.merge, op_id=uuid4(), petition=two, into=one, **given),
        )
        assert "merged" in outcomes(results)
        assert consistent(one)
        assert consistent(two)
        assert {one.state, two.state} == {"merged", "filed"}


def test_merging_in_a_ring_without_an_order_of_locks_is_a_deadlock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: each locks their own first and then waits for the other's."""
    monkeypatch.setattr(history, "_lock_in_order", lambda *_pair: None)
    lock, met = history.locked, Barrier(2)

    def meeting(petition: Petition) -> Petition:
        found = lock(petition)
        met.wait(10)
        return found

    monkeypatch.setattr(history, "locked", meeting)
    one, two = desk.file(), desk.file()
    given = {"by": desk.office, "told": "并案"}
    with pytest.raises(OperationalError, match="deadlock"):
        together(
            lambda: merging.merge(op_id=uuid4(), petition=one, into=two, **given),
            lambda: merging.merge(op_id=uuid4(), petition=two, into=one, **given),
        )
