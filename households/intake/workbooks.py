"""Workbooks that go with imports: the template to fill in, and the file given back with what is wrong beside the cells."""

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

from households.files import bounds, cells
from households.files.exports import TEXT_STAYS_TEXT
from households.files.tables import FAULTS, HINTS, WHOLE_FILE, Problem, Severity, TableFault, heading_key
from households.imports.columns import FileColumn, example_of, headings_of
from households.imports.kinds import ImportKind

_WIDTH, _SAID_WIDTH = 16, 60
_WRONG, _TOLD = "#FFC7CE", "#FFF2CC"  # what spreadsheets themselves use for bad and for worth a look
_STEPS = (
    "在“数据”表里从第 2 行起填写，一行一条。第 2 行是示例，导入时会跳过，删掉、留着都可以。",
    "编号和代码一列已经设为“文本”格式。从别处粘贴时请选“只粘贴值”，不要让表格软件把编号变成数字。",
    "不要合并单元格、不要写公式；可以有“序号”“备注”列，不导入。",
    "填好后在“导入”页选这个文件，先演练，看清会怎样改，再写入。有一处错误，就一行也不写入。",
)


def template(kind: ImportKind) -> bytes:
    """An empty table with the headings and one example, and a sheet that explains each column."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **TEXT_STAYS_TEXT}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        grey = book.add_format({"num_format": "@", "font_color": "#7F7F7F", "italic": True})
        sheet = book.add_worksheet("数据")
        example = example_of(kind.columns)
        for at, column in enumerate(kind.columns):
            sheet.set_column(at, at, _WIDTH, text)
            sheet.write_string(0, at, column.heading, bold)
            sheet.write_string(1, at, example[column.name], grey)
        sheet.freeze_panes(1, 0)
        _explain(book, bold, kind.columns)
    return out.getvalue()


def _explain(book: xlsxwriter.Workbook, bold: object, columns: Sequence[FileColumn]) -> None:
    sheet = book.add_worksheet("填写说明")
    for at, width in enumerate((14, _SAID_WIDTH, 22, 30)):
        sheet.set_column(at, at, width)
    for line, step in enumerate(_STEPS):
        sheet.write_string(line, 0, f"{line + 1}. {step}")
    top = len(_STEPS) + 1
    sheet.write_row(top, 0, ["列名", "填什么", "例子", "这样写列名也认得"], bold)
    for line, column in enumerate(columns, start=top + 1):
        sheet.write_row(line, 0, [column.heading, column.words, column.example, "、".join(column.others)])


def marked(
    data: bytes, problems: Sequence[Problem], columns: Sequence[FileColumn], within: bounds.Bounds
) -> bytes | None:
    """The file again as a workbook, cell by cell, with a column for what is wrong and one for what is worth knowing, at the end.

    None when the file cannot be read as rows at all. Taken in again, both columns are left out.
    """
    try:
        rows, lines = cells.raw_rows(data, within)
    except TableFault:
        return None
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, **TEXT_STAYS_TEXT}) as book:
        _write_marked(book, rows, lines, _by_line(problems), columns)
    return out.getvalue()


def _by_line(problems: Iterable[Problem]) -> Mapping[int, list[Problem]]:
    found: dict[int, list[Problem]] = {}
    for one in problems:
        found.setdefault(one.line, []).append(one)
    return found


def _write_marked(
    book: xlsxwriter.Workbook,
    rows: Sequence[Sequence[str]],
    lines: Sequence[int],
    said: Mapping[int, list[Problem]],
    columns: Sequence[FileColumn],
) -> None:
    header = _header_at(rows, columns)
    kept = [at for at, cell in enumerate(rows[header]) if cell.strip() not in (FAULTS, HINTS)]
    width = len(kept)
    text = book.add_format({"num_format": "@"})
    colours = {
        severity: book.add_format({"num_format": "@", "bg_color": colour})
        for severity, colour in ((Severity.ERROR, _WRONG), (Severity.NOTE, _TOLD))
    }
    sheet = book.add_worksheet("数据")
    sheet.set_column(0, max(0, width - 1), _WIDTH, text)
    sheet.set_column(width, width + 1, _SAID_WIDTH)
    places = {rows[header][at].strip(): number for number, at in enumerate(kept)}
    places |= {name: number for number, at in enumerate(kept) for name in _names_of(rows[header][at], columns)}
    for at, (row, line) in enumerate(zip(rows, lines, strict=True)):
        found = said.get(line, [])
        shades = _shades(found, places)
        for number, cell in enumerate(kept):
            sheet.write_string(line - 1, number, row[cell], colours[shades[number]] if number in shades else text)
        _write_said(sheet, line - 1, width, found, colours, header=at == header)


def _header_at(rows: Sequence[Sequence[str]], columns: Sequence[FileColumn]) -> int:
    known = set(headings_of(columns)) | {column.name for column in columns}
    first = range(min(len(rows), 9))
    return max(first, key=lambda at: (sum(heading_key(cell) in known for cell in rows[at]), -at))


def _names_of(heading: str, columns: Sequence[FileColumn]) -> list[str]:
    name = headings_of(columns).get(heading_key(heading))
    return [name] if name else []


def _shades(found: Sequence[Problem], places: Mapping[str, int]) -> dict[int, Severity]:
    """Which cells of a row have a colour; an error goes before a note."""
    shades: dict[int, Severity] = {}
    for one in sorted(found, key=lambda problem: problem.severity is Severity.ERROR):
        if one.column in places:
            shades[places[one.column]] = one.severity
    return shades


def _write_said(
    sheet: object, line: int, at: int, found: Sequence[Problem], colours: Mapping[Severity, object], *, header: bool
) -> None:
    for number, (severity, heading) in enumerate(((Severity.ERROR, FAULTS), (Severity.NOTE, HINTS))):
        words = "；".join(_sentence(one) for one in found if one.severity is severity)
        if header:
            words = f"{heading}（{words}）" if words else heading
        if words:
            sheet.write_string(line, at + number, words, colours[severity])  # type: ignore[attr-defined]


def _sentence(one: Problem) -> str:
    return one.reason if one.column == WHOLE_FILE else f"{one.column}：{one.reason}"
