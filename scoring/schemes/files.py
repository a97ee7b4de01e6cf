"""Schemes as text: the shipped TOML files read into plain frozen values, before any database has seen them. Pure.

Only the shape is checked here (every field there, of the right type, none unknown); the meaning is checked by redlines.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent
_TYPE_NAMES = {str: "文字", int: "整数", bool: "true 或 false"}


class SchemeFileError(ValueError):
    """A file that is not a scheme; the text is Chinese and names the file, the place and the field."""


@dataclass(frozen=True, slots=True)
class ClauseDraft:
    """A clause as written. kind, subject and recorder are still plain text; points are >= 0 in a sound scheme."""

    code: str
    text: str
    kind: str
    points: int
    subject: str
    recorder: str
    document_required: bool
    second_person: bool
    basis: str


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """One of the six zeros as written: its share of the base of 100, the sign on its lamp, its clauses."""

    code: str
    name: str
    lamp: str
    share: int
    clauses: tuple[ClauseDraft, ...]


@dataclass(frozen=True, slots=True)
class SchemeDraft:
    """A version of the scheme as written, in force from `effective_from` (YYYY-MM)."""

    code: str
    name: str
    effective_from: str
    note: str
    indicators: tuple[IndicatorDraft, ...]

    @property
    def clauses(self) -> Iterator[ClauseDraft]:
        """Every clause, in the scheme's order."""
        return (clause for indicator in self.indicators for clause in indicator.clauses)

    @property
    def shares(self) -> dict[str, int]:
        """Share of the base by indicator code, in the scheme's order: what rules.household_score wants."""
        return {indicator.code: indicator.share for indicator in self.indicators}


def shipped() -> list[SchemeDraft]:
    """Every scheme that comes with the software, oldest first."""
    return sorted((read(path) for path in SHIPPED.glob("*.toml")), key=lambda scheme: scheme.effective_from)


def read(path: Path) -> SchemeDraft:
    """One scheme file (TOML, UTF-8). Raises SchemeFileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SchemeFileError(f"{path.name}：文件不是 UTF-8 编码") from error
    except OSError as error:
        raise SchemeFileError(f"{path.name}：读不到这个文件（{error.strerror}）") from error
    return parse(text, path.name)


def parse(text: str, name: str) -> SchemeDraft:
    """A scheme from TOML text; `name` stands at the front of every complaint. Raises SchemeFileError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemeFileError(f"{name}：不是正确的 TOML（{error}）") from error
    indicators = tuple(_indicator(row, f"{name} 第 {n} 个指标") for n, row in _rows(table, "indicator", name))
    return SchemeDraft(**_fields_of(SchemeDraft, table, name, "indicator"), indicators=indicators)


def _indicator(table: Mapping[str, Any], place: str) -> IndicatorDraft:
    clauses = tuple(
        ClauseDraft(**_fields_of(ClauseDraft, row, f"{place}第 {n} 条")) for n, row in _rows(table, "clause", place)
    )
    return IndicatorDraft(**_fields_of(IndicatorDraft, table, place, "clause"), clauses=clauses)


def _rows(table: Mapping[str, Any], key: str, place: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SchemeFileError(f"{place}：{key} 应写成 [[{key}]] 的样子")
    return enumerate(rows, start=1)


def _fields_of(draft: type, table: Mapping[str, Any], place: str, nested: str = "") -> dict[str, Any]:
    """The plain fields of a draft out of a table, each present and of its type; a bool is not an integer."""
    wanted = {field.name: field.type for field in fields(draft) if field.type in _TYPE_NAMES}
    unknown = sorted(set(table) - set(wanted) - {nested})
    if unknown:
        raise SchemeFileError(f"{place}：没有“{unknown[0]}”这个字段")
    for key, kind in wanted.items():
        if key not in table:
            raise SchemeFileError(f"{place}：缺少字段“{key}”")
        if type(table[key]) is not kind:
            raise SchemeFileError(f"{place}：字段“{key}”应是{_TYPE_NAMES[kind]}")
    return {key: table[key] for key in wanted}
