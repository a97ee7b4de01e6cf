"""The township's review: every exception opened first, then approved, or returned with a reason."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.models import User
from households.refusals import Refused
from households.scope import lies_in
from scoring.models import Decision, Review, ScoreEvent, Sheet
from scoring.months.months import locked
from scoring.rollup import marks
from scoring.sheets.actions.sheets import reopen
from scoring.states import SheetAction, SheetState, why_not


def exceptions_of(sheet: Sheet) -> list[ScoreEvent]:
    """Standing events inside the village: what a reviewer must open. Households first by code, then by time."""
    inside = ScoreEvent.objects.standing().filter(lies_in(sheet.village_id), period=sheet.period_id)
    return list(inside.select_related("clause__indicator", "recorded_by", "confirmed_by").order_by("code", "id"))


@transaction.atomic
def approve(*, sheet: Sheet, opened: Collection[int], by: User | None) -> Review:
    """Approve a declared sheet. Refused while an exception has not been opened.

    The reviewer is the second person for entries that still wait for one, unless they recorded them themselves.
    """
    sheet = locked(sheet)
    _check(SheetAction.APPROVE, sheet)
    exceptions = exceptions_of(sheet)
    unseen = [event for event in exceptions if event.pk not in set(opened)]
    if unseen:
        raise Refused("not_opened", f"还有 {len(unseen)} 条例外没有打开看过。", hint="请逐条打开后再通过。")
    _confirm_waiting(exceptions, by=by)
    Sheet.objects.filter(pk=sheet.pk).update(state=SheetState.REVIEWED, version=F("version") + 1)
    marks.touch(sheet.period_id, [sheet.village_id])
    return _record(sheet, Decision.APPROVE, opened=[e.pk for e in exceptions], by=by)


def _confirm_waiting(exceptions: Collection[ScoreEvent], *, by: User | None) -> None:
    waiting = [event for event in exceptions if event.confirmed_at is None]
    own = [event for event in waiting if by and event.recorded_by_id == by.pk]
    if own:
        raise Refused("second_person", f"有 {len(own)} 条是您自己登记的，要由另一个人确认后才能通过。")
    ids = [event.pk for event in waiting]
    ScoreEvent.objects.pending().filter(pk__in=ids).update(confirmed_at=timezone.now(), confirmed_by=by)


@transaction.atomic
def return_sheet(*, sheet: Sheet, reason: str, opened: Collection[int] = (), by: User | None) -> Review:
    """Send a sheet back to the village with a reason; its declaration is withdrawn."""
    sheet = locked(sheet)
    reopen(sheet, SheetAction.RETURN, reason=reason)
    Sheet.objects.filter(pk=sheet.pk).update(version=F("version") + 1)
    marks.touch(sheet.period_id, [sheet.village_id])
    return _record(sheet, Decision.RETURN, reason=reason, opened=sorted(opened), by=by)


def _check(action: SheetAction, sheet: Sheet) -> None:
    refused = why_not(action, SheetState(sheet.state))
    if refused:
        raise Refused("sheet_state", refused, status=409)


def _record(sheet: Sheet, decision: Decision, *, opened: list[int], by: User | None, reason: str = "") -> Review:
    review = Review.objects.create(sheet=sheet, decision=decision, reason=reason, opened=opened, by=by)
    audit.record(
        by, f"sheet.{decision.value}", place=sheet.village_id, subject=sheet, reason=reason, opened=len(opened)
    )
    return review
