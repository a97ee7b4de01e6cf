"""Short words for histories in tests: lines of a petition's life at times in Asia/Shanghai."""

from datetime import date, datetime
from typing import Any

from households.workdays.workdays import SHANGHAI
from petitions.clock_types import Clock, ClockKey, HistoryLine
from petitions.clocks.clocks import clocks


def on(text: str) -> date:
    return date.fromisoformat(text)


def at(when: str) -> datetime:
    """`when` is 2024-03-01 (at nine) or 2024-03-01T23:59, in Asia/Shanghai."""
    return datetime.fromisoformat(when if "T" in when else f"{when}T09:00").replace(tzinfo=SHANGHAI)


def line(kind: str, when: str, seq: int = 0, told: str = "", **data: Any) -> HistoryLine:
    return HistoryLine(kind, at(when), data, told, seq)


def history(*lines: HistoryLine) -> list[HistoryLine]:
    """The lines numbered in the order in which they are given."""
    return [HistoryLine(each.kind, each.at, each.data, each.told, seq) for seq, each in enumerate(lines, start=1)]


def clock(key: ClockKey, *lines: HistoryLine) -> Clock:
    """The last clock of this key in a history."""
    return [each for each in clocks(history(*lines)) if each.key is key][-1]
