"""Lights: where a village stands, who holds it, since when, how late, and what to do."""

from datetime import date

import pytest

from scoring.cockpit.rules import Act, Light, LightDays, LightFacts, MonthLamp, in_order, light
from scoring.months.calendar import MonthCalendar
from scoring.objection_states import HeldObjection, ObjectionHolder
from scoring.states import SheetState

OCTOBER = MonthCalendar("2026-10")  # declared by 2 November, reviewed by the 3rd
S = SheetState
H = ObjectionHolder


def held(by: ObjectionHolder = H.VILLAGE, reminded: date | None = None) -> HeldObjection:
    """Filed on 6 November, in time until the 9th."""
    return HeldObjection(1, date(2026, 11, 6), by, date(2026, 11, 9), reminded)


def lit(facts: LightFacts, day: date, *, extends: bool = True) -> Light:
    return light("430525101001", "东山村", facts, LightDays.of(OCTOBER), day, extends=extends)


@pytest.mark.parametrize(
    ("facts", "lamp", "holder"),
    [
        (LightFacts(), MonthLamp.UNOPENED, "村里"),
        (LightFacts(state=S.OPEN), MonthLamp.UNOPENED, "村里"),
        (LightFacts(state=S.OPEN, touched=True), MonthLamp.FILLING, "村里"),
        (LightFacts(state=S.DECLARED, touched=True), MonthLamp.DECLARED, "乡镇"),
        (LightFacts(state=S.REVIEWED, touched=True), MonthLamp.REVIEWED, "系统（等公示日）"),
        (LightFacts(state=S.POSTED, touched=True), MonthLamp.POSTED, "系统（等锁定日）"),
        (LightFacts(state=S.POSTED, objected=held()), MonthLamp.OBJECTED, "村里"),
        (LightFacts(state=S.POSTED, objected=held(H.TOWNSHIP)), MonthLamp.OBJECTED, "乡镇"),
        (LightFacts(state=S.POSTED, objected=held(H.COUNTY)), MonthLamp.OBJECTED, "县六零办"),
        (LightFacts(state=S.POSTED, objected=held(H.OBJECTOR)), MonthLamp.OBJECTED, "提出的人（可以请求复核）"),
        (LightFacts(state=S.FROZEN, objected=held()), MonthLamp.FROZEN, "已办结"),
    ],
)
def test_each_state_has_its_light_and_its_holder(facts: LightFacts, lamp: MonthLamp, holder: str) -> None:
    found = lit(facts, date(2026, 11, 2))
    assert (found.lamp, found.holder) == (lamp, holder)


@pytest.mark.parametrize(
    ("facts", "day", "late", "act"),
    [
        (LightFacts(), date(2026, 10, 20), 0, Act.OPEN),
        (LightFacts(), date(2026, 11, 1), 0, Act.REMIND),  # a day before the last
        (LightFacts(), date(2026, 11, 5), 3, Act.REMIND),
        (LightFacts(reminded=date(2026, 11, 5)), date(2026, 11, 5), 3, Act.EXTEND),
        (LightFacts(reminded=date(2026, 11, 4)), date(2026, 11, 5), 3, Act.REMIND),
        (LightFacts(state=S.DECLARED), date(2026, 11, 3), 0, Act.OPEN),
        (LightFacts(state=S.DECLARED), date(2026, 11, 5), 2, Act.REMIND),
        (LightFacts(state=S.DECLARED, reminded=date(2026, 11, 5)), date(2026, 11, 5), 2, Act.OPEN),
        (LightFacts(state=S.POSTED), date(2027, 1, 5), 0, Act.OPEN),
        (LightFacts(state=S.POSTED, objected=held()), date(2026, 11, 9), 0, Act.OPEN),
        (LightFacts(state=S.POSTED, objected=held()), date(2026, 11, 10), 1, Act.REMIND),
        (LightFacts(state=S.POSTED, objected=held(H.COUNTY, date(2026, 11, 10))), date(2026, 11, 10), 1, Act.OPEN),
        (LightFacts(state=S.POSTED, objected=held(H.OBJECTOR)), date(2026, 11, 12), 0, Act.OPEN),
    ],
)
def test_each_light_has_one_act(facts: LightFacts, day: date, late: int, act: Act) -> None:
    found = lit(facts, day)
    assert (found.late, found.act) == (late, act)


def test_who_may_not_give_longer_is_not_led_there() -> None:
    reminded = LightFacts(reminded=date(2026, 11, 5))
    assert lit(reminded, date(2026, 11, 5), extends=False).act is Act.OPEN


def test_late_declaration_stays_marked_and_force_is_called_so() -> None:
    frozen = LightFacts(state=S.FROZEN, signed_on=date(2026, 11, 9), frozen_on=date(2026, 11, 20))
    found = lit(frozen, date(2026, 12, 1))
    assert (found.marked, found.late, found.unposted, found.since) == (7, 0, True, date(2026, 11, 20))
    posted = lit(LightFacts(state=S.FROZEN, posted_on=date(2026, 11, 12)), date(2026, 12, 1))
    assert not posted.unposted and not posted.cut_short and not found.cut_short
    assert lit(LightFacts(state=S.FROZEN, posted_on=date(2026, 11, 12), forced=True), date(2026, 12, 1)).cut_short


def test_latest_stand_first_then_as_the_month_runs() -> None:
    day = date(2026, 11, 6)
    facts = [S.FROZEN, S.DECLARED, S.POSTED, S.OPEN]
    lights = in_order([lit(LightFacts(state=state), day) for state in facts])
    assert [one.lamp for one in lights] == [MonthLamp.UNOPENED, MonthLamp.DECLARED, MonthLamp.POSTED, MonthLamp.FROZEN]
