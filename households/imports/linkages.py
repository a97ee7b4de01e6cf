"""Import of linkages: which department answers for which division, how much, and from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from households import audit, sql
from households.files import bounds
from households.files.tables import Table
from households.imports import cells, columns, staging, taking_back
from households.imports.problems import Guard, ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import User
from households.models.people import MAX_LEADER

LAYOUTS = tuple(
    tuple(column.name for column in columns.LINKAGES[:most]) for most in (5, 6)
)  # without a leader, and with one
COLUMNS = LAYOUTS[0]
LAST = "9999-12"  # stands for "no end" when months are compared
_STAGED = {
    "line": "int",
    "department": "text",
    "division": 'text COLLATE "C"',
    "weight": "int",
    "from_month": 'text COLLATE "C"',
    "to_month": 'text COLLATE "C"',
    "leader": "text",
}
# A file without the column says nothing of leaders: those there are stay.
_LEADER = "CASE WHEN %(named)s THEN s.leader ELSE l.leader END"
_DIFFERS = f"(l.weight, l.to_month, l.leader) IS DISTINCT FROM (s.weight, s.to_month, {_LEADER})"
_UNKNOWN = """
    SELECT s.line, d.code IS NULL, p.code IS NULL, s.department, s.division FROM staged_linkage s
    LEFT JOIN households_department d ON d.code = s.department
    LEFT JOIN households_division p ON p.code = s.division
    WHERE d.code IS NULL OR p.code IS NULL
"""
# Pairs in force at the same time: within the file, then against what is stored and not replaced by the file.
_OVERLAPS_INSIDE = """
    SELECT b.line, a.line FROM staged_linkage a
    JOIN staged_linkage b ON b.department = a.department AND b.division = a.division AND a.line < b.line
    WHERE a.from_month <= coalesce(NULLIF(b.to_month, ''), %(last)s)
      AND b.from_month <= coalesce(NULLIF(a.to_month, ''), %(last)s)
"""
_OVERLAPS_STORED = """
    SELECT s.line, l.from_month, l.to_month FROM staged_linkage s
    JOIN households_linkage l ON l.department_id = s.department AND l.division_id = s.division
    WHERE s.from_month <= coalesce(NULLIF(l.to_month, ''), %(last)s)
      AND l.from_month <= coalesce(NULLIF(s.to_month, ''), %(last)s)
      AND NOT EXISTS (SELECT FROM staged_linkage o WHERE o.department = l.department_id
                      AND o.division = l.division_id AND o.from_month = l.from_month)
"""
# Months whose figures move: those of a new row, and those of a changed row before and after.
_MOVED = """
    SELECT s.division, least(s.from_month, l.from_month),
           greatest(coalesce(NULLIF(s.to_month, ''), %(last)s), coalesce(NULLIF(l.to_month, ''), s.from_month),
                    CASE WHEN l.to_month = '' THEN %(last)s END)
    FROM staged_linkage s
    LEFT JOIN households_linkage l
      ON l.department_id = s.department AND l.division_id = s.division AND l.from_month = s.from_month
    WHERE l.id IS NULL OR (l.weight, l.to_month) IS DISTINCT FROM (s.weight, s.to_month)
"""
_CHANGED = f"""
    SELECT s.line, l.weight, s.weight, l.to_month, s.to_month, l.leader, {_LEADER} FROM staged_linkage s
    JOIN households_linkage l
      ON l.department_id = s.department AND l.division_id = s.division AND l.from_month = s.from_month
    WHERE {_DIFFERS} ORDER BY s.line
"""
_UPDATE = f"""
    UPDATE households_linkage l SET weight = s.weight, to_month = s.to_month, leader = {_LEADER} FROM staged_linkage s
    WHERE l.department_id = s.department AND l.division_id = s.division AND l.from_month = s.from_month
      AND {_DIFFERS}
"""
_INSERT = """
    INSERT INTO households_linkage (department_id, division_id, weight, from_month, to_month, leader)
    SELECT department, division, weight, from_month, to_month, leader FROM staged_linkage s
    WHERE NOT EXISTS (SELECT FROM households_linkage l WHERE l.department_id = s.department
                      AND l.division_id = s.division AND l.from_month = s.from_month)
    ORDER BY line
"""

KEPT = taking_back.KeptTable(
    "households_linkage",
    "concat_ws(' ', t.department_id, t.division_id, t.from_month)",
    "SELECT concat_ws(' ', department, division, from_month) AS key FROM staged_linkage",
    ("weight", "to_month", "leader"),
    "联村关系",
)


@dataclass
class LinkageReport(ImportReport):
    """`moved` are (division, first month, last month) whose departments' figures are out of date; `named`: leaders are in the file."""

    moved: list[tuple[str, str, str]] = field(default_factory=list)
    named: bool = False


def import_linkages(
    *,
    name: str,
    data: bytes,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    keep: int | None = None,
    guard: Guard | None = None,
    tell: Tell = quiet,
) -> LinkageReport:
    """Add the linkages of a file; one with a known start takes over its weight and end, and its leader where the file has them.

    Anything wrong, nothing written.

    A department may be linked to a division only once at a time. `guard` may refuse rows: it finds in `moved` what would move.
    """
    report = LinkageReport(name, dry_run)
    table = open_table(report, data, *LAYOUTS, within=within, columns=columns.LINKAGES)
    if table is None:
        return report
    _take(table, report, by=by, keep=keep, guard=guard, tell=tell)
    return report


def write_lines(
    lines: Sequence[Sequence[str]], *, by: User | None, guard: Guard | None = None, dry_run: bool = False
) -> LinkageReport:
    """The same for lines that somebody has entered, under the same checks; the caller writes the audit line."""
    report = LinkageReport("联村关系", dry_run)
    cells_of = dict(zip(COLUMNS, [list(column) for column in zip(*lines, strict=True)], strict=True))
    report.rows = len(lines)
    _take(Table(cells_of, list(range(1, len(lines) + 1))), report, by=by, keep=None, guard=guard, told=False)
    return report


def _take(
    table: Table,
    report: LinkageReport,
    *,
    by: User | None,
    keep: int | None,
    guard: Guard | None,
    tell: Tell = quiet,
    told: bool = True,
) -> None:
    with all_or_nothing(report):
        _stage(table, report, tell, by)
        _check(report)
        if not report.refused:
            report.moved = [(code, start, end) for code, start, end in sql.rows(_MOVED, {"last": LAST})]
            if guard:
                guard(report)
        if not report.refused:
            with taking_back.kept(keep, KEPT):
                _apply(report, by=by, told=told)


def _stage(table: Table, report: LinkageReport, tell: Tell, by: User | None) -> None:
    rows = Rows(table, report)
    report.named = "leader" in table.columns
    departments = rows.column("department_code", cells.department)
    divisions = rows.column("division_code", cells.division)
    rows.refuse_elsewhere(divisions, "division_code", by)
    weights = rows.column("weight", cells.whole(cells.MAX_WEIGHT, "权重"))
    starts = rows.column("from_month", cells.month)
    ends = rows.column("to_month", cells.month_or_open)
    leaders = rows.column("leader", cells.text(MAX_LEADER)) if report.named else [""] * len(table)
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start and end and end < start:
            rows.refuse(row, "to_month", f"截止月份 {end} 早于起始月份 {start}")
    staging.one_at_a_time("linkages")
    values = [
        sql.as_text(rows.lines()),
        *(rows.keep(column) for column in (departments, divisions)),
        sql.as_text(rows.keep(weights)),
        *(rows.keep(column) for column in (starts, ends, leaders)),
    ]
    staging.stage("staged_linkage", _STAGED, values, tell)


def _check(report: LinkageReport) -> None:
    for line, no_department, no_division, department, division in sql.rows(_UNKNOWN):
        if no_department:
            report.refuse(line, "department_code", f"没有代码为 {department} 的部门，请先导入部门")
        if no_division:
            report.refuse(line, "division_code", f"没有代码为 {division} 的区划，请先导入区划")
    _tell_changed(report)
    for line, other in sql.rows(_OVERLAPS_INSIDE, {"last": LAST}):
        report.refuse(line, "from_month", f"与第 {other} 行是同一部门和同一区划，月份重叠")
    for line, start, end in sql.rows(_OVERLAPS_STORED, {"last": LAST}):
        report.refuse(line, "from_month", f"该部门与该区划已有联系（{start} 起{f'到 {end}' if end else ''}），月份重叠")


def _tell_changed(report: LinkageReport) -> None:
    for line, weight, new_weight, end, new_end, leader, new_leader in sql.rows(_CHANGED, {"named": report.named}):
        if weight != new_weight:
            report.note(line, "weight", f"权重由 {weight} 改为 {new_weight}")
        if end != new_end:
            report.note(line, "to_month", f"截止月份由 {end or '没有'} 改为 {new_end or '没有'}")
        if leader != new_leader:
            report.note(line, "leader", f"联系领导由 {leader or '没有'} 改为 {new_leader or '没有'}")


def _apply(report: LinkageReport, *, by: User | None, told: bool) -> None:
    updated = sql.run(_UPDATE, {"named": report.named})
    added = sql.run(_INSERT)
    report.counts = {"新增": added, "更新": updated, "未变": report.rows - added - updated}
    report.places = {code for code, _, _ in report.moved}
    if told:
        audit.record(by, "linkages.import", **report.file, added=added, updated=updated)
