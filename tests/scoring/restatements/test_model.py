"""What the database holds about corrections: two people, decided once, never edited, never removed."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from households.roles import Role
from scoring.models import Adjustment
from tests.scoring.restatements.adjusting import FIRST, ask_addition, ask_withdrawal, frozen_with, grant
from tests.world import MONTH, World

pytestmark = pytest.mark.django_db


def broken(constraint: str, **fields: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Adjustment.objects.create(**fields)


def fields(world: World, **more: object) -> dict[str, object]:
    clause = world.clause("WR04")
    return {
        "period_id": MONTH,
        "code": FIRST,
        "clause": clause,
        "date": date(2024, 5, 20),
        "reason": "更正",
        "asked_by": world.user(Role.TOWNSHIP),
    } | more


def test_request_needs_a_reason(world: World) -> None:
    broken("adjustment_has_reason", **fields(world, reason=""))


def test_request_in_an_unknown_state_is_refused(world: World) -> None:
    broken("adjustment_state_known|adjustment_decision_complete", **fields(world, state="lost"))


def test_addition_needs_its_date(world: World) -> None:
    broken("adjustment_adds_or_withdraws", **fields(world, date=None))


def test_request_adds_or_withdraws(world: World) -> None:
    broken("adjustment_adds_or_withdraws", **fields(world, clause=None, date=None))


def test_withdrawal_carries_no_document(world: World) -> None:
    event = world.record(FIRST, "WR04")
    broken("adjustment_adds_or_withdraws", **fields(world, clause=None, date=None, event=event, document_no="1号"))


def test_addition_has_no_event_before_it_is_granted(world: World) -> None:
    event = world.record(FIRST, "WR04")
    broken("adjustment_event_written_when_granted", **fields(world, event=event))


@pytest.mark.parametrize("more", [{"state": "granted"}, {"state": "refused"}, {"answer": "不"}, {"version": 2}])
def test_decision_is_complete_or_not_there(world: World, more: dict) -> None:
    broken("adjustment_decision_complete|adjustment_event_written_when_granted", **fields(world, **more))


def test_refusal_needs_its_reason(world: World) -> None:
    decided = {"state": "refused", "decided_by": world.user(Role.COUNTY_OFFICE), "decided_at": timezone.now()}
    broken("adjustment_decision_complete", **fields(world, **decided))


def test_one_person_cannot_be_both_keys(world: World) -> None:
    own = {"state": "refused", "decided_by": world.user(Role.TOWNSHIP), "decided_at": timezone.now(), "answer": "不"}
    broken("adjustment_needs_two_people", **fields(world, **own))


def test_same_addition_waits_once(world: World) -> None:
    Adjustment.objects.create(**fields(world))
    broken("adjustment_one_open_addition", **fields(world))


def test_same_withdrawal_waits_once(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    again = fields(world, clause=None, date=None, event=adjustment.event)
    broken("adjustment_one_open_withdrawal", **again)


@pytest.mark.parametrize("column", ["reason", "note", "code"])
def test_what_was_asked_is_never_edited(world: World, column: str) -> None:
    frozen_with(world)
    ask_addition(world)
    with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
        Adjustment.objects.update(**{column: FIRST})


def test_decision_is_never_changed(world: World) -> None:
    grant(world, ask_withdrawal(world, frozen_with(world)))
    with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
        Adjustment.objects.update(decided_at=timezone.now())


def test_request_is_never_removed(world: World) -> None:
    frozen_with(world)
    ask_addition(world)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM scoring_adjustment")
