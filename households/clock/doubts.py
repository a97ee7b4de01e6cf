"""Whether the clock may be trusted with what cannot be undone: points that lapse, words that are erased, months that close.

It is held against the last moment that is known to have been right, and against the database's own clock (ADR 35).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from households.sql import rows

BACK = timedelta(minutes=10)  # a clock may be set right by as much
STATE = """
    SELECT clock_timestamp(), coalesce(
        (SELECT at FROM households_keptmoment WHERE name = 'clock'),
        (SELECT at FROM households_auditevent ORDER BY id DESC LIMIT 1))
"""


@dataclass(frozen=True, slots=True)
class ClockState:
    """The database's time, the moment known before, and why they cannot both be right; empty when they can."""

    now: datetime
    known: datetime | None
    why: str = ""


def judge(now: datetime, known: datetime | None, host: datetime) -> ClockState:
    """`now` by the database, `host` by this process, `known` by what was kept; the first of all has nothing to be held against."""
    if abs(host - now) > BACK:
        return ClockState(now, known, f"本机时间（{_spoken(host)}）和数据库的时间（{_spoken(now)}）不一样。")
    if known and now - known > timedelta(days=settings.CLOCK_DAYS):
        days = (now - known).days
        return ClockState(now, known, f"现在是 {_spoken(now)}，离上次正常运行（{_spoken(known)}）已有 {days} 天。")
    if known and known - now > BACK:
        return ClockState(now, known, f"现在是 {_spoken(now)}，比已经记下的时间（{_spoken(known)}）还早。")
    return ClockState(now, known)


def state() -> ClockState:
    """As it is now. One query."""
    [(now, known)] = rows(STATE)
    return judge(now, known, timezone.now())


def _spoken(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


Waiting = Callable[[date], Iterable[str]]
_waiting: list[Waiting] = []


def register(waiting: Waiting) -> None:
    """Have a room asked what it would do at once if the clock were taken to be right."""
    _waiting.append(waiting)


def held_back(today: date) -> list[str]:
    """What waits for the operator's word, one sentence each."""
    return [sentence for waiting in _waiting for sentence in waiting(today)]
