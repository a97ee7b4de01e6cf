"""Reminding whoever holds a village's month: it stands on their home until the month has moved on."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from households import audit
from households.models import Division, User
from households.operations import Answer, once
from households.refusals import Refused
from scoring.models import MonthReminder
from scoring.months.months import locked_sheet_of, readable
from scoring.states import SheetState

PAUSE = timedelta(hours=20)  # the same thing is not reminded of twice in a day
HELD = (SheetState.OPEN, SheetState.DECLARED)  # by people: the rest goes by itself


def remind(*, op_id: UUID, month: str, village: Division, by: User) -> Answer:
    """Remind the village of declaring, or its township of reviewing. Answers {"id", "to"}.

    Refused for a month that nobody holds up, and when somebody has reminded of it within a day.
    """

    def act() -> Answer:
        readable(month)
        sheet = locked_sheet_of(month=month, village=village)
        if sheet.state not in HELD:
            state = SheetState(sheet.state).label
            raise Refused("nobody_holds_it", f"{village.name}现在是“{state}”，没有人要催。", status=409)
        since = timezone.now() - PAUSE
        if MonthReminder.objects.filter(period=month, village=village, state=sheet.state, at__gte=since).exists():
            raise Refused(
                "reminded_already", f"{village.name}一天之内已经催过了。", hint="请明天再催，或者打电话。", status=409
            )
        one = MonthReminder.objects.create(period_id=month, village=village, state=sheet.state, by=by)
        audit.record(by, "sheet.remind", place=village.code, subject=sheet, month=month)
        return {"id": one.pk, "to": "village" if sheet.state == SheetState.OPEN else "township"}

    return once(op_id=op_id, by=by, kind="sheet.remind", payload={"month": month, "village": village.code}, act=act)
