"""On which days a village's shop is open, and how long a reservation stays. Pure. Days are days in Asia/Shanghai."""

from collections.abc import Collection
from datetime import date, timedelta

from households.months import WEEKDAYS, spoken, weekday

LOOK_AHEAD = 92  # days; a shop that does not open within a quarter has no next day to name
_DAY = timedelta(days=1)


def is_open_on(day: date, weekdays: Collection[int], dates: Collection[date]) -> bool:
    """Whether `day` is an opening day: by its weekday (1 Monday .. 7 Sunday) or because it is named itself."""
    return day.isoweekday() in weekdays or day in dates


def next_open_day(after: date, weekdays: Collection[int], dates: Collection[date]) -> date | None:
    """The first opening day after `after`; None when there is none within a quarter."""
    days = (after + _DAY * ahead for ahead in range(1, LOOK_AHEAD + 1))
    return next((day for day in days if is_open_on(day, weekdays, dates)), None)


def last_pick_up_day(reserved: date, stays: int, weekdays: Collection[int], dates: Collection[date]) -> date:
    """The last day on which something reserved on `reserved` can be picked up.

    `stays` days later; if the shop is not open in between, the first opening day after that.
    """
    latest = reserved + _DAY * stays
    if any(is_open_on(reserved + _DAY * ahead, weekdays, dates) for ahead in range(1, stays + 1)):
        return latest
    return next_open_day(latest, weekdays, dates) or latest


def spoken_days(weekdays: Collection[int], dates: Collection[date]) -> str:
    """The opening days as people say them: 每周一、周五；另有 10月1日. Empty when there are none."""
    weekly = "每天" if len(set(weekdays)) == 7 else "、".join(WEEKDAYS[n - 1] for n in sorted(set(weekdays)))
    weekly = f"每{weekly}" if weekly.startswith("周") else weekly
    named = "、".join(spoken_day(day) for day in sorted(dates))
    return "；".join(part for part in (weekly, f"{'另有 ' if weekly else ''}{named}" if named else "") if part)


def spoken_day(day: date) -> str:
    """A day with its weekday: 10月1日（周四）."""
    return f"{spoken(day)}（{weekday(day)}）"
