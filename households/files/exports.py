"""Rows going out: as CSV for other systems, as workbooks for people."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils import timezone

from households.files.formulas import harmless

# Columns whose text is a number, which a spreadsheet may take for one.
_NUMBERS = frozenset({"coverage", "result"})
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
Columns = Mapping[str, str]
Rows = Iterable[Mapping[str, Any]]
Notes = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How the two sheets of a workbook are laid out; widths in characters."""

    heads: int = 2  # columns that say what a row is about
    width: int = 18  # of each of them
    frozen: bool = False  # whether they stay in sight
    notes: tuple[int, int] = (14, 60)
    shares: frozenset[str] = frozenset()  # columns shown in percent
    wrapped: bool = False  # whether headings may take two lines


USUAL = SheetLayout()


def csv_text(keys: Iterable[str], rows: Rows) -> str:
    """Rows as CSV, their keys as header, lines ended as RFC 4180 wants; nothing (None) is an empty cell."""
    out, keys = io.StringIO(), list(keys)
    writer = csv.writer(out)
    writer.writerow(keys)
    for row in rows:
        writer.writerow([_csv_cell(key, row[key]) for key in keys])
    return out.getvalue()


def _csv_cell(key: str, value: Any) -> Any:
    return value if key in _NUMBERS and _NUMBER.fullmatch(str(value)) else harmless(value)


def xlsx_bytes(columns: Columns, rows: Rows, title: str, notes: Notes = ()) -> bytes:
    """Rows as a workbook that says what it is and when it was made."""
    return workbook(columns, rows, [("内容", title), *notes, ("导出时间", moment(timezone.now()))])


def workbook(columns: Columns, rows: Rows, notes: Notes, look: SheetLayout = USUAL) -> bytes:
    """The sheet 数据 with Chinese headings, and 说明 with a line for each note."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **_TEXT_STAYS_TEXT}) as book:
        _write_data(book, columns, rows, look)
        sheet = book.add_worksheet("说明")
        for number, width in enumerate(look.notes):
            sheet.set_column(number, number, width)
        for number, (name, value) in enumerate(notes):
            sheet.write_string(number, 0, name)
            sheet.write_string(number, 1, value)
    return out.getvalue()


def _write_data(book: xlsxwriter.Workbook, columns: Columns, rows: Rows, look: SheetLayout) -> None:
    bold = book.add_format({"bold": True, "text_wrap": look.wrapped})
    share = book.add_format({"num_format": "0.00%"})
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, list(columns.values()), bold)
    sheet.freeze_panes(1, look.heads if look.frozen else 0)
    sheet.set_column(0, look.heads - 1, look.width)
    for number, row in enumerate(rows, start=1):
        for column, key in enumerate(columns):
            sheet.write(number, column, _cell(key, row[key]), share if key in look.shares else None)


def _cell(key: str, value: Any) -> Any:
    """Codes stay text, results and coverage become numbers."""
    return float(value) if key in _NUMBERS and value != "" else value


def moment(at: datetime | None) -> str:
    """A time as people here read it; empty for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""
