"""What a new scheme changes of the one before, clause by clause, in a reader's words. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scoring.rules import Kind

NEW, GONE, OTHER = "新增", "取消", "改动"


@dataclass(frozen=True, slots=True)
class SchemeClause:
    """A clause as both sides are compared: under which zero, what it says, what it costs or gives, who records it."""

    code: str
    indicator: str
    text: str
    kind: str
    points: int
    recorder: str
    document_required: bool
    second_person: bool

    @property
    def said(self) -> str:
        """In one line."""
        kind = Kind(self.kind)
        parts = [
            f"{self.indicator}：{self.text}",
            f"{kind.label} {self.points} 分" if self.points else kind.label,
            self.recorder,
        ]
        parts += ["须有文书"] * self.document_required + ["两人确认"] * self.second_person
        return "，".join(parts)


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One line of the comparison; what is new has no `before`, what goes no `after`."""

    what: str
    code: str
    before: str
    after: str


def compared(before: Mapping[str, SchemeClause], after: Mapping[str, SchemeClause]) -> Iterator[ClauseChange]:
    """By code: what goes, what comes, what is otherwise. What stays the same is not told."""
    for code in sorted(before.keys() | after.keys()):
        old, new = before.get(code), after.get(code)
        if old == new:
            continue
        what = NEW if old is None else GONE if new is None else OTHER
        yield ClauseChange(what, code, old.said if old else "", new.said if new else "")
