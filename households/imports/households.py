"""Import of households: the county's register, validated row by row and written set by set."""

from collections.abc import Sequence
from datetime import date

from households import audit, sql
from households.codes import MAX_GROUP_NO, sql_within
from households.files import bounds
from households.files.tables import Table
from households.imports import cells, changes, columns, staging, taking_back
from households.imports.changes import Given
from households.imports.problems import Guard, ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import User
from households.register import phones
from households.register.initials import initials_of_all

COLUMNS = tuple(column.name for column in columns.HOUSEHOLDS)
MAX_NAME, MAX_ADDRESS = 30, 100
GROUP_NAMES = {f"{number:02d}": f"第{number}组" for number in range(1, MAX_GROUP_NO + 1)}
BIG = 10_000  # rows after which the planner should learn the new sizes at once

_STAGED = {
    "line": "int",
    "code": 'text COLLATE "C"',
    "village": 'text COLLATE "C"',
    "group_code": 'text COLLATE "C"',
    "group_name": "text",
    "head_name": "text",
    "initials": "text",
    "phone": "bytea",
    "address": "text",
    "valid_from": "date",  # of those that are new
}
_UNKNOWN_VILLAGES = """
    SELECT s.line, s.village FROM staged_household s LEFT JOIN households_division d ON d.code = s.village
    WHERE d.code IS NULL
"""
_ENDED_DIVISIONS = """
    SELECT s.line, d.code, d.valid_to FROM staged_household s JOIN households_division d ON d.code = s.village
    WHERE d.valid_to <= %(today)s
    UNION ALL
    SELECT s.line, d.code, d.valid_to FROM staged_household s JOIN households_division d ON d.code = s.group_code
    WHERE d.valid_to <= %(today)s
"""
_ENDED_HOUSEHOLDS = """
    SELECT s.line, h.code, h.valid_to FROM staged_household s JOIN households_household h USING (code)
    WHERE h.valid_to IS NOT NULL
"""
STORED_PHONES = f"""
    SELECT h.code, h.phone FROM unnest(%(villages)s::text[]) AS village
    JOIN households_household h ON {sql_within("h.code", "village")}
    WHERE h.phone IS NOT NULL
"""
# A group counts from its first household on.
_ADD_GROUPS = """
    INSERT INTO households_division (code, name, parent_id, valid_from)
    SELECT group_code, group_name, village, CASE WHEN bool_and(valid_from IS NOT NULL) THEN min(valid_from) END
    FROM staged_household s
    WHERE NOT EXISTS (SELECT FROM households_division d WHERE d.code = s.group_code)
    GROUP BY group_code, group_name, village
    ORDER BY group_code
"""
_NEW_PLACES = """
    SELECT DISTINCT village FROM staged_household s
    WHERE NOT EXISTS (SELECT FROM households_household h WHERE h.code = s.code)
"""
# An empty phone or address leaves what is known: lists come back without them far more often than numbers are given up.
_UPDATE = """
    UPDATE households_household h
    SET head_name = s.head_name, initials = s.initials, phone = coalesce(s.phone, h.phone),
        address = coalesce(NULLIF(s.address, ''), h.address)
    FROM staged_household s
    WHERE h.code = s.code
      AND (h.head_name <> s.head_name OR h.initials <> s.initials
           OR h.phone IS DISTINCT FROM coalesce(s.phone, h.phone)
           OR h.address <> coalesce(NULLIF(s.address, ''), h.address))
"""
_INSERT = """
    INSERT INTO households_household
        (code, group_id, head_name, initials, phone, address, valid_from, land_contractor_code)
    SELECT code, group_code, head_name, initials, phone, address, valid_from, '' FROM staged_household s
    WHERE NOT EXISTS (SELECT FROM households_household h WHERE h.code = s.code)
    ORDER BY code
"""

KEPT = (
    taking_back.KeptTable(
        "households_division",
        "t.code",
        "SELECT group_code AS key FROM staged_household",
        ("code", "name", "valid_to"),
        "组",
    ),
    taking_back.KeptTable(
        "households_household",
        "t.code",
        "SELECT code AS key FROM staged_household",
        ("head_name", "initials", "phone", "address", "group_id", "valid_from", "valid_to"),
        "户",
    ),
)


def import_households(
    *,
    name: str,
    data: bytes,
    today: date,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    keep: int | None = None,
    valid_from: date | None = None,
    guard: Guard | None = None,
    accept_changes: bool = False,
    tell: Tell = quiet,
) -> ImportReport:
    """Add the households of a file and take over changed names, phones and addresses; anything wrong, nothing written.

    Groups are made as they occur. `valid_from` is the day new households start to count, None for "since before our
    records". `guard` may refuse rows, or give new ones another first day, while they are staged (staged_household) and
    nothing is written yet. The report's `places` are the villages that gained households. Every change of what is known is a
    note; a village of which most heads would be others is refused, unless they are meant (`accept_changes`).
    """
    report = ImportReport(name, dry_run)
    tell("读取", 0.0)
    table = open_table(report, data, COLUMNS, within=within, columns=columns.HOUSEHOLDS)
    if table is None:
        return report
    with all_or_nothing(report):
        staging.one_at_a_time("households")
        given = _stage(table, report, valid_from, tell, by)
        _check(report, today)
        changes.of_households(report, given, today, accepted=accept_changes)
        if guard and not report.refused:
            guard(report)
        if not report.refused:
            tell("写入", 0.5)
            with taking_back.kept(keep, *KEPT):
                _apply(report, by=by)
        tell("完成", 1.0)
    return report


def _stage(table: Table, report: ImportReport, valid_from: date | None, tell: Tell, by: User | None) -> list[Given]:
    rows = Rows(table, report)
    tell("核对", 0.1)
    villages = rows.column("division_code", cells.village)
    rows.refuse_elsewhere(villages, "division_code", by)
    groups = rows.column("group", cells.group)
    serials = rows.column("household_no", cells.serial)
    heads = rows.column("head_name", cells.name(MAX_NAME, required="户主"))
    rows.note_other_signs("head_name", heads)
    numbers = rows.column("phone", cells.phone)
    addresses = rows.column("address", cells.text(MAX_ADDRESS))
    codes = [f"{village}{group}{serial}" for village, group, serial in zip(villages, groups, serials, strict=True)]
    rows.refuse_repeated(codes, "household_no", lambda code, line: f"与第 {line} 行是同一户（{code}）")
    tell("加密电话", 0.25)
    kept_codes, kept_villages, kept_groups = rows.keep(codes), rows.keep(villages), rows.keep(groups)
    kept_heads, kept_numbers = rows.keep(heads), rows.keep(numbers)
    values = [
        sql.as_text(rows.lines()),
        kept_codes,
        kept_villages,
        [village + group for village, group in zip(kept_villages, kept_groups, strict=True)],
        [GROUP_NAMES[group] for group in kept_groups],
        sql.escaped(kept_heads),
        initials_of_all(kept_heads),
        sql.as_bytea(_sealed(kept_codes, kept_villages, kept_numbers)),
        sql.escaped(rows.keep(addresses)),
        [sql.NULL if valid_from is None else valid_from.isoformat()] * len(kept_codes),
    ]
    staging.stage("staged_household", _STAGED, values, tell, done=0.4)
    return list(zip(rows.lines(), kept_codes, kept_heads, kept_numbers, strict=True))


def _sealed(codes: Sequence[str], villages: Sequence[str], numbers: Sequence[str]) -> list[bytes | None]:
    """The stored forms of the phones; a number that has not changed keeps the form it has, so that rows compare equal."""
    stored = {code: bytes(sealed) for code, sealed in sql.rows(STORED_PHONES, {"villages": sorted(set(villages))})}
    if not stored:
        return phones.encrypt_all(numbers)
    same = {code: stored[code] for code, number in zip(codes, numbers, strict=True) if _unchanged(stored, code, number)}
    fresh = phones.encrypt_all("" if code in same else number for code, number in zip(codes, numbers, strict=True))
    return [same.get(code, sealed) for code, sealed in zip(codes, fresh, strict=True)]


def _unchanged(stored: dict[str, bytes], code: str, number: str) -> bool:
    try:
        return code in stored and phones.decrypt(stored[code]) == number
    except phones.PhoneUnreadable:
        return False  # written anew under the present key


def _check(report: ImportReport, today: date) -> None:
    for line, village in sql.rows(_UNKNOWN_VILLAGES):
        report.refuse(line, "division_code", f"没有代码为 {village} 的村，请先导入区划")
    for line, code, ended in sql.rows(_ENDED_DIVISIONS, {"today": today}):
        report.refuse(line, "division_code", f"区划 {code} 已于 {ended} 停用")
    for line, code, ended in sql.rows(_ENDED_HOUSEHOLDS):
        report.refuse(line, "household_no", f"户 {code} 已于 {ended} 停用，户号不能再用")


def _apply(report: ImportReport, *, by: User | None) -> None:
    groups = sql.run(_ADD_GROUPS)
    report.places = {village for (village,) in sql.rows(_NEW_PLACES)}
    updated = sql.run(_UPDATE)
    added = sql.run(_INSERT)
    report.counts = {"新增": added, "更新": updated, "未变": report.rows - added - updated, "新建组": groups}
    if added >= BIG:
        sql.run("ANALYZE households_household; ANALYZE households_division")
    audit.record(by, "households.import", place=_common_place(), **report.file, added=added, updated=updated)


def _common_place() -> str:
    """The county the file is about; empty when it is about several."""
    counties = [county for (county,) in sql.rows("SELECT DISTINCT left(village, 6) FROM staged_household")]
    return counties[0] if len(counties) == 1 else ""
