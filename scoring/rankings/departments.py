"""Departments beside each other, and one department's figure as the weighted sum it is (design section 5)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from households.models import Department, Linkage, linked_in
from households.months import Month, label
from scoring import rules
from scoring.models import DepartmentScore, DivisionScore
from scoring.rankings.rankings import RankingLine, department_ranking
from scoring.readers import Reader


@dataclass(frozen=True, slots=True)
class Link:
    """A division that a department answers for in a month, with its own figures. `total` is None while nothing is scored."""

    code: str
    name: str
    weight: int
    active: int
    households: int
    total: int | None
    is_final: bool
    may_open: bool

    @property
    def weighted_households(self) -> int:
        return self.weight * self.households

    @property
    def weighted_total(self) -> int:
        return self.weight * (self.total or 0)

    @property
    def shown_result(self) -> str:
        return rules.display(rules.result(self.total, self.households)) if self.total is not None else ""


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department's line with what it is linked to."""

    line: RankingLine
    links: list[Link]

    @property
    def is_final(self) -> bool:
        """Whether every division linked to the department is final; departments are ranked before that, as provisional."""
        return bool(self.links) and all(link.is_final for link in self.links)

    def agreed(self) -> dict[str, Any]:
        """The columns that a department has on the interface as in files."""
        line = self.line
        return {
            "code": line.code,
            "name": line.name,
            "households": line.households,
            "total": line.total,
            "result": line.shown_result,
            "rank": line.rank,
            "previous_rank": line.previous_rank,
        }


@dataclass(frozen=True)
class DepartmentBoard:
    """The ranking of departments in a month."""

    month: Month
    rows: list[DepartmentRow]
    words: str = ""

    @property
    def as_of(self) -> datetime | None:
        return max((row.line.as_of for row in self.rows if row.line.households), default=None)

    @property
    def provisional(self) -> int:
        return sum(not row.is_final for row in self.rows)

    @property
    def state(self) -> str:
        return "暂定" if self.provisional or not self.rows else "已评齐"

    @property
    def title(self) -> str:
        """2026年10月-县直部门排名-暂定."""
        return f"{label(self.month)}-县直部门排名-{self.state}"


@dataclass(frozen=True)
class DepartmentWhy:
    """sum(weight * total) / sum(weight * households) written out; `stale` when the rolled-up row says something else."""

    month: Month
    department: Department
    links: list[Link]
    as_of: datetime | None
    stale: bool

    @property
    def households(self) -> int:
        """Weighted."""
        return sum(link.weighted_households for link in self.links)

    @property
    def total(self) -> int:
        """Weighted."""
        return sum(link.weighted_total for link in self.links)

    @property
    def result(self) -> Fraction | None:
        return rules.result(self.total, self.households)

    @property
    def shown_result(self) -> str:
        return rules.display(self.result)

    @property
    def is_final(self) -> bool:
        return bool(self.links) and all(link.is_final for link in self.links)


def department_board(month: Month, reader: Reader, *, words: str = "") -> DepartmentBoard:
    """Every department with a figure in the month, best first; `words` keeps those that hold them in name or code."""
    linked: dict[str, list[Linkage]] = defaultdict(list)
    for linkage in _linkages(month):
        linked[linkage.department_id].append(linkage)
    scores = _scores(month, (linkage for links in linked.values() for linkage in links))
    rows = [
        DepartmentRow(line, [_link(linkage, scores, reader) for linkage in linked[line.code]])
        for line in department_ranking(month)
        if not words or words in line.name or words in line.code
    ]
    return DepartmentBoard(month, rows, words)


def department_why(month: Month, code: str, reader: Reader) -> DepartmentWhy:
    """One department's figure. Http404 when there is no such department."""
    department = Department.objects.filter(code=code).first() if "\0" not in code else None
    if department is None:
        raise Http404
    linkages = list(_linkages(month).filter(department=department))
    scores = _scores(month, linkages)
    stored = DepartmentScore.objects.filter(month=month, department_code=code).first()
    links = [_link(linkage, scores, reader) for linkage in linkages]
    explained = DepartmentWhy(month, department, links, stored.as_of if stored else None, stale=False)
    found = (explained.households, explained.total)
    stale = found != ((stored.households, stored.total) if stored else (0, 0))
    return DepartmentWhy(month, department, links, explained.as_of, stale)


def _linkages(month: Month) -> "QuerySet[Linkage]":
    return Linkage.objects.filter(linked_in(month)).select_related("division").order_by("division_id", "from_month")


def _scores(month: Month, linkages: Iterable[Linkage]) -> dict[str, DivisionScore]:
    codes = {linkage.division_id for linkage in linkages}
    return {score.code: score for score in DivisionScore.objects.filter(month=month, code__in=codes)}


def _link(linkage: Linkage, scores: Mapping[str, DivisionScore], reader: Reader) -> Link:
    score = scores.get(linkage.division_id)
    households = score.households if score else 0
    active = score.active if score else 0
    return Link(
        code=linkage.division_id,
        name=linkage.division.name,
        weight=linkage.weight,
        active=active,
        households=households,
        total=score.total if score and households else None,
        is_final=rules.is_final(households, active),
        may_open=reader.may_open(linkage.division_id),
    )
