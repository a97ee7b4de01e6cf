"""Import of events: recorded and confirmed by the county office, each with the document that its clause demands."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID, uuid5

from households import audit, sql
from households.codes import Level, county_of, is_level, village_of
from households.files import bounds
from households.files.tables import Table
from households.imports import cells, staging, taking_back
from households.imports.columns import FileColumn
from households.imports.problems import ImportReport, Rows, Tell, all_or_nothing, open_table, quiet
from households.models import User
from households.months import last_day, month_of
from households.refusals import Refused
from households.roles import Role
from scoring.models import Clause, Subject
from scoring.months.months import open_month
from scoring.rollup import marks
from scoring.schemes.protected_acts import SEALED_SINCE, rests_on_sealed_record
from scoring.schemes.recorders import may_record
from scoring.sheets.actions import entries
from scoring.sheets.actions.twins import COUNTY_OFFICE, RecordedFact, Twins, fact
from scoring.states import SheetState, lock_reason

MAX_DOCUMENT, MAX_NOTE = 60, 200
COLUMNS = (
    FileColumn(
        "household_code|division_code",
        "户编号或区划代码",
        "18 位户编号；记在村、组上的填区划代码。这一列请先设为“文本”格式",
        "430525103001030012",
        ("编号", "代码"),
    ),
    FileColumn("date", "日期", "发生的那一天，不能是将来", "2026-10-05", ("发生日期",)),
    FileColumn("clause_code", "条款代码", "当月适用的细则里、由您登记的条款，例如 WJ07", "WJ07", ("条款",)),
    FileColumn("document_no", "文书号", "条款要求文书的必填", "洞自然资罚〔2026〕12号", ("文号",)),
    FileColumn("note", "说明", "可以空着；不写人名", "", ("备注",)),
)
OTHER_HEADINGS = (
    FileColumn("household_code", "户编号", "", "", ("户代码",)),
    FileColumn("division_code", "区划代码", "", "", ("村代码",)),
)
KEPT = taking_back.KeptTable(
    "scoring_scoreevent",
    "t.op_id::text",
    "SELECT op_id::text AS key FROM staged_event WHERE NOT known",
    ("code", "date", "withdrawn_at"),
    "例外",
)
MEANT_OF_FILE = "如果这个文件里相同的确实都是又一次，请用 --again 导入。"
_REST = ("date", "clause_code", "document_no", "note")
HOUSEHOLD, DIVISION, EITHER = "household_code", "division_code", "household_code|division_code"
LAYOUTS = ((HOUSEHOLD, DIVISION, *_REST), (HOUSEHOLD, *_REST), (DIVISION, *_REST), (EITHER, *_REST))

# Names the same row of a file the same for ever, so that a file sent twice is written once.
_ROWS = UUID("6f0c7d0e-5d3b-5c55-9d0a-3b1f6f2c1a77")

_CELLS = {"date": "date", "clause": "clause_code", "document_no": "document_no", "note": "note"}
_STAGED = {
    "line": "int",
    "op_id": "uuid",
    "cell": "text",  # the column the code stood in
    "code": 'text COLLATE "C"',
    "place": 'text COLLATE "C"',  # the village of the code, or a township's or county's own code
    "subject": "text",
    "month": 'text COLLATE "C"',
    "last_day": "date",
    "date": "date",
    "clause": "text",
    "document_no": "text",
    "note": "text",
    "known": "boolean",
}
_KNOWN = """
    UPDATE staged_event s SET known = true FROM scoring_scoreevent e WHERE e.op_id = s.op_id
"""
# Sheets of the villages named, opened where they are missing: what declares or freezes them waits for this import.
_OPEN_SHEETS = """
    INSERT INTO scoring_sheet (period_id, village_id, state, version)
    SELECT DISTINCT s.month, d.code, 'open', 0 FROM staged_event s JOIN households_division d ON d.code = s.place
    WHERE NOT s.known AND length(s.place) = 12
    ORDER BY 1, 2
    ON CONFLICT (period_id, village_id) DO NOTHING
"""
# Sheets at or below the places named.
_SHEETS = """
    SELECT sh.id, sh.village_id, sh.state, p.month, p.place
    FROM (SELECT DISTINCT month, place FROM staged_event WHERE NOT known) p
    JOIN scoring_sheet sh ON sh.period_id = p.month AND starts_with(sh.village_id, p.place)
"""
_LOCK_SHEETS = f"SELECT id FROM scoring_sheet WHERE id IN (SELECT id FROM ({_SHEETS}) x) ORDER BY id FOR UPDATE"
_BUMP_SHEETS = f"UPDATE scoring_sheet SET version = version + 1 WHERE id IN (SELECT id FROM ({_SHEETS}) x)"
_CLOSED = f"""
    SELECT s.line, s.cell, s.code, s.month, c.village, c.state
    FROM (SELECT DISTINCT ON (month, place) month, place, village_id AS village, state FROM ({_SHEETS}) x
          WHERE state IN ('posted', 'frozen') ORDER BY month, place, state, village_id) c
    JOIN staged_event s ON s.month = c.month AND s.place = c.place
    WHERE NOT s.known
"""
_ABSENT = """
    SELECT s.line, s.cell, s.code, s.month, s.subject, coalesce(h.code, d.code) IS NULL FROM staged_event s
    LEFT JOIN households_household h ON h.code = s.code
    LEFT JOIN households_division d ON d.code = s.code
    WHERE NOT s.known
      AND (coalesce(h.code, d.code) IS NULL OR coalesce(h.valid_from, d.valid_from) > s.last_day
           OR coalesce(h.valid_to, d.valid_to) <= s.last_day OR s.last_day <@ ANY (h.gaps))
"""
_MISFITS = """
    SELECT s.line, s.clause, s.month, s.subject, g.name, c.id IS NULL,
           c.subject NOT IN (s.subject, 'both'), c.document_required AND s.document_no = ''
    FROM staged_event s
    JOIN scoring_period p ON p.month = s.month
    JOIN scoring_scheme g ON g.id = p.scheme_id
    LEFT JOIN scoring_clause c ON c.scheme_id = p.scheme_id AND c.code = s.clause
    WHERE NOT s.known
      AND (c.id IS NULL OR c.subject NOT IN (s.subject, 'both') OR c.document_required AND s.document_no = '')
"""
_NAMED = """
    SELECT s.line, c.id FROM staged_event s
    JOIN scoring_period p ON p.month = s.month
    JOIN scoring_clause c ON c.scheme_id = p.scheme_id AND c.code = s.clause
    WHERE NOT s.known AND s.date >= %(since)s AND c.kind = 'deduct'
"""
# Standing events of the same place, day and clause as a row that is not known; whether the document is the same, is asked of
# `twins`.
_NEAR = """
    SELECT DISTINCT e.id, e.code, e.date, c.code, e.document_no, coalesce(u.display_name, '')
    FROM staged_event s
    JOIN scoring_clause c ON c.code = s.clause
    JOIN scoring_scoreevent e ON e.period_id = s.month AND e.code = s.code AND e.date = s.date AND e.clause_id = c.id
    LEFT JOIN households_user u ON u.id = e.recorded_by_id
    WHERE NOT s.known AND e.withdrawn_at IS NULL
    ORDER BY e.id
"""
_FRESH = """
    SELECT line, code, date, clause, document_no FROM staged_event WHERE NOT known ORDER BY line
"""
_NEW_PLACES = """
    SELECT DISTINCT month, place FROM staged_event WHERE NOT known ORDER BY month, place
"""
_RECORDERS = """
    SELECT s.line, c.code, c.recorder FROM staged_event s
    JOIN scoring_period p ON p.month = s.month
    JOIN scoring_clause c ON c.scheme_id = p.scheme_id AND c.code = s.clause
    WHERE NOT s.known ORDER BY s.line
"""
_INSERT = """
    INSERT INTO scoring_scoreevent
        (op_id, period_id, code, clause_id, indicator, kind, points, date, document_no, note, source, sheet_version,
         recorded_by_id, recorded_at, confirmed_by_id, confirmed_at, withdraw_reason)
    SELECT s.op_id, s.month, s.code, c.id, i.position, c.kind, c.points, s.date, s.document_no, s.note, 'import',
           coalesce(sh.version, 0), %(by)s, now(), %(by)s, now(), ''
    FROM staged_event s
    JOIN scoring_period p ON p.month = s.month
    JOIN scoring_clause c ON c.scheme_id = p.scheme_id AND c.code = s.clause
    JOIN scoring_indicator i ON i.id = c.indicator_id
    LEFT JOIN scoring_sheet sh ON sh.period_id = s.month AND sh.village_id = s.place
    WHERE NOT s.known
    ORDER BY s.line
"""


def import_events(
    *,
    name: str,
    data: bytes,
    today: date,
    by: User | None = None,
    dry_run: bool = False,
    within: bounds.Bounds = bounds.COMMAND,
    keep: int | None = None,
    again: bool = False,
    tell: Tell = quiet,
) -> ImportReport:
    """Record the events of a file, confirmed at once; anything wrong, and nothing is written.

    A row's clause is one of the scheme in force in the month of its date. The same file again adds nothing. A row that is
    the twin of a standing event or of a row above it is refused, unless all of the file's are meant (`again`): then equal
    rows are so many events. `by` None is the county office at the command line.
    """
    report = ImportReport(name, dry_run)
    table = open_table(report, data, *LAYOUTS, within=within, columns=(*COLUMNS, *OTHER_HEADINGS))
    if table is None:
        return report
    with all_or_nothing(report):
        _stage(table, report, today, tell, by)
        _check(report, again=again)
        _refuse_not_theirs(report, by)
        if not report.refused:
            with taking_back.kept(keep, KEPT):
                _apply(report, by=by)
    return report


def _stage(table: Table, report: ImportReport, today: date, tell: Tell, by: User | None) -> None:
    rows = Rows(table, report)
    named, codes = codes_of(rows)
    rows.refuse_elsewhere(codes, named[0], by)
    days, clauses, documents, notes = said_in(rows)
    _refuse_future(rows, days, today)
    _open_months(rows, codes, days)
    content = list(zip(*(rows.keep(column) for column in (codes, days, clauses, documents, notes)), strict=True))
    kept, months = rows.keep(codes), [month_of(day) for day in rows.keep(days)]
    last_days = {month: str(last_day(month)) for month in set(months)}
    staging.one_at_a_time("events")
    values = [
        sql.as_text(rows.lines()),
        sql.as_text(ids_of_rows(content)),
        rows.keep(named),
        kept,
        [village_of(code) for code in kept],
        [_subject(code).value for code in kept],
        months,
        [last_days[month] for month in months],
        sql.as_text(rows.keep(days)),
        rows.keep(clauses),
        sql.escaped(rows.keep(documents)),
        sql.escaped(rows.keep(notes)),
        ["f"] * len(kept),
    ]
    staging.stage("staged_event", _STAGED, values, tell, done=0.5)


def as_spelt(clauses: Sequence[str | None]) -> list[str | None]:
    """Codes of clauses in the scheme's own spelling: nobody should be refused for wj02."""
    known = set(Clause.objects.values_list("code", flat=True))
    spelling = {code.upper(): code for code in known}
    return [code if code is None or code in known else spelling.get(code.upper(), code) for code in clauses]


def _subject(code: str) -> Subject:
    return Subject.HOUSEHOLD if is_level(code, Level.HOUSEHOLD) else Subject.DIVISION


def said_in(rows: Rows) -> tuple[list[date | None], list[str | None], list[str | None], list[str | None]]:
    """What the rows say beside their places: days, clauses, documents, notes. Faults go to the report."""
    return (
        rows.column("date", cells.day),
        as_spelt(rows.column("clause_code", cells.clause)),
        rows.column("document_no", cells.reference(MAX_DOCUMENT)),
        rows.column("note", cells.text(MAX_NOTE)),
    )


def cell_of(fields: Iterable[str]) -> str:
    """The column that a refusal of one entry is about, by the names of its fields."""
    return next((_CELLS[name] for name in fields if name in _CELLS), "clause_code")


def codes_of(rows: Rows) -> tuple[list[str], list[str | None]]:
    """The column that holds each row's code, and the code: of a household, or of a division of any level."""
    columns = rows.table.columns
    if EITHER in columns:
        return [EITHER] * len(rows.table), rows.column(EITHER, cells.anything)
    if DIVISION not in columns:
        return [HOUSEHOLD] * len(rows.table), rows.column(HOUSEHOLD, cells.household)
    if HOUSEHOLD not in columns:
        return [DIVISION] * len(rows.table), rows.column(DIVISION, cells.division)
    return _two_columns(rows)


def _two_columns(rows: Rows) -> tuple[list[str], list[str | None]]:
    households = rows.column(HOUSEHOLD, cells.or_empty(cells.household))
    divisions = rows.column(DIVISION, cells.or_empty(cells.division))
    for row, (household, division) in enumerate(zip(households, divisions, strict=True)):
        if household and division:
            rows.refuse(row, DIVISION, "户编号和区划代码只能填一个")
        elif household == "" and division == "":
            rows.refuse(row, HOUSEHOLD, "户编号和区划代码要填一个")
    places = [HOUSEHOLD if household else DIVISION for household in households]
    return places, [household or division for household, division in zip(households, divisions, strict=True)]


def _refuse_future(rows: Rows, days: Sequence[date | None], today: date) -> None:
    for row, day in enumerate(days):
        if day and day > today:
            rows.refuse(row, "date", f"日期 {day} 还没有到，不能登记将来的事")


def _open_months(rows: Rows, codes: Sequence[str | None], days: Sequence[date | None]) -> None:
    """Open the months of the rows; one without a scheme in force, or before its county's first, takes its rows out."""
    faults: dict[tuple[str, str], str] = {}
    wanted = [(month_of(day), county_of(code)) if day and code else None for day, code in zip(days, codes, strict=True)]
    for month, county in sorted({key for key in rows.keep(wanted) if key}):
        try:
            open_month(month, county)
        except Refused as refusal:
            faults[month, county] = refusal.sentence
    for row, key in enumerate(wanted):
        if key in faults and rows.sound[row]:
            rows.refuse(row, "date", faults[key])


def ids_of_rows(content: Sequence[tuple[object, ...]]) -> list[UUID]:
    """An id for each row, out of what it says and how many equal rows stood before it in the file."""
    seen: Counter[tuple[object, ...]] = Counter()
    ids = []
    for row in content:
        seen[row] += 1
        ids.append(uuid5(_ROWS, "\x1f".join(map(str, (*row, seen[row])))))
    return ids


def _check(report: ImportReport, *, again: bool) -> None:
    """What only the database knows. Rows written by an earlier import of the file are left alone."""
    sql.run(_KNOWN)
    sql.run(_OPEN_SHEETS)
    sql.rows(_LOCK_SHEETS)
    for line, cell, code, month, subject, unknown in sql.rows(_ABSENT):
        what = "户" if subject == Subject.HOUSEHOLD else "区划"
        report.refuse(line, cell, f"没有代码为 {code} 的{what}" if unknown else f"{what} {code} 在 {month} 不在册")
    for line, clause, month, subject, scheme, unknown, unfit, undocumented in sql.rows(_MISFITS):
        if unknown:
            report.refuse(line, "clause_code", f"{month} 适用的“{scheme}”里没有条款 {clause}")
        if unfit:
            report.refuse(line, "clause_code", f"条款 {clause} 不能记在{Subject(subject).label}上")
        if undocumented:
            report.refuse(line, "document_no", f"条款 {clause} 须有文书号，没有文书不能登记")
    _refuse_sealed(report)
    _refuse_twins(report, again=again)
    for line, cell, code, month, village, state in sql.rows(_CLOSED):
        which = f"村 {village}" if code.startswith(village) else f"{code} 下面的村 {village}"
        report.refuse(line, cell, f"{which} {month}：{lock_reason(SheetState(state))}")


def _refuse_sealed(report: ImportReport) -> None:
    """Lines that would rest on a record that is sealed on their day."""
    named = sql.rows(_NAMED, {"since": SEALED_SINCE})
    for clause in Clause.objects.filter(pk__in={pk for _, pk in named}):
        if rests_on_sealed_record(clause.kind, clause.text, clause.basis, SEALED_SINCE):
            for line in (line for line, pk in named if pk == clause.pk):
                report.refuse(line, "clause_code", entries.sealed_sentence(clause.code))


def _refuse_not_theirs(report: ImportReport, by: User | None) -> None:
    """Lines of clauses that others record: what a person may not write down by hand, no file of theirs may bring."""
    if by is None:
        return
    for line, code, recorder in sql.rows(_RECORDERS):
        if not may_record(by.role, recorder):
            report.refuse(line, "clause_code", f"条款 {code} 由{Role(recorder).label}登记，您不能登记")


def _refuse_twins(report: ImportReport, *, again: bool) -> None:
    """Lines that say what stands already, or what a line above them says."""
    known = Twins(
        RecordedFact(fact(code, day, clause, document), event, recorder or COUNTY_OFFICE, document)
        for event, code, day, clause, document, recorder in sql.rows(_NEAR)
    )
    for line, code, day, clause, document in sql.rows(_FRESH):
        wanted = fact(code, day, clause, document)
        twin = known.find(wanted, again=again)
        if twin:
            report.refuse(line, "clause_code", f"{twin.sentence}{MEANT_OF_FILE}")
        known.add(RecordedFact(wanted, line=line))


def _apply(report: ImportReport, *, by: User | None) -> None:
    sql.run(_BUMP_SHEETS)
    added = sql.run(_INSERT, {"by": by.pk if by else None})
    moved: dict[str, list[str]] = {}
    for month, place in sql.rows(_NEW_PLACES):
        moved.setdefault(month, []).append(place)
    for month, places in moved.items():
        marks.touch(month, places)
    report.places = {place for places in moved.values() for place in places}
    report.counts = {"新增": added, "已存在": report.rows - added}
    counties = {county_of(place) for place in report.places}
    place = counties.pop() if len(counties) == 1 else ""
    audit.record(by, "events.import", place=place, **report.file, added=added, months=sorted(moved))
