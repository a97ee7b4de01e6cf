"""Tables that people bring: CSV (comma, tab or semicolon; UTF-8 or GB18030) and xlsx, as columns of text. Pure.

Reading decides nothing about meaning. It refuses what is not a table with the promised columns, and says where.
"""

import codecs
import csv
import gc
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum

from households.files import workbook_parts, workbooks
from households.files.bounds import COMMAND, Bounds

DELIMITERS = ",\t;"
WHOLE_FILE = "文件"  # stands where a problem has no column
EXAMPLE = "示例："  # a row with such a cell came with the template
FAULTS, HINTS = "有误", "系统提示"  # columns of a file that was given back, which nobody has to take out again
MAX_TITLES = 8  # lines above the header that say what the list is
_BESIDE = frozenset({"序号", "备注", FAULTS, HINTS})  # columns of lists that are nobody's business here
_HEADER_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_IN_BRACKETS = re.compile(r"[(（\[【].*[)）\]】]$")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_TWO_BYTES = re.compile(r"[\u0080-\u07ff]")
_CHINESE = re.compile(r"[\u2e80-\U0010ffff]")
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*")
_TOLD_DELIMITER = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*', re.IGNORECASE)  # Excel's own line above the header
# What a spreadsheet shows where it has no value; pasted or saved as CSV it is text.
_ODD_TEXTS = frozenset(
    (
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#GETTING_DATA",
    )
) | {"TRUE", "FALSE"}
_PAGE = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|meta|head)", re.IGNORECASE)
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Severity(StrEnum):
    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to tell about one cell. `line` counts from 1 (the header's); `value` is already short and harmless."""

    line: int
    column: str
    reason: str
    value: str = ""
    severity: Severity = Severity.ERROR

    @property
    def sentence(self) -> str:
        """Column, reason and what stands there, as the person reads it."""
        shown = f"（现在是“{self.value}”）" if self.value else ""
        return f"{self.column}: {self.reason}{shown}"


class TableFault(ValueError):
    """The file is not a table that can be read; `problems` says why, most of them with a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("；".join(problem.sentence for problem in self.problems[:3]))


@dataclass(frozen=True)
class Table:
    """Columns of text by name, all of one length, and the file's line number of each row."""

    columns: dict[str, list[str]]
    lines: list[int]
    notes: list[Problem] = field(default_factory=list)
    headings: dict[str, str] = field(
        default_factory=dict
    )  # what the file itself calls a column, where it is another word

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class _Raw:
    rows: list[list[str]]
    lines: list[int]
    odd: list[workbook_parts.Odd] = field(default_factory=list)
    sheet: str = ""  # of a workbook that has others besides
    hidden_sheets: int = 0


def read(
    data: bytes, *layouts: Sequence[str], bounds: Bounds = COMMAND, headings: Mapping[str, str] | None = None
) -> Table:
    """The table in `data`, whose header must hold exactly the columns of one of `layouts`, in any order.

    `headings` are other words for columns, as `heading_key` has them. Lines above the header that only say what the list is,
    columns that only number or remark, and the template's example are left out, and that is noted.
    Raises TableFault for anything else: no table, another encoding, wrong columns, ragged rows, formulas, more than `bounds` allow.
    """
    with _undisturbed():
        return _as_table(_raw(data, bounds), layouts, headings or {})


def raw_rows(data: bytes, bounds: Bounds = COMMAND) -> tuple[list[list[str]], list[int]]:
    """Every row that says something, as wide as the widest, and its line. Raises TableFault when nothing can be read."""
    with _undisturbed():
        raw = _raw(data, bounds)
    width = max(map(len, raw.rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in raw.rows], raw.lines


def heading_key(text: str) -> str:
    """A heading as it is compared: half width, without blanks, small, and without what stands in brackets behind it."""
    plain = _HEADER_BLANKS.sub("", unicodedata.normalize("NFKC", text)).lower()
    return _IN_BRACKETS.sub("", plain).strip("*:")


def _raw(data: bytes, bounds: Bounds) -> "_Raw":
    if len(data) > bounds.size:
        raise _whole(f"文件有 {len(data) // 1024 // 1024} MB，最多 {bounds.size // 1024 // 1024} MB，请分成几个文件")
    if not data.strip():
        raise _whole("文件是空的")
    raw = _read_workbook(data, bounds) if data.startswith(workbooks.SIGNATURE) else _read_csv(data)
    if len(raw.rows) - 1 > bounds.rows:
        raise _whole(f"文件有 {len(raw.rows) - 1} 行，最多 {bounds.rows} 行，请分成几个文件")
    return raw


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the garbage collector, which would look through a county's rows again and again while they arrive."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _as_table(raw: _Raw, layouts: Sequence[Sequence[str]], headings: Mapping[str, str]) -> Table:
    if not raw.rows:
        raise _whole("文件是空的" if not raw.sheet else f"工作表“{shorten(raw.sheet)}”是空的")
    raw = _below_titles(raw, layouts, headings)
    header = _names(raw.rows[0], layouts, headings)
    _check_header(header, layouts, raw)
    rows, problems = _even(raw, len(header))
    beside = _beside(header, layouts)
    odd = [one for one in raw.odd if one.line >= raw.lines[0] and _named(header, one.column) not in beside]
    problems += [Problem(one.line, _named(header, one.column), one.reason) for one in odd]
    if len(raw.rows) == 1 and not problems:
        raise _whole("文件只有表头，没有一行数据")
    notes = _notes(raw, header, layouts)
    rows, lines, examples = _without_examples(rows, raw.lines[1:])
    if not rows and examples:
        raise _whole("文件里只有示例行，没有一行数据")
    left_out = {line for line, _ in examples}
    problems = [problem for problem in problems if problem.line not in left_out]
    columns = dict(zip(header, [list(column) for column in zip(*rows, strict=True)], strict=False))
    columns = {name: cells for name, cells in columns.items() if name not in beside}
    problems += _shown_by_spreadsheets(columns, lines)
    if problems:
        raise TableFault(sorted(problems, key=lambda problem: problem.line))
    notes += [Problem(line, name, "示例行，没有导入", severity=Severity.NOTE) for line, name in examples]
    given = dict(zip(header, raw.rows[0], strict=False))
    return Table(columns, lines, notes, {name: shorten(given[name].strip()) for name in columns if given[name] != name})


def _names(row: Sequence[str], layouts: Sequence[Sequence[str]], headings: Mapping[str, str]) -> list[str]:
    """A header row as names of columns; what is none of ours stays as it is written."""
    known = {name for layout in layouts for name in layout}
    plain = [_HEADER_BLANKS.sub("", unicodedata.normalize("NFKC", cell)).lower() for cell in row[: _filled(row)]]
    return [
        name if name in known else headings.get(name) or _meant(heading_key(name), name, headings) for name in plain
    ]


def _meant(key: str, name: str, headings: Mapping[str, str]) -> str:
    return headings.get(key) or (key if key in _BESIDE else name)


def _below_titles(raw: _Raw, layouts: Sequence[Sequence[str]], headings: Mapping[str, str]) -> _Raw:
    """From the header on: of the first lines the first that fits, else the first that knows most columns."""
    known = {name for layout in layouts for name in layout}
    names = [set(_names(row, layouts, headings)) for row in raw.rows[: MAX_TITLES + 1]]
    best = max(range(len(names)), key=lambda at: (len(names[at] & known), -at))
    return replace(raw, rows=raw.rows[best:], lines=raw.lines[best:]) if best else raw


def _beside(header: Sequence[str], layouts: Sequence[Sequence[str]]) -> set[str]:
    wanted = {name for layout in layouts for name in layout}
    return {name for name in header if name in _BESIDE and name not in wanted}


def _without_examples(
    rows: list[list[str]], lines: list[int]
) -> tuple[list[list[str]], list[int], list[tuple[int, str]]]:
    """The rows that are meant, their lines, and the lines that came with the template."""
    first = [at for at, row in enumerate(rows) if any(cell.startswith(EXAMPLE) for cell in row)]
    if not first:
        return rows, lines, []
    meant = [at for at in range(len(rows)) if at not in set(first)]
    return [rows[at] for at in meant], [lines[at] for at in meant], [(lines[at], WHOLE_FILE) for at in first]


def _notes(raw: _Raw, header: Sequence[str], layouts: Sequence[Sequence[str]]) -> list[Problem]:
    hidden = f"；另有 {raw.hidden_sheets} 张隐藏的工作表没有读" if raw.hidden_sheets else ""
    told = [f"只读第一张看得见的工作表“{shorten(raw.sheet)}”{hidden}"] if raw.sheet else []
    if beside := sorted(_beside(header, layouts) - {FAULTS, HINTS}):
        told.append(f"“{'”“'.join(beside)}”这一列不导入")
    return [Problem(raw.lines[0], WHOLE_FILE, said, severity=Severity.NOTE) for said in told]


def _even(raw: _Raw, width: int) -> tuple[list[list[str]], list[Problem]]:
    """The rows below the header, each as wide as it: spreadsheets leave out empty cells at the end, or write too many."""
    rows, problems = [], []
    for line, row in zip(raw.lines[1:], raw.rows[1:], strict=True):
        if len(row) == width:
            rows.append(row)
        elif (filled := _filled(row)) <= width:
            rows.append([*row[:width], *[""] * (width - len(row))])
        else:
            problems.append(Problem(line, WHOLE_FILE, f"这一行有 {filled} 格，表头有 {width} 格，请核对逗号和引号"))
    return rows, problems


def _shown_by_spreadsheets(columns: dict[str, list[str]], lines: list[int]) -> list[Problem]:
    """Cells of text that a spreadsheet wrote in place of a value."""
    problems = []
    for name, cells in columns.items():
        if _ODD_TEXTS.isdisjoint(cells):
            continue
        for line, cell in zip(lines, cells, strict=False):
            if cell in _ODD_TEXTS:
                why = workbook_parts.error if cell.startswith("#") else workbook_parts.truth
                problems.append(Problem(line, name, why(cell)))
    return problems


def _whole(reason: str, line: int = 1) -> TableFault:
    return TableFault([Problem(line, WHOLE_FILE, reason)])


def _named(header: Sequence[str], column: int) -> str:
    return header[column] if 0 <= column < len(header) else WHOLE_FILE


def _check_header(header: list[str], layouts: Sequence[Sequence[str]], raw: _Raw) -> None:
    """Refuse a header that is none of the layouts, naming each column that is too many, missing, double or empty."""
    beside = _beside(header, layouts)
    if any(sorted(name for name in header if name not in beside) == sorted(layout) for layout in layouts):
        return
    line, problems = raw.lines[0], []
    nearest = max(layouts, key=lambda layout: len(set(layout) & set(header)))
    if raw.sheet:
        problems = [Problem(line, WHOLE_FILE, f"读的是第一张看得见的工作表“{shorten(raw.sheet)}”，它的表头对不上")]
    problems += [Problem(line, name, "表头缺少这一列") for name in nearest if name not in header]
    for position, name in enumerate(header):
        if not name:
            problems.append(Problem(line, WHOLE_FILE, f"表头第 {position + 1} 列没有列名"))
        elif name in header[:position]:
            problems.append(Problem(line, shorten(name), "表头里这一列出现了两次"))
        elif name not in nearest and name not in beside:
            problems.append(Problem(line, shorten(name), f"表头多出这一列，应为 {','.join(nearest)}"))
    raise TableFault(problems)


def shorten(text: str, longest: int = 20) -> str:
    """Enough of a wrong value to recognise it, on one line."""
    shown = "".join(char if char.isprintable() else "□" for char in text[:longest])
    return shown if len(text) <= longest else f"{shown}…"


def _read_workbook(data: bytes, bounds: Bounds) -> _Raw:
    try:
        sheet = workbooks.read(data, bounds)
    except workbook_parts.WorkbookFault as fault:
        raise _whole(str(fault)) from fault
    numbered = [(line, row) for line, row in enumerate(sheet.rows, start=1) if _filled(row)]
    rows, lines = [row for _, row in numbered], [line for line, _ in numbered]
    return _Raw(rows, lines, sheet.odd, sheet.name if sheet.others else "", sheet.hidden)


def _filled(row: Sequence[str]) -> int:
    """How many cells a row has up to its last one that holds more than blanks."""
    return next((width for width in range(len(row), 0, -1) if not _BLANK.fullmatch(row[width - 1])), 0)


def _read_csv(data: bytes) -> _Raw:
    text = decode(data)
    first = _LINE_ENDS.split(text[:100_000].lstrip("\r\n"), maxsplit=1)[0]
    told = _TOLD_DELIMITER.fullmatch(first)
    delimiter = told[1] if told else _delimiter(_LINE_ENDS.split(text[:100_000], maxsplit=MAX_TITLES)[:MAX_TITLES])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            if _filled(row):
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as fault:
        raise _whole(f"这一行的引号或长度有误，读不下去（{_csv_reason(str(fault))}）", start) from fault
    return _Raw(rows[1:], lines[1:]) if told else _Raw(rows, lines)


def _delimiter(lines: Sequence[str]) -> str:
    """What separates the columns: the sign that stands most often in the first line with any; the comma when in doubt."""
    header = next((line for line in lines if any(sign in line for sign in DELIMITERS)), "")
    return max(DELIMITERS, key=header.count)


def _csv_reason(text: str) -> str:
    known = {"field larger": "一格太长", "unexpected end": "引号没有收尾", "expected after": "引号后面多了字"}
    return next((reason for part, reason in known.items() if part in text), "格式不对")


def decode(data: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark) or GB18030. Raises TableFault naming the line."""
    if data.startswith(_OLD_EXCEL) and _PASSWORD in data:
        raise _whole("这个工作簿设了打开密码，读不了；请在 Excel 或 WPS 里去掉密码，另存后再导入")
    if _PAGE.match(data[3:] if data.startswith(codecs.BOM_UTF8) else data):
        raise _whole("这是网页或 XML 文件，只是叫作表格；请用 Excel 或 WPS 打开，另存为 xlsx 再导入")
    if data.startswith(_OLD_EXCEL):
        raise _whole("这是旧版 Excel（xls）文件，请另存为 xlsx 或 CSV 再导入")
    if data.startswith(_UTF16):
        raise _whole("文件是 UTF-16 编码，请另存为“CSV UTF-8”或 xlsx 再导入")
    if b"\0" in data:
        raise _whole("文件里有空字符（NUL），不是文本文件", _line_at(data, data.index(b"\0")))
    text, line = _decoded(data, "utf-8-sig")
    if text is not None:
        return (_decoded(data, "gb18030")[0] if _only_looks_like_utf8(data, text) else None) or text
    if not _mostly_utf8(data):
        text, line = _decoded(data, "gb18030")
    if text is None:
        raise _whole("文字编码有损坏，既不是完整的 UTF-8，也不是 GB18030", line)
    return text


def _decoded(data: bytes, encoding: str) -> tuple[str | None, int]:
    """The text, or None and the line in which it broke off."""
    try:
        return data.decode(encoding), 0
    except UnicodeDecodeError as fault:
        return None, _line_at(fault.object, fault.start)  # without the mark that utf-8-sig took away


def _only_looks_like_utf8(data: bytes, text: str) -> bool:
    """Whether UTF-8 would give letters of two bytes and nothing Chinese: a few signs of GB18030 alone can look so."""
    return not data.startswith(codecs.BOM_UTF8) and bool(_TWO_BYTES.search(text)) and not _CHINESE.search(text)


def _mostly_utf8(data: bytes) -> bool:
    """Whether a file that is not UTF-8 throughout was meant to be: GB18030 text hardly ever makes whole sequences."""
    if data.startswith(codecs.BOM_UTF8):
        return True
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(_CHINESE.findall(text)) - broken > broken


def _line_at(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
