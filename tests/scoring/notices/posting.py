"""A month of the small world that is being posted (公示) on the day the tests run: `POSTED`, the last one whose own days are over.

The calendar's later days move along with the day of posting, and it can have been posted weeks ago, so nothing hangs on when
the tests run.
"""

from datetime import timedelta

from django.utils import timezone

from households.months import last_day, month_of, previous_month
from households.roles import Role
from scoring.freezing import post
from scoring.models import ScoreEvent, Sheet
from scoring.months.months import calendar_of
from scoring.rollup.rollup import roll_up
from tests import copies
from tests.world import World

POSTED = previous_month(month_of(timezone.localdate() - timedelta(days=25)))
DAY = last_day(POSTED)


def posted(world: World, *records: tuple[str, str]) -> Sheet:
    """东山村's POSTED with these (code, clause) recorded, declared by all, approved and posted now."""
    copies.once(f"posted with {records}", lambda: post_now(world, records))
    return world.sheet(month=POSTED)


def posted_event(world: World, code: str, clause: str = "WR02", by: str = Role.CADRE) -> ScoreEvent:
    """The same with one event, recorded by who has this post."""

    def act() -> int:
        event = world.record(code, clause, by=world.user(by), day=DAY)
        post_now(world)
        return event.pk

    return ScoreEvent.objects.get(pk=copies.once(f"posted with {clause} of {code} by {by}", act))


def post_now(world: World, records: tuple[tuple[str, str], ...] = ()) -> None:
    """The same for a world that nobody else uses."""
    for code, clause in records:
        world.record(code, clause, day=DAY)
    world.declare(month=POSTED)
    world.approve(month=POSTED)
    assert post(month=POSTED, on=max(timezone.localdate(), calendar_of(POSTED).post_from)) == 3
    roll_up(POSTED)


def days_ago(sheet: Sheet, days: int) -> None:
    """As if it had been posted so many days ago."""
    Sheet.objects.filter(pk=sheet.pk).update(posted_at=timezone.now() - timedelta(days=days))
