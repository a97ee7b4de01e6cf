"""Import of county departments: code and name."""

from households import audit, sql
from households.files import bounds
from households.files.tables import Table
from households.imports import cells, columns, staging, taking_back
from households.imports.changes import Renamed, stop_where_most
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import User

COLUMNS = tuple(column.name for column in columns.DEPARTMENTS)
MAX_NAME = 60
_STAGED = {"line": "int", "code": "text", "name": "text"}

_RENAMED = """
    SELECT s.line, '', '部门', d.name, s.name FROM staged_department s JOIN households_department d USING (code)
    WHERE d.name <> s.name ORDER BY s.line
"""
_KNOWN = """
    SELECT '', count(*) FROM staged_department s JOIN households_department d USING (code)
"""
_INSERT = """
    INSERT INTO households_department (code, name) SELECT code, name FROM staged_department s
    WHERE NOT EXISTS (SELECT FROM households_department d WHERE d.code = s.code) ORDER BY code
"""
_RENAME = """
    UPDATE households_department d SET name = s.name FROM staged_department s WHERE d.code = s.code AND d.name <> s.name
"""

KEPT = taking_back.KeptTable(
    "households_department", "t.code", "SELECT code AS key FROM staged_department", ("code", "name"), "部门"
)


def import_departments(
    *,
    name: str,
    data: bytes,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    keep: int | None = None,
    accept_changes: bool = False,
    tell: Tell = quiet,
) -> ImportReport:
    """Create the departments of a file (code,name) and take over changed names; anything wrong, nothing written.

    Most names changed at once is wrong too, unless they are meant (`accept_changes`).
    """
    report = ImportReport(name, dry_run)
    table = open_table(report, data, COLUMNS, within=within, columns=columns.DEPARTMENTS)
    if table is None:
        return report
    with all_or_nothing(report):
        _stage(table, report, tell)
        _tell_renamed(report, accepted=accept_changes)
        if not report.refused:
            with taking_back.kept(keep, KEPT):
                _apply(report, by=by)
    return report


def _tell_renamed(report: ImportReport, *, accepted: bool) -> None:
    renamed = [Renamed(*row) for row in sql.rows(_RENAMED)]
    for one in renamed:
        report.note(one.line, "name", f"名称由“{one.old}”改为“{one.new}”")
    stop_where_most(report, "name", renamed, dict(sql.rows(_KNOWN)), accepted=accepted)


def _stage(table: Table, report: ImportReport, tell: Tell) -> None:
    rows = Rows(table, report)
    codes = rows.column("code", cells.department)
    names = rows.column("name", cells.name(MAX_NAME, required="名称"))
    rows.refuse_repeated(codes, "code", lambda code, line: f"与第 {line} 行是同一个部门（{code}）")
    staging.one_at_a_time("departments")
    values = [sql.as_text(rows.lines()), rows.keep(codes), sql.escaped(rows.keep(names))]
    staging.stage("staged_department", _STAGED, values, tell)


def _apply(report: ImportReport, *, by: User | None) -> None:
    added = sql.run(_INSERT)
    renamed = sql.run(_RENAME)
    report.counts = {"新增": added, "改名": renamed, "未变": report.rows - added - renamed}
    audit.record(by, "departments.import", **report.file, added=added, renamed=renamed)
