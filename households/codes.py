"""Division and household codes: the length is the level, a prefix is an ancestor. Pure.

County, township and village codes are the significant part (6, 9, 12 digits) of the official 12-digit statistical code
(6 county + 3 township + 3 village). Group (14) and household (18) lengthen it the way GB/T 35958-2018 lengthens codes
of contracted land: two digits of group, four of household. A code is guessable and therefore never a secret.
"""

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

OFFICIAL_LENGTH = 12
MAX_GROUP_NO = 99
MAX_SERIAL = 9999
INVENTED = "99"  # what every code of a training village begins with; no county of GB/T 2260 has it
AFTER_DIGITS = ":"  # follows "9" and no digit does


class CodeError(ValueError):
    """A code that cannot be one; the text is Chinese and fit to show to the person who typed it."""


class Level(StrEnum):
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GROUP = "group"
    HOUSEHOLD = "household"

    @property
    def label(self) -> str:
        """The level in Chinese, for pages and messages."""
        return LABELS[self]

    @property
    def code_length(self) -> int:
        """Digits of a code of this level."""
        return _LENGTHS[self]

    @property
    def child(self) -> "Level | None":
        """The level directly below, None for a household."""
        below = LEVELS[LEVELS.index(self) + 1 :]
        return below[0] if below else None

    @property
    def parent(self) -> "Level | None":
        """The level directly above, None for a county."""
        above = LEVELS[: LEVELS.index(self)]
        return above[-1] if above else None


LEVELS: tuple[Level, ...] = tuple(Level)
DIVISION_LEVELS: tuple[Level, ...] = LEVELS[:-1]
_LENGTHS: dict[Level, int] = {
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
    Level.GROUP: 14,
    Level.HOUSEHOLD: 18,
}
_COUNTY, _TOWNSHIP, _VILLAGE, _GROUP, _ = _LENGTHS.values()
LABELS: dict[Level, str] = {
    Level.COUNTY: "县",
    Level.TOWNSHIP: "乡镇",
    Level.VILLAGE: "村",
    Level.GROUP: "组",
    Level.HOUSEHOLD: "户",
}
_LEVEL_BY_LENGTH = {length: level for level, length in _LENGTHS.items()}
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
ROUNDED = (
    "被表格软件当作数字改过的户编号（Excel、WPS 只保留 15 位，后几位已经丢失）；"
    "请把这一列设为“文本”格式，从原来的名册重新粘贴编号"
)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_ONES = {"": 0} | {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)}
_TENS = {"": 0, "十": 10} | {f"{sign}十": 10 * value for sign, value in _ONES.items() if sign}
_NUMERALS = {f"{tens}{ones}": ten + one for tens, ten in _TENS.items() for ones, one in _ONES.items()}
# What people paste with a code: blanks of any kind and the invisible marks of spreadsheets.
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def level_of(code: str) -> Level:
    """The level of a significant code. Raises CodeError when it has another length, other signs, or an empty part."""
    if not _DIGITS.fullmatch(code):
        raise CodeError(f"代码“{_short(code)}”只能由数字组成")
    level = _LEVEL_BY_LENGTH.get(len(code))
    if level is None:
        raise CodeError(f"代码“{_short(code)}”有 {len(code)} 位，应为 6、9、12、14 或 18 位")
    _check_parts(code)
    return level


def _check_parts(code: str) -> None:
    """Refuse a part of zeros: it would name the level above a second time."""
    start = _LENGTHS[Level.COUNTY]
    for level in LEVELS[1:]:
        part = code[start : _LENGTHS[level]]
        if part and not part.strip("0"):
            raise CodeError(f"代码“{code}”的{level.label}一段（第 {start + 1} 到 {_LENGTHS[level]} 位）不能全为 0")
        start = _LENGTHS[level]
    if not code[: _LENGTHS[Level.COUNTY]].strip("0"):
        raise CodeError(f"代码“{code}”的县一段（前 6 位）不能全为 0")


def parse(text: str) -> str:
    """The significant code that a person or a file meant.

    Takes significant codes and official 12-digit ones padded with zeros, in half or full width, with blanks inside.
    Only whole triplets of zeros are padding: 430525500000 is township 430525500, never 4305255.
    """
    code = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    if not code:
        raise CodeError("代码不能为空")
    _check_rounded(code)
    if len(code) == OFFICIAL_LENGTH and _DIGITS.fullmatch(code):
        code = _without_padding(code)
    level_of(code)
    return code


def _check_rounded(code: str) -> None:
    """Refuse by name what a spreadsheet made of a long code: it keeps 15 digits, and the number of the household is gone."""
    if _SCIENTIFIC.fullmatch(code):
        raise CodeError(f"“{_short(code)}”{ROUNDED}")
    if len(code) == _LENGTHS[Level.HOUSEHOLD] and code.isdecimal() and code.endswith("0000"):
        raise CodeError(f"“{code}”末尾是 0000，像是{ROUNDED}")


def _without_padding(official_code: str) -> str:
    for level in (Level.TOWNSHIP, Level.COUNTY):
        head = official_code[: _LENGTHS[level]]
        if official_code.endswith("000") and len(official_code) - len(head) == 3:
            official_code = head
    return official_code


def official(code: str) -> str:
    """The official 12-digit form of a county, township or village code, for exchange. CodeError below villages."""
    level = level_of(code)
    if _LENGTHS[level] > OFFICIAL_LENGTH:
        raise CodeError(f"{level.label}代码“{code}”没有 12 位统计用代码，12 位代码只到村")
    return code.ljust(OFFICIAL_LENGTH, "0")


def cut(code: str, level: Level) -> str:
    """The division of this level that a code is or lies in; a code above the level comes back as it is.

    The code is trusted, as are those of all functions below: text from outside goes through `parse` or `level_of` first.
    """
    return code[: _LENGTHS[level]]


def county_of(code: str) -> str:
    """The county that a code is or lies in."""
    return code[:_COUNTY]


def township_of(code: str) -> str:
    """The township that a code is or lies in; a county's code as it is."""
    return code[:_TOWNSHIP]


def village_of(code: str) -> str:
    """The village that a code is or lies in; a code above villages as it is."""
    return code[:_VILLAGE]


def group_of(code: str) -> str:
    """The group that a code is or lies in; a code above groups as it is."""
    return code[:_GROUP]


def serial_of(household: str) -> str:
    """The four digits that number a household in its group."""
    return household[_GROUP:]


def narrowest(codes: Collection[str]) -> str:
    """The narrowest place, or household, that holds all of these codes, of which there is one at least;
    empty when they have none in common.
    """
    first, last = min(codes), max(codes)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=True)))
    return first[: max((level.code_length for level in Level if level.code_length <= shared), default=0)]


def is_level(code: str, *levels: Level) -> bool:
    """Whether a code is of one of the levels."""
    return any(len(code) == _LENGTHS[level] for level in levels)


def reaches(code: str, level: Level) -> bool:
    """Whether a code is of the level or below it, so that `cut` finds a division of the level."""
    return len(code) >= _LENGTHS[level]


def is_code(text: str, *levels: Level) -> bool:
    """Whether text from an address has the shape of a code of one of the levels."""
    return bool(_DIGITS.fullmatch(text)) and is_level(text, *levels)


def path(code: str) -> list[str]:
    """The county of a code and every division down to the code itself; empty for ""."""
    return [cut(code, level) for level in LEVELS if reaches(code, level)]


def ancestors(code: str) -> list[str]:
    """The codes above, nearest first; empty for a county. Raises CodeError."""
    level_of(code)
    return path(code)[-2::-1]


def parent(code: str) -> str | None:
    """The code one level up; None for a county. Raises CodeError."""
    return next(iter(ancestors(code)), None)


class CodeRange(NamedTuple):
    """`low <= c < high` holds for exactly the codes within one, compared as text in C collation."""

    low: str
    high: str


def code_range(code: str) -> CodeRange:
    """The codes of a place and of all that lies in it; of every place for ""."""
    return CodeRange(code, code + AFTER_DIGITS)


def sql_within(column: str, place: str) -> str:
    """`code_range` in SQL: the condition that a column holds the code of `place`, also a column or parameter, or one within."""
    return f"{column} >= {place} AND {column} < {place} || '{AFTER_DIGITS}'"


def group_code(village: str, group_no: int) -> str:
    """The 14-digit code of a group: group_no 1..99 in its village. Raises CodeError."""
    _expect(village, Level.VILLAGE)
    if not 1 <= group_no <= MAX_GROUP_NO:
        raise CodeError(f"组号 {group_no} 应在 1 到 {MAX_GROUP_NO} 之间")
    return f"{village}{group_no:02d}"


def household_code(group: str, serial: int) -> str:
    """The 18-digit code of a household: serial 1..9999 in its group. Raises CodeError."""
    _expect(group, Level.GROUP)
    if not 1 <= serial <= MAX_SERIAL:
        raise CodeError(f"户号 {serial} 应在 1 到 {MAX_SERIAL} 之间")
    return f"{group}{serial:04d}"


def _expect(code: str, level: Level) -> None:
    found = level_of(code)
    if found is not level:
        raise CodeError(f"“{code}”是{found.label}代码，这里要{level.label}代码（{_LENGTHS[level]} 位）")


def _short(text: str) -> str:
    """Enough of a wrong code to recognise it, never a whole novel."""
    return text if len(text) <= 24 else f"{text[:24]}…"


def number_of(text: str) -> int:
    """The value of a number in figures, or of 1..99 in Chinese numerals; 0 for anything else."""
    return int(text) if text.isdecimal() else _NUMERALS.get(text, 0)
