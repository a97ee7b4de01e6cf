"""Imports beside somebody else's work: one waits or is told, nothing is lost. Each with a twin without the guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from households.imports import households as household_import
from households.imports import staging
from households.imports.problems import ImportReport
from households.models import Household, Plate
from households.plates.actions import plates
from households.sql import rows, run
from scoring.freezing import freeze
from scoring.models import HouseholdScore, ScoreEvent, Sheet
from scoring.rollup.registers import import_households
from scoring.sheets import events_import as event_import
from scoring.sheets.events_import import import_events
from tests.scoring.sessions_at_once import GATE, OtherSession, gate, held_up, somebody_waits
from tests.waiting import until
from tests.world import DAY, LONG_AFTER, MONTH, VILLAGE, World, build

pytestmark = pytest.mark.django_db(transaction=True)
NEW = f"division_code,group,household_no,head_name,phone,address\n{VILLAGE},9,1,新来,13812345678,\n"
HOUSEHOLD = f"{VILLAGE}010001"
EVENT = f"household_code,date,clause_code,document_no,note\n{HOUSEHOLD},{DAY},WJ02,,\n"
TODAY = date(2024, 6, 1)


def add_household() -> ImportReport:
    return import_households(name="h.csv", data=NEW.encode(), today=TODAY)


def add_event() -> ImportReport:
    return import_events(name="e.csv", data=EVENT.encode(), today=TODAY)


def add_household_slowly() -> ImportReport:
    """The same, in a transaction that ends only when the gate is open."""
    with transaction.atomic():
        report = add_household()
        run("SELECT pg_advisory_xact_lock(%(gate)s)", {"gate": GATE})
    return report


def add_event_slowly() -> ImportReport:
    with transaction.atomic():
        report = add_event()
        run("SELECT pg_advisory_xact_lock(%(gate)s)", {"gate": GATE})
    return report


@contextmanager
def beside(slow: OtherSession, open_gate: object) -> Iterator[None]:
    """While the slow one stands at the gate."""
    somebody_waits()
    yield
    open_gate()  # type: ignore[operator]
    slow.finish()


def test_same_households_twice_at_once_are_added_once() -> None:
    build()
    with gate() as open_gate:
        slow = OtherSession(add_household_slowly)
        with beside(slow, open_gate):
            other = OtherSession(add_household)
            until(lambda: held_up(other))
        assert slow.result.counts["新增"] == 1
        assert other.finish().counts == {"新增": 0, "更新": 0, "未变": 1, "新建组": 0}


def test_same_households_twice_at_once_would_clash_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    monkeypatch.setattr(staging, "one_at_a_time", lambda what: None)
    with gate() as open_gate:
        slow = OtherSession(add_household_slowly)
        with beside(slow, open_gate):
            other = OtherSession(add_household)
            until(lambda: held_up(other))
        with pytest.raises(IntegrityError):
            other.finish()


def test_same_events_twice_at_once_are_recorded_once() -> None:
    build()
    with gate() as open_gate:
        slow = OtherSession(add_event_slowly)
        with beside(slow, open_gate):
            other = OtherSession(add_event)
            until(lambda: held_up(other))
        assert other.finish().counts == {"新增": 0, "已存在": 1}
    assert ScoreEvent.objects.count() == 1


def declared() -> World:
    world = build()
    world.declare(world.village)
    return world


def frozen_score() -> int:
    return HouseholdScore.objects.get(month=MONTH, code=HOUSEHOLD).score


def test_freezing_waits_for_an_import_and_counts_it() -> None:
    declared()
    with gate() as open_gate:
        slow = OtherSession(add_event_slowly)
        with beside(slow, open_gate):
            freezing = OtherSession(lambda: freeze(month=MONTH, on=LONG_AFTER, force=True))
            until(lambda: held_up(freezing))
        freezing.finish()
    assert frozen_score() == 95


def test_freezing_would_miss_an_import_that_locks_no_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    declared()
    monkeypatch.setattr(event_import, "_LOCK_SHEETS", "SELECT 1")
    monkeypatch.setattr(event_import, "_BUMP_SHEETS", "SELECT 1")
    monkeypatch.setattr(event_import.marks, "touch", lambda month, codes: None)
    with gate() as open_gate:
        slow = OtherSession(add_event_slowly)
        with beside(slow, open_gate):
            OtherSession(lambda: freeze(month=MONTH, on=LONG_AFTER, force=True)).finish()
    assert ScoreEvent.objects.exists()
    assert frozen_score() == 100


def freeze_slowly() -> None:
    with transaction.atomic():
        freeze(month=MONTH, on=LONG_AFTER, force=True)
        run("SELECT pg_advisory_xact_lock(%(gate)s)", {"gate": GATE})


def test_import_waits_for_freezing_and_is_refused() -> None:
    declared()
    with gate() as open_gate:
        slow = OtherSession(freeze_slowly)
        with beside(slow, open_gate):
            importing = OtherSession(add_event)
            until(lambda: held_up(importing))
        report = importing.finish()
    assert report.refused
    assert "已经锁定" in report.errors[0].reason
    assert not ScoreEvent.objects.exists()
    assert Sheet.objects.get(village=VILLAGE, period=MONTH).state == "frozen"


def issue_slowly() -> None:
    with transaction.atomic():
        plates.issue_plate(household=Household.objects.get(code=HOUSEHOLD), by=None)
        run("SELECT pg_advisory_xact_lock(%(gate)s)", {"gate": GATE})


def issue_two_at_once() -> OtherSession:
    build()
    with gate() as open_gate:
        slow = OtherSession(issue_slowly)
        with beside(slow, open_gate):
            other = OtherSession(lambda: plates.issue_plate(household=Household.objects.get(code=HOUSEHOLD), by=None))
            until(lambda: held_up(other))
    return other


def test_two_plates_at_once_leave_the_later_one_in_force() -> None:
    plate, pin = issue_two_at_once().finish()
    assert Plate.objects.get(household=HOUSEHOLD, revoked_at=None) == plate
    assert plates.check_pin(plate, pin).ok


def test_two_plates_at_once_would_clash_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.models.QuerySet.select_for_update", lambda self, **how: self)
    with pytest.raises(IntegrityError, match="plate_one_in_force"):
        issue_two_at_once().finish()


def test_register_statement_for_phones_sees_only_the_villages_named() -> None:
    build()
    found = rows(household_import.STORED_PHONES, {"villages": [VILLAGE]})
    assert {code[:12] for code, _ in found} == {VILLAGE}
