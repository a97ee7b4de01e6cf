"""The month's calendar: which day each step falls on, what is due, and the sentence that says so. Pure.

Entry runs to the last day of the month; every later step falls on a day of the following month, taken from settings. A
day by which somebody has to do something moves to the next working day when offices are closed on it, and what comes after
moves along, so that nobody is late on the first day on which they could act, and what is posted is posted as long as ever.
A county may let entry run on into the following month, and leave the days where they fall; one village may be given longer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from households.months import Month, first_day, label, last_day, next_month, spoken
from households.roles import Role
from households.workdays.workdays import on_or_after
from scoring.states import SYSTEM, SheetAction, SheetState

DEFAULT_SETTINGS: dict[str, int] = {
    "review_until": 3,
    "post_from": 4,
    "post_until": 8,
    "objections_until": 11,
    "freeze_on": 12,
    "redeem_from": 15,
}
SETTING_LABELS: dict[str, str] = {
    "review_until": "审核截止日",
    "post_from": "公示开始日",
    "post_until": "公示截止日",
    "objections_until": "提异议截止日",
    "freeze_on": "锁定日",
    "redeem_from": "兑换开始日",
}
# Pairs that must lie strictly apart: nobody posts while reviews run, nobody freezes while objections are heard.
_STRICTLY_AFTER = {"post_from", "freeze_on"}
LAST_SAFE_DAY = 28
# 村民委员会组织法 (2025) Art. 35: what is published by modern means stays readable for at least fifteen days.
LEAST_NOTICE_DAYS, MAX_NOTICE_DAYS = 15, 90
# A cadre is reminded to sign this many days before the month ends.
DECLARE_NOTICE = timedelta(days=2)
DAY = timedelta(days=1)


class CalendarError(ValueError):
    """Calendar settings that make no sense; the text is Chinese and names the setting."""


class Phase(StrEnum):
    BEFORE = "before"
    ENTRY = "entry"
    REVIEW = "review"
    PREPARING = "preparing"
    POSTING = "posting"
    OBJECTIONS = "objections"
    FREEZING = "freezing"
    FROZEN = "frozen"
    REDEEMING = "redeeming"


@dataclass(frozen=True, slots=True)
class SheetStep:
    """Something a sheet waits for: who does it, from which day on, and the last day that is still in time."""

    action: SheetAction
    role: str
    since: date
    until: date

    def days_late(self, on: date) -> int:
        """Whole days past the last day in time; 0 while it is in time."""
        return max(0, (on - self.until).days)

    def sentence(self, on: date) -> str:
        """What to do by when, or how late it is, or when the system does it."""
        if self.role == SYSTEM:
            return f"系统将于{spoken(self.since)}自动{self.action.label}。"
        late = self.days_late(on)
        if late:
            return f"{STEP_NAMES[self.action]}已逾期 {late} 天，请尽快完成。"
        return f"请在{spoken(self.until)}（含）前完成{STEP_NAMES[self.action]}。"


STEP_NAMES: dict[SheetAction, str] = {SheetAction.DECLARE: "申报", SheetAction.APPROVE: "审核"}


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """What a county sets besides the days. Entry runs to the `entry_until`-th of the following month, 0 to the month's end;
    a notice is readable for `notice_days`; `shifts` says whether days on which offices are closed move on.
    """

    entry_until: int = 0
    notice_days: int = LEAST_NOTICE_DAYS
    shifts: bool = True


@dataclass(frozen=True, slots=True)
class MonthCalendar:
    """The days of one month. `settings` are days of the following month (1..28); raises CalendarError.

    `extended` is the day up to which one village may declare, where it was given longer.
    """

    month: Month
    settings: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_SETTINGS))
    rules: CalendarRules = CalendarRules()
    extended: date | None = None

    def __post_init__(self) -> None:
        check_settings(self.settings)
        check_rules(self.rules, self.settings)

    def _day(self, setting: str) -> date:
        return first_day(next_month(self.month)).replace(day=self.settings[setting])

    @property
    def opens_on(self) -> date:
        return first_day(self.month)

    @property
    def closes_on(self) -> date:
        return last_day(self.month)

    def _worked(self, day: date) -> date:
        """The day itself, or the next working day where the county lets days move on."""
        return on_or_after(day) if self.rules.shifts else day

    @property
    def entry_until(self) -> date:
        return self.closes_on + DAY * self.rules.entry_until

    @property
    def declare_until(self) -> date:
        ends = self._worked(self.entry_until)
        return max(ends, self.extended) if self.extended else ends

    @property
    def review_until(self) -> date:
        return self._worked(max(self._day("review_until"), self.declare_until + DAY))

    @property
    def post_from(self) -> date:
        return max(self._day("post_from"), self.review_until + DAY)

    @property
    def post_until(self) -> date:
        return self.posted(self.post_from).post_until

    @property
    def objections_until(self) -> date:
        return self.posted(self.post_from).objections_until

    @property
    def freeze_on(self) -> date:
        return self.posted(self.post_from).freeze_on

    @property
    def redeem_from(self) -> date:
        return self.freeze_on + (self._day("redeem_from") - self._day("freeze_on"))

    def posted(self, on: date) -> "PostedDays":
        """The days of a sheet posted on that day: one posted late is shown just as long, so later days move along."""
        posted_on = max(on, self.post_from)
        late = posted_on - self._day("post_from")
        post_until = self._day("post_until") + late
        objections_until = self._worked(self._day("objections_until") + late)
        freeze_on = self._worked(max(self._day("freeze_on") + late, objections_until + DAY))
        notice_until = max(posted_on + DAY * self.rules.notice_days, post_until)
        return PostedDays(post_until, objections_until, freeze_on, notice_until)

    def days_late(self, declared_on: date) -> int:
        """How many days past the last day in time a village declared; 0 when it was in time."""
        return max(0, (declared_on - self.declare_until).days)

    def last_days(self) -> dict[str, date]:
        """The days by which something has to be done, or on which it happens, by their names."""
        return {
            "申报截止日": self.declare_until,
            SETTING_LABELS["review_until"]: self.review_until,
            SETTING_LABELS["post_from"]: self.post_from,
            SETTING_LABELS["objections_until"]: self.objections_until,
            SETTING_LABELS["freeze_on"]: self.freeze_on,
        }

    def step_for(self, state: SheetState, posted_on: date | None = None) -> SheetStep | None:
        """The next step of a sheet in this state, whether or not its day has come; None once it is frozen."""
        freeze_on = self.posted(posted_on or self.post_from).freeze_on
        return {
            SheetState.OPEN: SheetStep(
                SheetAction.DECLARE, Role.CADRE, self.closes_on - DECLARE_NOTICE, self.declare_until
            ),
            SheetState.DECLARED: SheetStep(SheetAction.APPROVE, Role.TOWNSHIP, self.closes_on + DAY, self.review_until),
            SheetState.REVIEWED: SheetStep(SheetAction.POST, SYSTEM, self.post_from, self.post_from),
            SheetState.POSTED: SheetStep(SheetAction.FREEZE, SYSTEM, freeze_on, freeze_on),
        }.get(state)

    def step_due(self, state: SheetState, on: date, posted_on: date | None = None) -> SheetStep | None:
        """The step that a sheet in this state waits for on this day; None when there is nothing to do yet."""
        step = self.step_for(state, posted_on)
        return step if step is not None and on >= step.since else None

    def phase(self, on: date) -> Phase:
        """Where the calendar stands on a day, for sheets that are in time."""
        ends = (
            (self.opens_on - DAY, Phase.BEFORE),
            (self.entry_until, Phase.ENTRY),
            (self.review_until, Phase.REVIEW),
            (self.post_from - DAY, Phase.PREPARING),
            (self.post_until, Phase.POSTING),
            (self.objections_until, Phase.OBJECTIONS),
            (self.freeze_on - DAY, Phase.FREEZING),
            (self.redeem_from - DAY, Phase.FROZEN),
        )
        return next((phase for end, phase in ends if on <= end), Phase.REDEEMING)

    def duties(self, on: date) -> dict[str, str]:
        """What each role has to do for this month on this day, in Chinese; a role without duties is absent."""
        days = {
            "month": label(self.month),
            "declare_until": spoken(self.declare_until),
            "review_until": spoken(self.review_until),
            "post_from": spoken(self.post_from),
            "post_until": spoken(self.post_until),
            "objections_until": spoken(self.objections_until),
            "disagree": disagree(self.objections_until),
            "freeze_on": spoken(self.freeze_on),
            "redeem_from": spoken(self.redeem_from),
        }
        return {role: text.format(**days) for role, text in DUTIES.get(self.phase(on), {}).items()}


@dataclass(frozen=True, slots=True)
class PostedDays:
    """The last day of posting, the last day for objections, the day of freezing, and how long the notice stays readable."""

    post_until: date
    objections_until: date
    freeze_on: date
    notice_until: date


def disagree(until: date) -> str:
    """How somebody who disagrees with a posted month objects."""
    return (
        f"有不同意见，请在{spoken(until)}（含）前提异议：扫自家户牌，或者填一张异议申请表交给村干部、村务监督委员或乡镇"
    )


DUTIES: dict[Phase, dict[str, str]] = {
    Phase.ENTRY: {
        Role.GROUP_LEADER: "{month}正在录入：发现例外随时登记，没有例外的户不用填。",
        Role.CADRE: "{month}正在录入：请在{declare_until}（含）前核对例外并申报。",
        Role.DEPARTMENT: "{month}的认定结果请在{declare_until}（含）前登记，并填写文书号。",
        Role.PETITION_OFFICE: "{month}的零非访认定请在{declare_until}（含）前登记，并填写文书号。",
    },
    Phase.REVIEW: {
        Role.CADRE: "{month}录入已到期：尚未申报的村请马上申报；乡镇退回的请改好再报。",
        Role.TOWNSHIP: "请在{review_until}（含）前审核完各村{month}的申报。",
        Role.COUNTY_OFFICE: "{month}正在审核，{post_from}起公示；请留意还没有申报的村。",
    },
    Phase.PREPARING: {
        Role.TOWNSHIP: "{month}审核已到期：尚未审核的村请尽快审核，{post_from}起公示。",
        Role.COUNTY_OFFICE: "{month}将于{post_from}开始公示。",
    },
    Phase.POSTING: {
        "villager": "{month}正在公示，到{post_until}为止；{disagree}。",
        Role.SUPERVISOR: "{month}正在公示：请抽查记录，有不对的，请在{objections_until}（含）前提异议。",
        Role.CADRE: "{month}正在公示，到{post_until}为止：有人来问，请当面核对记录；有人提异议，请按单子录入、评议。",
        Role.DEPARTMENT: "{month}正在公示：本部门的认定有误，请在{objections_until}（含）前提异议；别的请告诉乡镇。",
        Role.TOWNSHIP: "{month}正在公示：请求复核的异议，请及时裁定。",
    },
    Phase.OBJECTIONS: {
        "villager": "{month}公示已满；{disagree}。",
        Role.SUPERVISOR: "{month}公示已满：有不对的，请在{objections_until}（含）前提异议。",
        Role.DEPARTMENT: "{month}公示已满：本部门的认定有误，请在{objections_until}（含）前提异议；别的请告诉乡镇。",
        Role.TOWNSHIP: "对{month}的异议，请在{freeze_on}以前裁定；没有办完的村，锁定往后等。",
    },
    Phase.FREEZING: {
        Role.TOWNSHIP: "对{month}的异议，请在{freeze_on}以前裁定；没有办完的村，锁定往后等。",
        Role.COUNTY_OFFICE: "{month}将于{freeze_on}锁定；没有公示满、异议没有办完的村不会锁定。",
    },
    Phase.FROZEN: {
        "villager": "{month}已经锁定，{redeem_from}起可以兑换。",
        Role.CADRE: "{month}已经锁定，{redeem_from}起可以兑换，请备好物品。",
        Role.COUNTY_OFFICE: "{month}已到锁定日：请核对各级排名。",
    },
    Phase.REDEEMING: {
        "villager": "{month}的积分现在可以兑换。",
        Role.CADRE: "{month}的积分现在可以兑换。",
    },
}


def check_settings(settings: Mapping[str, int]) -> None:
    """Raise CalendarError unless every setting is a day 1..28 and the days follow each other."""
    for name in DEFAULT_SETTINGS:
        day = settings.get(name)
        if type(day) is not int or not 1 <= day <= LAST_SAFE_DAY:
            raise CalendarError(f"{SETTING_LABELS[name]}应是 1 到 {LAST_SAFE_DAY} 之间的日子，现在是 {day}")
    unknown = sorted(set(settings) - set(DEFAULT_SETTINGS))
    if unknown:
        raise CalendarError(f"日历设置里没有“{unknown[0]}”这一项")
    _check_order(settings)


def check_rules(rules: CalendarRules, settings: Mapping[str, int]) -> None:
    """Raise CalendarError unless entry ends before the review does, and a notice is readable as long as the law asks."""
    if not 0 <= rules.entry_until < settings["review_until"]:
        review = settings["review_until"]
        raise CalendarError(f"录入截止日应早于审核截止日（{review}），0 表示到当月月末，现在是 {rules.entry_until}")
    if not LEAST_NOTICE_DAYS <= rules.notice_days <= MAX_NOTICE_DAYS:
        raise CalendarError(
            f"公示内容应至少可查 {LEAST_NOTICE_DAYS} 天（村民委员会组织法第三十五条），"
            f"最多 {MAX_NOTICE_DAYS} 天，现在是 {rules.notice_days}"
        )


def _check_order(settings: Mapping[str, int]) -> None:
    for earlier, later in pairwise(DEFAULT_SETTINGS):
        apart = later in _STRICTLY_AFTER
        if settings[later] < settings[earlier] + apart:
            rule = "应晚于" if apart else "不能早于"
            first, second = SETTING_LABELS[earlier], SETTING_LABELS[later]
            raise CalendarError(f"{second}（{settings[later]}）{rule}{first}（{settings[earlier]}）")
