"""What clocks are made of: lines of a history, limits, pauses, extensions, and the clock itself. Pure.

Source of the limits: 《信访工作条例》 (2022), as we read it until a lawyer of the county confirms: 15 days to register and
accept (articles 22, 23), 60 days and at most 30 more for what is asked or appealed (申诉求决, articles 31 (6) and 34), 30 to
review (35), 30 for the final review (36). For suggestions and accusations the regulation names no days of handling: what
runs there is the county's own promise, a setting, and so are the limits of hotline and net.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from households.workdays.workdays import local_day
from petitions.states import PetitionAction as Act

MAX_EXTENSION = 30  # days altogether in one round of handling, 《信访工作条例》
SOON_DAYS = 5  # a due date this near is shown in yellow


class ClockKey(StrEnum):
    """What must have happened by the due day. The first group is owed by an authority, the second is somebody's right."""

    ACCEPT = "accept"
    HANDLE = "handle"
    REPLY = "reply"
    REVIEW = "review"
    FINAL_REVIEW = "final_review"

    CONTEST = "contest"
    OBJECT = "object"
    ASK_REVIEW = "ask_review"
    ASK_FINAL_REVIEW = "ask_final_review"

    @property
    def label(self) -> str:
        """The clock in Chinese."""
        return CLOCK_LABELS[self]

    @property
    def owed(self) -> bool:
        """Whether an authority is late when it passes; else a right ends."""
        return self in OWED


OWED = frozenset({ClockKey.ACCEPT, ClockKey.HANDLE, ClockKey.REPLY, ClockKey.REVIEW, ClockKey.FINAL_REVIEW})
CLOCK_LABELS: dict[ClockKey, str] = {
    ClockKey.ACCEPT: "登记受理",
    ClockKey.HANDLE: "办理答复",
    ClockKey.REPLY: "热线、网上留言答复",
    ClockKey.REVIEW: "复查答复",
    ClockKey.FINAL_REVIEW: "复核答复",
    ClockKey.CONTEST: "提出管辖异议",
    ClockKey.OBJECT: "来信人确认或提出异议",
    ClockKey.ASK_REVIEW: "申请复查",
    ClockKey.ASK_FINAL_REVIEW: "申请复核",
}


APPEAL = "appeal"  # 申诉求决, the one content whose handling the regulation limits
PROMISED: dict[str, str] = {"suggestion": "建议意见", "accusation": "检举控告"}


class Ground(StrEnum):
    """What a clock's limit rests on."""

    ARTICLE = "article"  # the regulation
    LIKEWISE = "likewise"  # the same right, which the county grants where the regulation does not ask for it
    PROMISE = "promise"  # the county's own promise, kept in the history as it was when it was given
    TOLD = "told"  # what the filer was told before there were promises
    COUNTY = "county"  # the county's settings for hotline, net and objections


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each clock runs: calendar days, and working days where the name says so."""

    accept: int = 15
    handle: int = 60
    review: int = 30
    final_review: int = 30
    ask_review: int = 30
    objection: int = 15
    contest_working: int = 5
    hotline_working: Mapping[str, int] = field(default_factory=lambda: {"consult": 3, "complaint": 13})
    net_working: Mapping[str, int] = field(default_factory=lambda: {"consult": 5, "complaint": 7})

    def reply_working(self, way: str, demand: str) -> int:
        """Working days in which this way of coming in is answered; 0 for one without a clock of its own."""
        table = {"hotline": self.hotline_working, "rednet": self.net_working, "mailbox": self.net_working}.get(way, {})
        return table.get(demand, max(table.values(), default=0))


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a history: `kind` is a PetitionAction, `at` has a time zone, `told` is what the filer was told."""

    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    told: str = ""
    seq: int = 0

    @property
    def day(self) -> date:
        """The day in Asia/Shanghai."""
        return local_day(self.at)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that are not counted: from `start` up to, not including, `end`; None while it lasts."""

    start: date
    end: date | None
    reason: str = ""

    def covers(self, day: date) -> bool:
        """Whether the day is not counted."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Extension:
    """Days granted on top; `asked` is what the order said, `days` what the limit of 30 left of it."""

    day: date
    days: int
    asked: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. `due` is None while a pause keeps it from coming; `ended` is None while it runs.

    start + counted + paused + off = due, where `counted` = limit + extensions and `off` are days without work.
    """

    key: ClockKey
    round: int
    start: date
    begun_by: Act
    limit: int
    working: bool
    due: date | None
    ended: date | None
    ended_by: Act | None
    paused: int
    off: int
    pauses: tuple[Pause, ...]
    extensions: tuple[Extension, ...]
    merged: str = ""  # the number of the earlier petition from whose start it counts
    calendar_known: bool = True
    ground: Ground = Ground.ARTICLE
    content: str = APPEAL  # of the petition while it runs
    ended_seq: int | None = None  # the line that ended it

    @property
    def extension(self) -> int:
        """Days granted on top."""
        return sum(each.days for each in self.extensions)

    @property
    def counted(self) -> int:
        """Days, or working days, that it runs in all."""
        return self.limit + self.extension

    @property
    def running(self) -> bool:
        return self.ended is None

    @property
    def objects(self) -> bool:
        """Whether it is the filer's time to object."""
        return self.key is ClockKey.OBJECT

    @property
    def stopped(self) -> bool:
        """Running, and paused before its due day."""
        return self.running and self.due is None

    def late_on(self, today: date) -> bool:
        """Whether the due day has passed: when it ended, or on `today` while it runs."""
        return self.due is not None and (self.ended or today) > self.due

    def left_on(self, today: date) -> int | None:
        """Calendar days up to the due day, 0 on it, negative after it; None without one."""
        return (self.due - today).days if self.due else None
