"""A month as lights: where each village stands, who holds it now and since when, and the one thing to do about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scoring.months.calendar import MonthCalendar
from scoring.objection_states import HeldObjection
from scoring.states import SheetState

REST = timedelta(days=1)  # between two reminders of the same thing


class MonthLamp(StrEnum):
    """In the order a month runs."""

    UNOPENED = "unopened"
    FILLING = "filling"
    DECLARED = "declared"
    REVIEWED = "reviewed"
    POSTED = "posted"
    OBJECTED = "objected"
    FROZEN = "frozen"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: dict[MonthLamp, str] = {
    MonthLamp.UNOPENED: "未开",
    MonthLamp.FILLING: "填报",
    MonthLamp.DECLARED: "已申报",
    MonthLamp.REVIEWED: "审核",
    MonthLamp.POSTED: "公示",
    MonthLamp.OBJECTED: "异议",
    MonthLamp.FROZEN: "冻结",
}
HOLDERS: dict[MonthLamp, str] = {
    MonthLamp.UNOPENED: "村里",
    MonthLamp.FILLING: "村里",
    MonthLamp.DECLARED: "乡镇",
    MonthLamp.REVIEWED: "系统（等公示日）",
    MonthLamp.POSTED: "系统（等锁定日）",
    MonthLamp.FROZEN: "已办结",
}


class Act(StrEnum):
    """The one thing that a light leads to."""

    REMIND = "remind"
    EXTEND = "extend"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class LightFacts:
    """What is known of a village's month. Days are days in Asia/Shanghai; `until` is its longer time, `objected` the
    objection that it waits for and that is due first, `reminded` the day of the last reminder in the state it is in.
    """

    state: SheetState | None = None
    touched: bool = False
    signed_on: date | None = None
    decided_on: date | None = None
    posted_on: date | None = None
    frozen_on: date | None = None
    forced: bool = False
    objected: HeldObjection | None = None
    reminded: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LightDays:
    """What of a month's calendar decides over lights: worked out once, not for each of hundreds of villages that have it."""

    opens_on: date
    declare_until: date
    review_until: date

    @classmethod
    def of(cls, calendar: MonthCalendar) -> "LightDays":
        """As the month, or one village's longer month, has them."""
        return cls(calendar.opens_on, calendar.declare_until, calendar.review_until)

    def days_late(self, on: date) -> int:
        """How many days past the last day in time a village declares; 0 while it is in time."""
        return max(0, (on - self.declare_until).days)


@dataclass(slots=True)
class Light:
    """One village. `late` are days past what its holder had; `marked` how late it declared, which stays."""

    code: str
    name: str
    lamp: MonthLamp
    since: date
    late: int = 0
    marked: int = 0
    act: Act = Act.OPEN
    reminded: date | None = None
    unposted: bool = False
    cut_short: bool = False
    cadres: Sequence[tuple[str, str]] = ()
    address: str = ""  # of what its act leads to
    hearer: str = ""  # who has its objection in hand

    @property
    def holder(self) -> str:
        return self.hearer or HOLDERS[self.lamp]

    @property
    def reminds(self) -> bool:
        """Whether its act is done on the spot; any other leads to a page."""
        return self.act is Act.REMIND

    @property
    def extends(self) -> bool:
        return self.act is Act.EXTEND

    @property
    def opens(self) -> str:
        """What its page shows."""
        return opened(self.lamp)

    @property
    def at_village(self) -> bool:
        """Whether the sheet lies open with the village."""
        return self.lamp in (MonthLamp.UNOPENED, MonthLamp.FILLING)

    @property
    def told(self) -> str:
        """Who holds it since when, and what else there is to know, in one phrase."""
        more = {
            f"逾期 {self.late} 天": self.late,
            f"申报逾期 {self.marked} 天": self.marked,
            "没有经过公示": self.unposted,
            "公示没到期就锁定": self.cut_short,
        }
        said = [self.holder, f"{_short(self.since)}起", *(words for words, holds in more.items() if holds)]
        return "，".join([*said, *([f"{_short(self.reminded)}催过"] if self.reminded else [])])


def opened(lamp: MonthLamp) -> str:
    """What a village that shows this light is opened for."""
    return "异议" if lamp is MonthLamp.OBJECTED else "台账"


def _short(day: date) -> str:
    return f"{day.month}.{day.day}"


def light(code: str, name: str, facts: LightFacts, days: LightDays, today: date, *, extends: bool) -> Light:
    """The village's light; `days` are those of the month as it has it, with its longer time. `extends` for who may give it more."""
    lamp = _lamp(facts)
    marked = days.days_late(facts.signed_on) if facts.signed_on else 0
    found = Light(code, name, lamp, _since(facts, lamp, days), _late(facts, lamp, days, today), marked)
    found.reminded = facts.reminded
    if lamp is MonthLamp.OBJECTED and facts.objected:
        found.hearer, found.reminded = facts.objected.holder.label, facts.objected.reminded
    found.unposted = lamp is MonthLamp.FROZEN and facts.posted_on is None
    found.cut_short = facts.forced and facts.posted_on is not None
    found.act = _act(found, days, today, extends=extends)
    return found


def _lamp(facts: LightFacts) -> MonthLamp:
    if facts.state in (None, SheetState.OPEN):
        return MonthLamp.FILLING if facts.touched else MonthLamp.UNOPENED
    if facts.state is SheetState.POSTED and facts.objected:
        return MonthLamp.OBJECTED
    return MonthLamp(facts.state.value)


def _since(facts: LightFacts, lamp: MonthLamp, days: LightDays) -> date:
    known = {
        MonthLamp.FILLING: facts.decided_on,  # sent back on that day
        MonthLamp.DECLARED: facts.signed_on,
        MonthLamp.REVIEWED: facts.decided_on,
        MonthLamp.POSTED: facts.posted_on,
        MonthLamp.OBJECTED: facts.objected.since if facts.objected else None,
        MonthLamp.FROZEN: facts.frozen_on,
    }
    return known.get(lamp) or days.opens_on


def _late(facts: LightFacts, lamp: MonthLamp, days: LightDays, today: date) -> int:
    if lamp is MonthLamp.OBJECTED and facts.objected:
        return facts.objected.days_late(today)
    if lamp in (MonthLamp.UNOPENED, MonthLamp.FILLING):
        return days.days_late(today)
    return max(0, (today - days.review_until).days) if lamp is MonthLamp.DECLARED else 0


def _act(found: Light, days: LightDays, today: date, *, extends: bool) -> Act:
    """To remind whoever is late or nearly so; who was reminded a moment ago, and is late, may be given longer."""
    filling = found.lamp in (MonthLamp.UNOPENED, MonthLamp.FILLING)
    near = filling and today >= days.declare_until - 2 * REST
    if not (found.late or near):
        return Act.OPEN
    if found.reminded is None or today - found.reminded >= REST:
        return Act.REMIND
    return Act.EXTEND if filling and extends else Act.OPEN


def in_order(lights: list[Light]) -> list[Light]:
    """Who is late first, the latest before the others; then as the month runs; then by place."""
    order = list(MonthLamp)
    return sorted(lights, key=lambda one: (-one.late, order.index(one.lamp), one.code))
