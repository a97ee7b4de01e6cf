"""Whom the lines of a list mean, and how a month's file differs from what stands. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from households.words.folding import compared
from households.words.keys import key

_TOKENS = re.compile(r"[\s,，;；、|]+")
_GROUP_AND_NUMBER = re.compile(r"第?([0-9]{1,2})组?[-－—组]\s*([0-9]{1,4})号?户?")
_PLATE = re.compile(r"/h/([A-Za-z0-9_-]{16,})/?")
_SERIAL = 4  # digits of a number within its group
_FEWEST = 2  # signs of a name


@dataclass(frozen=True, slots=True)
class ListedHousehold:
    """A household as a list may mean it; without a name for readers who do not know it."""

    code: str
    name: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """One line of a list and whom it means: exactly one household, or those between which nobody but a person can choose."""

    text: str
    codes: tuple[str, ...]

    @property
    def code(self) -> str:
        """The household; empty when none or several are meant."""
        return self.codes[0] if len(self.codes) == 1 else ""


def matched(text: str, households: Sequence[ListedHousehold], plates: Mapping[str, str]) -> list[MatchedLine]:
    """Whom each line means, lines without anything left out. `plates` gives the household of a plate's token.

    A line may hold more than the household (an attendance list has columns): what means nothing is passed over, what means
    somebody must agree.
    """
    lines = [line.strip() for line in text.splitlines()]
    return [MatchedLine(line[:60], _meant(line, households, plates)) for line in lines if line]


def tokens_in(text: str) -> list[str]:
    """The tokens of plates that stand in a text, as a scanner writes them: an address a line."""
    return _PLATE.findall(text)


def _meant(line: str, households: Sequence[ListedHousehold], plates: Mapping[str, str]) -> tuple[str, ...]:
    if token := _PLATE.search(line):
        code = plates.get(token[1], "")
        return (code,) if code else ()
    if found := _numbered(line, households):
        return found
    agreed: set[str] | None = None
    for part in _TOKENS.split(line):
        named = {one.code for one in households if _fits(part, one)}
        if named:
            agreed = named if agreed is None else agreed & named or agreed
    return tuple(sorted(agreed or ()))


def _numbered(line: str, households: Sequence[ListedHousehold]) -> tuple[str, ...]:
    """1组12号 and 1-12."""
    match = _GROUP_AND_NUMBER.search(line)
    if not match:
        return ()
    tail = f"{int(match[1]):02d}{int(match[2]):0{_SERIAL}d}"
    return tuple(one.code for one in households if one.code.endswith(tail))


def _fits(part: str, one: ListedHousehold) -> bool:
    typed = compared(part)
    if typed.isdecimal():
        return typed == one.code or (len(typed) <= _SERIAL and one.code[-_SERIAL:] == typed.zfill(_SERIAL))
    return len(typed) >= _FEWEST and bool(one.name) and (typed == compared(one.name) or typed == one.initials)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """An entry as a month's file says it. `event` is its number where it stands already; `line` that of the file."""

    code: str
    day: date
    clause: str
    document_no: str = ""
    note: str = ""
    event: int = 0
    line: int = 0

    @property
    def said(self) -> tuple[str, date, str, str, str]:
        """What it says; two that say the same are the same entry twice."""
        return self.code, self.day, self.clause, key(self.document_no), self.note


@dataclass(frozen=True, slots=True)
class FileChanges:
    """What has to happen for the sheet to say what the file says."""

    add: list[FileEntry]
    withdraw: list[FileEntry]
    stay: int


def changes(wanted: Iterable[FileEntry], standing: Sequence[FileEntry]) -> FileChanges:
    """Entries of the file that do not stand yet, standing ones that it no longer has, and how many are in both."""
    left = Counter(one.said for one in standing)
    add, stay = [], 0
    for entry in wanted:
        if left[entry.said]:
            left[entry.said] -= 1
            stay += 1
        else:
            add.append(entry)
    gone = []
    for entry in reversed(standing):  # of equal ones the youngest goes
        if left[entry.said]:
            left[entry.said] -= 1
            gone.append(entry)
    return FileChanges(add, gone[::-1], stay)
