"""The first sheet of an xlsx workbook as rows of text, and where its formulas are. Pure."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

import python_calamine

SIGNATURE = b"PK\x03\x04"
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_CELLS = 20_000_000
EXACT_DIGITS = 1e15  # a spreadsheet keeps 15 digits; a longer number has lost its end
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f[ />]')

Cell = int | float | str | bool | time | date | datetime | timedelta


class WorkbookFault(ValueError):
    """Not a workbook that can be read; the text is Chinese and fit to show."""


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """Rows from line 1 on, all of one width; `formulas` are (line, column from 0); `others` says that more sheets exist."""

    name: str
    rows: list[list[str]]
    formulas: list[tuple[int, int]]
    others: bool


def read(data: bytes) -> WorkbookSheet:
    """The first sheet of a workbook. Raises WorkbookFault when it is damaged, locked or unreasonably large."""
    try:
        formulas = _formulas(data)
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = book.sheet_names
            sheet = book.get_sheet_by_index(0)
            if sheet.total_height * sheet.total_width > MAX_CELLS:
                raise WorkbookFault("工作表太大，请删去空白的行和列，或分成几个文件")
            rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        ElementTree.ParseError,
        KeyError,  # a part that is not there
        StopIteration,  # a book without a sheet
        OSError,
    ) as fault:
        raise WorkbookFault("工作簿打不开，可能已损坏、加了密码，或不是 xlsx 文件") from fault
    return WorkbookSheet(names[0], rows, formulas, len(names) > 1)


def _text(cell: Cell) -> str:
    """What a person sees in the cell: whole numbers without a point, dates as 2026-10-05, nothing as empty text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        if abs(cell) >= EXACT_DIGITS:
            return f"{cell:.14e}"  # seen as what it is: a number that lost its end
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


def _formulas(data: bytes) -> list[tuple[int, int]]:
    """Where the first sheet holds formulas: a value that a formula gave is not what the person typed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise WorkbookFault("工作簿解压后太大，不能导入")
        content = archive.read(_first_sheet(archive))
    if b"<f" not in content:
        return []
    return [(int(row), _column(letters)) for letters, row in _FORMULA.findall(content)]


def _first_sheet(archive: zipfile.ZipFile) -> str:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 (expat refuses entity bombs)
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    first = next(node.get(_RELATION) for node in book.iter() if node.tag.endswith("}sheet"))
    target = next(node.get("Target", "") for node in relations if node.get("Id") == first)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
