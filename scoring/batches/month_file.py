"""A village's month as a workbook: given away filled, changed, taken in again. The file then is the month: it replaces, it never adds."""

import re
from uuid import UUID, uuid4, uuid5

from households import sql
from households.codes import Level, is_level, serial_of
from households.files import bounds, exports
from households.imports.columns import FileColumn
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import Division, User
from households.months import Month, label, month_of
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.batches import reads
from scoring.batches.actions import BatchOutcome, WantedBatch, rehearse, take_back, write
from scoring.batches.rules import FileChanges, FileEntry, changes
from scoring.models import BatchKind, EntryBatch, ScoreEvent, Sheet, Source
from scoring.months.months import readable
from scoring.sheets.actions.entries import may_withdraw
from scoring.sheets.events_import import (
    COLUMNS,
    EITHER,
    LAYOUTS,
    OTHER_HEADINGS,
    cell_of,
    codes_of,
    said_in,
)
from scoring.sheets.ops import Status
from scoring.states import SheetState, lock_reason

_RUNS = UUID("2f7f0f7e-3c2b-5a52-9b0e-5a4f6a0f7b31")
KNOWN = FileColumn("known", "记录编号", "下载时自带，新增的一行空着；不要改", "", ("编号和版本",))
MONTH_COLUMNS = (*COLUMNS, KNOWN)
MONTH_LAYOUTS = (*((*layout, "known") for layout in LAYOUTS), *LAYOUTS)
_VERSION = re.compile(r"([0-9]{1,18})/([0-9]{1,9})")
_IN_NAME = re.compile(r"第([0-9]{1,9})版")


def workbook(village: Division, month: Month, by: User) -> bytes:
    """What stands, one line each, with the households of the village on a list beside it for whoever adds lines."""
    version = _version(village, month)
    rows = [
        {
            "place": event.code,
            "date": event.date.isoformat(),
            "clause": event.clause.code,
            "document_no": event.document_no,
            "note": event.note,
            "known": f"{event.pk}/{version}",
        }
        for event in reads.standing_entries(village, month, by)
    ]
    headings = [column.heading for column in MONTH_COLUMNS]
    columns = dict(zip(("place", "date", "clause", "document_no", "note", "known"), headings, strict=True))
    people = reads.people_of(village, month, by)
    told = [
        ("台账", f"{village.name}{label(month)}，第 {version} 版"),
        ("怎样用", "改“数据”表：改一行、删一行、加一行都可以；改好在“导入 · 月度台账”里演练、写入。"),
        ("注意", "文件就是这个月的台账：删掉的行会撤回。别人登记的、下载以后新登记的不动。"),
        *(
            (f"{people.groups.get(one.code[:14], '')} {serial_of(one.code)}", f"{one.code} {one.name}")
            for one in people.households
        ),
    ]
    return exports.workbook(columns, rows, told)


def file_name(village: Division, month: Month) -> str:
    """Says of which version it is, should the numbers be lost."""
    return f"{village.name}{month}台账-第{_version(village, month)}版.xlsx"


def _version(village: Division, month: Month) -> int:
    return Sheet.objects.filter(village=village, period=month).values_list("version", flat=True).first() or 0


def import_month(
    *,
    name: str,
    data: bytes,
    by: User,
    month: Month,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COUNTY,
    keep: int | None = None,
    again: bool = False,
    tell: Tell = quiet,
) -> ImportReport:
    """Have the sheet say what the file says, by the rules of the page. Its rehearsal names what every line does.

    Lines that stand already stay. Lines that are new are added. What stood when the file was downloaded, or came with an earlier
    file, and is no longer in it is withdrawn, where the person may; what others recorded stays and is named.
    """
    tell("正在核对", 0.1)
    report = ImportReport(name, dry_run)
    table = open_table(report, data, *MONTH_LAYOUTS, within=within, columns=(*MONTH_COLUMNS, *OTHER_HEADINGS))
    if table is None:
        return report
    village = by.division
    if village is None or not is_level(village.code, Level.VILLAGE) or not may(by, Permission.DECLARE):
        report.refuse(1, "文件", "只有村干部可以用文件填本村的台账")
        return report
    with all_or_nothing(report):
        _take(report, Rows(table, report), village, month, by, again=again, keep=keep)
    return report


def _take(
    report: ImportReport, rows: Rows, village: Division, month: Month, by: User, *, again: bool, keep: int | None
) -> None:
    readable(month)
    wanted, version = _wanted(rows, month, by)
    version = max(version, int(found[1]) if (found := _IN_NAME.search(report.name)) else 0)
    sheet = Sheet.objects.filter(village=village, period=month).first()
    if sheet and sheet.state != SheetState.OPEN:
        report.refuse(1, "文件", lock_reason(SheetState(sheet.state)))
    if report.refused:
        return
    standing = reads.standing_entries(village, month, by)
    differ = changes(wanted, reads.as_entries(standing))
    gone, kept = _withdrawable(differ, {event.pk: event for event in standing}, version, by)
    batch = WantedBatch(
        _op_id(keep), month, village, BatchKind.FILE, differ.add, [one.event for one in gone], again=again
    )
    outcome = rehearse(batch, by=by) if report.dry_run else write(batch, by=by)
    if keep is not None and outcome.batch:
        note_run(keep)
    _tell_added(report, differ.add, outcome)
    _tell_gone(report, gone, outcome)
    for one in kept:
        report.note(
            1, "文件", f"{one.code} {one.day} {one.clause} 不在文件里：不是您能撤回的，或者下载以后才登记，不动"
        )
    report.places = {village.code}
    report.counts = {"新增": len(differ.add), "撤回": len(gone), "不变": differ.stay}


def _op_id(keep: int | None) -> UUID:
    """A run writes one batch, which is found by it."""
    return uuid5(_RUNS, f"run {keep}") if keep is not None else uuid4()


def _wanted(rows: Rows, month: Month, by: User) -> tuple[list[FileEntry], int]:
    """The file's entries, and the newest version of the sheet that its lines know."""
    named, codes = codes_of(rows)
    rows.refuse_elsewhere(codes, named[0] if named else EITHER, by)
    days, clauses, documents, notes = said_in(rows)
    for row, day in enumerate(days):
        if day and month_of(day) != month:
            rows.refuse(row, "date", f"不在 {label(month)}：一个文件只填一个月")
    kept = zip(
        rows.keep(codes), rows.keep(days), rows.keep(clauses), rows.keep(documents), rows.keep(notes), strict=True
    )
    entries = [FileEntry(*entry, line=line) for line, entry in zip(rows.lines(), kept, strict=True)]
    marks = [_VERSION.fullmatch(cell.strip()) for cell in rows.table.columns.get("known", [])]
    return entries, max((int(mark[2]) for mark in marks if mark), default=0)


def _withdrawable(
    differ: FileChanges, events: dict[int, ScoreEvent], version: int, by: User
) -> tuple[list[FileEntry], list[FileEntry]]:
    """Of what the file no longer has: what it speaks of, and what it does not know or the person may not take back."""
    gone: list[FileEntry] = []
    kept: list[FileEntry] = []
    for one in differ.withdraw:
        event = events[one.event]
        is_known = event.sheet_version <= version or event.source == Source.FILE
        (gone if is_known and may_withdraw(event, by=by) else kept).append(one)
    return gone, kept


def _tell_added(report: ImportReport, added: list[FileEntry], outcome: BatchOutcome) -> None:
    for entry, told in zip(added, outcome.added, strict=True):
        if told.status is Status.APPLIED:
            report.note(entry.line, "clause_code", f"登记 {entry.code} {entry.clause}")
        else:
            report.refuse(entry.line, cell_of(told.fields), told.reason)


def _tell_gone(report: ImportReport, gone: list[FileEntry], outcome: BatchOutcome) -> None:
    for entry, told in zip(gone, outcome.withdrawn, strict=True):
        said = f"撤回 {entry.code} {entry.day} {entry.clause}：文件里没有"
        if told.status is Status.APPLIED:
            report.note(1, "文件", said)
        else:
            report.refuse(1, "文件", f"{said}；{told.reason}")


def hang_on_month(run_id: int) -> list[str]:
    """Why a file cannot be taken back: its month is signed for."""
    batch = _batch_of(run_id)
    sheet = Sheet.objects.filter(village=batch.village_id, period=batch.period_id).first() if batch else None
    return [lock_reason(SheetState(sheet.state))] if sheet and sheet.state != SheetState.OPEN else []


def take_back_month(run_id: int, by: User) -> int:
    """What the file added goes, what it withdrew is recorded again."""
    batch = _batch_of(run_id)
    if batch is None:
        raise Refused("nothing_changed", "这个文件没有改动台账。")
    return take_back(batch, uuid5(batch.op_id, "undo"), by)


def _batch_of(run_id: int) -> EntryBatch | None:
    return EntryBatch.objects.select_related("village").filter(op_id=_op_id(run_id)).first()


_NAMED = """
    INSERT INTO households_importchange (run_id, source, key, before, after)
    SELECT %(run)s, 'scoring_entrybatch', op_id::text, NULL, md5(op_id::text) FROM scoring_entrybatch WHERE op_id = %(op)s
"""


def note_run(run_id: int) -> None:
    """Say that the run changed something, for the page that offers to take it back."""
    sql.run(_NAMED, {"run": run_id, "op": str(_op_id(run_id))})
