"""What the XML of a workbook says beside its values: which cells are no values that a person typed, which nobody sees. Pure.

Names are compared without their prefix and namespace: Strict, transitional and prefixed files are one to us.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from households.files import unpacking
from households.files.bounds import Bounds

FORMULA = "单元格里是公式，请改成公式算出的值再导入"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)
_HOLDING = frozenset(("v", "f", "is"))
HIDDEN_COLUMN = "这一列是隐藏的；请取消隐藏，看过以后再导入，不要的就删掉"
_RUNS = 5  # named one by one
WHOLE_ROW = -1  # stands for a column where the whole row is meant
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")


class WorkbookFault(ValueError):
    """Not a workbook that can be read; the text is Chinese and fit to show."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that is not what it shows: line from 1, column from 0 (or WHOLE_ROW), and why it is refused."""

    line: int
    column: int
    reason: str


def check(data: bytes, bounds: Bounds) -> None:
    """Refuse what unpacks beyond the bounds and what is no xlsx, before any reader takes it into memory.

    Raises WorkbookFault; zip faults as they are.
    """
    if unpacking.is_larger(data, bounds.unpacked):
        raise WorkbookFault("工作簿解压后太大，不能导入")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _book(_parts(archive))


def odd_cells(data: bytes, sheet: int, bounds: Bounds) -> list[Odd]:
    """The formulas, errors and truth values of the sheet at `sheet` in the book's order, and what is hidden in it.

    Raises WorkbookFault for a sheet that reaches beyond the bounds; zip and XML faults as they are. Whoever reads the
    sheet as a rectangle asks here first: two cells in far corners are a rectangle of 549 GB.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = _sheet(archive, sheet)
    if content.startswith(_OTHER_ENCODINGS) or b"<!DOCTYPE" in content:
        raise WorkbookFault("工作簿的写法少见，读不了；请用 Excel 或 WPS 打开，另存为 xlsx 再导入")
    found = _Sheet()
    found.read(content)
    if (found.lowest + 1) * (found.rightmost + 1) > bounds.cells:
        raise WorkbookFault("工作表太大，请删去空白的行和列，或分成几个文件")
    return found.odd + found.hidden()


def _parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    return {part.filename.replace("\\", "/").lower(): part for part in archive.infolist()}


def _book(parts: dict[str, zipfile.ZipInfo]) -> str:
    for name in parts:
        if name == "workbook.xml" or name.endswith("/workbook.xml"):
            return name
    raise WorkbookFault("这不是 xlsx 工作簿（可能是 xlsb、ods 或别的文件），请另存为 xlsx 再导入")


def _sheet(archive: zipfile.ZipFile, number: int) -> bytes:
    """The XML of one sheet, found as the parts refer to each other."""
    parts = _parts(archive)
    book = _book(parts)
    folder, name = posixpath.split(book)
    sheets = [node for node in _xml(archive, parts[book]).iter() if _local(node.tag) == "sheet"]
    own = next(value for key, value in sheets[number].attrib.items() if _local(key) == "id")
    relations = _xml(archive, parts[posixpath.join(folder, "_rels", f"{name}.rels")])
    target = next(node.get("Target", "") for node in relations if node.get("Id") == own).replace("\\", "/")
    place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return archive.read(parts[place.lower()])


def _xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(part))  # noqa: S314 (expat refuses entity bombs)


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


@dataclass
class _Sheet:
    """One way through a sheet's XML. A cell without its own place stands behind the one before.

    `lowest` and `rightmost`, from 0, are how far cells reach that hold something: to have a colour is to hold nothing.
    A row or column that is hidden, filtered out, folded away or without any height or width is seen by nobody.
    """

    line: int = 0
    column: int = -1
    kind: str = ""
    formula: bool = False
    value: list[str] | None = None
    odd: list[Odd] = field(default_factory=list)
    lowest: int = -1
    rightmost: int = -1
    unseen: bool = False  # the row that is being read
    unseen_lines: list[int] = field(default_factory=list)
    unseen_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last, from 0
    holding: dict[int, int] = field(default_factory=dict)  # columns that hold something: the first line of each

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        if name == "row":
            self.line, self.column = int(attributes.get("r", self.line + 1)), -1
            self.unseen = _is_unseen(attributes, "ht")
        elif name == "col" and _is_unseen(attributes, "width"):
            self.unseen_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
        elif name == "c":
            self._place(attributes.get("r", ""))
            self.kind, self.formula, self.value = attributes.get("t", ""), False, None
        elif name in _HOLDING:
            self.lowest, self.rightmost = max(self.lowest, self.line - 1), max(self.rightmost, self.column)
            self.holding.setdefault(self.column, self.line)
            if self.unseen and self.unseen_lines[-1:] != [self.line]:
                self.unseen_lines.append(self.line)
            self.formula = self.formula or name == "f"
            self.value = [] if name == "v" else self.value

    def hidden(self) -> list[Odd]:
        """What holds something and is seen by nobody: each column, and all rows at once."""
        columns = [
            Odd(line, column, HIDDEN_COLUMN)
            for column, line in sorted(self.holding.items())
            if any(first <= column <= last for first, last in self.unseen_columns)
        ]
        lines = self.unseen_lines
        return columns + ([Odd(lines[0], WHOLE_ROW, hidden_rows(lines))] if lines else [])

    def _place(self, named: str) -> None:
        place = _PLACE.fullmatch(named)
        self.column = _column(place[1].upper()) if place else self.column + 1
        if place:
            self.line = int(place[2])

    def _text(self, text: str) -> None:
        if self.value is not None:
            self.value.append(text)

    def _end(self, name: str) -> None:
        if _local(name) != "c":
            return
        shown = "".join(self.value or ()).strip()
        if reason := _reason(self.kind, shown, formula=self.formula):
            self.odd.append(Odd(self.line, self.column, reason))
        self.value = None


def _is_unseen(attributes: dict[str, str], size: str) -> bool:
    return attributes.get("hidden") in ("1", "true") or float(attributes.get(size) or 1) == 0


def hidden_rows(lines: list[int]) -> str:
    """Why rows are refused that nobody sees, naming them in runs; of many runs the first ones."""
    runs = [(line, line) for line in lines[:1]]
    for line in lines[1:]:
        runs[-1:] = [(runs[-1][0], line)] if line == runs[-1][1] + 1 else [runs[-1], (line, line)]
    named = "、".join(f"{first}" if first == last else f"{first}—{last}" for first, last in runs[:_RUNS])
    more = "等" if len(runs) > _RUNS else ""
    return f"有 {len(lines)} 行看不见（第 {named} 行{more}），是隐藏的或者筛选掉的；请取消隐藏和筛选，看过以后再导入，不要的就删掉"


def _reason(kind: str, shown: str, *, formula: bool) -> str:
    if formula:
        return FORMULA
    if kind == "e":
        return error(shown or "#N/A")
    return truth("FALSE" if shown in ("0", "false") else "TRUE") if kind == "b" else ""


def error(shown: str) -> str:
    """Why a cell is refused that shows a spreadsheet's error."""
    return f"单元格里是表格软件的错误值 {shown}，请改成正确的内容"


def truth(shown: str) -> str:
    """Why a cell is refused that shows TRUE or FALSE."""
    return f"单元格里是逻辑值 {shown}，不是文字，请改成正确的内容"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
