"""A department files what it has found, with its document's number, and takes back what was wrong.

On an open sheet a finding becomes an entry that waits for a second person. One that comes when the month is signed for goes to the
village, to be explained, and to the township, to be put right.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from households import audit
from households.codes import Level, reaches, township_of, village_of
from households.inbox.actions import tell
from households.models import Division, User
from households.months import month_of
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from households.words.keys import key
from scoring.finding_states import FindingState
from scoring.models import Finding, ScoreEvent, Sheet
from scoring.months.months import locked_sheet_of, open_month
from scoring.rollup import marks
from scoring.schemes.redlines import PETITION
from scoring.sheets.actions import entries
from scoring.sheets.actions.above import hold_below, withdraw_above
from scoring.sheets.actions.landing import entry_of, land
from scoring.sheets.actions.sheets import apply_ops, registered
from scoring.sheets.actions.twins import MEANT, Twins, fact_of, recorded
from scoring.sheets.ops import Op, OpType, Status, read_op
from scoring.states import SheetState

Raw = Mapping[str, Any]


def file(*, op_id: UUID, raw: Raw, by: User) -> Answer:
    """File a finding; `raw` is {household|division, clause, date, document_no, note, again}. Answers {"id", "state", "event"}.

    Refused under another department's clause, without a document, for what stands already unless it is meant (`again`).
    """

    def act() -> Answer:
        return answer_of(filed(op_id, {**raw, "op_id": str(op_id)}, by))

    return once(op_id=op_id, by=by, kind="finding.file", payload=dict(raw), act=act)


@transaction.atomic
def filed(op_id: UUID, raw: Raw, by: User) -> Finding:
    """The finding, written down; the rules of `file`."""
    op = read_op({**raw, "op_id": str(op_id), "type": OpType.ADD.value})
    finding = _read(op, by)
    sheet = _sheet_of(finding)
    _check_place(finding)
    _check_twin(finding, by, again=op.again)
    finding.save(force_insert=True)
    is_open = sheet is None or sheet.state == SheetState.OPEN
    if is_open:
        _land(finding, sheet)
    else:
        to = [(Role.CADRE, village_of(finding.code)), (Role.TOWNSHIP, township_of(finding.code))]
        tell("finding.late", key=finding.pk, to=to, about=[finding.pk, finding.period_id])
    audit.record(
        by, "finding.file", place=op.code, subject=finding, clause=op.clause, date=str(op.day), late=not is_open
    )
    return finding


def withdraw(*, op_id: UUID, finding: int, reason: str, by: User) -> Answer:
    """Its department takes it back, and its entry while the sheet is open. Answers {"id", "state", "event"}."""

    def act() -> Answer:
        found = _own(finding, by)
        if not reason.strip():
            raise Refused("reason_missing", "撤回要写明原因。", fields={"reason": "必填"})
        if found.event:
            _withdraw_entry(op_id, found, reason.strip(), by)
        elif found.state in (FindingState.LATE, FindingState.EXPLAINED, FindingState.DECLINED) and not found.adjustment:
            found.withdrawn_at, found.withdraw_reason = timezone.now(), reason.strip()
            found.save(update_fields=["withdrawn_at", "withdraw_reason"])
        else:
            raise Refused("not_open", f"这一件{found.state.label}，不能撤回。", status=409)
        audit.record(by, "finding.withdraw", place=found.code, subject=found)
        return answer_of(_own(finding, by))

    return once(op_id=op_id, by=by, kind="finding.withdraw", payload={"finding": finding, "reason": reason}, act=act)


def answer_of(finding: Finding) -> Answer:
    """What the interface says of one that was just written."""
    return {"id": finding.pk, "state": finding.state.value, "event": finding.event_id}


def _read(op: Op, by: User) -> Finding:
    """The finding as it was sent, under a clause that is the department's own."""
    if by.department_id is None or not may(by, Permission.FILE_FINDING):
        raise Refused("not_yours", "只有县直部门可以交认定。", status=403)
    if not by.scope.covers(op.code):
        raise Refused(
            "place_unknown", f"{op.code} 不在本部门联系的地方。", fields={"household": "不归您管"}, status=404
        )
    if op.day is None:
        raise Refused("date_unreadable", "请写明日期。", fields={"date": "必填"})
    if not op.document_no:
        raise Refused(
            "document_required", "认定要有文书号。", hint="请填写决定书或告知书的文号。", fields={"document_no": "必填"}
        )
    period = open_month(month_of(op.day), op.code)
    entries.check_day(period.month, op.day)
    clause = entries.clause_of(op, period.scheme_id, by=by)
    if clause.indicator.code == PETITION:
        raise Refused("petition", "信访事项从不作为认定的来源。", hint="依法信访不扣分。")
    return Finding(
        op_id=op.op_id,
        period=period,
        code=op.code,
        clause=clause,
        date=op.day,
        document_no=op.document_no,
        note=op.note,
        department_id=by.department_id,
        filed_by=by,
    )


def _sheet_of(finding: Finding) -> Sheet | None:
    """The village's sheet, held; of a place above the villages none, and it is refused when one below is closed."""
    village = Division.objects.filter(code=village_of(finding.code)).first()
    if reaches(finding.code, Level.VILLAGE) and village:
        return locked_sheet_of(month=finding.period_id, village=village)
    hold_below(finding.period_id, finding.code)
    return None


def _check_place(finding: Finding) -> None:
    if finding.code not in registered([finding.code], finding.period_id):
        raise Refused("place_unknown", f"{finding.code} 本月不在册。", fields={"household": "不在册"})


def _check_twin(finding: Finding, by: User, *, again: bool) -> None:
    """The guard of every door: what stands on the sheet, or was filed and waits, is not filed a second time."""
    same = {"period": finding.period_id, "code": finding.code, "clause": finding.clause, "date": finding.date}
    known = ScoreEvent.objects.standing().filter(**same).select_related("clause__indicator", "recorded_by")
    wanted = fact_of(entry_of(finding, Sheet(period=finding.period)))
    twin = Twins(recorded(event, by=by) for event in known).find(wanted, again=again)
    waits = Finding.objects.unlanded().filter(**same)
    filed_before = not again and any(key(one.document_no) == key(finding.document_no) for one in waits)
    if twin or filed_before:
        sentence = twin.sentence if twin else "同一件认定已经交过，正在等处理。"
        raise Refused("twin", sentence, hint=MEANT, status=409, fields={"again": "确实又发生了一次才选"})


def _land(finding: Finding, sheet: Sheet | None) -> None:
    """Onto the open sheet, or, for a place above the villages, as an entry of its own."""
    if sheet is None:
        finding.event = entry_of(finding, Sheet(period=finding.period))
        finding.event.save(force_insert=True)
        finding.save(update_fields=["event"])
    else:
        land(finding, sheet)
        Sheet.objects.filter(pk=sheet.pk).update(version=sheet.version + 1)
    marks.touch(finding.period_id, [finding.code])


def _own(number: int, by: User) -> Finding:
    """The finding, its row held; 404 for another department's."""
    own = Finding.objects.filter(pk=number, department=by.department_id or "")
    if not own.select_for_update().exists():
        raise Refused("finding_unknown", "没有这一件认定。", status=404)
    found: Finding = own.whole().get()
    return found


def _withdraw_entry(op_id: UUID, found: Finding, reason: str, by: User) -> None:
    """The same as withdrawing it on the sheet."""
    village = Division.objects.filter(code=village_of(found.code)).first()
    if village is None or not reaches(found.code, Level.VILLAGE):
        withdraw_above(op_id=uuid5(op_id, "entry"), event=found.event_id or 0, reason=reason, by=by)
        return
    wanted = {"op_id": str(uuid5(op_id, "entry")), "type": OpType.WITHDRAW.value, "event": found.event_id}
    batch = apply_ops(
        month=found.period_id, village=village, raws=[{**wanted, "reason": reason}], base_version=None, by=by
    )
    [outcome] = batch.outcomes
    if outcome.status is not Status.APPLIED:
        raise Refused(outcome.code or "refused", outcome.reason, status=409)
