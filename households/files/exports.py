"""Files going out: rows as CSV and workbooks, JSON, and the answer that offers a file to keep."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

# What a spreadsheet would take for the beginning of a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


_NUMBERS = frozenset({"coverage", "result"})


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


FORMATS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def attachment(body: str | bytes, form: str, name: str) -> HttpResponse:
    """A file to keep under `name`."""
    response = HttpResponse(body, content_type=FORMATS[form])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.{form}") or ""
    return response


def json_file(content: object, name: str) -> HttpResponse:
    """JSON to keep under `name`."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
