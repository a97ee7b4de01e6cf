"""Writing many entries at once, through the door of the sheet, and taking them back as one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from households import audit
from households.codes import Level, is_level
from households.models import Division, User
from households.operations import Answer, once
from households.refusals import Refused
from scoring.batches.rules import FileEntry
from scoring.models import BatchKind, EntryBatch, ScoreEvent, Source
from scoring.months.months import locked_sheet_of
from scoring.sheets.actions.sheets import apply_ops
from scoring.sheets.ops import MAX_OPS, OpOutcome, OpType, Status

GONE = "更正的台账文件里没有这一条"
# What is written at once says nothing about the pace of a hand (`scoring.signals`), so it has a source of its own.
SOURCES = {
    BatchKind.MANY: Source.BATCH,
    BatchKind.PASTE: Source.BATCH,
    BatchKind.FILE: Source.FILE,
    BatchKind.PAPER: Source.PAPER,
    BatchKind.CORRECT: Source.SHEET,
}
UNDONE = "成批登记整批撤回"


@dataclass(frozen=True)
class WantedBatch:
    """What is to be written to a village's month: entries to add and numbers of events to withdraw."""

    op_id: UUID
    month: str
    village: Division
    kind: BatchKind
    add: Sequence[FileEntry]
    withdraw: Sequence[int] = ()
    again: bool = False
    base_version: int | None = None
    reason: str = GONE  # of the withdrawals


@dataclass
class BatchOutcome:
    """What became of each entry and each withdrawal, in their order, and the batch where it stands."""

    added: list[OpOutcome] = field(default_factory=list)
    withdrawn: list[OpOutcome] = field(default_factory=list)
    batch: EntryBatch | None = None

    @property
    def fault(self) -> OpOutcome | None:
        """The first that was refused; None when nothing was."""
        told = (*self.withdrawn, *self.added)
        return next((one for one in told if one.status is not Status.APPLIED), None)


def write(wanted: WantedBatch, *, by: User) -> BatchOutcome:
    """Write all that the sheet takes; what it refuses is told by line and left out. All in one transaction, one batch."""
    with transaction.atomic():
        outcome = _apply(wanted, by)
        numbers = [one.event for one in outcome.added if one.status is Status.APPLIED and one.event]
        gone = [one.event for one in outcome.withdrawn if one.status is Status.APPLIED and one.event]
        if numbers or gone:
            outcome.batch = EntryBatch.objects.create(
                op_id=wanted.op_id,
                period_id=wanted.month,
                village=wanted.village,
                kind=wanted.kind,
                added=numbers,
                withdrawn=gone,
                by=by,
            )
            detail = {"month": wanted.month, "added": len(numbers), "withdrawn": len(gone)}
            audit.record(by, "batch.write", place=wanted.village.code, subject=outcome.batch, **detail)
    return outcome


def rehearse(wanted: WantedBatch, *, by: User) -> BatchOutcome:
    """What `write` would answer. Nothing stays written."""
    with transaction.atomic():
        outcome = _apply(wanted, by)
        transaction.set_rollback(True)
    return outcome


def record_many(wanted: WantedBatch, *, by: User) -> Answer:
    """`write` for a page that may send twice; all or nothing. Answers {"batch", "added"}."""

    def act() -> Answer:
        outcome = write(wanted, by=by)
        if outcome.fault or outcome.batch is None:
            said = outcome.fault.reason if outcome.fault else "没有选户。"
            raise Refused("batch_refused", f"一条也没有登记：{said}", hint="请再看一看，去掉记不上的。", status=409)
        return {"batch": outcome.batch.pk, "added": len(outcome.batch.added)}

    payload = {
        "month": wanted.month,
        "village": wanted.village.code,
        "withdraw": list(wanted.withdraw),
        "add": [_raw(wanted, one, 0) for one in wanted.add],
    }
    return once(op_id=wanted.op_id, by=by, kind="batch.write", payload=payload, act=act)


def undo(*, op_id: UUID, batch: int, by: User) -> Answer:
    """Take it back as one while the sheet is open: what it added and still stands goes, what it withdrew is recorded again.

    Answers {"batch", "withdrawn"}.
    """

    def act() -> Answer:
        found = EntryBatch.objects.select_for_update(of=["self"]).select_related("village")
        wanted = found.filter(pk=batch).first()
        if wanted is None or not wanted.is_for(by):
            raise Refused("batch_unknown", "没有这一批登记。", status=404)
        return {"batch": batch, "withdrawn": take_back(wanted, op_id, by)}

    return once(op_id=op_id, by=by, kind="batch.undo", payload={"batch": batch}, act=act)


def take_back(batch: EntryBatch, op_id: UUID, by: User) -> int:
    """The rules of `undo`; how many entries went."""
    if batch.undone_at:
        raise Refused("undone", "这一批已经撤回了。", status=409)
    standing = ScoreEvent.objects.standing().filter(pk__in=batch.added).order_by("-pk")
    gone = ScoreEvent.objects.filter(pk__in=batch.withdrawn).select_related("clause").order_by("pk")
    back = [entry_of(event) for event in gone]
    numbers = list(standing.values_list("pk", flat=True))
    wanted = WantedBatch(
        op_id, batch.period_id, batch.village, BatchKind(batch.kind), back, numbers, again=True, reason=UNDONE
    )
    outcome = _apply(wanted, by)
    if outcome.fault:
        raise Refused("not_undone", f"没有撤回：{outcome.fault.reason}", status=409)
    batch.undone_at, batch.undone_by = timezone.now(), by
    batch.save(update_fields=["undone_at", "undone_by"])
    audit.record(by, "batch.undo", place=batch.village_id, subject=batch, withdrawn=len(numbers))
    return len(numbers)


def entry_of(event: ScoreEvent, line: int = 0) -> FileEntry:
    """An event as a file says it."""
    return FileEntry(event.code, event.date, event.clause.code, event.document_no, event.note, event.pk, line)


def _apply(wanted: WantedBatch, by: User) -> BatchOutcome:
    """Withdrawals first: what a corrected line replaces is no twin of it."""
    locked_sheet_of(month=wanted.month, village=wanted.village)
    outcome = BatchOutcome()
    gone = [
        {
            "op_id": str(uuid5(wanted.op_id, f"withdraw {event}")),
            "type": OpType.WITHDRAW.value,
            "event": event,
            "reason": wanted.reason,
        }
        for event in wanted.withdraw
    ]
    outcome.withdrawn = _sent(wanted, gone, by)
    outcome.added = _sent(wanted, [_raw(wanted, one, at) for at, one in enumerate(wanted.add)], by)
    return outcome


def _raw(wanted: WantedBatch, entry: FileEntry, at: int) -> dict[str, Any]:
    place = "household" if is_level(entry.code, Level.HOUSEHOLD) else "division"
    return {
        "op_id": str(uuid5(wanted.op_id, f"add {at} {entry.code}")),
        "type": OpType.ADD.value,
        place: entry.code,
        "clause": entry.clause,
        "date": entry.day.isoformat(),
        "document_no": entry.document_no,
        "note": entry.note,
        "again": wanted.again,
    }


def _sent(wanted: WantedBatch, raws: Sequence[dict[str, Any]], by: User) -> list[OpOutcome]:
    given: dict[str, Any] = {"month": wanted.month, "village": wanted.village, "by": by, "source": SOURCES[wanted.kind]}
    found: list[OpOutcome] = []
    for chunk in _chunks(raws):
        found += apply_ops(raws=chunk, base_version=wanted.base_version, **given).outcomes
    return found


def _chunks(raws: Sequence[dict[str, Any]]) -> Iterable[Sequence[dict[str, Any]]]:
    return (raws[at : at + MAX_OPS] for at in range(0, len(raws), MAX_OPS))
