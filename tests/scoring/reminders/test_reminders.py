"""A reminder has a day; put right it is over, not put right a deduction follows that is linked to it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from households.roles import Role
from scoring.models import ReminderTerm, ScoreEvent
from scoring.reminders.actions import follow, put_right, set_day
from scoring.reminders.reads import ReminderLine, reminders_of
from scoring.reminders.rules import ReminderState, offers, reminder_state
from tests.constraints import broken
from tests.refusals import refused
from tests.scoring.batches.many import HOMES
from tests.world import DAY, MONTH, VILLAGE, World

REMIND, AFTER = "WR01", "WR02"


@pytest.fixture
def event(world: World) -> ScoreEvent:
    return world.record(HOMES[0], REMIND)


def lines(world: World, today: date = DAY) -> list[ReminderLine]:
    return reminders_of(VILLAGE, MONTH, world.user(Role.CADRE), today)


@given(st.booleans(), st.booleans(), st.integers(-3, 3), st.integers(1, 4))
def test_what_is_over_offers_nothing(right: bool, followed: bool, late: int, count: int) -> None:
    state = reminder_state(until=DAY, put_right=right, followed=followed, today=DAY + timedelta(days=late))
    assert offers(state, count) == (not right and not followed and (late > 0 or count >= 3))


def test_reminder_has_a_week_unless_somebody_sets_another_day(world: World, event: ScoreEvent) -> None:
    assert lines(world)[0].until == DAY + timedelta(days=7)
    set_day(op_id=uuid4(), event=event.pk, until=DAY + timedelta(days=2), by=world.user(Role.CADRE))
    [line] = lines(world, DAY + timedelta(days=3))
    assert (line.until, line.state, line.offers) == (DAY + timedelta(days=2), ReminderState.OVERDUE, True)
    early = DAY - timedelta(days=1)
    refused("day_before", lambda: set_day(op_id=uuid4(), event=event.pk, until=early, by=world.user(Role.CADRE)))


def test_put_right_in_time_ends_it(world: World, event: ScoreEvent) -> None:
    put_right(op_id=uuid4(), event=event.pk, by=world.user(Role.CADRE))
    [line] = lines(world, DAY + timedelta(days=30))
    assert (line.state, line.offers) == (ReminderState.PUT_RIGHT, False)
    refused("reminder_over", lambda: put_right(op_id=uuid4(), event=event.pk, by=world.user(Role.CADRE)))


def followed(world: World, event: ScoreEvent, clause: str = AFTER) -> int:
    by = world.user(Role.CADRE)
    return int(follow(op_id=uuid4(), event=event.pk, clause=clause, day=DAY, note="限期没有改", by=by)["event"])


def test_deduction_that_follows_is_linked_to_its_reminder(world: World, event: ScoreEvent) -> None:
    number = followed(world, event)
    made = ScoreEvent.objects.get(pk=number)
    assert (made.kind, made.code, made.clause.code) == ("deduct", HOMES[0], AFTER)
    assert ReminderTerm.objects.get().followed_by == made and lines(world)[0].state is ReminderState.FOLLOWED
    page = world.client(Role.CADRE).get(reverse("reminders", args=[MONTH])).content.decode()
    assert reverse("event", args=[number]) in page


@pytest.mark.parametrize("clause", ["WR09", "WJ02", "XX99"])
def test_only_a_clause_that_follows_reminders_follows(world: World, event: ScoreEvent, clause: str) -> None:
    refused("clause_unfit", lambda: followed(world, event, clause))
    assert ScoreEvent.objects.count() == 1


def test_third_reminder_offers_the_deduction_before_its_day(world: World) -> None:
    for day in (DAY, DAY - timedelta(days=1), DAY - timedelta(days=2)):
        world.record(HOMES[0], REMIND, day=day)
    assert [(line.count, line.offers) for line in lines(world)] == [(3, True), (2, False), (1, False)]


def test_page_ends_it_and_strangers_do_not(world: World, event: ScoreEvent) -> None:
    stranger = world.stranger(Role.CADRE)
    refused("reminder_unknown", lambda: put_right(op_id=uuid4(), event=event.pk, by=stranger))
    client = world.client(Role.CADRE)
    client.post(reverse("reminder-put-right", args=[event.pk]), {"op_id": str(uuid4())})
    assert "按期改好，到此为止" in client.get(reverse("reminders", args=[MONTH])).content.decode()


def test_database_ends_a_reminder_once(world: World, event: ScoreEvent) -> None:
    put_right(op_id=uuid4(), event=event.pk, by=world.user(Role.CADRE))
    broken(lambda: ReminderTerm.objects.update(until=DAY), "ends once")
    broken(ReminderTerm.objects.all().delete, "append-only")
