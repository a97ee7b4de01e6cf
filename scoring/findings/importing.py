"""A department's findings as a file: the columns of events, every row the same act as the page's."""

from uuid import UUID

from django.db import transaction

from households import audit
from households.codes import Level, is_level
from households.files import bounds
from households.imports.columns import FileColumn
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import User
from households.refusals import Refused
from scoring.findings.actions.filing import filed
from scoring.models import Finding
from scoring.sheets.events_import import (
    COLUMNS,
    EITHER,
    LAYOUTS,
    OTHER_HEADINGS,
    cell_of,
    codes_of,
    ids_of_rows,
    said_in,
)

FINDING_COLUMNS: tuple[FileColumn, ...] = COLUMNS


def import_findings(
    *,
    name: str,
    data: bytes,
    by: User,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COUNTY,
    keep: int | None = None,
    again: bool = False,
    tell: Tell = quiet,
) -> ImportReport:
    """File a department's rows, all or none; the same file again adds nothing. A rehearsal says of each where it would go."""
    del keep
    report = ImportReport(name, dry_run)
    table = open_table(report, data, *LAYOUTS, within=within, columns=(*COLUMNS, *OTHER_HEADINGS))
    if table is None:
        return report
    with all_or_nothing(report):
        rows = Rows(table, report)
        named, codes = codes_of(rows)
        rows.refuse_elsewhere(codes, named[0] if named else EITHER, by)
        columns = [codes, *said_in(rows)]
        content = list(zip(*(rows.keep(column) for column in columns), strict=True))  # type: ignore[arg-type]
        fresh = 0
        for at, (line, op_id, row) in enumerate(zip(rows.lines(), ids_of_rows(content), content, strict=True)):
            tell("正在检查", at / max(1, len(content)))
            fresh += _row(report, line, op_id, row, again=again, by=by)
        report.counts = {"新增": fresh, "已存在": len(content) - fresh}
        audit.record(by, "findings.import", **report.file, added=fresh)
    return report


def _row(report: ImportReport, line: int, op_id: UUID, row: tuple[object, ...], *, again: bool, by: User) -> bool:
    """One row: whether it was new. What the page would refuse is refused here, beside the cell that it is about."""
    if Finding.objects.filter(op_id=op_id).exists():
        return False
    code, day, clause, document_no, note = map(str, row)
    place = "household" if is_level(code, Level.HOUSEHOLD) else "division"
    raw = {place: code, "date": day, "clause": clause, "document_no": document_no, "note": note, "again": again}
    try:
        with transaction.atomic():
            finding = filed(op_id, raw, by)
    except Refused as refusal:
        report.refuse(line, cell_of(refusal.fields), refusal.sentence)
        return False
    said = "记到台账上，等第二人确认" if finding.event_id else "本月已经申报：转村里说明、乡镇更正"
    report.note(line, "clause_code", said)
    return True
