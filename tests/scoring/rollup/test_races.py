"""Two real connections in each other's way. Every test has a twin that goes wrong once the guard is gone."""

from uuid import uuid4

import pytest
from django.db import OperationalError, transaction

from scoring.models import DivisionScore
from scoring.months.months import open_month
from scoring.rollup import marks, rollup
from scoring.rollup.rollup import roll_up_township
from tests.scoring.facts import department, line, marked, score
from tests.scoring.sessions_at_once import OtherSession, gate, gated, held_up, kill, somebody_waits
from tests.scoring.small_counties import write_events
from tests.waiting import until
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, STRANGE, TOWNSHIP, VILLAGE, World, build

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, FAR = f"{VILLAGE}010001", f"{STRANGE}010001"


@pytest.fixture
def rolled() -> World:
    world = build()
    world.declare()
    rollup.roll_up(MONTH)
    return world


def deduct(code: str, points: int) -> None:
    """Straight into the table, in a transaction of its own: the doors have races of their own."""
    event = {"op_id": uuid4(), "code": code, "indicator": 2, "kind": "deduct", "points": points}
    write_events(open_month(MONTH), [event | {"confirmed": True, "withdrawn": False}])
    marks.touch(MONTH, [code])


def two_townships_at_once(monkeypatch: pytest.MonkeyPatch) -> int:
    """The county's total after two workers: the slow one has read the old lines when the quick one changes them."""
    deduct(FIRST, 1)
    deduct(FAR, 10)
    monkeypatch.setattr(rollup, "PARENTS", gated(rollup.PARENTS))
    with gate() as open_gate:
        rollup.refresh(MONTH, TOWNSHIP, rollup.RollUpReport())
        work = rollup.Work(places=[TOWNSHIP, VILLAGE])
        slow = OtherSession(lambda: rollup.finish(MONTH, COUNTY, work), at_gate=True)
        somebody_waits()
        quick = OtherSession(lambda: roll_up_township(MONTH, OTHER_TOWNSHIP))
        until(lambda: held_up(quick) or not quick.is_alive())
        open_gate()
        slow.finish()
        quick.finish()
    return line(COUNTY).total


def test_two_townships_at_once_add_up(rolled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert two_townships_at_once(monkeypatch) == 1200 - 11


def test_two_townships_at_once_do_not_add_up_without_the_lock(rolled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "lock_place", lambda month, place: None)
    assert two_townships_at_once(monkeypatch) == 1200 - 1


@pytest.mark.parametrize(("held", "waits"), [("LYJ", True), ("NOT-LINKED-HERE", False)])
def test_only_who_works_on_the_same_department_waits(rolled: World, held: str, waits: bool) -> None:
    deduct(FIRST, 1)
    with transaction.atomic():
        rollup.lock_departments(MONTH, [held])
        worker = OtherSession(lambda: roll_up_township(MONTH, TOWNSHIP))
        until(lambda: held_up(worker) or not worker.is_alive())
        assert worker.is_alive() is waits
    worker.finish()
    assert line(COUNTY).total == 1199


def event_during_the_roll_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded and committed after the roll-up has taken its snapshot and before it clears its marks."""
    deduct(FIRST, 1)
    monkeypatch.setattr(rollup, "HOUSEHOLDS", gated(rollup.HOUSEHOLDS))
    with gate() as open_gate:
        worker = OtherSession(lambda: roll_up_township(MONTH, TOWNSHIP), at_gate=True)
        somebody_waits()
        deduct(FIRST, 4)
        open_gate()
        worker.finish()
    assert score(FIRST) == 99


def test_event_recorded_during_the_roll_up_keeps_its_mark(rolled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    event_during_the_roll_up(monkeypatch)
    assert marked() == {VILLAGE}
    rollup.roll_up(MONTH)
    assert score(FIRST) == 95


def test_event_recorded_during_the_roll_up_is_lost_without_the_check(
    rolled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup, "CLEAR", rollup.CLEAR.replace("m.moved = seen.moved", "true"))
    event_during_the_roll_up(monkeypatch)
    rollup.roll_up(MONTH)
    assert score(FIRST) == 99


def test_mark_held_by_somebody_else_does_not_stop_the_roll_up(rolled: World) -> None:
    deduct(FIRST, 1)
    with transaction.atomic():
        marks.touch(MONTH, [VILLAGE])
        OtherSession(lambda: roll_up_township(MONTH, TOWNSHIP)).finish()
    assert score(FIRST) == 99
    assert marked() == {VILLAGE}


def test_same_township_twice_at_once_is_computed_one_after_the_other(
    rolled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    deduct(FIRST, 1)
    monkeypatch.setattr(rollup, "HOUSEHOLDS", gated(rollup.HOUSEHOLDS))
    with gate() as open_gate:
        first = OtherSession(lambda: roll_up_township(MONTH, TOWNSHIP), at_gate=True)
        somebody_waits()
        second = OtherSession(lambda: roll_up_township(MONTH, TOWNSHIP))
        until(lambda: held_up(second))
        open_gate()
        assert first.finish().households == 1
        assert second.finish().households == 0
    assert line(COUNTY).total == 1199


@pytest.mark.parametrize("statement", ["HOUSEHOLDS", "GROUPS", "PARENTS", "DEPARTMENTS"])
def test_worker_killed_in_any_statement_leaves_the_rest_to_the_next(
    rolled: World, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    deduct(FIRST, 1)
    monkeypatch.setattr(rollup, statement, gated(getattr(rollup, statement)))
    with gate():
        worker = OtherSession(lambda: roll_up_township(MONTH, TOWNSHIP), at_gate=True)
        somebody_waits()
        kill(worker)
    assert isinstance(worker.trouble, OperationalError)
    assert marked() == {VILLAGE}
    rollup.roll_up_marked()
    assert (line(COUNTY).total, department("LYJ")) == (1199, (18, 1798))
    assert marked() == set()


def test_worker_killed_before_the_county_is_finished_by_anyone(rolled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    deduct(FIRST, 1)
    monkeypatch.setattr(rollup, "DEPARTMENTS", gated(rollup.DEPARTMENTS))
    with gate():
        worker = OtherSession(lambda: roll_up_township(MONTH, TOWNSHIP), at_gate=True)
        somebody_waits()
        kill(worker)
    assert (line(TOWNSHIP).total, line(COUNTY).total) == (999, 1200)
    deduct(FAR, 10)
    roll_up_township(MONTH, OTHER_TOWNSHIP)
    assert line(COUNTY).total == 1189
    assert department("LYJ") == (18, 1800)
    rollup.roll_up_marked()
    assert department("LYJ") == (18, 1798)


def test_full_roll_up_that_is_killed_is_finished_by_the_marks(rolled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    DivisionScore.objects.filter(code__in=[TOWNSHIP, COUNTY]).update(total=1)
    monkeypatch.setattr(rollup, "GROUPS", gated(rollup.GROUPS))
    with gate():
        worker = OtherSession(lambda: rollup.roll_up(MONTH, full=True), at_gate=True)
        somebody_waits()
        kill(worker)
    rollup.roll_up_marked()
    assert (line(TOWNSHIP).total, line(COUNTY).total) == (1000, 1200)


def test_first_roll_ups_of_a_month_at_once_write_every_line_once() -> None:
    world = build()
    world.declare()
    sessions = [
        OtherSession(lambda place=place: roll_up_township(MONTH, place)) for place in (TOWNSHIP, OTHER_TOWNSHIP)
    ]
    for session in sessions:
        session.finish()
    assert DivisionScore.objects.filter(month=MONTH).count() == 10
    assert line(COUNTY).total == 1200
