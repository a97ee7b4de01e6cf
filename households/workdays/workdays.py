"""Which days are worked: weekends, statutory holidays and make-up workdays (调休). Pure.

Source: the State Council's yearly arrangement as the package `chinesecalendar` carries it. It comes out in November for
the year after. Of a year that is not out yet the weekends are known and the holidays that the law fixes, not the days
moved around them, and `known` says so. What the county has entered from the notice itself comes before the package:
`in_force` gives it, and `supposing` lets a preview reckon with what is not in force yet.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chinese_calendar import constants

from households.months import spoken_with_year, weekday
from households.workdays.statutory import fixed_by_law

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
OPENS, CLOSES = time(8, 30), time(17, 30)  # of an office, for reminders
_HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


class DayKind(StrEnum):
    WORKDAY = "workday"
    MAKE_UP = "make_up"  # a Saturday or Sunday that is worked
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def worked(self) -> bool:
        """Whether offices work on such a day."""
        return self in (DayKind.WORKDAY, DayKind.MAKE_UP)


@dataclass(frozen=True, slots=True)
class Arranged:
    """What the county has entered: the years whose notice it has, and each day that these name.

    A day off has its holiday's name; a Saturday or Sunday that is worked has none.
    """

    years: frozenset[int] = frozenset()
    days: Mapping[date, str] = field(default_factory=dict)


_supposed: ContextVar[Arranged | None] = ContextVar("supposed", default=None)
_sources: list[Callable[[], Arranged]] = [Arranged]


def take_from(source: Callable[[], Arranged]) -> None:
    """Where the entered arrangements come from, asked for every day that is looked at: it must be quick."""
    _sources[:] = [source]


@contextmanager
def supposing(given: Arranged) -> Iterator[None]:
    """Reckon as if this were what the county has entered."""
    token = _supposed.set(given)
    try:
        yield
    finally:
        _supposed.reset(token)


def in_force() -> Arranged:
    """What the county has entered."""
    return _supposed.get() or _sources[0]()


def arranged(holidays: Mapping[date, str]) -> frozenset[int]:
    """Years with a Spring Festival: a single day off near a year's end does not make the next year known."""
    return frozenset(day.year for day, name in holidays.items() if name == "Spring Festival")


_KNOWN_YEARS = arranged(constants.holidays)


def known(year: int) -> bool:
    """Whether the year's arrangement is out: entered by the county, or in the package."""
    return year in in_force().years or shipped(year)


def shipped(year: int) -> bool:
    """Whether the package has the year's arrangement."""
    return year in _KNOWN_YEARS


def kind(day: date) -> DayKind:
    """What the day is; in a year whose arrangement is not out, no weekend is known to be worked."""
    if holiday_name(day):
        return DayKind.HOLIDAY
    if day.weekday() < 5:
        return DayKind.WORKDAY
    entered = in_force()
    if day in entered.days or (day.year not in entered.years and shipped(day.year) and day in constants.workdays):
        return DayKind.MAKE_UP
    return DayKind.WEEKEND


def is_workday(day: date) -> bool:
    """Whether offices work on the day."""
    return kind(day).worked


def holiday_name(day: date) -> str:
    """春节; empty for a day that is none."""
    entered = in_force()
    if day in entered.days or day.year in entered.years:
        return entered.days.get(day, "")
    if not shipped(day.year):
        return fixed_by_law(day.year).get(day, "")
    found = constants.holidays.get(day)
    return _HOLIDAYS.get(str(found), "法定节假日") if found else ""


def add_workdays(start: date, count: int) -> date:
    """The `count`-th working day after `start`; `start` itself is not counted. Zero gives `start`."""
    day = start
    while count > 0:
        day += DAY
        count -= is_workday(day)
    return day


def workdays_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to `end`; negative when `end` lies before."""
    if end < start:
        return -workdays_between(end, start)
    return sum(is_workday(start + DAY * number) for number in range(1, (end - start).days + 1))


def on_or_after(day: date) -> date:
    """The first working day from this one on."""
    while not is_workday(day):
        day += DAY
    return day


def on_or_before(day: date) -> date:
    """The last working day up to this one."""
    while not is_workday(day):
        day -= DAY
    return day


def local_day(at: datetime) -> date:
    """The day in Asia/Shanghai on which something happened; raises ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(SHANGHAI).date()


def in_working_hours(at: datetime) -> bool:
    """Whether a reminder may go out: on a working day between 8:30 and 17:30 in Asia/Shanghai."""
    local = at.astimezone(SHANGHAI)
    return is_workday(local.date()) and OPENS <= local.time() < CLOSES


def day_label(day: date) -> str:
    """2024年2月10日（周六）."""
    return f"{spoken_with_year(day)}（{weekday(day)}）"
