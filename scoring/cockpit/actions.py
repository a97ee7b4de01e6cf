"""Reminding whoever holds a village's month: it stands on their home until the month has moved on."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from households import audit
from households.models import Division, User
from households.operations import Answer, once
from households.refusals import Refused
from scoring.cockpit.waits import objected
from scoring.models import MonthReminder, Sheet
from scoring.months.months import locked_sheet_of, readable
from scoring.objection_states import HeldObjection, ObjectionHolder
from scoring.objections.holding import remind_of
from scoring.states import SheetState

PAUSE = timedelta(hours=20)  # the same thing is not reminded of twice in a day
HELD = (SheetState.OPEN, SheetState.DECLARED)  # by people: the rest goes by itself


def remind(*, op_id: UUID, month: str, village: Division, by: User) -> Answer:
    """Remind the village of declaring, its township of reviewing, or whoever has its objection in hand. Answers {"id", "to"}.

    Refused for a month that nobody holds up, and when somebody has reminded of it within a day.
    """

    def act() -> Answer:
        readable(month)
        sheet = locked_sheet_of(month=month, village=village)
        if sheet.state == SheetState.POSTED and (held := objected(month, village.code).get(village.code)):
            return _remind_of(held, sheet, by)
        if sheet.state not in HELD:
            state = SheetState(sheet.state).label
            raise Refused("nobody_holds_it", f"{village.name}现在是“{state}”，没有人要催。", status=409)
        since = timezone.now() - PAUSE
        if MonthReminder.objects.filter(period=month, village=village, state=sheet.state, at__gte=since).exists():
            raise _reminded(village)
        one = MonthReminder.objects.create(period_id=month, village=village, state=sheet.state, by=by)
        audit.record(by, "sheet.remind", place=village.code, subject=sheet, month=month)
        return {"id": one.pk, "to": "village" if sheet.state == SheetState.OPEN else "township"}

    return once(op_id=op_id, by=by, kind="sheet.remind", payload={"month": month, "village": village.code}, act=act)


def _remind_of(held: HeldObjection, sheet: Sheet, by: User) -> Answer:
    village = sheet.village
    if held.holder is ObjectionHolder.OBJECTOR:
        hint = "过了请求复核的日子，就按村里的意见办。"
        raise Refused("nobody_holds_it", f"{village.name}的异议在等提出的人，没有人要催。", hint=hint, status=409)
    if held.reminded == timezone.localdate():
        raise _reminded(village)
    remind_of(held, sheet.period_id, village.code)
    audit.record(by, "sheet.remind", place=village.code, subject=sheet, month=sheet.period_id)
    return {"id": held.pk, "to": str(held.holder)}


def _reminded(village: Division) -> Refused:
    told = f"{village.name}一天之内已经催过了。"
    return Refused("reminded_already", told, hint="请明天再催，或者打电话。", status=409)
