"""Years and where their arrangement comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from households.models import YearArrangement
from households.months import spoken, weekday
from households.workdays.rules import HolidayNotice
from households.workdays.statutory import DAY
from households.workdays.workdays import Arranged, DayKind, holiday_name, in_force, kind, shipped, supposing


@dataclass(frozen=True, slots=True)
class YearStanding:
    """What is known of a year: `source` is entered, shipped or law, in words in `told`."""

    year: int
    source: str
    told: str
    holidays: list[tuple[str, str]]
    worked: list[str]


SOURCES = {
    "entered": "县里已按国务院通知录入",
    "shipped": "已公布，随系统带来",
    "law": "还没有录入：先只认法律规定的节日，调休和连休不知道",
}


def standing(year: int) -> YearStanding:
    """The year as clocks and calendars reckon with it now."""
    source = "entered" if year in in_force().years else "shipped" if shipped(year) else "law"
    days = days_of(year)
    worked = [f"{spoken(day)}（{weekday(day)}）" for day in days if kind(day) is DayKind.MAKE_UP]
    return YearStanding(year, source, SOURCES[source], list(spans(days)), worked)


def days_of(year: int) -> list[date]:
    """Every day of the year."""
    first = date(year, 1, 1)
    return [first + DAY * number for number in range((date(year + 1, 1, 1) - first).days)]


def spans(days: list[date]) -> Iterator[tuple[str, str]]:
    """Holidays by name with their days: 春节, 2月15日至2月23日（9 天）."""
    for name, run in groupby(days, key=holiday_name):
        found = list(run)
        if name:
            last = f"至{spoken(found[-1])}" if len(found) > 1 else ""
            yield name, f"{spoken(found[0])}{last}（{len(found)} 天）"


def spans_of(notice: HolidayNotice) -> Iterator[tuple[str, str]]:
    """The same of a notice that is not in force, and the weekends on which it has people work."""
    with supposing(Arranged(frozenset({notice.year}), notice.days)):
        yield from list(spans(days_of(notice.year)))
    worked = "、".join(f"{spoken(day)}（{weekday(day)}）" for day in sorted(notice.worked))
    yield "调休上班", worked or "没有"


def versions() -> list[YearArrangement]:
    """Everything that was entered, the latest first."""
    return list(YearArrangement.objects.select_related("by__division", "by__department")[:50])
