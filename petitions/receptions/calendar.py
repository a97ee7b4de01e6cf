"""The calendar page in data: this month and the next by day, the schedule by township, what is owed."""

from calendar import Calendar
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import Left

from households.codes import Level, township_of
from households.models import User
from households.months import Month, first_day, last_day, next_month
from households.roles import Role
from households.workdays import workdays
from households.workdays.workdays import DayKind
from petitions import choices
from petitions.models import Reception
from petitions.reception_states import ReceptionState
from petitions.receptions import reads as receptions
from petitions.receptions.reception_days import (
    EnterpriseDay,
    EnterpriseRule,
    QuietWeek,
    WeekRule,
    enterprise_day,
    quiet_week,
)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the grid. `number` counts the receptions of the day that take place."""

    day: date
    kind: DayKind
    holiday: str
    enterprise: bool
    quiet: bool
    number: int
    today: bool
    inside: bool

    @property
    def make_up(self) -> bool:
        """Whether it is a Saturday or Sunday that is worked."""
        return self.kind is DayKind.MAKE_UP


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month: its rules, its weeks for the grid, and its receptions by day for the list."""

    first: date
    enterprise: EnterpriseDay
    quiet: QuietWeek
    weeks: list[list[CalendarDay]]
    days: list[tuple[date, list["Planned"]]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A reception with what counts of it for the reader: cases on the list, and those with a record."""

    reception: Reception
    cases: int
    recorded: int


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """A township's receptions of the shown months, and how many petitions about it are open, of those that count."""

    code: str
    name: str
    planned: list[Planned]
    open: int


def enterprise_day_of(year: int, month: int) -> EnterpriseDay:
    """Enterprise Day by the county's rule."""
    return enterprise_day(year, month, EnterpriseRule(settings.PETITION_ENTERPRISE_DAY))


def quiet_week_of(year: int, month: int) -> QuietWeek:
    """The no-meeting week by the county's rule."""
    return quiet_week(year, month, WeekRule(settings.PETITION_NO_MEETING_WEEK))


def span(month: Month) -> tuple[date, date]:
    """From the first day of the month to the last of the month after it, and on to the end of that month's quiet week."""
    last = last_day(next_month(month))
    return first_day(month), max(last, quiet_week_of(last.year, last.month).last)


def planned_for(user: User, month: Month) -> list[Planned]:
    """The receptions of both months that this person may know of, with their counts: three queries."""
    found = receptions.receptions_of(user, *span(month))
    counts = receptions.counts_of(found, user)
    return [Planned(one, *counts.get(one.pk, (0, 0))) for one in found]


def months_of(month: Month, planned: Iterable[Planned], today: date) -> list[MonthPage]:
    """Both months, for the grid and the list."""
    by_day: dict[date, list[Planned]] = defaultdict(list)
    for one in planned:
        by_day[one.reception.day].append(one)
    return [_month(first_day(each), by_day, today) for each in (month, next_month(month))]


def _month(first: date, by_day: dict[date, list[Planned]], today: date) -> MonthPage:
    special, quiet = enterprise_day_of(first.year, first.month), quiet_week_of(first.year, first.month)
    before = first - timedelta(days=1)
    quiets = (quiet_week_of(before.year, before.month), quiet)  # the month before's may reach into this one
    weeks = [
        [_cell(day, first, special, quiets, by_day.get(day, []), today) for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    inside = [(day, rows) for day, rows in sorted(by_day.items()) if (day.year, day.month) == (first.year, first.month)]
    return MonthPage(first, special, quiet, weeks, inside)


def _cell(  # noqa: PLR0917  # one call, above
    day: date,
    first: date,
    special: EnterpriseDay,
    quiets: tuple[QuietWeek, ...],
    planned: list[Planned],
    today: date,
) -> CalendarDay:
    number = sum(one.reception.status is not ReceptionState.CANCELLED for one in planned)
    return CalendarDay(
        day,
        workdays.kind(day),
        workdays.holiday_name(day),
        day == special.day,
        any(day in quiet for quiet in quiets),
        number,
        day == today,
        day.month == first.month,
    )


def by_township(user: User, planned: Iterable[Planned], today: date) -> list[TownshipLine]:
    """Every township of the county (a township's own line for itself) with its receptions: two queries."""
    places = choices.townships(choices.county_of(user), today)
    if user.role == Role.TOWNSHIP:
        places = [place for place in places if place[0] == user.division_id]
    rows: dict[str, list[Planned]] = defaultdict(list)
    for one in planned:
        if one.reception.status is not ReceptionState.CANCELLED:
            rows[township_of(one.reception.place_id)].append(one)
    waiting = Counter(
        dict(
            receptions.counted_by(user)
            .open()
            .order_by()
            .values_list(Left("place", Level.TOWNSHIP.code_length))
            .annotate(Count("pk"))
        )
    )
    return [TownshipLine(code, name, rows.get(code, []), waiting[code]) for code, name in places]
