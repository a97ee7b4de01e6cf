"""Everything that is written to a village's month: entries, withdrawals, confirmations, the declaration.

All of it goes through `apply_ops`: one transaction, the sheet's row locked, a handful of statements however many
operations there are. Every operation carries an id its client made; the same id is answered the same the second time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from households import audit
from households.changes import locks
from households.kin.reads import households_of
from households.models import AuditEvent, Division, Household, Operation, User
from households.months import last_day
from households.operations import actor_of, answered, check_same, digest_of
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from households.scope import lies_in
from scoring.models import Clause, Decision, Declaration, Review, ScoreEvent, Sheet, Source
from scoring.months.months import locked, locked_sheet_of
from scoring.rollup import marks
from scoring.sheets.actions import entries
from scoring.sheets.actions.landing import land_late
from scoring.sheets.actions.twins import MEANT, RecordedFact, Twins, fact_of, recorded
from scoring.sheets.ops import MAX_OPS, Op, OpOutcome, OpType, Status, read_id, read_op
from scoring.states import SheetAction, SheetState, why_not

KIND = "sheet"
TWIN = "twin"
UNCHANGED = "unchanged"
AS_IT_WAS = "乡镇退回以后，这份台账一处也没有改。请先改好；确实不用改的，核对以后可以原样再报。"
PEOPLE = ("clause__indicator", "recorded_by__department", "confirmed_by__department")
MARKS = 8  # of a browser, kept with a signature
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class AppliedBatch:
    """The sheet's version and state after the operations, what became of each in their order, the events written."""

    version: int
    state: SheetState
    outcomes: list[OpOutcome]
    events: list[ScoreEvent]


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
    run = _Run(sheet, base_version, by, source)
    run.read(raws)
    run.load()
    run.act()
    run.write()
    return AppliedBatch(
        run.version, SheetState(sheet.state), [run.answer(raw) for raw in raws], list(run.changed.values())
    )


class _Run:
    """One batch on one locked sheet: read all, load what they name, act in order, write together, answer."""

    def __init__(self, sheet: Sheet, base_version: int | None, by: User, source: Source) -> None:
        self.sheet, self.base_version, self.by, self.source = sheet, base_version, by, source
        self.version = self.seen_version = sheet.version
        self.known: dict[UUID, Operation] = {}
        self.first: dict[UUID, Raw] = {}
        self.ops: list[Op] = []
        self.outcomes: dict[UUID, OpOutcome] = {}
        self.lines: list[AuditEvent] = []
        self.touched: set[str] = set()
        self.changed: dict[UUID, ScoreEvent] = {}
        self.fresh: list[ScoreEvent] = []
        self.withdrawn: list[ScoreEvent] = []
        self.confirmed: list[ScoreEvent] = []

    def read(self, raws: Sequence[Raw]) -> None:
        """Tell new operations from answered ones, and readable ones from others."""
        self.known = answered([read_id(raw) for raw in raws])
        for raw in raws:
            op_id = read_id(raw)
            if op_id in self.known or op_id in self.first:
                continue
            self.first[op_id] = raw
            try:
                self.ops.append(read_op(raw))
            except Refused as refusal:
                self.outcomes[op_id] = OpOutcome.refused(op_id, refusal)

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

    def act(self) -> None:
        """Answer every new operation in its order."""
        for op in self.ops:
            try:
                self.outcomes[op.op_id] = self._do(op)
            except Refused as refusal:
                self.outcomes[op.op_id] = OpOutcome.refused(op.op_id, refusal)

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
        unseen = entries.check_unseen(op, self.base_version, self.standing)
        if unseen:
            who = recorded(unseen, by=self.by).recorder
            return OpOutcome(
                op.op_id, Status.CONFLICT, f"{who}刚刚登记过同一天的这一条，没有重复登记。", unseen.pk, TWIN
            )
        twin = self.twins.find(fact_of(event), again=op.again)
        if twin:
            return self._twin(op, twin)
        self.fresh.append(event)
        self.twins.add(recorded(event, by=self.by))
        self.changed[event.op_id] = event
        self._note("event.record", op.code, clause=clause.code, date=op.day)
        return OpOutcome(op.op_id, Status.APPLIED)

    def _twin(self, op: Op, twin: RecordedFact) -> OpOutcome:
        """Names the event that stands already; one of the same batch is written first, so that it has a number."""
        if twin.event is None:
            self._write_events()
            number = next(one.pk for one in self.changed.values() if not one.withdrawn_at and fact_of(one) == twin.fact)
            twin = replace(twin, event=number)
        return OpOutcome(op.op_id, Status.CONFLICT, f"{twin.sentence}{MEANT}", twin.event, TWIN)

    def _event(self, op: Op) -> ScoreEvent:
        event = self.events.get(op.event or 0)
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
                op_id=op_id, actor=actor, kind=KIND, digest=digest_of(dict(raw)), answer=self.outcomes[op_id].as_dict()
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
        if self.first.get(op_id) is raw:
            return self.outcomes[op_id]
        known = self.known[op_id]
        try:
            check_same(known, by=self.by, kind=KIND, payload=dict(raw))
        except Refused as refusal:
            return OpOutcome.refused(op_id, refusal)
        return OpOutcome.repeated(op_id, known.answer)


def registered(codes: Collection[str], month: str) -> set[str]:
    """Those of `codes` that count in the month: households and divisions."""
    day = last_day(month)
    households = Household.objects.filter(code__in=codes).active(day).values_list("code")
    divisions = Division.objects.filter(code__in=codes).active(day).values_list("code")
    return {row[0] for row in households.order_by().union(divisions.order_by(), all=True)}


def sign(sheet: Sheet, *, by: User | None) -> Declaration:
    """Sign 「其余 N 户六项为零」 over a locked sheet: the snapshot of its households is taken here."""
    refused = why_not(SheetAction.DECLARE, SheetState(sheet.state))
    if refused:
        raise Refused("sheet_state", refused)
    village, month = sheet.village_id, sheet.period_id
    locks.hold([village])  # nobody joins or leaves while they are signed for
    active = Household.objects.filter(lies_in(village)).active(last_day(month))
    codes = list(active.values_list("code", flat=True))
    if not codes:
        raise Refused("no_households", f"{sheet.village.name}没有在册的户，不能申报。", hint="请先导入户名册。")
    _confirm_leaders(village, month, by)
    standing = ScoreEvent.objects.standing().filter(lies_in(village), period=month)
    exceptions = len(set(standing.values_list("code", flat=True)) & set(codes))
    origin = audit.ORIGIN.get()
    browser = origin.browser()[:MARKS] if origin else []
    signed = Declaration.objects.create(
        sheet=sheet, households=codes, exceptions=exceptions, signed_by=by, browser=browser
    )
    _move(sheet, SheetState.DECLARED)
    return signed


def _confirm_leaders(village: str, month: str, by: User | None) -> None:
    """Whoever signs for the month confirms what leaders wrote down and nobody has looked at, but of their own kin.

    What its clause has a second person look at waits on.
    """
    waiting = ScoreEvent.objects.pending().filter(lies_in(village), period=month)
    own = waiting.filter(recorded_by__role=Role.GROUP_LEADER, clause__second_person=False)
    if by:
        own = own.exclude(recorded_by=by).exclude(code__in=households_of(by))
    own.update(confirmed_at=timezone.now(), confirmed_by=by)


def sent_back_unchanged(sheet: Sheet) -> bool:
    """Whether the township sent the sheet back, and no entry has been made, confirmed or taken back since."""
    last = Review.objects.filter(sheet=sheet).first()
    if last is None or last.decision != Decision.RETURN:
        return False
    moved = Q(recorded_at__gt=last.at) | Q(confirmed_at__gt=last.at) | Q(withdrawn_at__gt=last.at)
    return not ScoreEvent.objects.filter(lies_in(sheet.village_id), moved, period=sheet.period_id).exists()


def reopen(sheet: Sheet, action: SheetAction, *, reason: str) -> None:
    """Take the standing declaration back (by the cadre or by the township) and open the locked sheet again, to what came meanwhile."""
    refused = why_not(action, SheetState(sheet.state))
    if refused:
        raise Refused("sheet_state", refused)
    if not reason:
        raise Refused("reason_missing", f"{action.label}要写明原因。", fields={"reason": "必填"})
    standing = Declaration.objects.filter(sheet=sheet, withdrawn_at=None)
    standing.update(withdrawn_at=timezone.now(), withdraw_reason=reason)
    _move(sheet, SheetState.OPEN)
    land_late(sheet)


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
