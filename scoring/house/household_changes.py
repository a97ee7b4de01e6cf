"""What a change of the register does to months and points: foreseen for its preview, then done with it.

What a village has signed for is never moved: a change counts from the first month after the last of those. Exceptions of a
household that goes on under another code go on with it; its points too, through the ledger.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import uuid5

from django.conf import settings
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from households import audit
from households.changes.rooms import ChangeEffect, ChangeStep
from households.codes import village_of
from households.models import ChangeKind, Division, User
from households.months import first_day, label, month_of, next_month
from households.sql import run
from scoring.ledger import door as ledger
from scoring.ledger import heirs
from scoring.models import Finding, Period, ScoreEvent, Sheet
from scoring.months.months import locked_sheet_of
from scoring.rollup import marks
from scoring.states import SheetState

AT = 20
GOES_ON = (ChangeKind.MOVE, ChangeKind.MERGE)
_COUNTS = (ChangeKind.ADD, ChangeKind.SPLIT, ChangeKind.MERGE, ChangeKind.MOVE, ChangeKind.CLOSE, ChangeKind.REOPEN)


_PHOTOS = """
    INSERT INTO scoring_eventphoto (event_id, digest, content, by_id, at, withdraw_reason)
    SELECT %(new)s, digest, content, by_id, at, '' FROM scoring_eventphoto
    WHERE event_id = %(old)s AND withdrawn_at IS NULL ORDER BY id
"""


def bound(villages: Sequence[str]) -> date | None:
    """The first day after the last month that is closed for one of the villages; None before any.

    It is closed when the village has signed for it, or when a place that the village counts for has its points of it.
    """
    signed = Sheet.objects.filter(village__in=villages).exclude(state=SheetState.OPEN)
    closed = [signed.aggregate(last=Max("period"))["last"], ledger.last_credited(villages)]
    last = max((month for month in closed if month), default=None)
    return first_day(next_month(last)) if last else None


def lock(villages: Sequence[str]) -> None:
    """Nobody enters anything in the open months of these villages meanwhile."""
    open_ones = Sheet.objects.select_for_update().filter(village__in=villages, state=SheetState.OPEN)
    list(open_ones.order_by("pk").values_list("pk"))


def foresee(step: ChangeStep, by: User | None) -> Iterator[ChangeEffect]:
    """Months that are computed anew, exceptions, points."""
    if step.kind in _COUNTS and (months := _months(step)):
        yield ChangeEffect(f"会重新汇总还没申报的月份：{'、'.join(label(month) for month in months)}。")
    if step.ends and (count := _events(step).count()):
        yield ChangeEffect(
            f"这些月份里记在这一户名下的 {count} 条例外转记到新的户编号。"
            if step.kind in GOES_ON
            else f"这些月份里记在这一户名下的 {count} 条例外留作记录，不再计分。"
        )
    yield from _points(step)


def follow(step: ChangeStep, by: User | None) -> None:
    """Exceptions go on, months are marked, points are handed on."""
    if step.kind in GOES_ON:
        _carry_on(step, by)
    if step.kind in _COUNTS:
        villages = sorted({village_of(code) for code in (step.household, step.other) if code})
        for month in _months(step):
            marks.touch(month, villages)
    if step.other and step.kind in (*GOES_ON, ChangeKind.CLOSE, ChangeKind.HEIR):
        assert step.change
        heirs.hand_on(ledger.household(step.household), step.other, step.change, by)


def _months(step: ChangeStep) -> list[str]:
    """The months that have begun and that the change counts in."""
    begun = Period.objects.filter(month__gte=month_of(step.counts_from)).order_by("month")
    return list(begun.values_list("month", flat=True))


def _events(step: ChangeStep) -> "QuerySet[ScoreEvent]":
    return ScoreEvent.objects.standing().filter(code=step.household, period__gte=month_of(step.counts_from))


def _points(step: ChangeStep) -> Iterator[ChangeEffect]:
    if not step.household or step.kind in (ChangeKind.CORRECT, ChangeKind.ADD):
        return
    state = ledger.state_of(ledger.household(step.household))
    has = f"积分 {state.balance} 分" + (f"，欠 {state.owed} 分" if state.owed else "")
    if step.kind is ChangeKind.SPLIT:
        yield ChangeEffect(f"{has}，都留在原户；分出的户从 0 分起。")
    elif step.kind is ChangeKind.REOPEN:
        yield ChangeEffect(f"现有{has}；已经转走或作废的不再退回。")
    elif step.other or step.kind in GOES_ON:
        yield ChangeEffect(f"{has}，全部转到{step.other or '新的户编号'}，有效期不变；以后补记的也一样。")
    else:
        yield ChangeEffect(f"{has}。{settings.HEIR_DAYS} 天内可以指定转给哪一户，到期没有指定就作废。")


def _carry_on(step: ChangeStep, by: User | None) -> None:
    """Each exception is taken back from the old code and stands under the new one, with who recorded and confirmed it."""
    moved = list(_events(step).select_related("period", "clause").order_by("period", "id"))
    there = _standing_facts(step)
    sheets: set[int] = set()
    for event in moved:
        sheets |= {_sheet_of(event, code).pk for code in (step.household, step.other)}
        old = event.pk
        ScoreEvent.objects.filter(pk=old).update(
            withdrawn_at=timezone.now(), withdrawn_by=by, withdraw_reason=f"户籍变更，转记到 {step.other}"
        )
        if _fact(event) not in there:
            event.pk, event.op_id, event.code = None, uuid5(event.op_id, step.other), step.other
            event.save(force_insert=True)
            run(_PHOTOS, {"old": old, "new": event.pk})
            Finding.objects.filter(event=old).update(event=event.pk, code=step.other)
    Sheet.objects.filter(pk__in=sheets).update(version=F("version") + 1)
    if moved:
        audit.record(by, "event.carry_on", place=step.household, subject=step.other, events=len(moved))


def _fact(event: ScoreEvent) -> tuple[object, ...]:
    return event.period_id, event.clause_id, event.date, event.document_no


def _standing_facts(step: ChangeStep) -> set[tuple[object, ...]]:
    known = ScoreEvent.objects.standing().filter(code=step.other, period__gte=month_of(step.counts_from))
    return {_fact(event) for event in known}


def _sheet_of(event: ScoreEvent, code: str) -> Sheet:
    return locked_sheet_of(month=event.period_id, village=Division.objects.get(code=village_of(code)))
