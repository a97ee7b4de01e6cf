"""Putting a frozen month right: a township asks, the county office grants or refuses (design section 6).

Granting writes the event, or withdraws one, and restates every level above it: scores, points, rankings. What was kept
of the rankings before stays as it is; a new version stands beside it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from households import audit
from households.accounts.hands import check_key
from households.codes import Level, county_of, is_level, village_of
from households.inbox.actions import post_of, tell
from households.models import User
from households.months import Month, last_day
from households.operations import Answer, once
from households.outbox.actions import put
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from households.scope import lies_in
from scoring.ledger import door as ledger
from scoring.models import Adjustment, Clause, DivisionScore, HouseholdScore, Objection, ScoreEvent, Sheet, Source
from scoring.months.months import readable
from scoring.parts.reads import archived
from scoring.parts.rules import sentence
from scoring.rankings import snapshots
from scoring.reasons import PublicReason, restated
from scoring.rollup import rollup
from scoring.schemes.recorders import may_record
from scoring.schemes.redlines import PETITION
from scoring.sheets.actions import entries
from scoring.sheets.actions.twins import MEANT, Twins, fact_of, recorded
from scoring.sheets.ops import Op, read_op
from scoring.states import AdjustmentState, SheetState, why_not_adjust, why_not_decide

Raw = Mapping[str, Any]
# Names the event of an adjustment the same for ever.
_EVENTS = UUID("0d0f4a51-5f0a-5b5c-9f6e-2f6b8d7f6b10")


def ask(*, op_id: UUID, month: Month, raw: Raw, by: User, ruled: bool = False) -> Answer:
    """Ask for a correction of a frozen month; `raw` as in POST /api/v1/adjustments/.

    {household|division, clause, date, document_no, note, reason} adds an event (without a date on the month's last day; the
    twin of a standing one only with `again`),
    {withdraw, reason} takes one back. `reason` is for those who decide; everybody else reads `public_reason`, one of a list
    (left out: a neutral one). Whoever has `ruled` that an objection is upheld holds the first key of its correction. Answers
    {"id", "state"}.
    """

    def act() -> Answer:
        adjustment = _request(month, {**raw, "op_id": op_id}, by, ruled=ruled)
        _check(adjustment)
        _add(adjustment)
        _audit(by, "adjustment.ask", adjustment)
        return _answer(adjustment)

    return once(op_id=op_id, by=by, kind="adjustment.ask", payload={"month": month, **raw}, act=act)


def grant(*, op_id: UUID, adjustment: int, by: User) -> Answer:
    """Grant a request: the event is written or withdrawn, and every level restated. Answers {"id", "state",
    "event", "version"}; of two who grant at once the second is told (409)."""

    def act() -> Answer:
        wanted = _undecided(adjustment, by)
        _hold_month(wanted)
        _check(wanted)
        event = _withdraw(wanted, by) if wanted.withdraws else _write(wanted, by)
        version = _restate(wanted)
        _decide(wanted, AdjustmentState.GRANTED, by, event=event, version=version)
        _audit(by, "adjustment.grant", wanted, version=version)
        return {**_answer(wanted), "event": event.pk, "version": version}

    return once(op_id=op_id, by=by, kind="adjustment.grant", payload={"adjustment": adjustment}, act=act)


def refuse(*, op_id: UUID, adjustment: int, reason: str, by: User) -> Answer:
    """Refuse a request with a reason. Answers {"id", "state"}."""

    def act() -> Answer:
        wanted = _undecided(adjustment, by)
        _check_reason(reason)
        _decide(wanted, AdjustmentState.REFUSED, by, answer=reason)
        _audit(by, "adjustment.refuse", wanted)
        return _answer(wanted)

    payload = {"adjustment": adjustment, "reason": reason}
    return once(op_id=op_id, by=by, kind="adjustment.refuse", payload=payload, act=act)


def _request(month: Month, raw: Raw, by: User, *, ruled: bool) -> Adjustment:
    """The request as it was sent, read and within the person's reach."""
    readable(month)
    takes_back, adds = raw.get("withdraw") not in (None, ""), bool(raw.get("clause"))
    if takes_back == adds:
        raise Refused(
            "add_or_withdraw",
            "请写明要补记哪一条，或者要撤回哪一条，两样只能选一样。",
            fields={"clause": "补记时填写", "withdraw": "撤回时填写"},
        )
    reason = read_op({**raw, "type": "undeclare"}).reason
    _check_reason(reason)
    public_reason = _listed(raw.get("public_reason") or PublicReason.REVIEWED)
    adjustment = _withdrawal(month, raw, by) if takes_back else _addition(month, raw, by)
    adjustment.reason, adjustment.public_reason, adjustment.asked_by = reason, public_reason, by
    if not ruled and not may(by, Permission.ASK_RESTATEMENT, at=adjustment.code):
        raise Refused("not_yours", "只有所在乡镇可以申请调整。", hint="请告诉乡镇，由乡镇申请。")
    return adjustment


def _listed(public_reason: object) -> PublicReason:
    if public_reason not in set(PublicReason):
        raise Refused("public_reason_unknown", "公开的原因要从列出的里面选。", fields={"public_reason": "请选择"})
    return PublicReason(str(public_reason))


def _withdrawal(month: Month, raw: Raw, by: User) -> Adjustment:
    op = read_op({**raw, "type": "withdraw", "event": raw["withdraw"]})
    found = ScoreEvent.objects.filter(period=month, pk=op.event or 0).within(by.scope)
    event = found.select_related("clause__indicator", "period").first()
    if event is None or not event.code.startswith(_place(raw, event)):
        raise Refused("event_unknown", "本月没有这一条例外。", hint="请从得分说明里选要撤回的那一条。")
    return Adjustment(period=event.period, code=event.code, event=event)


def _place(raw: Raw, event: ScoreEvent) -> str:
    """Whom the request names; a withdrawal may leave it to its event."""
    return str(raw.get("household") or raw.get("division") or event.code)


def _addition(month: Month, raw: Raw, by: User) -> Adjustment:
    op = read_op({**raw, "type": "add", "date": _day(raw) or last_day(month).isoformat()})
    clauses = Clause.objects.filter(scheme__periods=month, code=op.clause).select_related("indicator", "scheme")
    clause = entries.check_clause({clause.code: clause for clause in clauses}, op)
    if not by.scope.covers(op.code):
        raise Refused("place_unknown", f"{op.code} 不在您的管辖范围内。", fields={"household": "不归您管"})
    _check_recorder(by, clause)
    added = _added(month, op, clause)
    _check_twin(added, by, again=op.again)
    return added


def _check_twin(added: Adjustment, by: User, *, again: bool) -> None:
    """The guard of every door to an event: what stands already is named, and asked for beside it only when it is meant."""
    same_day = ScoreEvent.objects.standing().filter(
        period=added.period_id, code=added.code, date=added.date, clause=added.clause
    )
    known = Twins(recorded(event, by=by) for event in same_day.select_related("clause__indicator", "recorded_by"))
    twin = known.find(fact_of(added), again=again)
    if twin:
        raise Refused("twin", twin.sentence, hint=MEANT, status=409, fields={"again": "确实又发生了一次才选"})


def _added(month: Month, op: Op, clause: Clause) -> Adjustment:
    return Adjustment(
        period_id=month,
        code=op.code,
        clause=clause,
        date=entries.check_day(month, op.day),
        document_no=op.document_no,
        note=op.note,
    )


def _day(raw: Raw) -> object:
    given = raw.get("date")
    return given.isoformat() if isinstance(given, date) else given


def _check_recorder(by: User, clause: Clause) -> None:
    """The rules of a sheet: the township's own clauses, or those that the county office, which grants, may record."""
    if not may_record(Role.COUNTY_OFFICE, clause.recorder):
        entries.check_recorder(by, clause)


def _check(adjustment: Adjustment) -> None:
    """Refuse unless the month is frozen there, and the place or the event stands as it did."""
    village, month = village_of(adjustment.code), adjustment.period_id
    if not is_level(village, Level.VILLAGE):
        raise Refused("place_level", "只能调整户、组、村的记录。", fields={"division": "应为组、村的代码"})
    lies_in_file = Exists(archived().filter(month=OuterRef("period_id")))
    found = Sheet.objects.filter(period=month, village=village).values_list("state", lies_in_file).first()
    state, is_archived = found or (SheetState.OPEN, False)
    refused = why_not_adjust(SheetState(state))
    if refused:
        raise Refused("not_frozen", refused)
    if is_archived:
        raise Refused("archived", sentence(month))
    if adjustment.withdraws:
        if adjustment.event is not None and adjustment.event.withdrawn_at:
            raise Refused("withdrawn", "这一条已经被撤回。", status=409)
    elif not _has_result(month, adjustment.code):
        raise Refused("place_unknown", f"{adjustment.code} 本月没有得分，不能补记。", hint="请先核对代码。")


def _has_result(month: Month, code: str) -> bool:
    model = HouseholdScore if is_level(code, Level.HOUSEHOLD) else DivisionScore
    return bool(model.objects.filter(month=month, code=code).exists())


def _add(adjustment: Adjustment) -> None:
    """Write the request down; the database refuses one that waits for a decision already."""
    try:
        with transaction.atomic():
            adjustment.save(force_insert=True)
    except IntegrityError as twice:
        raise Refused("asked_before", "同样的调整已经有人申请，正等县六零办决定。", status=409) from twice


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason_missing", "请写明原因。", fields={"reason": "必填"})


def _undecided(number: int, by: User) -> Adjustment:
    """The request, locked: whoever comes second reads what the first one decided."""
    people = ("event__clause", "clause__indicator", "period")
    locked = Adjustment.objects.select_for_update(of=["self"]).select_related(*people)
    adjustment = locked.within(by.scope).filter(pk=number).first()
    if adjustment is None:
        raise Refused("adjustment_unknown", "没有这一件调整申请。", status=404)
    refused = why_not_decide(AdjustmentState(adjustment.state), own=adjustment.asked_by_id == by.pk)
    if refused:
        raise Refused("decided", refused, status=409)
    if not may(by, Permission.GRANT_RESTATEMENT, at=adjustment.code):
        raise Refused("not_yours", "只有县六零办可以决定调整。")
    check_key(by, adjustment.asked_by)
    return adjustment


def _hold_month(adjustment: Adjustment) -> None:
    """Hold every sheet of the county's month, in their order: no freezing begins or ends while we restate.

    Otherwise the rankings archived here could be newer than villages frozen meanwhile, and their freezing never be finished.
    """
    month, county = adjustment.period_id, county_of(adjustment.code)
    sheets = Sheet.objects.select_for_update().filter(lies_in(county, "village"), period=month)
    list(sheets.order_by("pk").values_list("pk"))
    if county in snapshots.counties_behind(month):
        raise Refused("freezing", "本月正在锁定，还没有完成。", hint="请过几分钟再试。", status=409)
    if adjustment.withdraws and adjustment.event is not None:
        adjustment.event.refresh_from_db()


def _write(adjustment: Adjustment, by: User) -> ScoreEvent:
    """The event of an addition: by the one of the two who may record it, confirmed by the other."""
    clause = adjustment.clause
    assert clause is not None and adjustment.date is not None
    asker_records = may_record(adjustment.asked_by.role, clause.recorder)
    recorder, second = (adjustment.asked_by, by) if asker_records else (by, adjustment.asked_by)
    return ScoreEvent.objects.create(
        op_id=uuid5(_EVENTS, str(adjustment.pk)),
        period=adjustment.period,
        code=adjustment.code,
        clause=clause,
        indicator=clause.indicator.position,
        kind=clause.kind,
        points=clause.points,
        date=adjustment.date,
        document_no=adjustment.document_no,
        note=adjustment.note,
        source=Source.ADJUSTMENT,
        recorded_by=recorder,
        confirmed_by=second,
        confirmed_at=timezone.now(),
    )


def _withdraw(adjustment: Adjustment, by: User) -> ScoreEvent:
    event = adjustment.event
    assert event is not None
    event.withdrawn_at, event.withdrawn_by, event.withdraw_reason = (
        timezone.now(),
        by,
        PublicReason(adjustment.public_reason).label,
    )
    event.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
    return event


@transaction.atomic
def _restate(adjustment: Adjustment) -> int:
    """Scores, points and rankings of every level; returns the version of the rankings archived."""
    month, village = adjustment.period_id, village_of(adjustment.code)
    Sheet.objects.filter(period=month, village=village).update(version=F("version") + 1)
    rollup.restate(month, village)
    text = restated(month, PublicReason(adjustment.public_reason))
    ledger.restate(month, [village], key=f"adjustment:{adjustment.pk}", text=text)
    archived = snapshots.keep(month, county_of(village), reason=text)
    return archived[0].version


def _decide(
    adjustment: Adjustment,
    state: AdjustmentState,
    by: User,
    *,
    event: ScoreEvent | None = None,
    version: int | None = None,
    answer: str = "",
) -> None:
    adjustment.state, adjustment.decided_by, adjustment.decided_at = state, by, timezone.now()
    adjustment.version, adjustment.answer = version, answer
    adjustment.event = event or adjustment.event
    adjustment.save(update_fields=["state", "decided_by", "decided_at", "version", "answer", "event"])
    tell("adjustment.decided", key=adjustment.pk, to=[post_of(adjustment.asked_by)], about=[adjustment.pk, state.value])
    _tell_household(adjustment, state)


def _tell_household(adjustment: Adjustment, state: AdjustmentState) -> None:
    """Of one that was granted, and of one refused that its objection led to: any other refusal changed nothing for it."""
    granted = state is AdjustmentState.GRANTED
    contested = Objection.objects.filter(adjustment=adjustment).exists()
    if is_level(adjustment.code, Level.HOUSEHOLD) and (granted or contested):
        clause = adjustment.event.clause if adjustment.event else adjustment.clause
        secret = clause is not None and clause.indicator.code == PETITION
        kind = "adjustment.decided" if granted else "objection.decided"
        put(kind, key=adjustment.pk, households=[adjustment.code], quiet=secret)


def _answer(adjustment: Adjustment) -> Answer:
    return {"id": adjustment.pk, "state": str(adjustment.state)}


def _audit(by: User, action: str, adjustment: Adjustment, **detail: Any) -> None:
    about = {"event": adjustment.event_id} if adjustment.event_id else {"clause": adjustment.clause.code}  # type: ignore[union-attr]
    audit.record(
        by,
        action,
        place=adjustment.code,
        subject=adjustment,
        month=adjustment.period_id,
        public_reason=adjustment.public_reason,
        **about,
        **detail,
    )
