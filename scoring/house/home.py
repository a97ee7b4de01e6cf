"""What scoring shows on a home page: the months that are not finished, what is due in them, and the last result."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from households.codes import Level, county_of, level_of, township_of, village_of
from households.house.home import Block, Column
from households.models import Division, Household, User
from households.months import Month, label, last_day, month_of, spoken
from households.permissions import Permission, may
from households.roles import Role
from households.scope import Scope, lies_in
from scoring.models import Decision, MonthExtension, Objection, Review, ScoreEvent, Sheet
from scoring.months.calendar import MonthCalendar, PostedDays, disagree
from scoring.months.due import recent_months
from scoring.months.months import calendar_of, extended_until, longer
from scoring.rankings.rankings import RankingLine, department_ranking, ranking
from scoring.states import SheetState

DEPARTMENT = "department"
FREEZING_DUE = "已到锁定日，系统即将锁定。"


@dataclass(slots=True)
class Counts:
    """Villages of a place by the state of their sheet; `returned` ones are among `open`."""

    open: int = 0
    returned: int = 0
    declared: int = 0
    reviewed: int = 0
    posted: int = 0
    frozen: int = 0

    @property
    def villages(self) -> int:
        """All of them."""
        return self.open + self.declared + self.reviewed + self.posted + self.frozen


@dataclass(slots=True)
class MonthDue:
    """One month of a home page. `state` and `exceptions` for those with a sheet of their own, `counts` for the others.

    `late` says that the duty itself is overdue, `overdue` how many villages below are; `reviews` that the person
    decides about their sheets.
    """

    month: Month
    duty: str
    late: bool = False
    state: SheetState | None = None
    exceptions: int = 0
    returned: str = ""
    overdue: str = ""
    counts: Counts = field(default_factory=Counts)
    waiting: list[Division] = field(default_factory=list)
    silent: list[Division] = field(default_factory=list)
    townships: list[tuple[Division, Counts]] = field(default_factory=list)
    reviews: bool = False


@dataclass(frozen=True, slots=True)
class Latest:
    """The place's line in the ranking of the last month in which something of it was frozen."""

    month: Month
    line: RankingLine
    level: str
    ranked: int

    @property
    def unit(self) -> str:
        """What is ranked: 组, 村, 乡镇, 县 or 部门."""
        return "部门" if self.level == DEPARTMENT else Level(self.level).label

    @property
    def of_department(self) -> bool:
        return self.level == DEPARTMENT


def own_months(user: User, today: date) -> list[MonthDue]:
    """The months of the person's own village, newest first."""
    village = village_of(user.division_id or "")
    months = recent_months(today)
    sheets = {sheet.period_id: sheet for sheet in Sheet.objects.filter(period__in=months, village=village)}
    exceptions = _exceptions(months, user.scope)
    longest = _extended(months, village)
    returned = _return_reasons(sheet.pk for sheet in sheets.values() if sheet.state == SheetState.OPEN)
    months_due = [_own_month(month, sheets.get(month), user, today, longest.get(month)) for month in months]
    _say_what_freezing_waits_for(months_due, village)
    for due in months_due:
        sheet = sheets.get(due.month)
        due.exceptions = exceptions.get(due.month, 0)
        due.returned = returned.get(sheet.pk, "") if sheet else ""
    return [due for due in months_due if due.state is not SheetState.FROZEN]


def counted_months(user: User, today: date) -> list[MonthDue]:
    """The months of every village in the person's scope, counted by state, newest first."""
    months = recent_months(today)
    villages = villages_with_households(user.scope, today)
    above = {township_of(code) for code in villages} if user.role != Role.TOWNSHIP else set()
    overview = _Overview(
        villages,
        Division.objects.in_bulk(above),
        _states(months, user.scope),
        _returned(months, user.scope),
        {month: extended_until(month, villages) for month in months[1:]},
    )
    months_due = [overview.month(month, user.role, today) for month in months]
    for due in months_due:
        due.reviews = may(user, Permission.REVIEW)
    return [due for due in months_due if due.counts.frozen < due.counts.villages or due.month == months[0]]


def latest_result(user: User) -> Latest | None:
    """The last published result and rank of the person's place; None before the first month is frozen."""
    places = user.scope.widened(Level.VILLAGE)  # a group has no sheet
    frozen = Sheet.objects.within(places).filter(state=SheetState.FROZEN)
    month = frozen.order_by("-period").values_list("period_id", flat=True).first()
    if month is None:
        return None
    if user.department_id:
        return _find(month, department_ranking(month), user.department_id, DEPARTMENT)
    code = user.division_id or ""
    level = level_of(code)
    within = village_of(code) if level is Level.GROUP else "" if level is Level.COUNTY else county_of(code)
    return _find(month, ranking(month, level, within=within), code, level)


def villages_with_households(scope: Scope, today: date) -> dict[str, Division]:
    """Villages of the scope that have households to assess this month, by code."""
    day = last_day(month_of(today))
    below = Household.objects.active(day).filter(lies_in(OuterRef("code")))
    villages = Division.objects.within(scope).active(day).of_level(Level.VILLAGE)
    return {village.code: village for village in villages.filter(Exists(below))}


def _own_month(month: Month, sheet: Sheet | None, user: User, today: date, until: date | None) -> MonthDue:
    """What the person's own sheet waits for, in their words; `until` is the day up to which it was given longer."""
    role, village = user.role, user.division_id or ""
    calendar = longer(calendar_of(month, village), until)
    state = SheetState(sheet.state) if sheet else SheetState.OPEN
    duty = calendar.duties(today).get(role, "")
    step = calendar.step_for(state)
    if state is SheetState.OPEN and role == Role.CADRE and step:
        return MonthDue(month, step.sentence(today), late=step.days_late(today) > 0, state=state)
    if state is SheetState.OPEN:
        duty = (duty or _entry_runs(calendar, today)) if today <= calendar.entry_until else "本村还没有申报。"
    elif state is SheetState.DECLARED:
        duty = "已申报，等乡镇审核。"
    elif state is SheetState.REVIEWED and step:
        duty = "乡镇已审核通过。" + (step.sentence(today) if today < step.since else "系统即将公示。")
    elif state is SheetState.POSTED and sheet and sheet.posted_at:
        duty = _posting(calendar.posted(timezone.localdate(sheet.posted_at)), today)
    return MonthDue(month, duty, state=state)


def _say_what_freezing_waits_for(months_due: Iterable[MonthDue], village: str) -> None:
    """A village whose day has come and that is not frozen waits for an objection, if there is one."""
    for due in months_due:
        if due.duty == FREEZING_DUE:
            number = Objection.objects.blocking().filter(period=due.month, village=village).count()
            due.duty = f"已到锁定日，还有 {number} 件异议没有办完，办完以后锁定。" if number else due.duty


def _entry_runs(calendar: MonthCalendar, today: date) -> str:
    """For roles that have nothing to do yet."""
    return (
        f"{label(calendar.month)}正在录入，到{spoken(calendar.entry_until)}为止。"
        if today <= calendar.entry_until
        else ""
    )


def _posting(days: PostedDays, today: date) -> str:
    """Where a posted sheet stands by its own days: one posted late is shown just as long."""
    if today <= days.post_until:
        return f"正在公示，到{spoken(days.post_until)}为止；{disagree(days.objections_until)}。"
    if today <= days.objections_until:
        return f"公示已满；{disagree(days.objections_until)}。"
    if today < days.freeze_on:
        return f"公示已满，系统将于{spoken(days.freeze_on)}自动锁定。"
    return FREEZING_DUE


def _overdue(due: MonthDue, calendar: MonthCalendar, longest: Mapping[str, date], today: date) -> str:
    """How many villages have missed the end of entry, which was put off for some of them, or of review."""
    parts = []
    silent = sum(longer(calendar, longest.get(one.code)).days_late(today) > 0 for one in due.silent)
    if silent:
        parts.append(f"{silent} 个村逾期未申报")
    if due.waiting and today > calendar.review_until:
        parts.append(f"{len(due.waiting)} 个村逾期未审核")
    return "，".join(parts)


def _exceptions(months: Collection[Month], scope: Scope) -> dict[Month, int]:
    """Standing events of the scope by month."""
    standing = ScoreEvent.objects.within(scope).standing().filter(period__in=months).order_by()
    return dict(standing.values_list("period_id").annotate(Count("pk")))


def _extended(months: Collection[Month], village: str) -> dict[Month, date]:
    """Until when the village may declare, in months for which it was given longer."""
    given = (
        MonthExtension.objects.filter(period__in=months, village=village)
        .order_by("period_id", "-id")
        .distinct("period_id")
    )
    return dict(given.values_list("period_id", "until"))


def _return_reasons(sheet_ids: Iterable[int]) -> dict[int, str]:
    """Why open sheets were sent back, when the last decision on them was that."""
    reviews = Review.objects.filter(sheet__in=list(sheet_ids)).order_by("sheet_id", "-id").distinct("sheet_id")
    return {review.sheet_id: review.reason for review in reviews if review.decision == Decision.RETURN}


def _states(months: Collection[Month], scope: Scope) -> dict[tuple[Month, str], str]:
    sheets = Sheet.objects.within(scope).filter(period__in=months)
    return {(month, village): state for month, village, state in sheets.values_list("period_id", "village_id", "state")}


def _returned(months: Collection[Month], scope: Scope) -> set[tuple[Month, str]]:
    """Open sheets that a township sent back."""
    sheets = Sheet.objects.within(scope).filter(period__in=months, state=SheetState.OPEN)
    return set(sheets.filter(reviews__decision=Decision.RETURN).values_list("period_id", "village_id"))


@dataclass(frozen=True, slots=True)
class _Overview:
    """The villages of a scope with the states of their sheets, fetched once for all months."""

    villages: Mapping[str, Division]
    townships: Mapping[str, Division]
    states: Mapping[tuple[Month, str], str]
    returned: Collection[tuple[Month, str]]
    longest: Mapping[Month, Mapping[str, date]]

    def month(self, month: Month, role: str, today: date) -> MonthDue:
        """One month counted, as a whole and by township."""
        calendar = calendar_of(month, next(iter(self.villages), ""))
        due = MonthDue(month, calendar.duties(today).get(role, "") or _entry_runs(calendar, today))
        by_township = {code: Counts() for code in sorted(self.townships)}
        for code in sorted(self.villages):
            state = self.states.get((month, code), SheetState.OPEN)
            for counts in filter(None, (due.counts, by_township.get(township_of(code)))):
                setattr(counts, state, getattr(counts, state) + 1)
                counts.returned += (month, code) in self.returned
            due.silent += [self.villages[code]] if state == SheetState.OPEN else []
            due.waiting += [self.villages[code]] if state == SheetState.DECLARED else []
        due.overdue = _overdue(due, calendar, self.longest.get(month, {}), today)
        due.townships = [(self.townships[code], counts) for code, counts in by_township.items()]
        return due


def _find(month: Month, lines: list[RankingLine], code: str, level: str) -> Latest | None:
    mine = next((line for line in lines if line.code == code), None)
    ranked = sum(line.rank is not None for line in lines)
    return Latest(month, mine, level, ranked) if mine else None


def blocks(user: User, today: date) -> Iterator[Block]:
    """For whoever works in a village its own months, for others the months of all their villages; and the last result."""
    template = "scoring/house/_own_month.html" if user.works_in_village else "scoring/house/_counted_month.html"
    months = own_months(user, today) if user.works_in_village else counted_months(user, today)
    for number, month in enumerate(months):
        yield Block(20 + number, Column.DUE, template, month)
    if not months:
        yield Block(20, Column.DUE, "scoring/house/_no_month.html", None)
    yield Block(0, Column.CHANGED, "scoring/house/_latest.html", latest_result(user))
