"""Months as 'YYYY-MM' text, the form they have in URLs, commands, files and tables: text order is time order. Pure.

And months and days as people say them in Chinese.

Nothing here reads a clock; whoever knows the day passes it in (dates are days in Asia/Shanghai).
"""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from households.words.days import FIRST_YEAR, LAST_YEAR

Month: TypeAlias = str

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)


class MonthError(ValueError):
    """Not a month; the text is Chinese and fit to show to the person who typed it."""


def parse_month(text: str) -> Month:
    """The month a person wrote as 2026-10 (full-width digits and blanks around it are forgiven). Raises MonthError."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    _year_and_month(wanted)
    return wanted


def _year_and_month(month: Month) -> tuple[int, int]:
    match = _MONTH.fullmatch(month)
    if match is None:
        raise MonthError(f"“{month[:20]}”不是月份，请写成 2026-10 的样子")
    year, number = int(match[1]), int(match[2])
    if not 1 <= number <= 12:
        raise MonthError(f"“{month}”不是月份，月份在 01 到 12 之间")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise MonthError(f"“{month}”的年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return year, number


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def first_day(month: Month) -> date:
    """The first day of the month."""
    year, number = _year_and_month(month)
    return date(year, number, 1)


def last_day(month: Month) -> date:
    """The last day of the month; a household counts in a month when it is active on this day."""
    year, number = _year_and_month(month)
    return date(year, number, calendar.monthrange(year, number)[1])


def shift(month: Month, by: int) -> Month:
    """The month so many months later (earlier when negative). Raises MonthError outside 2000..2999."""
    year, number = _year_and_month(month)
    years, zero_based = divmod(year * 12 + number - 1 + by, 12)
    return parse_month(f"{years:04d}-{zero_based + 1:02d}")


def next_month(month: Month) -> Month:
    """The month after."""
    return shift(month, 1)


def previous_month(month: Month) -> Month:
    """The month before."""
    return shift(month, -1)


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from first to last, both included, in order; empty when last lies before first."""
    return list(_walk(parse_month(first), parse_month(last)))


def _walk(month: Month, last: Month) -> Iterator[Month]:
    while month < last:
        yield month
        month = next_month(month)
    if month == last:
        yield month


def contains(month: Month, day: date) -> bool:
    """Whether the day lies in the month."""
    return month_of(day) == parse_month(month)


def label(month: Month) -> str:
    """The month as people say it: 2026年10月."""
    year, number = _year_and_month(month)
    return f"{year}年{number}月"


def spoken(day: date) -> str:
    """The day as people say it: 10月31日."""
    return f"{day.month}月{day.day}日"


def spoken_with_year(day: date) -> str:
    """2026年10月31日."""
    return f"{day.year}年{spoken(day)}"


def spoken_span(first: date, last: date) -> str:
    """2024年2月10日至2月17日; the second year only when it is another one."""
    end = spoken(last) if last.year == first.year else spoken_with_year(last)
    return f"{spoken_with_year(first)}至{end}"


def weekday(day: date) -> str:
    """周六."""
    return WEEKDAYS[day.weekday()]
