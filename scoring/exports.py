"""Rankings as files: CSV for other systems, xlsx for people. The columns are those of design section 13."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils import timezone

from scoring.rankings import Line
from scoring.snapshots import line_as_dict

COLUMNS: dict[str, str] = {
    "code": "代码",
    "name": "名称",
    "households": "已评户数",
    "coverage": "覆盖率",
    "total": "总分",
    "result": "得分",
    "six_zero_households": "六零户数",
    "rank": "名次",
    "previous_rank": "上月名次",
}
# What a spreadsheet would take for the beginning of a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBERS = frozenset({"coverage", "result"})


def as_dicts(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """One dict a line: result with two decimals and coverage with four as text, no rank as None."""
    return [line_as_dict(line) for line in lines]


def to_csv(lines: Iterable[Line]) -> str:
    """The ranking as CSV with a header."""
    return csv_text(list(COLUMNS), as_dicts(lines))


def to_xlsx(lines: Iterable[Line], title: str) -> bytes:
    """The ranking as a workbook of one sheet and a sheet of notes."""
    return xlsx_bytes(COLUMNS, as_dicts(lines), title)


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are left alone."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) else value


def csv_text(keys: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV, their keys as header, lines ended as RFC 4180 wants; nothing (None) is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(keys)
    for row in rows:
        writer.writerow([row[key] if key in _NUMBERS else harmless(row[key]) for key in keys])
    return out.getvalue()


def xlsx_bytes(
    columns: Mapping[str, str],
    rows: Iterable[Mapping[str, Any]],
    title: str,
    notes: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Rows as a workbook: the sheet 数据 with Chinese headings, and 说明 saying what it is and when it was made."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        data = book.add_worksheet("数据")
        data.write_row(0, 0, list(columns.values()), bold)
        data.freeze_panes(1, 0)
        data.set_column(0, 1, 18)
        for number, row in enumerate(rows, start=1):
            data.write_row(number, 0, [_cell(key, row[key]) for key in columns])
        _write_notes(book, [("内容", title), *notes, ("导出时间", moment(timezone.now()))])
    return out.getvalue()


def _cell(key: str, value: Any) -> Any:
    """Codes stay text, results and coverage become numbers."""
    return float(value) if key in _NUMBERS and value != "" else value


def _write_notes(book: xlsxwriter.Workbook, notes: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 60)
    for number, (name, value) in enumerate(notes):
        sheet.write_string(number, 0, name)
        sheet.write_string(number, 1, value)


def moment(at: datetime | None) -> str:
    """A time as people here read it; empty for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""
