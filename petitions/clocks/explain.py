"""How a due date came about, line by line in plain Chinese: what a page, a letter and the interface show. Pure.

The lines are read from the same walk that found the due day, so that no sentence can say something else than the date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from households.months import spoken_span
from households.workdays.workdays import DAY, DayKind, day_label, holiday_name, kind
from petitions.clock_types import MAX_EXTENSION, PROMISED, Clock, ClockKey, Ground
from petitions.clocks.clocks import day_kinds
from petitions.states import PetitionAction as Act

UNKNOWN = "期间有的年份放假安排还没有公布，先只扣除周末和法律规定的节日；公布后到期日可能变化。"
# Where the action's own name says too little.
_BEGUN: dict[Act, str] = {
    Act.UNMERGE: "取消并案，重新登记",
    Act.REOPEN: "来信人反映没有解决，重新办理",
}
_ENDED: dict[Act, str] = {
    Act.MERGE: "已并入另一件，期限按并入的那一件计算",
    Act.WITHDRAW: "来信人撤回，不再计算",
    Act.REDIRECT: "转其他途径，不再计算",
    Act.NOT_ACCEPT: "已告知不予受理",
}


REGULATION = "《信访工作条例》"
ARTICLES: dict[ClockKey, str] = {
    ClockKey.ACCEPT: "第二十二条、第二十三条",
    ClockKey.HANDLE: "第三十四条",
    ClockKey.REVIEW: "第三十五条",
    ClockKey.ASK_REVIEW: "第三十五条",
    ClockKey.FINAL_REVIEW: "第三十六条",
    ClockKey.ASK_FINAL_REVIEW: "第三十六条",
}


def basis(clock: Clock) -> str:
    """What the clock's limit rests on: an article, or whose promise it is."""
    article = REGULATION + ARTICLES.get(clock.key, "")
    return {
        Ground.ARTICLE: article,
        Ground.LIKEWISE: f"县里比照{article}",
        Ground.PROMISE: f"县里对{PROMISED.get(clock.content, '来信人')}的承诺，条例没有规定天数",
        Ground.TOLD: "受理时告知来信人的期限",
        Ground.COUNTY: "县里定的期限",
    }[clock.ground]


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One line: `sort` is start, limit, off, made_up, pause, extension, note, due or end; `days` where it is about some."""

    sort: str
    text: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class ExplainedClock:
    """A clock as it is shown: the figures of the clock, its lines, and where it stands on a given day."""

    clock: Clock
    lines: tuple[ClockLine, ...]
    late: bool
    left: int | None

    @property
    def label(self) -> str:
        """办理答复（第 2 轮）."""
        again = f"（第 {self.clock.round} 轮）" if self.clock.round > 1 else ""
        return self.clock.key.label + again

    @property
    def due_text(self) -> str:
        """The due day as every page shows it; in a pause, that there is none yet."""
        return day_label(self.clock.due) if self.clock.due else "暂停计时，恢复后再算"

    @property
    def look(self) -> str:
        """How it is drawn: late, paused, ended, right (the filer's own) or, on its way, nothing of these."""
        if self.clock.running and self.late and self.clock.key.owed:
            return "late"
        if self.clock.stopped:
            return "paused"
        if not self.clock.running:
            return "ended"
        return "" if self.clock.key.owed else "right"

    @property
    def status(self) -> str:
        """One word for where it stands: running, soon and late ones by days."""
        if self.clock.stopped:
            return "暂停计时"
        if not self.clock.running:
            return "已完成，超期" if self.late and self.clock.key.owed else "已完成"
        if not self.clock.key.owed:
            return "已过期限" if self.late else "可以提出"
        assert self.left is not None  # only a stopped clock has no due day
        return f"已超期 {-self.left} 天" if self.late else _left(self.left)


def _left(days: int) -> str:
    return f"还有 {days} 天" if days else "今天到期"


def explain_clock(clock: Clock, today: date) -> ExplainedClock:
    """The clock with its explanation, as it stands on `today`."""
    return ExplainedClock(clock, tuple(_lines(clock)), clock.late_on(today), clock.left_on(today))


def for_filer(clocks: list[ExplainedClock]) -> list[ExplainedClock]:
    """What a filer is shown: what authorities owe them and their own rights, not what they settle among themselves."""
    return [each for each in clocks if each.clock.key is not ClockKey.CONTEST]


def _lines(clock: Clock) -> Iterator[ClockLine]:
    yield from _start(clock)
    yield _limit(clock)
    if clock.working:
        yield from _days_off(clock)
    for pause in clock.pauses:
        yield _pause(pause.start, pause.end, pause.reason)
    for each in clock.extensions:
        yield ClockLine("extension", _extension(each.day, each.days, each.asked, each.reason), each.days)
    if not clock.calendar_known:
        yield ClockLine("note", UNKNOWN)
    yield from _end(clock)


def _start(clock: Clock) -> Iterator[ClockLine]:
    text = f"{day_label(clock.start)}{_BEGUN.get(clock.begun_by, clock.begun_by.label)}，从第二天起计算。"
    if clock.merged:
        text = f"并入的信访件 {clock.merged} 更早，从{day_label(clock.start)}的第二天起计算，不因并案延后。"
    yield ClockLine("start", text)


def _limit(clock: Clock) -> ClockLine:
    if clock.working:
        days = f"期限 {clock.limit} 个工作日（{basis(clock)}），周末和法定节假日不算，调休上班日照算。"
    else:
        days = f"期限 {clock.limit} 天（{basis(clock)}），周末和节假日都算在内。"
    return ClockLine("limit", days, clock.limit)


def _days_off(clock: Clock) -> Iterator[ClockLine]:
    """Holidays and worked weekend days in the order of the calendar, plain weekends in one line at the end."""
    days = day_kinds(clock)
    for name, run in groupby(days, key=_remarkable):
        found = [day for day, _ in run]
        if name == DayKind.MAKE_UP:
            yield from (ClockLine("made_up", f"{day_label(day)}调休上班，算 1 个工作日。", 1) for day in found)
        elif name:
            yield ClockLine("off", f"{_span(found[0], found[-1])}{name}放假，不算（{len(found)} 天）。", len(found))
    weekends = sum(what == DayKind.WEEKEND for _, what in days)
    if weekends:
        yield ClockLine("off", f"其余周末不算（{weekends} 天）。", weekends)


def _remarkable(pair: tuple[date, str]) -> str:
    """The holiday's name, "make_up" for a counted weekend day, empty for a day that needs no word."""
    day, what = pair
    if what == DayKind.HOLIDAY:
        return holiday_name(day)
    return DayKind.MAKE_UP if what == "counted" and kind(day) is DayKind.MAKE_UP else ""


def _pause(start: date, end: date | None, reason: str) -> ClockLine:
    why = f"：{reason}" if reason else ""
    if end is None:
        return ClockLine("pause", f"{day_label(start)}起暂停计时{why}。恢复以前的日子不算。")
    days = (end - start).days
    if not days:
        return ClockLine("pause", f"{day_label(start)}暂停计时，当天恢复{why}。没有少算日子。")
    return ClockLine("pause", f"{_span(start, end - DAY)}暂停计时{why}。不算（{days} 天）。", days)


def _extension(day: date, days: int, asked: int, reason: str) -> str:
    why = f"：{reason}" if reason else ""
    cut = f"（申请 {asked} 天，累计最多 {MAX_EXTENSION} 天）" if asked > days else ""
    return f"{day_label(day)}批准延期 {days} 天{cut}{why}。"


def _end(clock: Clock) -> Iterator[ClockLine]:
    if clock.due is None:
        yield ClockLine("due", "到期日：暂停计时期间没有到期日，恢复后按剩下的天数重新算出。")
    else:
        yield ClockLine("due", f"到期日：{day_label(clock.due)}，到当天 24 时为止。")
        if clock.key.owed and clock.running and not kind(clock.due).worked:
            yield ClockLine("note", "这一天不上班，期限也不顺延，要提前办完。")
    if clock.ended is not None:
        assert clock.ended_by is not None
        how = _ENDED.get(clock.ended_by, f"已{clock.ended_by.label}")
        over = (clock.ended - clock.due).days if clock.due and clock.key.owed else 0
        yield ClockLine("end", f"{day_label(clock.ended)}{how}{f'，超期 {over} 天' if over > 0 else ''}。")


def _span(first: date, last: date) -> str:
    """2024年2月10日至2月17日, or one day."""
    return day_label(first) if first == last else spoken_span(first, last)
