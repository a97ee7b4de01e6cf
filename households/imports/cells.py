"""What one cell of an import means. Pure. Each reader takes the cell's text and gives the value, or raises CellFault.

Digits may be full-width, numbers may carry a spreadsheet's ".0", codes may be significant or official.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from typing import TypeVar

from households import codes
from households.codes import Level
from households.files.formulas import formula_sign
from households.files.tables import shorten
from households.months import MonthError, parse_month
from households.words import days, folding, telephones

Value = TypeVar("Value")
Reader = Callable[[str], Value]

MAX_WEIGHT = 1_000_000
MAX_CLAUSE = 20

_PLAIN = re.compile(r"[\u4e00-\u9fff0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffd\ufffe\uffff]")
_BLANKS = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_POINT_ZERO = re.compile(r"\.0+$")
_GROUP = re.compile(r"第?([0-9]{1,6}|[一二三四五六七八九十]{1,3})(?:村民)?小?组?")
_DEPARTMENT = re.compile(r"[0-9A-Za-z_-]{1,20}")


class CellFault(ValueError):
    """A cell that cannot be taken; the text is Chinese and says why. `named` says that it already shows the value."""

    def __init__(self, reason: str, *, named: bool = False) -> None:
        super().__init__(reason)
        self.named = named


def text(longest: int, *, required: str = "", fold: Callable[[str], str] = folding.stored) -> Reader[str]:
    """Text of at most `longest` signs, folded; `required` is the thing that may not be missing, in Chinese."""

    def read(cell: str) -> str:
        if len(cell) <= longest and _PLAIN.fullmatch(cell):
            return cell
        if sign := formula_sign(cell):
            raise CellFault(f"不能以“{shorten(sign)}”开头：表格软件会把它当作公式执行")
        if _CONTROL.search(cell.strip()):
            raise CellFault("含有换行或看不见的控制字符")
        value = fold(cell)
        if sign := folding.unknown_sign(value):
            raise CellFault(f"含有造字 {sign}，别的电脑显示不出来；请改用正式的字，没有就用同音字", named=True)
        if len(value) > longest:
            raise CellFault(f"有 {len(value)} 个字，最多 {longest} 个字")
        if required and not value:
            raise CellFault(f"{required}不能为空")
        return value

    return read


def name(longest: int, *, required: str = "") -> Reader[str]:
    """A name of a person or place."""
    return text(longest, required=required, fold=folding.name)


def reference(longest: int) -> Reader[str]:
    """A document's number, or none."""
    return text(longest, fold=folding.reference)


def ticket(longest: int, *, required: str) -> Reader[str]:
    """The number that another office gave."""
    return text(longest, required=required, fold=folding.ticket)


def _packed(cell: str) -> str:
    """The cell without blanks, in half width, for whatever is not free text."""
    value = _BLANKS.sub("", unicodedata.normalize("NFKC", cell))
    if _SCIENTIFIC.fullmatch(value):
        raise CellFault("被表格软件改成了科学计数法，末尾的数字已丢失；请把这一列设为“文本”格式，重新填写")
    return value


def digits(cell: str) -> str:
    """A number as its digits, leading zeros kept; a spreadsheet's ".0" is dropped. May be empty."""
    return _POINT_ZERO.sub("", _packed(cell))


def code(*levels: Level) -> Reader[str]:
    """The significant code of a division or household of one of `levels`."""

    def read(cell: str) -> str:
        try:
            value = codes.parse(digits(cell))
            level = codes.level_of(value)
        except codes.CodeError as fault:
            raise CellFault(str(fault), named=True) from fault
        if level not in levels:
            wanted = "、".join(f"{one.label}（{one.code_length} 位）" for one in levels)
            raise CellFault(f"“{value}”是{level.label}代码，这里要的是{wanted}代码", named=True)
        return value

    return read


def or_empty(reader: Reader[str]) -> Reader[str]:
    """A reader that also takes an empty cell, as empty text."""
    return lambda cell: reader(cell) if _packed(cell) else ""


village = code(Level.VILLAGE)
division = code(*codes.DIVISION_LEVELS)
household = code(Level.HOUSEHOLD)
anything = code(*codes.LEVELS)


def group(cell: str) -> str:
    """The two digits of a group's number, written 3, 03, 3组, 第3组 or 第三组."""
    value = digits(cell)
    match = _GROUP.fullmatch(value)
    number = codes.number_of(match[1]) if match else 0
    if not 1 <= number <= codes.MAX_GROUP_NO:
        raise CellFault(f"组要写成 1 到 {codes.MAX_GROUP_NO} 的组号，例如 3 或 第3组")
    return f"{number:02d}"


def serial(cell: str) -> str:
    """The four digits of a household's number within its group, 1..9999; leading zeros are welcome."""
    return f"{whole(codes.MAX_SERIAL, '户号')(cell):04d}"


def whole(most: int, name: str) -> Reader[int]:
    """A whole number from 1 to `most`."""

    def read(cell: str) -> int:
        value = digits(cell)
        if not (value.isascii() and value.isdecimal() and len(value) <= 12 and 1 <= int(value) <= most):
            raise CellFault(f"{name}应是 1 到 {most} 的整数")
        return int(value)

    return read


def phone(cell: str) -> str:
    """A telephone number in the one spelling that is kept; empty for none."""
    try:
        value = telephones.read(cell)
    except telephones.TelephoneFault as fault:
        raise CellFault(str(fault)) from fault
    return value


def day(cell: str) -> date:
    """A day; a time behind it is allowed and left out."""
    return moment(cell)[0]


def moment(cell: str) -> tuple[date, time | None]:
    """A day and the time of day, where one is given."""
    try:
        return days.read(cell)
    except days.DayFault as fault:
        raise CellFault(str(fault)) from fault


def month(cell: str) -> str:
    """A month: 2026-10."""
    try:
        return parse_month(_packed(cell))
    except MonthError as fault:
        raise CellFault(str(fault), named=True) from fault


def month_or_open(cell: str) -> str:
    """A month, or empty text for "no end"."""
    return month(cell) if _packed(cell) else ""


def department(cell: str) -> str:
    """A department's code: up to 20 letters and digits; leading zeros count."""
    value = digits(cell)
    if not _DEPARTMENT.fullmatch(value):
        raise CellFault("部门代码应是 1 到 20 个字母或数字")
    return value


def clause(cell: str) -> str:
    """A clause's code as the file writes it, up to 20 signs without blanks."""
    value = _packed(cell)
    if not value or len(value) > MAX_CLAUSE or _CONTROL.search(value):
        raise CellFault(f"条款代码应是 1 到 {MAX_CLAUSE} 个字")
    return value
