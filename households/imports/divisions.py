"""Import of divisions: county, township and village (and group) codes with their names."""

from datetime import date

from households import audit, sql
from households.codes import INVENTED, LEVELS, county_of, parent
from households.files import bounds
from households.files.tables import Table
from households.imports import cells, columns, staging, taking_back
from households.imports.changes import Renamed, stop_where_most
from households.imports.problems import Guard, ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import User

COLUMNS = tuple(column.name for column in columns.DIVISIONS)
MAX_NAME = 60
_STAGED = {"line": "int", "code": 'text COLLATE "C"', "name": "text", "parent": 'text COLLATE "C"'}
_STAGED |= {"valid_from": "date"}  # of those that are new

_ORPHANS = """
    SELECT s.line, s.parent FROM staged_division s
    WHERE s.parent <> ''
      AND NOT EXISTS (SELECT FROM households_division d WHERE d.code = s.parent)
      AND NOT EXISTS (SELECT FROM staged_division o WHERE o.code = s.parent)
"""
# Where training villages lie there is no such constraint, and such a code is at home (ADR 59).
_INVENTED = """
    SELECT s.line, s.code FROM staged_division s
    WHERE left(s.code, 2) = %(mark)s
      AND EXISTS (SELECT FROM pg_constraint WHERE conname = 'division_is_not_invented') ORDER BY s.line
"""
_RENAMED = """
    SELECT s.line, s.parent, coalesce(p.name, ''), d.name, s.name
    FROM staged_division s JOIN households_division d USING (code) LEFT JOIN households_division p ON p.code = s.parent
    WHERE d.name <> s.name ORDER BY s.line
"""
_KNOWN = """
    SELECT s.parent, count(*) FROM staged_division s JOIN households_division d USING (code) GROUP BY s.parent
"""
_INSERT = """
    INSERT INTO households_division (code, name, parent_id, valid_from)
    SELECT code, name, NULLIF(parent, ''), valid_from FROM staged_division s
    WHERE NOT EXISTS (SELECT FROM households_division d WHERE d.code = s.code)
    ORDER BY length(code), code
"""
_RENAME = """
    UPDATE households_division d SET name = s.name FROM staged_division s WHERE d.code = s.code AND d.name <> s.name
"""

KEPT = taking_back.KeptTable(
    "households_division", "t.code", "SELECT code AS key FROM staged_division", ("code", "name", "valid_to"), "区划"
)


def import_divisions(
    *,
    name: str,
    data: bytes,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    keep: int | None = None,
    valid_from: date | None = None,
    guard: Guard | None = None,
    accept_changes: bool = False,
    tell: Tell = quiet,
) -> ImportReport:
    """Create the divisions of a file (code,name) and take over changed names; anything wrong, and nothing is written.

    Codes are significant or official 12-digit ones; a parent must be in the file or known already. `name` is the
    file's, for the report. Several counties may live in one database. `valid_from` and `guard` as in `import_households`,
    the staged rows are those of staged_division. A place below which most names would be others is refused, unless they are
    meant (`accept_changes`).
    """
    report = ImportReport(name, dry_run)
    table = open_table(report, data, COLUMNS, within=within, columns=columns.DIVISIONS)
    if table is None:
        return report
    with all_or_nothing(report):
        _stage(table, report, valid_from, tell, by)
        _check(report, accepted=accept_changes)
        if guard and not report.refused:
            guard(report)
        if not report.refused:
            with taking_back.kept(keep, KEPT):
                _apply(report, by=by)
    return report


def _stage(table: Table, report: ImportReport, valid_from: date | None, tell: Tell, by: User | None) -> None:
    rows = Rows(table, report)
    codes = rows.column("code", cells.division)
    names = rows.column("name", cells.name(MAX_NAME, required="名称"))
    rows.refuse_elsewhere(codes, "code", by)
    rows.refuse_repeated(codes, "code", lambda code, line: f"与第 {line} 行是同一个区划（{code}）")
    wanted = rows.keep(codes)
    parents = [parent(code) or "" for code in wanted]
    staging.one_at_a_time("divisions")
    values = [sql.as_text(rows.lines()), wanted, sql.escaped(rows.keep(names)), parents]
    values.append([sql.NULL if valid_from is None else valid_from.isoformat()] * len(wanted))
    staging.stage("staged_division", _STAGED, values, tell)


def _check(report: ImportReport, *, accepted: bool) -> None:
    for line, missing in sql.rows(_ORPHANS):
        level = LEVELS[[6, 9, 12].index(len(missing))]
        report.refuse(line, "code", f"上级{level.label}“{missing}”不在文件里，也没有导入过")
    for line, code in sql.rows(_INVENTED, {"mark": INVENTED}):
        report.refuse(
            line, "code", f"{code} 是练习用的代码（{INVENTED} 开头），不能作正式的区划，请核对国家统计局的区划代码"
        )
    renamed = [Renamed(*row) for row in sql.rows(_RENAMED)]
    for one in renamed:
        report.note(one.line, "name", f"名称由“{one.old}”改为“{one.new}”")
    stop_where_most(report, "name", renamed, dict(sql.rows(_KNOWN)), accepted=accepted)


def _apply(report: ImportReport, *, by: User | None) -> None:
    added = sql.run(_INSERT)
    renamed = sql.run(_RENAME)
    report.counts = {"新增": added, "改名": renamed, "未变": report.rows - added - renamed}
    counties = {county_of(code) for (code,) in sql.rows("SELECT DISTINCT left(code, 6) FROM staged_division")}
    place = counties.pop() if len(counties) == 1 else ""
    audit.record(by, "divisions.import", place=place, **report.file, added=added, renamed=renamed)
