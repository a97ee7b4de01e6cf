"""Everything that is written to a village's month: entries, withdrawals, confirmations, the declaration.

All of it goes through `apply_ops`: one transaction, the sheet's row locked, a handful of statements however many
operations there are. Every operation carries an id its client made; the same id is answered the same the second time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.models import AuditEvent, Division, Household, Operation, User
from households.months import last_day
from households.operations import actor_of, answered, check_same, digest_of
from households.permissions import Permission, may
from households.refusals import Refused
from scoring import marks
from scoring.actions import entries
from scoring.actions.months import locked, sheet_of
from scoring.models import Clause, Declaration, ScoreEvent, Sheet
from scoring.ops import MAX_OPS, Op, OpType, Outcome, Status, read_id, read_op
from scoring.states import SheetAction, SheetState, why_not

KIND = "sheet"


@dataclass(frozen=True)
class Batch:
    """The sheet's version after the operations, and what became of each, in their order."""

    version: int
    outcomes: list[Outcome]


def apply_ops(
    *, month: str, village: Division, raws: Sequence[Mapping[str, Any]], base_version: int | None, by: User
) -> Batch:
    """Apply operations in their order. One that is refused leaves the others standing.

    `base_version` is the version the person's page was made from: a fact recorded since then by someone else for the
    same household, clause and day is a conflict, and so is a declaration over numbers that have moved.
    Raises Refused only when the request as a whole cannot be read.
    """
    if len(raws) > MAX_OPS:
        raise Refused("too_many_ops", f"一次最多提交 {MAX_OPS} 条。", status=400)
    ids = [read_id(raw) for raw in raws]
    with transaction.atomic():
        sheet = locked(sheet_of(month=month, village=village))
        run = _Run(sheet, base_version, by, known=answered(ids))
        run.load(raws)
        for op_id, raw in zip(ids, raws, strict=True):
            run.take(op_id, raw)
        run.finish()
    return Batch(run.version, [run.outcomes[op_id] for op_id in ids])


class _Run:
    """One batch on one locked sheet. Entries are gathered and written together."""

    def __init__(self, sheet: Sheet, base_version: int | None, by: User, *, known: Mapping[UUID, Operation]) -> None:
        self.sheet, self.base_version, self.by, self.known = sheet, base_version, by, known
        self.version = self.seen_version = sheet.version
        self.outcomes: dict[UUID, Outcome] = {}
        self.ops: list[Operation] = []
        self.lines: list[AuditEvent] = []
        self.fresh: list[ScoreEvent] = []
        self.touched: set[str] = set()

    def load(self, raws: Sequence[Mapping[str, Any]]) -> None:
        """Fetch once whatever the operations name."""
        codes = {str(raw.get("household") or raw.get("division") or "")[:18] for raw in raws}
        numbers = {int(str(raw["event"])) for raw in raws if str(raw.get("event") or "").isdecimal()}
        month = self.sheet.period_id
        self.clauses = {c.code: c for c in Clause.objects.filter(scheme=self.sheet.period.scheme).select_related("indicator")}
        self.places = set(_places(codes, month)) if any(codes) else set()
        wanted = ScoreEvent.objects.select_related("clause", "recorded_by").filter(period=month)
        inside = wanted.filter(code__gte=self.sheet.village_id, code__lt=self.sheet.village_id + ":")
        self.events = {e.pk: e for e in inside.filter(pk__in=[n for n in numbers if n < 2**63])} if numbers else {}
        self.standing = list(wanted.filter(code__in=codes, withdrawn_at=None)) if any(codes) else []

    def take(self, op_id: UUID, raw: Mapping[str, Any]) -> None:
        """Answer one operation and remember the answer."""
        if op_id in self.outcomes:
            return
        if op_id in self.known:
            self.outcomes[op_id] = self._again(op_id, raw)
            return
        try:
            outcome = self._do(read_op(raw))
        except Refused as refusal:
            outcome = Outcome(op_id, Status.REFUSED, refusal.sentence)
        self.outcomes[op_id] = outcome
        self.ops.append(Operation(op_id=op_id, actor=actor_of(self.by), kind=KIND, digest=digest_of(dict(raw))))

    def _again(self, op_id: UUID, raw: Mapping[str, Any]) -> Outcome:
        known = self.known[op_id]
        try:
            check_same(known, by=self.by, kind=KIND, payload=dict(raw))
        except Refused as refusal:
            return Outcome(op_id, Status.REFUSED, refusal.sentence)
        status = Status(known.answer["status"])
        repeated = Status.EXISTS if status is Status.APPLIED else status
        return Outcome(op_id, repeated, known.answer["reason"], known.answer["event"])

    def _do(self, op: Op) -> Outcome:
        act = {
            OpType.ADD: self._add,
            OpType.WITHDRAW: self._withdraw,
            OpType.CONFIRM: self._confirm,
            OpType.DECLARE: self._declare,
            OpType.UNDECLARE: self._undeclare,
        }[op.type]
        return act(op)

    def _add(self, op: Op) -> Outcome:
        entries.check_open(self.sheet)
        entries.check_place(self.sheet, op.code, self.places)
        clause = entries.check_clause(self.clauses, op)
        entries.check_recorder(self.by, clause, op.code)
        twin = entries.check_unseen(op, self.base_version, self.standing)
        if twin:
            who = twin.recorded_by.display_name if twin.recorded_by else "县六零办"
            return Outcome(op.op_id, Status.CONFLICT, f"{who}刚刚登记过同一天的这一条，没有重复登记。", twin.pk)
        event = entries.build(self.sheet, op, clause, by=self.by, version=self.version + 1)
        self.fresh.append(event)
        self._note("event.record", op.code, clause=clause.code, date=op.day)
        return Outcome(op.op_id, Status.APPLIED)

    def _event(self, op: Op) -> ScoreEvent:
        event = self.events.get(op.event or 0)
        if event is None:
            raise Refused("event_unknown", "本村本月没有这一条例外。", hint="请刷新页面再看。")
        return event

    def _withdraw(self, op: Op) -> Outcome:
        event = self._event(op)
        if event.withdrawn_at:
            return Outcome(op.op_id, Status.CONFLICT, "这一条已经被撤回。", event.pk)
        entries.check_open(self.sheet)
        entries.check_withdrawal(event, by=self.by, reason=op.reason)
        event.withdrawn_at, event.withdrawn_by, event.withdraw_reason = timezone.now(), self.by, op.reason
        event.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
        self._note("event.withdraw", event.code, event=event.pk, reason=op.reason)
        return Outcome(op.op_id, Status.APPLIED, event=event.pk)

    def _confirm(self, op: Op) -> Outcome:
        event = self._event(op)
        if event.withdrawn_at or event.confirmed_at:
            reason = "这一条已经被撤回。" if event.withdrawn_at else "这一条已经有人确认。"
            return Outcome(op.op_id, Status.CONFLICT, reason, event.pk)
        entries.check_open(self.sheet)
        entries.check_confirmation(event, by=self.by)
        event.confirmed_at, event.confirmed_by = timezone.now(), self.by
        event.save(update_fields=["confirmed_at", "confirmed_by"])
        self._note("event.confirm", event.code, event=event.pk)
        return Outcome(op.op_id, Status.APPLIED, event=event.pk)

    def _declare(self, op: Op) -> Outcome:
        if self.base_version is not None and self.base_version < self.seen_version:
            return Outcome(op.op_id, Status.CONFLICT, "台账刚刚有人改过，请核对最新的例外后再申报。")
        if not may(self.by, Permission.DECLARE, at=self.sheet.village_id):
            raise Refused("not_yours", "只有本村村干部可以申报。")
        self._write_events()
        sign(self.sheet, by=self.by)
        self._note("sheet.declare", self.sheet.village_id)
        return Outcome(op.op_id, Status.APPLIED)

    def _undeclare(self, op: Op) -> Outcome:
        if not may(self.by, Permission.DECLARE, at=self.sheet.village_id):
            raise Refused("not_yours", "只有本村村干部可以撤回申报。")
        reopen(self.sheet, SheetAction.UNDECLARE, reason=op.reason)
        self._note("sheet.undeclare", self.sheet.village_id, reason=op.reason)
        return Outcome(op.op_id, Status.APPLIED)

    def _note(self, action: str, code: str, **detail: Any) -> None:
        self.version += 1
        self.touched.add(code)
        detail = {key: str(value) for key, value in detail.items()}
        self.lines.append(audit.line(self.by, action, place=code, subject=self.sheet, **detail))

    def _write_events(self) -> None:
        for event in ScoreEvent.objects.bulk_create(self.fresh):
            self.outcomes[event.op_id] = Outcome(event.op_id, Status.APPLIED, event=event.pk)
        self.fresh = []

    def finish(self) -> None:
        """Write what was gathered: events, answers, marks, version, audit."""
        self._write_events()
        for operation in self.ops:
            operation.answer = self.outcomes[operation.op_id].as_dict()
        Operation.objects.bulk_create(self.ops)
        if self.version != self.seen_version:
            Sheet.objects.filter(pk=self.sheet.pk).update(version=self.version)
            marks.touch(self.sheet.period_id, self.touched)
            audit.record_all(self.lines)


def _places(codes: set[str], month: str) -> list[str]:
    """Those of `codes` that count in the month: households and divisions."""
    day = last_day(month)
    households = Household.objects.filter(code__in=codes).active(day).values_list("code")
    divisions = Division.objects.filter(code__in=codes).active(day).values_list("code")
    return [row[0] for row in households.order_by().union(divisions.order_by(), all=True)]


def sign(sheet: Sheet, *, by: User | None) -> Declaration:
    """Sign 「其余 N 户六项为零」 over a locked sheet: the snapshot of its households is taken here."""
    refused = why_not(SheetAction.DECLARE, SheetState(sheet.state))
    if refused:
        raise Refused("sheet_state", refused)
    village, month = sheet.village_id, sheet.period_id
    active = Household.objects.filter(code__gte=village, code__lt=village + ":").active(last_day(month))
    codes = list(active.values_list("code", flat=True))
    if not codes:
        raise Refused("no_households", f"{sheet.village.name}没有在册的户，不能申报。", hint="请先导入户名册。")
    standing = ScoreEvent.objects.standing().filter(period=month, code__gte=village, code__lt=village + ":")
    exceptions = len(set(standing.values_list("code", flat=True)) & set(codes))
    signed = Declaration.objects.create(sheet=sheet, households=codes, exceptions=exceptions, signed_by=by)
    _move(sheet, SheetState.DECLARED)
    return signed


def reopen(sheet: Sheet, action: SheetAction, *, reason: str) -> None:
    """Take the standing declaration back (by the cadre or by the township) and open the locked sheet again."""
    refused = why_not(action, SheetState(sheet.state))
    if refused:
        raise Refused("sheet_state", refused)
    if not reason:
        raise Refused("reason_missing", f"{action.label}要写明原因。", fields={"reason": "必填"})
    standing = Declaration.objects.filter(sheet=sheet, withdrawn_at=None)
    standing.update(withdrawn_at=timezone.now(), withdraw_reason=reason)
    _move(sheet, SheetState.OPEN)


def _move(sheet: Sheet, state: SheetState) -> None:
    Sheet.objects.filter(pk=sheet.pk).update(state=state)
    sheet.state = state


@transaction.atomic
def declare(*, sheet: Sheet, by: User | None) -> Declaration:
    """Declare one sheet outside a batch (the county's command, tests). Refused as in `sign`."""
    sheet = locked(sheet)
    signed = sign(sheet, by=by)
    Sheet.objects.filter(pk=sheet.pk).update(version=F("version") + 1)
    marks.touch(sheet.period_id, [sheet.village_id])
    audit.record(by, "sheet.declare", place=sheet.village_id, subject=sheet)
    return signed
