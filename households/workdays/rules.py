"""Reads the State Council's notice on a year's holidays as it is published, and holds it against the law. Pure.

One paragraph a holiday: 二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。
2月14日（周六）、2月28日（周六）上班。
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from households.months import weekday
from households.workdays.statutory import DAY, fixed_by_law

HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_NAME = "(?:元旦|春节|清明|劳动|国际劳动|端午|中秋|国庆)节?"
_HEAD = re.compile(rf"({_NAME}(?:[、和]{_NAME})*):")
_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?")
_TO = re.compile(r"\s*(?:至|到|-|—|~)\s*$")
_VERB = re.compile("上班|放假|补休|调休|连休")
_COUNT = re.compile(r"共(\d+)天")
_WEEKDAY = re.compile("(?:周|星期)([一二三四五六日天])")


@dataclass
class HolidayNotice:
    """A notice as it was read: days off with their names, days worked at weekends, and what is wrong with it."""

    year: int
    off: dict[date, str] = field(default_factory=dict)
    worked: list[date] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def days(self) -> dict[date, str]:
        """Every day that it names; a worked weekend without a name."""
        return dict.fromkeys(self.worked, "") | self.off


def read_notice(year: int, text: str) -> HolidayNotice:
    """The notice of `year`; what cannot be read or does not agree with the law stands in its problems."""
    notice = HolidayNotice(year)
    plain = re.sub(r"[ \t\u3000]", "", unicodedata.normalize("NFKC", text))
    parts = _HEAD.split(plain)[1:]
    if not parts:
        notice.problems.append("没有读到节日。请把通知里“一、元旦：……”到最后一个节日的几段原样粘贴进来。")
    for name, part in zip(parts[::2], parts[1::2], strict=True):
        _read_part(notice, _full_name(name), part)
    notice.problems += _against_the_law(notice) if parts else []
    return notice


def _full_name(name: str) -> str:
    known = [one for one in HOLIDAYS if one.removesuffix("节") in name]
    return "、".join(known)


def _read_part(notice: HolidayNotice, name: str, part: str) -> None:
    """One holiday's paragraph: dates wait for the word that says what they are."""
    before, off, end = date(notice.year, 1, 1), 0, 0
    waiting: list[date] = []
    for found in re.finditer(f"{_DATE.pattern}|{_VERB.pattern}", part):
        gap, end = part[end : found.start()], found.end()
        if found[3] is None:
            if found[0] == "上班":
                notice.worked += waiting
            else:
                notice.off |= dict.fromkeys(waiting, name)
                off += len(waiting)
            waiting = []
            continue
        day = _day(notice, name, found, before)
        if day is None:
            return
        waiting += _between(waiting[-1], day) if waiting and _TO.search(gap) else [day]
        before = day
    if waiting:
        notice.problems.append(f"{name}：{_said(waiting[-1])}没有写明是放假还是上班。")
    told = _COUNT.search(part)
    if told and int(told[1]) != off:
        notice.problems.append(f"{name}：写的是共 {told[1]} 天，读到的放假是 {off} 天。")
    if not off:
        notice.problems.append(f"{name}：没有读到放假的日子。")


def _between(first: date, last: date) -> Iterator[date]:
    """Every day after the first up to the last; nothing when the order is wrong."""
    for number in range(1, min(20, (last - first).days) + 1):
        yield first + DAY * number


def _day(notice: HolidayNotice, name: str, found: re.Match[str], before: date) -> date | None:
    """The day that was written; a month or a year that is left out is that of the day before it."""
    month = int(found[2] or before.month)
    year = int(found[1] or (before.year if found[2] is None else _year_of(notice, name, month)))
    try:
        day = date(year, month, int(found[3]))
    except ValueError:
        notice.problems.append(f"{name}：没有“{found[0]}”这一天。")
        return None
    told = _WEEKDAY.search(found[4] or "")
    if told and weekday(day)[-1] != told[1].replace("天", "日"):
        notice.problems.append(f"{name}：{_said(day)}是{weekday(day)}，不是周{told[1]}。请看年份选对没有。")
    return day


def _year_of(notice: HolidayNotice, name: str, month: int) -> int:
    return notice.year - 1 if name == "元旦" and month == 12 else notice.year


def _against_the_law(notice: HolidayNotice) -> Iterator[str]:
    for day, name in sorted(fixed_by_law(notice.year).items()):
        if day not in notice.off:
            yield f"{_said(day)}（{name}）是法定节日，通知里没有列为放假。"
    for day in sorted(notice.worked):
        if day in notice.off:
            yield f"{_said(day)}又放假又上班。"
        elif day.weekday() < 5:
            yield f"{_said(day)}是{weekday(day)}，本来就上班，不是调休上班日。"
    for day in sorted(notice.days):
        if abs(day.year - notice.year) > 1:
            yield f"{_said(day)}不在 {notice.year} 年。"


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
