"""The first visible sheet of an xlsx workbook as rows of text, as a person sees it. Pure."""

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from households.files.bounds import COMMAND, Bounds
from households.files.workbook_parts import Odd, WorkbookFault, check, odd_cells

SIGNATURE = b"PK\x03\x04"
EXACT_DIGITS = 1e15  # a spreadsheet keeps 15 digits; a longer number has lost its end
_BROKEN = "工作簿打不开：文件已损坏或没有传完，请用 Excel 或 WPS 打开，另存为 xlsx 再导入"
_ACROSS = "这一格和左边的格子合并了，请取消合并，分别填写"

Cell = int | float | str | bool | time | date | datetime | timedelta
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """Rows from line 1 on, all of one width. `others` says that more sheets exist."""

    name: str
    rows: list[list[str]]
    odd: list[Odd]
    others: bool
    hidden: int = 0  # sheets that nobody sees


def read(data: bytes, bounds: Bounds = COMMAND) -> WorkbookSheet:
    """The first visible sheet of a workbook. Raises WorkbookFault when it is damaged or beyond its bounds."""
    try:
        check(data, bounds)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            number = _first_visible(book)
            odd = odd_cells(data, number, bounds)  # before the sheet is laid out as a rectangle
            rows, merged = _rows(book.get_sheet_by_index(number))
            return WorkbookSheet(book.sheet_names[number], rows, odd + merged, len(book.sheet_names) > 1, _hidden(book))
    except WorkbookFault:
        raise
    except Exception as fault:  # damage breaks zip, XML and the reader in more ways than can be listed
        raise WorkbookFault(_BROKEN) from fault


def _first_visible(book: CalamineWorkbook) -> int:
    for number, sheet in enumerate(book.sheets_metadata):
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            return number
    raise WorkbookFault("工作簿打不开：里面没有看得见的工作表")


def _hidden(book: CalamineWorkbook) -> int:
    return sum(sheet.visible != SheetVisibleEnum.Visible for sheet in book.sheets_metadata)


def _rows(sheet: CalamineSheet) -> tuple[list[list[str]], list[Odd]]:
    """The sheet as text, and the cells that lie below a neighbour merged over them."""
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    return rows, _fill(rows, sheet.merged_cell_ranges or [])


def _fill(rows: list[list[str]], merged: list[Range]) -> list[Odd]:
    """Give a merged cell's value to every row that it covers; what is merged over columns is said, for nobody can tell it apart.

    Below the header only, and only in rows that say something of their own.
    """
    own = [any(row) for row in rows]
    header = own.index(True) if True in own else len(rows)
    across = []
    for (top, left), (bottom, right) in merged:
        if top <= header or left >= len(rows[header]):
            continue
        lines = [line for line in range(top, min(bottom + 1, len(rows))) if own[line]]
        for line in lines:
            rows[line][left] = rows[top][left]
        if any(rows[header][left + 1 : right + 1]):
            across += [Odd(line + 1, left + 1, _ACROSS) for line in lines]
    return across


def _text(cell: Cell) -> str:
    """What a person sees in the cell: whole numbers without a point, dates as 2026-10-05, nothing as empty text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        if abs(cell) >= EXACT_DIGITS:
            return f"{cell:.14e}"  # seen as what it is: a number that lost its end
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        shown = (cell + timedelta(microseconds=500_000)).replace(microsecond=0)  # a fraction of a day is never exact
        return str(shown.date()) if shown.time() == time() else str(shown)
    return str(cell)
