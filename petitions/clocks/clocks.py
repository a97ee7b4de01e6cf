"""The clocks of a petition, computed from its history and from nothing else. Pure.

All clocks share one walk over the days: the day on which a clock starts is not counted; each later day in Asia/Shanghai
is counted, or not a working day (clocks in working days only), or paused. The last counted day is the due day, until its
midnight. A pause takes effect on its own day; the day on which it ends is counted again.

How long handling may take depends on the content. An appeal (申诉求决) has the days of article 34. A suggestion or an
accusation has the days that the county promised when it was accepted, reopened or classified: they stand in that line as
`promised`, so that another promise later moves nobody's due day. Lines from before there were promises have none: their
filers were told the 60 days, and keep them. Another classification while the clock runs may shorten it, never lengthen it.

A clock that its ending step does not find running is not ended by it, and a history's order is that of `seq`: the order in
which its rows were read makes no difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from households.workdays.workdays import DAY, kind, known
from petitions.clock_types import (
    APPEAL,
    MAX_EXTENSION,
    Clock,
    ClockKey,
    Extension,
    Ground,
    HistoryLine,
    Limits,
    Pause,
)
from petitions.states import PetitionAction as Act


def ordered(history: Iterable[HistoryLine]) -> list[HistoryLine]:
    """The history as it happened, however it was stored."""
    return sorted(history, key=lambda each: (each.seq, each.at))


def clocks(history: Iterable[HistoryLine], limits: Limits | None = None) -> list[Clock]:
    """Every clock that ran or runs, in the order in which they started; rights included."""
    run = _Run(limits or Limits())
    for one in ordered(history):
        run.take(one)
    return [each.read(run.pauses) for each in run.begun]


def running(history: Iterable[HistoryLine], limits: Limits | None = None) -> list[Clock]:
    """The clocks that run now and that an authority owes, the next due first, paused ones last."""
    return owed_of(clocks(history, limits))


def owed_of(found: Iterable[Clock]) -> list[Clock]:
    """The same of clocks that were read already."""
    owed = [each for each in found if each.running and each.key.owed]
    return sorted(owed, key=lambda each: (each.due or date.max, each.key))


def due_on(history: Iterable[HistoryLine], limits: Limits | None = None) -> date | None:
    """The last day of what an authority owes next; None when nothing is owed or the history ends in a pause."""
    lines = ordered(history)
    return None if is_paused(lines) else next_due(clocks(lines, limits))


def next_due(found: Iterable[Clock]) -> date | None:
    """The same of clocks that were read already, from a history that does not end in a pause."""
    owed = owed_of(found)
    return owed[0].due if owed else None


def is_paused(history: Iterable[HistoryLine]) -> bool:
    """Whether the history ends within a pause."""
    paused = False
    for one in ordered(history):
        if one.kind in (Act.PAUSE, Act.RESUME):
            paused = one.kind == Act.PAUSE
        elif one.kind in _RESTS:
            paused = False
    return paused


def since(history: Iterable[HistoryLine], limits: Limits | None = None) -> dict[str, str]:
    """What a petition hands over when it is merged: from which day its running clocks count, pauses set aside.

    The petition that takes it in keeps it in its `tell` line as {"merged": number, "since": this}, and its own clock of the
    same key then counts from the earlier day: merging never makes anybody wait longer.
    """
    found = running(history, limits)
    return {str(each.key): _handed_over(each).isoformat() for each in found}


def _handed_over(clock: Clock) -> date:
    return clock.start if clock.working else clock.start + DAY * (clock.paused + clock.extension)


_BY_ARTICLE = frozenset({ClockKey.ACCEPT, ClockKey.HANDLE})
_BY_COUNTY = frozenset({ClockKey.REPLY, ClockKey.CONTEST, ClockKey.OBJECT})


def _ground(key: ClockKey, content: str) -> Ground:
    if key in _BY_COUNTY:
        return Ground.COUNTY
    return Ground.ARTICLE if content == APPEAL or key in _BY_ARTICLE else Ground.LIKEWISE


_RESTS = frozenset({Act.ANSWER, Act.REVIEW, Act.FINAL_REVIEW, Act.REDIRECT, Act.NOT_ACCEPT, Act.MERGE, Act.WITHDRAW})
_AWAY = frozenset({Act.REDIRECT, Act.NOT_ACCEPT, Act.MERGE, Act.WITHDRAW})
_STARTS: dict[ClockKey, frozenset[Act]] = {
    ClockKey.ACCEPT: frozenset({Act.FILE, Act.UNMERGE}),
    ClockKey.HANDLE: frozenset({Act.ACCEPT, Act.REOPEN}),
    ClockKey.REPLY: frozenset({Act.FILE, Act.UNMERGE, Act.ACCEPT, Act.REOPEN}),
    ClockKey.CONTEST: frozenset({Act.ASSIGN}),
    ClockKey.OBJECT: frozenset({Act.ANSWER}),
    ClockKey.ASK_REVIEW: frozenset({Act.ANSWER}),
    ClockKey.REVIEW: frozenset({Act.ASK_REVIEW}),
    ClockKey.ASK_FINAL_REVIEW: frozenset({Act.REVIEW}),
    ClockKey.FINAL_REVIEW: frozenset({Act.ASK_FINAL_REVIEW}),
}
_ENDS: dict[ClockKey, frozenset[Act]] = {
    ClockKey.ACCEPT: _AWAY | {Act.ACCEPT},
    ClockKey.HANDLE: _AWAY | {Act.ANSWER},
    ClockKey.REPLY: _AWAY | {Act.ANSWER},
    ClockKey.CONTEST: _AWAY | {Act.CONTEST, Act.HANDLE, Act.ASSIGN},
    ClockKey.OBJECT: frozenset({Act.CONFIRM, Act.REOPEN, Act.ASK_REVIEW, Act.CLOSE}),
    ClockKey.ASK_REVIEW: frozenset({Act.ASK_REVIEW, Act.REOPEN}),
    ClockKey.REVIEW: frozenset({Act.REVIEW}),
    ClockKey.ASK_FINAL_REVIEW: frozenset({Act.ASK_FINAL_REVIEW, Act.CONFIRM, Act.CLOSE}),
    ClockKey.FINAL_REVIEW: frozenset({Act.FINAL_REVIEW}),
}


@dataclass(slots=True)
class _Open:
    """A clock as the history is being walked."""

    key: ClockKey
    round: int
    start: date
    begun_by: Act
    limit: int
    ground: Ground
    content: str
    ended: date | None = None
    ended_by: Act | None = None
    ended_seq: int | None = None
    extensions: list[Extension] = field(default_factory=list)
    merged: str = ""
    own: date = date.max
    handed: dict[str, date] = field(default_factory=dict)  # the starts of those that were merged into it, by number

    def __post_init__(self) -> None:
        self.own = self.start

    def reckon(self) -> None:
        """Start with the earliest of its own day and those that it was handed."""
        day, number = min(((day, number) for number, day in self.handed.items()), default=(self.own, ""))
        self.start, self.merged = (day, number) if day < self.own else (self.own, "")

    def read(self, pauses: list[Pause]) -> Clock:
        """The clock with its due day, which the walk over the days finds."""
        extension = sum(each.days for each in self.extensions)
        working = self.key in (ClockKey.REPLY, ClockKey.CONTEST)
        theirs = [pause for pause in pauses if pause.start <= (self.ended or pause.start)]
        walk = _walk(self.start, self.limit + extension, working, theirs)
        return Clock(
            key=self.key,
            round=self.round,
            start=self.start,
            begun_by=self.begun_by,
            limit=self.limit,
            working=working,
            due=walk.due,
            ended=self.ended,
            ended_by=self.ended_by,
            ended_seq=self.ended_seq,
            paused=walk.paused,
            off=walk.off,
            pauses=tuple(_within(pause, self.start) for pause in theirs if _touches(pause, self.start, walk.due)),
            extensions=tuple(self.extensions),
            merged=self.merged,
            calendar_known=not working or _all_known(self.start, walk.due or self.start),
            ground=self.ground,
            content=self.content,
        )


def _touches(pause: Pause, start: date, due: date | None) -> bool:
    return (pause.end is None or pause.end > start + DAY) and (due is None or pause.start <= due)


def _within(pause: Pause, start: date) -> Pause:
    """The part of a pause that lies in the clock's days, which begin the day after its start."""
    first = max(pause.start, start + DAY)
    return Pause(first, None if pause.end is None else max(first, pause.end), pause.reason)


def _all_known(first: date, last: date) -> bool:
    return all(known(year) for year in range(first.year, last.year + 1))


@dataclass(frozen=True, slots=True)
class _Walk:
    due: date | None
    paused: int
    off: int


def _walk(start: date, days: int, working: bool, pauses: Sequence[Pause]) -> _Walk:
    """From the day after `start` until `days` days are counted."""
    if not (working or pauses):
        return _Walk(start + DAY * days, 0, 0)
    day, counted, paused, off = start, 0, 0, 0
    while counted < days:
        day += DAY
        covering = next((pause for pause in pauses if pause.covers(day)), None)
        if covering is not None and covering.end is None:
            return _Walk(None, paused, off)
        if covering is not None:
            paused += 1
        elif working and not kind(day).worked:
            off += 1
        else:
            counted += 1
    return _Walk(day, paused, off)


class _Run:
    """The walk over a history: which clocks it begins, extends and ends."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.begun: list[_Open] = []
        self.pauses: list[Pause] = []
        self.way = self.demand = ""
        self.content = APPEAL
        self.handed: dict[str, dict[str, date]] = {}  # by key and petition, what no clock has taken over yet

    def take(self, one: HistoryLine) -> None:
        """One line of the history."""
        act = Act(one.kind)
        self.way = str(one.data.get("way", self.way))
        if one.data.get("demand", self.demand) != self.demand:
            self.demand = str(one.data["demand"])
            self._demand_changed()
        if one.data.get("content", self.content) != self.content:
            self.content = str(one.data["content"])
            self._content_changed(one)
        for key in ClockKey:
            if act in _ENDS[key]:
                self._end(key, one, act)
        if act in _RESTS:
            self._close_pause(one.day)
        for key in ClockKey:
            if act in _STARTS[key]:
                self._begin(key, one, act)
        self._alter(act, one)

    def _alter(self, act: Act, one: HistoryLine) -> None:
        if act is Act.PAUSE and (not self.pauses or self.pauses[-1].end is not None):
            self.pauses.append(Pause(one.day, None, one.told))
        elif act is Act.RESUME:
            self._close_pause(one.day)
        elif act is Act.EXTEND:
            self._extend(one)
        elif act is Act.TELL and one.data.get("since"):
            self._take_in(one)
        elif act is Act.TELL and one.data.get("unmerged"):
            self._let_go(str(one.data["unmerged"]))

    def _open(self, key: ClockKey) -> _Open | None:
        return next((each for each in reversed(self.begun) if each.key is key and each.ended is None), None)

    def _begin(self, key: ClockKey, one: HistoryLine, act: Act) -> None:
        limit = self._limit(key)
        if not limit or self._open(key) is not None:
            return
        ground = _ground(key, self.content)
        if key is ClockKey.HANDLE:
            limit, ground = self._handling(one)
        number = 1 + sum(each.key is key for each in self.begun)
        fresh = _Open(key, number, one.day, act, limit, ground, self.content)
        self.begun.append(fresh)
        self._bring_forward(fresh)

    def _limit(self, key: ClockKey) -> int:
        limits = self.limits
        return {
            ClockKey.ACCEPT: limits.accept,
            ClockKey.HANDLE: limits.handle,
            ClockKey.REPLY: limits.reply_working(self.way, self.demand),
            ClockKey.REVIEW: limits.review,
            ClockKey.FINAL_REVIEW: limits.final_review,
            ClockKey.CONTEST: limits.contest_working,
            ClockKey.OBJECT: limits.objection,
            ClockKey.ASK_REVIEW: limits.ask_review,
            ClockKey.ASK_FINAL_REVIEW: limits.ask_review,
        }[key]

    def _handling(self, one: HistoryLine) -> tuple[int, Ground]:
        """The days of handling that a line gives, and what they rest on."""
        if self.content == APPEAL:
            return self.limits.handle, Ground.ARTICLE
        promised = one.data.get("promised")
        return (int(promised), Ground.PROMISE) if promised else (self.limits.handle, Ground.TOLD)

    def _content_changed(self, one: HistoryLine) -> None:
        """A running clock takes over what the new content gives, unless somebody would wait longer."""
        found = self._open(ClockKey.HANDLE)
        if found is None:
            return
        limit, ground = self._handling(one)
        if limit <= found.limit:
            found.limit, found.ground, found.content = limit, ground, self.content

    def _end(self, key: ClockKey, one: HistoryLine, act: Act) -> None:
        found = self._open(key)
        if found is not None:
            found.ended, found.ended_by, found.ended_seq = one.day, act, one.seq

    def _close_pause(self, day: date) -> None:
        if self.pauses and self.pauses[-1].end is None:
            last = self.pauses[-1]
            self.pauses[-1] = Pause(last.start, day, last.reason)

    def _extend(self, one: HistoryLine) -> None:
        found = self._open(ClockKey.HANDLE)
        if found is None:
            return
        asked = max(0, int(one.data.get("days", 0)))
        days = min(asked, MAX_EXTENSION - sum(each.days for each in found.extensions))
        found.extensions.append(Extension(one.day, days, asked, one.told))

    def _demand_changed(self) -> None:
        found = self._open(ClockKey.REPLY)
        if found is not None:
            found.limit = self._limit(ClockKey.REPLY) or found.limit

    def _take_in(self, one: HistoryLine) -> None:
        """Another petition was merged into this one; what cannot be counted yet is kept for the next clock of that key."""
        for key, text in dict(one.data["since"]).items():
            self.handed.setdefault(key, {})[str(one.data.get("merged", ""))] = date.fromisoformat(str(text))
            found = self._open(ClockKey(key))
            if found is not None:
                self._bring_forward(found)

    def _let_go(self, number: str) -> None:
        """It was another matter after all: what it handed over counts no longer, unless that clock has ended."""
        for days in self.handed.values():
            days.pop(number, None)
        for clock in self.begun:
            if clock.ended is None and number in clock.handed:
                del clock.handed[number]
                clock.reckon()

    def _bring_forward(self, clock: _Open) -> None:
        """Count from the start of the petition that was merged into this one, if that is earlier."""
        clock.handed |= self.handed.pop(clock.key, {})
        clock.reckon()


def day_kinds(clock: Clock) -> list[tuple[date, str]]:
    """Every day after the start up to the due day with what it was: "counted", "paused", or a DayKind that is off."""
    if clock.due is None:
        return []
    days = [clock.start + DAY * number for number in range(1, (clock.due - clock.start).days + 1)]
    return [(day, _what(clock, day)) for day in days]


def _what(clock: Clock, day: date) -> str:
    if any(pause.covers(day) for pause in clock.pauses):
        return "paused"
    found = kind(day)
    return found.value if clock.working and not found.worked else "counted"
