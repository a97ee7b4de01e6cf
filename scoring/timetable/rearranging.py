"""Days of months when a year's arrangement of holidays is entered: nothing is stored, but who was told the old day is told."""

from collections import defaultdict
from datetime import date

from django.utils import timezone

from households.codes import county_of, township_of
from households.inbox.actions import tell
from households.roles import Role
from households.workdays import entered
from households.workdays.workdays import supposing
from scoring.freezing import tell_households
from scoring.models import Sheet
from scoring.months.calendar import MonthCalendar
from scoring.months.months import calendar_of, extended_until, longer
from scoring.states import SheetAction, SheetState

_RUNNING = (SheetState.OPEN, SheetState.DECLARED, SheetState.POSTED)


def count_anew(year: int) -> int:
    """Tell, for each village's month that is under way, what moved of the step that it waits for. Nothing is counted."""
    months = [f"{year - 1}-12", *(f"{year}-{month:02d}" for month in range(1, 13))]
    running = Sheet.objects.filter(period__in=months, state__in=_RUNNING)
    by_month: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in running.order_by("period", "village"):
        by_month[sheet.period_id].append(sheet)
    for month, sheets in by_month.items():
        _tell_month(month, sheets)
    return 0


def _tell_month(month: str, sheets: list[Sheet]) -> None:
    given = extended_until(month, [sheet.village_id for sheet in sheets])
    objected: dict[tuple[date, date], list[str]] = defaultdict(list)
    for sheet in sheets:
        calendar = longer(calendar_of(month, county_of(sheet.village_id)), given.get(sheet.village_id))
        if sheet.state == SheetState.POSTED:
            if days := _moved(calendar, sheet):
                objected[days].append(sheet.village_id)
        else:
            _tell_post(calendar, sheet)
    for (old, new), villages in objected.items():
        tell_households("objection.days_moved", month, villages, again=f"{old}:{new}:{timezone.localdate()}")


def _tell_post(calendar: MonthCalendar, sheet: Sheet) -> None:
    """The cadre who has to sign, once for a township who has to review."""
    if not (days := _moved(calendar, sheet)):
        return
    post, action = (Role.CADRE, sheet.village_id), SheetAction.DECLARE
    if sheet.state == SheetState.DECLARED:
        post, action = (Role.TOWNSHIP, township_of(sheet.village_id)), SheetAction.APPROVE
    key = f"{sheet.period_id}:{action}:{days[0]}:{days[1]}:{timezone.localdate()}"
    tell("sheet.due_moved", key=key, to=[post], about=[sheet.period_id, action.value, days[1]])


def _moved(calendar: MonthCalendar, sheet: Sheet) -> tuple[date, date] | None:
    """The day by which somebody has to act, before and after; None for one that stays, or that is over anyhow."""
    with supposing(entered.now()):
        old = _last(calendar, sheet)
    new = _last(calendar, sheet)
    return (old, new) if old != new and max(old, new) >= timezone.localdate() else None


def _last(calendar: MonthCalendar, sheet: Sheet) -> date:
    if sheet.state == SheetState.OPEN:
        return calendar.declare_until
    if sheet.state == SheetState.DECLARED:
        return calendar.review_until
    return calendar.posted(timezone.localdate(sheet.posted_at)).objections_until
