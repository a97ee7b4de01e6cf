"""A paper is printed, comes back, is keyed by one and again by another, its differences are settled, and only then is it written."""

from collections.abc import Sequence
from datetime import date
from secrets import token_urlsafe
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from households import audit
from households.codes import village_of
from households.models import Division, User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.batches.actions import WantedBatch, write
from scoring.batches.rules import FileEntry
from scoring.models import BatchKind, EntryBatch, PaperSheet
from scoring.months.months import open_month
from scoring.papers.rules import PaperRow, differences, settled

MAX_ROWS = 60  # rows of one paper


@transaction.atomic
def print_paper(*, month: str, group: Division, by: User) -> PaperSheet:
    """A new blank sheet of a group, with a number of its own."""
    if not may(by, Permission.RECORD_EVENT, at=group.code) or not by.works_in_village:
        raise Refused("not_yours", "只能打印自己管辖范围内的组。", status=403)
    period = open_month(month, group.code)
    paper = PaperSheet.objects.create(token=token_urlsafe(9), period=period, group=group, printed_by=by)
    audit.record(by, "paper.print", place=group.code, subject=paper, month=month)
    return paper


def key_in(*, op_id: UUID, paper: int, rows: Sequence[PaperRow], photo: bytes = b"", by: User) -> Answer:
    """What somebody reads on the paper; the first brings its photo, the second is somebody else. Answers {"paper", "differ"}."""

    def act() -> Answer:
        found = _held(paper, by)
        _check_rows(rows)
        if found.first is None:
            if not photo:
                raise Refused("photo_missing", "请拍下纸质台账。", fields={"photo": "请选照片"})
            found.photo, found.first, found.first_by, found.first_at = photo, list(rows), by, timezone.now()
            found.save(update_fields=["photo", "first", "first_by", "first_at"])
        elif found.second is None:
            if found.first_by_id == by.pk:
                raise Refused("second_person", "第二遍要由另一个人对着照片录。", hint="请另一位干部录。", status=409)
            found.second, found.second_by, found.second_at = list(rows), by, timezone.now()
            found.save(update_fields=["second", "second_by", "second_at"])
        else:
            raise Refused("keyed", "这一张已经录过两遍。", status=409)
        audit.record(by, "paper.key", place=found.group_id, subject=found, rows=len(rows))
        return {"paper": found.pk, "differ": len(differences(*both(found))) if found.second is not None else -1}

    payload = {"paper": paper, "rows": [list(row) for row in rows]}
    return once(op_id=op_id, by=by, kind="paper.key", payload=payload, act=act)


def settle(*, op_id: UUID, paper: int, choices: Sequence[str], by: User) -> Answer:
    """Write what both read, and of each difference what was chosen; by one of the two. All or nothing. Answers {"batch", "added"}."""

    def act() -> Answer:
        found = _held(paper, by)
        if found.second is None or found.batch_id:
            raise Refused("not_settled", "这一张还没有录两遍，或者已经登记。", status=409)
        if by.pk not in (found.first_by_id, found.second_by_id):
            raise Refused("not_yours", "由录的两个人之一登记。", status=403)
        first, second = both(found)
        if len(choices) != len(differences(first, second)) or not {*choices} <= {"first", "second", "none"}:
            raise Refused("choices_missing", "有不同的地方，请逐处选好。", fields={"choices": "请选"})
        found.batch = _written(op_id, found, settled(first, second, choices), by)
        found.save(update_fields=["batch"])
        audit.record(by, "paper.settle", place=found.group_id, subject=found, added=len(found.batch.added))
        return {"batch": found.batch.pk, "added": len(found.batch.added)}

    return once(op_id=op_id, by=by, kind="paper.settle", payload={"paper": paper, "choices": list(choices)}, act=act)


def _written(op_id: UUID, paper: PaperSheet, rows: Sequence[PaperRow], by: User) -> EntryBatch:
    entries = [
        FileEntry(code, date.fromisoformat(day), clause, document, note) for code, day, clause, document, note in rows
    ]
    village = Division.objects.get(code=village_of(paper.group_id))
    outcome = write(WantedBatch(op_id, paper.period_id, village, BatchKind.PAPER, entries), by=by)
    if outcome.fault or outcome.batch is None:
        said = outcome.fault.reason if outcome.fault else "纸上没有要登记的。"
        raise Refused("paper_refused", f"一条也没有登记：{said}", status=409)
    return outcome.batch


def both(paper: PaperSheet) -> tuple[list[PaperRow], list[PaperRow]]:
    return [tuple(row) for row in paper.first or []], [tuple(row) for row in paper.second or []]


def _held(number: int, by: User) -> PaperSheet:
    """The paper, its row held, for those of the village who record in the group."""
    inside = PaperSheet.objects.select_for_update(of=["self"]).select_related("period")
    found: PaperSheet | None = inside.within(by.scope).filter(pk=number).first()
    if found is None or not may(by, Permission.RECORD_EVENT, at=found.group_id) or not by.works_in_village:
        raise Refused("paper_unknown", "没有这一张纸质台账。", status=404)
    return found


def _check_rows(rows: Sequence[PaperRow]) -> None:
    if len(rows) > MAX_ROWS:
        raise Refused("too_many", f"一张纸最多 {MAX_ROWS} 行。")
