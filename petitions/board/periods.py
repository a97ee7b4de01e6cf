"""Periods of the county board: a month, a year, the year to date, or days from and to; and the same a year before. Pure."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from households.months import label, last_day, month_of, shift, spoken_span
from households.workdays.workdays import DAY

LONGEST = 366  # days: longer ones would overlap with the year before
FIRST_YEAR = 2000


class PeriodFault(ValueError):
    """Days that make no period; the text says why, in Chinese."""


@dataclass(frozen=True)
class BoardPeriod:
    """From `first` to `last`, both included. `last` never lies ahead of the day on which the board is asked for."""

    first: date
    last: date

    @property
    def before(self) -> "BoardPeriod":
        """The same days a year before; a month's end stays a month's end."""
        return BoardPeriod(a_year_before(self.first), a_year_before(self.last))

    @property
    def label(self) -> str:
        """The period in Chinese."""
        whole_month = self.first.day == 1 and self.last == end_of_month(self.first)
        if whole_month:
            return label(month_of(self.first))
        if (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31):
            return f"{self.first.year}年"
        return spoken_span(self.first, self.last)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def end_of_month(day: date) -> date:
    """The last day of the month in which the day lies."""
    return last_day(month_of(day))


def a_year_before(day: date) -> date:
    """The same day a year before; the end of February stays it."""
    if day == end_of_month(day):
        return last_day(shift(month_of(day), -12))
    return day.replace(year=day.year - 1)


def year_to_date(today: date) -> BoardPeriod:
    """From New Year's Day to today."""
    return BoardPeriod(date(today.year, 1, 1), today)


_NAMED = re.compile(r"(20[0-9]{2})(?:-(0[1-9]|1[0-2]))?")


def named(text: str, today: date) -> BoardPeriod:
    """The period of an address: "2026-10" a month, "2025" a year, nothing the year to date. Raises PeriodFault."""
    if not text:
        return year_to_date(today)
    found = _NAMED.fullmatch(text)
    if found is None:
        raise PeriodFault("时间请写成 2026 或 2026-10。")
    year, month = int(found[1]), found[2]
    first = date(year, int(month or 1), 1)
    last = end_of_month(first) if month else date(year, 12, 31)
    return between(first, min(last, today), today)


def between(first: date, last: date, today: date) -> BoardPeriod:
    """Those days. Raises PeriodFault when they are the wrong way round, too many, or lie ahead."""
    if first > today or last > today:
        raise PeriodFault("这段时间还没有到。")
    if first > last:
        raise PeriodFault("开始日期在结束日期后面。")
    if (last - first).days >= LONGEST:
        raise PeriodFault("一次最多统计一年。")
    if first.year <= FIRST_YEAR:
        raise PeriodFault(f"{FIRST_YEAR + 1} 年以后才有统计。")
    return BoardPeriod(first, last)


@dataclass(frozen=True)
class Cuts:
    """Every day on which something begins that is counted apart: the months of two years, both periods.

    `days` cut time into stretches; stretch n lies from days[n - 1] up to, not including, days[n] (as width_bucket counts).
    """

    period: BoardPeriod

    @cached_property
    def days(self) -> list[date]:
        """The cuts in order; outside the first and last nothing is counted."""
        year = self.period.last.year
        months = [date(each, month, 1) for each in (year - 1, year) for month in range(1, 13)]
        spans = (self.period, self.period.before)
        ends = [day for span in spans for day in (span.first, span.last + DAY)]
        return sorted({*months, date(year + 1, 1, 1), *ends})

    def side(self, stretch: int) -> str:
        """In which of the two periods a stretch lies: "now", "before", or neither."""
        day = self.days[stretch - 1]
        return "now" if day in self.period else "before" if day in self.period.before else ""

    def month(self, stretch: int) -> tuple[int, int]:
        """Year and month of a stretch."""
        day = self.days[stretch - 1]
        return day.year, day.month

    def stretch(self, day: date) -> int:
        """In which stretch a day lies; 0 before the first."""
        return bisect_right(self.days, day)
