"""Rows going out: as CSV for other systems and for people, as workbooks for people.

What a command prints is for programs: keys as header, UTF-8 without mark. What a page gives away is for people: Chinese headings,
and the mark without which Excel reads Chinese as garbage.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone

from households.files.formulas import harmless

MONEY, SHARE = "#,##0.00", "0.00%"  # how a spreadsheet shows a number
MARK = "\ufeff"
# Columns whose text is a number, which a spreadsheet may take for one.
_NUMBERS = {"coverage": SHARE, "result": "0.00"}
_WIDEST, _NARROWEST = 60, 8
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
Columns = Mapping[str, str]
Rows = Iterable[Mapping[str, Any]]
Notes = Sequence[tuple[str, str]]
Formats = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How the two sheets of a workbook are laid out; widths in characters."""

    heads: int = 2  # columns that say what a row is about
    width: int = 18  # of each of them, at least
    frozen: bool = False  # whether they stay in sight
    notes: tuple[int, int] = (14, 60)
    formats: Mapping[str, str] = field(default_factory=dict)  # how columns of numbers are shown
    wrapped: bool = False  # whether headings may take two lines


USUAL = SheetLayout()


def csv_text(keys: Iterable[str], rows: Rows) -> str:
    """Rows as CSV, their keys as header, lines ended as RFC 4180 wants; nothing (None) is an empty cell."""
    keys = list(keys)
    return _csv(keys, keys, rows)


def csv_file(columns: Columns, rows: Rows) -> str:
    """The same for people: with Chinese headings, and marked as UTF-8."""
    return MARK + _csv(list(columns), list(columns.values()), rows)


def _csv(keys: Sequence[str], header: Sequence[str], rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_csv_cell(key, row[key]) for key in keys])
    return out.getvalue()


def _csv_cell(key: str, value: Any) -> Any:
    return value if key in _NUMBERS and _NUMBER.fullmatch(str(value)) else harmless(value)


def xlsx_bytes(columns: Columns, rows: Rows, title: str, notes: Notes = (), formats: Formats | None = None) -> bytes:
    """Rows as a workbook that says what it is and when it was made."""
    told = [("内容", title), *notes, ("导出时间", moment(timezone.now()))]
    return workbook(columns, rows, told, SheetLayout(formats=formats or {}))


def workbook(columns: Columns, rows: Rows, notes: Notes, look: SheetLayout = USUAL) -> bytes:
    """The sheet 数据 with Chinese headings, and 说明 with a line for each note."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **TEXT_STAYS_TEXT}) as book:
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
    formats = {**_NUMBERS, **look.formats}
    shown = {key: book.add_format({"num_format": formats[key]}) for key in columns if key in formats}
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, list(columns.values()), bold)
    sheet.freeze_panes(1, look.heads if look.frozen else 0)
    widths = [look.width if at < look.heads else _NARROWEST for at in range(len(columns))]
    if not look.wrapped:
        widths = list(map(max, widths, map(_width, columns.values())))
    for number, row in enumerate(rows, start=1):
        for column, key in enumerate(columns):
            sheet.write(number, column, _cell(row[key], formats.get(key)), shown.get(key))
            widths[column] = max(widths[column], _width(row[key]))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 1, _WIDEST))


def _width(value: Any) -> int:
    """Columns that a value takes in a line: two for a Chinese sign."""
    return sum(1 if sign.isascii() else 2 for sign in str(value)) if value is not None else 0


def _cell(value: Any, form: str | None) -> Any:
    """Codes stay text; 1,234.50 and 62.50% become numbers in columns of numbers."""
    if form is None or not isinstance(value, str) or not value:
        return value
    plain = value.replace(",", "")
    if plain.endswith("%"):
        return float(Decimal(plain[:-1]) / 100)
    return float(plain) if _NUMBER.fullmatch(plain) else value


def moment(at: datetime | None) -> str:
    """A time as people here read it; empty for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""
