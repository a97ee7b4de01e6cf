"""A day as people and their programs write it, with or without a time of day. Pure.

Year first, always: 11/20/2026 and 20.11.2026 are not guessed at.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

FIRST_YEAR, LAST_YEAR = 2000, 2999

_WEEKDAY = re.compile(r"[(]?(?:星期|周)[一二三四五六日天][)]?")
_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号]|([0-9]{2})([0-9]{2}))"
)
_TIME = re.compile(
    r"(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|am|pm)?([0-9]{1,2})[:时点]([0-9]{1,2})?[:分]?([0-9]{1,2})?秒?(\.[0-9]{1,9})?(am|pm)?"
)
_BARE_TIME = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})?")
_ZONE = re.compile(r"(z|[+-][0-9]{2}:?[0-9]{2})$")
_NUMERALS = re.compile(r"[〇零一二三四五六七八九十]+")
_SIGNS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-"))
_AFTERNOON = frozenset(("下午", "傍晚", "晚上", "pm"))
_HERE = timedelta(hours=8)


class DayFault(ValueError):
    """Not a day; the text is Chinese and says why."""


def read(text: str) -> tuple[date, time | None]:
    """2026-10-05, 2026/10/5, 2026.10.5, 20261005, 2026年10月5日, 二〇二六年十月五日; behind it a time, or none.

    A time with a zone is told as here. Raises DayFault.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().lower()
    plain = _NUMERALS.sub(lambda found: _figures(found[0]), _WEEKDAY.sub("", plain))
    found = _DAY.match(plain)
    if not found:
        raise DayFault("日期要写成 2026-10-05 的样子")
    year, month, day = found[1], found[3] or found[5] or found[7], found[4] or found[6] or found[8]
    try:
        value = date(int(year), int(month), int(day))
    except ValueError as fault:
        raise DayFault("没有这一天，请核对年月日") from fault
    value, at = _with_time(value, plain[found.end() :], bare=found.lastindex == 8)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise DayFault(f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return value, at


def _with_time(day: date, rest: str, *, bare: bool) -> tuple[date, time | None]:
    """The day and the time in what stands behind it; `bare` says that both may be digits without signs."""
    rest = re.sub(r"\s+", "", rest).lstrip("t,_")
    if not rest:
        return day, None
    zone = _ZONE.search(rest)
    digits = rest[: zone.start()] if zone else rest
    if found := _TIME.fullmatch(digits):
        at = _time(found[1], found[2], found[3], found[4], found[6])
    elif bare and (plain := _BARE_TIME.fullmatch(digits)):
        at = _time(None, plain[1], plain[2], plain[3], None)
    else:
        raise DayFault("日期要写成 2026-10-05 的样子，后面的时间要写成 09:12 的样子")
    return _here(day, at, zone[1]) if zone else (day, at)


def _time(part: str | None, hours: str, minutes: str | None, seconds: str | None, half: str | None) -> time:
    hour = int(hours)
    if (part in _AFTERNOON or half == "pm") and hour < 12:
        hour += 12
    elif (part in ("am", "上午", "凌晨") or half == "am") and hour == 12:
        hour = 0
    try:
        return time(hour, int(minutes or 0), int(seconds or 0))
    except ValueError as fault:
        raise DayFault("没有这个时间，请核对时和分") from fault


def _here(day: date, at: time, zone: str) -> tuple[date, time]:
    """The same moment on a clock in China."""
    hours, minutes = (0, 0) if zone == "z" else (int(zone[1:3]), int(zone[-2:]))
    ahead = timedelta(hours=hours, minutes=minutes) * (-1 if zone.startswith("-") else 1)
    try:
        moment = datetime.combine(day, at) - ahead + _HERE
    except OverflowError as fault:
        raise DayFault("没有这一天，请核对年月日") from fault
    return moment.date(), moment.time()


def _figures(numerals: str) -> str:
    """二〇二六 -> 2026, 十 -> 10, 二十一 -> 21."""
    tens, ten, ones = numerals.partition("十")
    if not ten:
        return "".join(str(_SIGNS[sign]) for sign in numerals)
    if len(tens) > 1 or len(ones) > 1 or ones == "十":
        return numerals
    return str((_SIGNS[tens] if tens else 1) * 10 + (_SIGNS[ones] if ones else 0))
