"""Import of county departments: code and name."""

from households import audit, sql
from households.files.tables import Table
from households.imports import cells, staging
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import User

COLUMNS = ("code", "name")
MAX_NAME = 60
_STAGED = {"line": "int", "code": "text", "name": "text"}

_RENAMED = """
    SELECT s.line, d.name, s.name FROM staged_department s JOIN households_department d USING (code) WHERE d.name <> s.name
"""
_INSERT = """
    INSERT INTO households_department (code, name) SELECT code, name FROM staged_department s
    WHERE NOT EXISTS (SELECT FROM households_department d WHERE d.code = s.code) ORDER BY code
"""
_RENAME = """
    UPDATE households_department d SET name = s.name FROM staged_department s WHERE d.code = s.code AND d.name <> s.name
"""


def import_departments(
    *, name: str, data: bytes, by: User | None = None, dry_run: bool = False, tell: Tell = quiet
) -> ImportReport:
    """Create the departments of a file (code,name) and take over changed names; anything wrong, nothing written."""
    report = ImportReport(name, dry_run)
    table = open_table(report, data, COLUMNS)
    if table is None:
        return report
    with all_or_nothing(report):
        _stage(table, report, tell)
        for line, old, new in sql.rows(_RENAMED):
            report.note(line, "name", f"名称由“{old}”改为“{new}”")
        if not report.refused:
            _apply(report, by=by)
    return report


def _stage(table: Table, report: ImportReport, tell: Tell) -> None:
    rows = Rows(table, report)
    codes = rows.column("code", cells.department)
    names = rows.column("name", cells.name(MAX_NAME, required="名称"))
    rows.refuse_repeated(codes, "code", lambda code, line: f"与第 {line} 行是同一个部门（{code}）")
    staging.one_at_a_time("departments")
    values = [staging.as_text(rows.lines()), rows.keep(codes), staging.escaped(rows.keep(names))]
    staging.stage("staged_department", _STAGED, values, tell)


def _apply(report: ImportReport, *, by: User | None) -> None:
    added = sql.run(_INSERT)
    renamed = sql.run(_RENAME)
    report.counts = {"新增": added, "改名": renamed, "未变": report.rows - added - renamed}
    audit.record(by, "departments.import", **report.file, added=added, renamed=renamed)
