"""Everything that is written to a village's month: entries, withdrawals, confirmations, the declaration.

All of it goes through `apply_ops`: one transaction, the sheet's row locked, a handful of statements however many
operations there are. Every operation carries an id its client made; the same id is answered the same the second time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.kin.reads import households_of
from households.models import AuditEvent, Division, Household, Operation, User
from households.months import last_day
from households.operations import actor_of, answered, check_same, digest_of
from households.permissions import Permission, may
from households.refusals import Refused
from households.scope import lies_in
from scoring.models import Clause, Declaration, ScoreEvent, Sheet, Source
from scoring.months.months import locked, locked_sheet_of
from scoring.rollup import marks
from scoring.sheets.actions import entries
from scoring.sheets.actions.holding import Held, HeldOp
from scoring.sheets.actions.signing import reopen, sent_back_unchanged, sign
from scoring.sheets.actions.twins import MEANT, RecordedFact, Twins, fact_of, recorded
from scoring.sheets.ops import MAX_OPS, Op, OpOutcome, OpType, Status, awaited, content_of, read_id, read_op
from scoring.states import SheetAction, SheetState

KIND = "sheet"
TWIN, RACED, LOCKED = "twin", "raced", "sheet_locked"
UNCHANGED = "unchanged"
AS_IT_WAS = "乡镇退回以后，这份台账一处也没有改。请先改好；确实不用改的，核对以后可以原样再报。"
PEOPLE = ("clause__indicator", "recorded_by__department", "confirmed_by__department")
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class AppliedBatch:
    """The sheet's version and state after the operations, what became of each in their order, the events written.

    `answered` says when each was answered first.
    """

    version: int
    state: SheetState
    outcomes: list[OpOutcome]
    events: list[ScoreEvent]
    answered: Mapping[UUID, datetime]


def apply_ops(
    *,
    month: str,
    village: Division,
    raws: Sequence[Raw],
    base_version: int | None,
    by: User,
    source: Source = Source.SHEET,
) -> AppliedBatch:
    """Apply operations in their order. One that is refused leaves the others standing.

    `base_version` is the version the person's page was made from: a fact recorded since then by someone else for the
    same household, clause and day is a conflict, and so is a declaration over numbers that have moved. None claims
    nothing. `source` is the paper or file they come from.

    Raises Refused only when the request as a whole cannot be read, or claims a version that never was.
    """
    if len(raws) > MAX_OPS:
        raise Refused("too_many_ops", f"一次最多提交 {MAX_OPS} 条。", status=400)
    try:
        return _apply(month, village, raws, base_version, by=by, source=source)
    except IntegrityError:
        # One of the ids was being used elsewhere at this very moment; by now its answer is known.
        return _apply(month, village, raws, base_version, by=by, source=source)


@transaction.atomic
def _apply(
    month: str, village: Division, raws: Sequence[Raw], base_version: int | None, *, by: User, source: Source
) -> AppliedBatch:
    sheet = locked_sheet_of(month=month, village=village)
    if base_version is not None and base_version > sheet.version:
        raise Refused("version_unknown", "页面上的台账和服务器对不上。", hint="请刷新页面再提交。", status=409)
    held = Held(sheet)
    run = _Run(sheet, base_version, by, source).through(raws, held)
    _follow(held, held.take(run.known), run.version)
    held.save()
    return AppliedBatch(
        sheet.version,
        SheetState(sheet.state),
        [run.answer(raw) for raw in raws],
        list(run.changed.values()),
        {op_id: known.at for op_id, known in run.known.items()},
    )


def _follow(held: Held, ready: Sequence[HeldOp], version: int) -> None:
    """Carry out what waited for what has just been answered, each as whoever sent it; and what waited for that."""
    waiting = list(ready)
    while waiting:
        one = waiting.pop(0)
        held.sheet.version = version
        by = User.objects.select_related("division", "department").get(pk=one.by)
        run = _Run(held.sheet, one.base, by, Source(one.source)).through([one.raw], held, forced=True)
        version = run.version
        waiting += held.take(run.known)
    held.sheet.version = version


@transaction.atomic
def force_held(sheet: Sheet) -> int:
    """Carry out what has waited for five days with this sheet, without what it waits for; how many."""
    held = Held(locked(sheet))
    overdue = held.take_overdue(timezone.now())
    for one in overdue:
        detail = {"op": str(one.op_id), "awaits": "、".join(map(str, one.awaits))}
        audit.record(None, "sheet.force", place=held.sheet.village_id, subject=held.sheet, **detail)
    _follow(held, overdue, held.sheet.version)
    held.save()
    return len(overdue)


class _Run:
    """One batch on one locked sheet: read all, load what they name, act in order, write together, answer."""

    def __init__(self, sheet: Sheet, base_version: int | None, by: User, source: Source) -> None:
        self.sheet, self.base_version, self.by, self.source = sheet, base_version, by, source
        self.version = self.seen_version = sheet.version
        self.known: dict[UUID, Operation] = {}
        self.first: dict[UUID, Raw] = {}
        self.ops: list[Op] = []
        self.outcomes: dict[UUID, OpOutcome] = {}
        self.held: dict[UUID, OpOutcome] = {}
        self.lines: list[AuditEvent] = []
        self.touched: set[str] = set()
        self.changed: dict[UUID, ScoreEvent] = {}
        self.fresh: list[ScoreEvent] = []
        self.withdrawn: list[ScoreEvent] = []
        self.confirmed: list[ScoreEvent] = []

    def through(self, raws: Sequence[Raw], held: Held, *, forced: bool = False) -> "_Run":
        """All of it; `forced` waits for nothing that has not come."""
        self.read(raws, held, forced=forced)
        self.load()
        self.act()
        self.write()
        return self

    def read(self, raws: Sequence[Raw], held: Held, *, forced: bool) -> None:
        """Tell new operations from answered ones, readable ones from others, and those that came too early."""
        self.known = answered({*map(read_id, raws), *(each for raw in raws for each in _awaited(raw))})
        for raw in raws:
            op_id = read_id(raw)
            if op_id in self.known or op_id in self.first:
                continue
            missing = [each for each in _awaited(raw) if each not in self.known and each not in self.first]
            if missing and not forced:
                self.held[op_id] = self._hold(raw, held, missing)
                continue
            self.first[op_id] = raw
            try:
                awaited(raw)
                self.ops.append(read_op(raw))
            except Refused as refusal:
                self.outcomes[op_id] = OpOutcome.refused(op_id, refusal)

    def _hold(self, raw: Raw, held: Held, missing: Sequence[UUID]) -> OpOutcome:
        """Held or not: its id is not used up by that."""
        try:
            base, source = self.base_version, self.source.value
            return held.hold(raw, by=self.by, base=base, source=source, awaits=missing)
        except Refused as refusal:
            return OpOutcome.refused(read_id(raw), refusal)

    def load(self) -> None:
        """Fetch once whatever the operations name, and nothing outside the person's part of the village."""
        codes = {op.code for op in self.ops if op.code}
        numbers = {op.event for op in self.ops if op.event is not None}
        month, village = self.sheet.period_id, self.sheet.village_id
        clauses = Clause.objects.filter(scheme=self.sheet.period.scheme_id, code__in={op.clause for op in self.ops})
        self.clauses = {c.code: c for c in clauses.select_related("indicator")} if codes else {}
        self.places = registered(codes, month) if codes else set()
        counting = any(op.type in (OpType.ADD, OpType.CONFIRM) for op in self.ops)
        self.kin = households_of(self.by) if counting else frozenset()
        wanted = ScoreEvent.objects.select_related(*PEOPLE).filter(period=month)
        touched = codes if self.seen_version else set()  # whoever writes an event raises the version
        self.standing = list(wanted.standing().filter(code__in=touched)) if touched else []
        self.twins = Twins(recorded(event, by=self.by) for event in self.standing)
        inside = wanted.with_photo_counts().filter(lies_in(village)).within(self.by.scope)
        self.events = inside.in_bulk(numbers) if numbers else {}
        makers = {op.of for op in self.ops if op.of} - self.first.keys()
        self.made = {event.op_id: event for event in inside.filter(op_id__in=makers)} if makers else {}

    def act(self) -> None:
        """Answer every new operation in its order."""
        for op in self.ops:
            try:
                self.outcomes[op.op_id] = self._do(op)
            except Refused as refusal:
                self.outcomes[op.op_id] = self._refused(op, refusal)

    def _refused(self, op: Op, refusal: Refused) -> OpOutcome:
        """A sheet that was signed for since the person read it is a conflict: they could not know."""
        outcome = OpOutcome.refused(op.op_id, refusal)
        unseen = self.base_version is not None and self.base_version < self.seen_version
        return replace(outcome, status=Status.CONFLICT) if unseen and refusal.code == LOCKED else outcome

    def _do(self, op: Op) -> OpOutcome:
        act = {
            OpType.ADD: self._add,
            OpType.WITHDRAW: self._withdraw,
            OpType.CONFIRM: self._confirm,
            OpType.DECLARE: self._declare,
            OpType.UNDECLARE: self._undeclare,
        }[op.type]
        return act(op)

    def _add(self, op: Op) -> OpOutcome:
        entries.check_place(self.sheet, op.code, self.places, by=self.by)
        entries.check_open(self.sheet)
        clause = entries.check_clause(self.clauses, op)
        entries.check_recorder(self.by, clause)
        event = entries.build(self.sheet, op, clause, by=self.by, version=self.version + 1, kin=self.kin)
        event.source = self.source
        unseen = entries.check_unseen(op, self.base_version, self.standing, self.by)
        if unseen:
            return self._raced(op, unseen)
        twin = self.twins.find(fact_of(event), again=op.again)
        if twin:
            return self._twin(op, twin)
        self.fresh.append(event)
        self.twins.add(recorded(event, by=self.by))
        self.changed[event.op_id] = event
        self._note("event.record", op.code, clause=clause.code, date=op.day)
        return OpOutcome(op.op_id, Status.APPLIED)

    def _raced(self, op: Op, unseen: ScoreEvent) -> OpOutcome:
        """Somebody recorded the same meanwhile, or something under the same clause: whoever sends chooses."""
        who, same = recorded(unseen, by=self.by).recorder, unseen.date == op.day
        day = "同一天" if same else f"{unseen.date.month}月{unseen.date.day}日"
        rest = "没有重复登记" if same else "请看过以后选一个"
        reason = f"{who}刚刚登记过{day}的这一条，{rest}。"
        return OpOutcome(op.op_id, Status.CONFLICT, reason, unseen.pk, TWIN if same else RACED)

    def _twin(self, op: Op, twin: RecordedFact) -> OpOutcome:
        """Names the event that stands already; one of the same batch is written first, so that it has a number."""
        if twin.event is None:
            self._write_events()
            number = next(one.pk for one in self.changed.values() if not one.withdrawn_at and fact_of(one) == twin.fact)
            twin = replace(twin, event=number)
        return OpOutcome(op.op_id, Status.CONFLICT, f"{twin.sentence}{MEANT}", twin.event, TWIN)

    def _event(self, op: Op) -> ScoreEvent:
        if op.of in self.changed:
            self._write_events()  # made in this very batch
        event = self.changed.get(op.of) or self.made.get(op.of) if op.of else self.events.get(op.event or 0)
        if event is None:
            raise Refused("event_unknown", "本村本月没有这一条例外。", hint="请刷新页面再看。")
        return event

    def _withdraw(self, op: Op) -> OpOutcome:
        event = self._event(op)
        entries.check_withdrawal(event, by=self.by, reason=op.reason)
        if event.withdrawn_at:
            return OpOutcome(op.op_id, Status.CONFLICT, "这一条已经被撤回。", event.pk, "withdrawn")
        entries.check_open(self.sheet)
        event.withdrawn_at, event.withdrawn_by, event.withdraw_reason = timezone.now(), self.by, op.reason
        self.withdrawn.append(event)
        self.twins.drop(event.pk)
        self.changed[event.op_id] = event
        self._note("event.withdraw", event.code, event=event.pk, reason=op.reason)
        return OpOutcome(op.op_id, Status.APPLIED, event=event.pk)

    def _confirm(self, op: Op) -> OpOutcome:
        event = self._event(op)
        entries.check_confirmation(event, by=self.by, kin=self.kin)
        if event.withdrawn_at:
            return OpOutcome(op.op_id, Status.CONFLICT, "这一条已经被撤回。", event.pk, "withdrawn")
        if event.confirmed_at:
            return OpOutcome(op.op_id, Status.CONFLICT, "这一条已经有人确认。", event.pk, "confirmed")
        entries.check_open(self.sheet)
        event.confirmed_at, event.confirmed_by = timezone.now(), self.by
        self.confirmed.append(event)
        self.changed[event.op_id] = event
        self._note("event.confirm", event.code, event=event.pk)
        return OpOutcome(op.op_id, Status.APPLIED, event=event.pk)

    def _declare(self, op: Op) -> OpOutcome:
        if not may(self.by, Permission.DECLARE, at=self.sheet.village_id):
            raise Refused("not_yours", "只有本村村干部可以申报。")
        if self.base_version is not None and self.base_version < self.seen_version:
            return OpOutcome(op.op_id, Status.CONFLICT, "台账刚刚有人改过，请核对最新的例外后再申报。", code="moved")
        self._write_events()
        if not op.again and sent_back_unchanged(self.sheet):
            return OpOutcome(op.op_id, Status.CONFLICT, AS_IT_WAS, code=UNCHANGED)
        sign(self.sheet, by=self.by)
        self._note("sheet.declare", self.sheet.village_id)
        return OpOutcome(op.op_id, Status.APPLIED)

    def _undeclare(self, op: Op) -> OpOutcome:
        if not may(self.by, Permission.DECLARE, at=self.sheet.village_id):
            raise Refused("not_yours", "只有本村村干部可以撤回申报。")
        reopen(self.sheet, SheetAction.UNDECLARE, reason=op.reason)
        self._note("sheet.undeclare", self.sheet.village_id, reason=op.reason)
        return OpOutcome(op.op_id, Status.APPLIED)

    def _note(self, action: str, code: str, **detail: Any) -> None:
        self.version += 1
        self.touched.add(code)
        detail = {key: str(value) for key, value in detail.items()}
        self.lines.append(audit.line(self.by, action, place=code, subject=self.sheet, **detail))

    def _write_events(self) -> None:
        """Events made, withdrawn and confirmed so far, each kind in one statement."""
        for event in ScoreEvent.objects.bulk_create(self.fresh):
            self.outcomes[event.op_id] = replace(self.outcomes[event.op_id], event=event.pk)
        ScoreEvent.objects.bulk_update(self.withdrawn, ["withdrawn_at", "withdrawn_by", "withdraw_reason"])
        ScoreEvent.objects.bulk_update(self.confirmed, ["confirmed_at", "confirmed_by"])
        self.fresh, self.withdrawn, self.confirmed = [], [], []

    def write(self) -> None:
        """Write what was gathered: events, answers, marks, version, audit."""
        self._write_events()
        actor = actor_of(self.by)
        fresh = [
            Operation(
                op_id=op_id,
                actor=actor,
                kind=KIND,
                digest=digest_of(content_of(raw)),
                answer=self.outcomes[op_id].as_dict(),
            )
            for op_id, raw in self.first.items()
        ]
        self.known |= {operation.op_id: operation for operation in Operation.objects.bulk_create(fresh)}
        if self.version != self.seen_version:
            Sheet.objects.filter(pk=self.sheet.pk).update(version=self.version)
            marks.touch(self.sheet.period_id, self.touched)
            audit.record_all(self.lines)

    def answer(self, raw: Raw) -> OpOutcome:
        """What became of one operation as sent: a repeated one is told that it exists."""
        op_id = read_id(raw)
        if op_id in self.held:
            return self.held[op_id]
        if self.first.get(op_id) is raw:
            return self.outcomes[op_id]
        known = self.known[op_id]
        try:
            check_same(known, by=self.by, kind=KIND, payload=content_of(raw))
        except Refused as refusal:
            return OpOutcome.refused(op_id, refusal)
        return OpOutcome.repeated(op_id, known.answer)


def _awaited(raw: Raw) -> list[UUID]:
    """Those that can be read; one that cannot is refused when its operation is."""
    try:
        return awaited(raw)
    except Refused:
        return []


def registered(codes: Collection[str], month: str) -> set[str]:
    """Those of `codes` that count in the month: households and divisions."""
    day = last_day(month)
    households = Household.objects.filter(code__in=codes).active(day).values_list("code")
    divisions = Division.objects.filter(code__in=codes).active(day).values_list("code")
    return {row[0] for row in households.order_by().union(divisions.order_by(), all=True)}


@transaction.atomic
def declare(*, sheet: Sheet, by: User | None) -> Declaration:
    """Declare one sheet outside a batch (the county's command, tests). Refused as in `sign`."""
    sheet = locked(sheet)
    signed = sign(sheet, by=by)
    Sheet.objects.filter(pk=sheet.pk).update(version=F("version") + 1)
    marks.touch(sheet.period_id, [sheet.village_id])
    audit.record(by, "sheet.declare", place=sheet.village_id, subject=sheet)
    return signed
