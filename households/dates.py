"""Days and waits as people say them in Chinese. Pure. Days are days in Asia/Shanghai; months are in `households.months`."""

import math
from datetime import date

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MINUTE, HOUR = 60, 3600


def spoken(day: date) -> str:
    """10月31日."""
    return f"{day.month}月{day.day}日"


def spoken_with_year(day: date) -> str:
    """2026年10月31日."""
    return f"{day.year}年{spoken(day)}"


def weekday(day: date) -> str:
    """周六."""
    return WEEKDAYS[day.weekday()]


def spoken_span(first: date, last: date) -> str:
    """2024年2月10日至2月17日; the second year only when it is another one."""
    end = spoken(last) if last.year == first.year else spoken_with_year(last)
    return f"{spoken_with_year(first)}至{end}"


def spoken_wait(seconds: float) -> str:
    """Rounded up, so that nobody comes back too early: 1 分钟, 15 分钟, 2 小时. Never less than a minute."""
    minutes = max(1, math.ceil(seconds / MINUTE))
    return f"{minutes} 分钟" if minutes * MINUTE < HOUR else f"{math.ceil(minutes * MINUTE / HOUR)} 小时"
