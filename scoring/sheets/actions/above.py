"""Entries against a township or the county: they stand on no village's sheet, and are closed when a month below them is."""

from uuid import UUID

from django.utils import timezone

from households import audit
from households.codes import Level, reaches
from households.kin.reads import households_of
from households.models import User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.scope import lies_in
from scoring.models import ScoreEvent, Sheet
from scoring.months.months import open_month
from scoring.rollup import marks
from scoring.sheets.actions import entries
from scoring.sheets.actions.sheets import PEOPLE, Raw, registered
from scoring.sheets.actions.twins import MEANT, Twins, fact_of, recorded
from scoring.sheets.ops import OpType, read_op
from scoring.states import SheetState, lock_reason

CLOSED = (SheetState.FROZEN, SheetState.POSTED)


def hold_below(month: str, code: str) -> None:
    """Hold every sheet below the place; refused when one of them is posted or frozen, for the place counts in it."""
    below = Sheet.objects.select_for_update().filter(lies_in(code, "village"), period=month)
    states = {SheetState(state) for state in below.order_by("pk").values_list("state", flat=True)}
    for state in CLOSED:
        if state in states:
            raise Refused("sheet_locked", f"下面已经有村{lock_reason(state)}", status=409)


def record_above(*, op_id: UUID, month: str, raw: Raw, by: User) -> Answer:
    """Record an entry against a township or the county; `raw` as an `add` of a sheet. Answers {"event"}."""

    def act() -> Answer:
        op = read_op({**raw, "op_id": str(op_id), "type": OpType.ADD.value})
        _check_place(op.code, month, by)
        period = open_month(month, op.code)
        hold_below(month, op.code)
        clause = entries.clause_of(op, period.scheme_id, by=by)
        event = entries.build(Sheet(period=period), op, clause, by=by, version=0, kin=households_of(by))
        _check_twin(event, by, again=op.again)
        event.save(force_insert=True)
        _note(event, by, "event.record", clause=clause.code, date=str(op.day))
        return {"event": event.pk}

    return once(op_id=op_id, by=by, kind="above.record", payload={"month": month, **raw}, act=act)


def withdraw_above(*, op_id: UUID, event: int, reason: str, by: User) -> Answer:
    """Take one back, by whoever recorded it or stands above them. Answers {"event"}."""

    def act() -> Answer:
        found = _held(event, by)
        entries.check_withdrawal(found, by=by, reason=reason.strip())
        found.withdrawn_at, found.withdrawn_by, found.withdraw_reason = timezone.now(), by, reason.strip()
        found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
        _note(found, by, "event.withdraw", event=str(found.pk), reason=reason.strip())
        return {"event": found.pk}

    return once(op_id=op_id, by=by, kind="above.withdraw", payload={"event": event, "reason": reason}, act=act)


def confirm_above(*, op_id: UUID, event: int, by: User) -> Answer:
    """The second person. Answers {"event"}."""

    def act() -> Answer:
        found = _held(event, by)
        entries.check_confirmation(found, by=by, kin=households_of(by))
        if found.confirmed_at:
            raise Refused("confirmed", "这一条已经有人确认。", status=409)
        found.confirmed_at, found.confirmed_by = timezone.now(), by
        found.save(update_fields=["confirmed_at", "confirmed_by"])
        _note(found, by, "event.confirm", event=str(found.pk))
        return {"event": found.pk}

    return once(op_id=op_id, by=by, kind="above.confirm", payload={"event": event}, act=act)


def _check_place(code: str, month: str, by: User) -> None:
    if reaches(code, Level.VILLAGE):
        raise Refused("place_level", "村、组和户的例外在村里的台账上登记。", fields={"division": "应为乡镇、县的代码"})
    if not may(by, Permission.RECORD_EVENT, at=code):
        raise Refused("place_unknown", f"{code} 不在您的管辖范围内。", fields={"division": "不归您管"}, status=404)
    if code not in registered([code], month):
        raise Refused("place_unknown", f"{code} 本月不在册。", fields={"division": "不在册"})


def _check_twin(event: ScoreEvent, by: User, *, again: bool) -> None:
    same = ScoreEvent.objects.standing().filter(period=event.period, code=event.code, clause=event.clause)
    twin = Twins(recorded(each, by=by) for each in same.select_related(*PEOPLE)).find(fact_of(event), again=again)
    if twin:
        raise Refused("twin", twin.sentence, hint=MEANT, status=409, fields={"again": "确实又发生了一次才选"})


def _held(number: int, by: User) -> ScoreEvent:
    """The standing event, its row held, with the sheets below it; 404 outside the person's scope."""
    inside = ScoreEvent.objects.standing().within(by.scope).filter(pk=number)
    found: ScoreEvent | None = inside.select_related(*PEOPLE).first()
    if found is None or reaches(found.code, Level.VILLAGE):
        raise Refused("event_unknown", "没有这一条例外。", status=404)
    hold_below(found.period_id, found.code)
    again = (
        ScoreEvent.objects.standing().select_for_update(of=["self"]).select_related(*PEOPLE).filter(pk=number).first()
    )
    if again is None:
        raise Refused("withdrawn", "这一条已经被撤回。", status=409)
    return again


def _note(one: ScoreEvent, by: User, action: str, **detail: str) -> None:
    marks.touch(one.period_id, [one.code])
    audit.record(by, action, place=one.code, subject=one, **detail)
