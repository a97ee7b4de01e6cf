"""Departments with what they answer for, and what a change would make of the months that are still open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from households import sql
from households.imports import columns
from households.models import Department, Linkage, User, linked_in
from households.months import Month, month_of
from scoring import rules
from scoring.linkages.actions import WantedLinkage, write
from scoring.rollup.statements import IN_FORCE

# By exact figures of the moment, whether or not the roll-up has run since.
_FIGURES = f"""
    SELECT l.department_id, sum(l.weight * d.households)::bigint, sum(l.weight * d.total)::bigint
    FROM households_linkage l JOIN scoring_divisionscore d ON d.month = %(scores)s AND d.code = l.division_id
    WHERE {IN_FORCE} GROUP BY 1 HAVING sum(l.weight * d.households) > 0
"""
# Months in which a village of the place may still move.
_OPEN = """
    SELECT p.month FROM scoring_period p WHERE p.month >= %(first)s AND p.month <= %(last)s AND EXISTS (
        SELECT FROM households_division v
        LEFT JOIN scoring_sheet s ON s.period_id = p.month AND s.village_id = v.code AND s.state = 'frozen'
        WHERE length(v.code) = 12 AND starts_with(v.code, left(%(place)s, 12)) AND s.id IS NULL)
    ORDER BY 1
"""
# A month that is open has no scores where a change is allowed at all: what it will do is shown with those of the last month that has.
_LAST_SCORED = """
    SELECT max(month) FROM scoring_divisionscore WHERE code = %(place)s AND households > 0
"""


@dataclass(frozen=True, slots=True)
class DepartmentFigure:
    """A department's month: weighted households and total, result, and rank among all."""

    households: int = 0
    total: int = 0
    result: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class MonthEffect:
    """What a change does to the department in an open month, and how many others change their rank.

    `projected`: what it would do with the scores of this month, which itself stays as it is.
    """

    month: Month
    before: DepartmentFigure
    after: DepartmentFigure
    others: int
    projected: bool = False


def effects(wanted: WantedLinkage, *, by: User) -> list[MonthEffect]:
    """The open months that the change touches, and what it would do with the last scores there are; nothing is written.

    Refused as the change itself would be.
    """
    place = wanted.division.code
    last = {"first": wanted.from_month, "last": wanted.to_month or "9999-12", "place": place}
    months = [(month, month) for month in sql.column(_OPEN, last)]
    [scored] = sql.column(_LAST_SCORED, {"place": place})
    months += [(scored, wanted.from_month)] if scored else []
    before = [_figures(*one) for one in months]
    with transaction.atomic():
        write(wanted, by=by)
        after = [_figures(*one) for one in months]
        transaction.set_rollback(True)
    return [_effect(*one, wanted.department.code) for one in zip(months, before, after, strict=True)]


def _figures(scores: Month, linkages: Month) -> dict[str, DepartmentFigure]:
    """Every department with the scores of one month and the linkages of another."""
    found = {code: rest for code, *rest in sql.rows(_FIGURES, {"scores": scores, "month": linkages})}
    results = {code: rules.result(total, households) for code, (households, total) in found.items()}
    ranks = rules.rank(results)
    return {
        code: DepartmentFigure(households, total, rules.display(results[code]), ranks[code])
        for code, (households, total) in found.items()
    }


def _effect(
    months: tuple[Month, Month], before: dict[str, DepartmentFigure], after: dict[str, DepartmentFigure], code: str
) -> MonthEffect:
    none = DepartmentFigure()
    others = {*before, *after} - {code}
    moved = sum(before.get(one, none).rank != after.get(one, none).rank for one in others)
    scores, linkages = months
    return MonthEffect(scores, before.get(code, none), after.get(code, none), moved, projected=scores != linkages)


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department and what it answers for this month."""

    department: Department
    linkages: list[Linkage]

    @property
    def weight(self) -> int:
        return sum(one.weight for one in self.linkages)

    @property
    def leaders(self) -> str:
        """Whoever is named with one of them, each once."""
        return "、".join(dict.fromkeys(one.leader for one in self.linkages if one.leader))


def departments(today: date) -> list[DepartmentLine]:
    """All of them by code. Two queries."""
    rows = Linkage.objects.filter(linked_in(month_of(today))).select_related("division").order_by("division")
    found: dict[str, list[Linkage]] = {}
    for row in rows:
        found.setdefault(row.department_id, []).append(row)
    return [DepartmentLine(each, found.get(each.code, [])) for each in Department.objects.order_by("code")]


def history(department: Department) -> "QuerySet[Linkage]":
    """Every linkage of a department, the latest first."""
    return (
        Linkage.objects.filter(department=department)
        .select_related("division__parent")
        .order_by("-from_month", "division")
    )


@dataclass(frozen=True, slots=True)
class LinkageFile:
    """A file that the import takes back: its name, its columns with their headings, its rows."""

    name: str
    columns: dict[str, str]
    rows: Callable[[], Sequence[dict[str, Any]]]


def _department_rows() -> Sequence[dict[str, Any]]:
    return [{"code": one.code, "name": one.name} for one in Department.objects.order_by("code")]


def _linkage_rows() -> Sequence[dict[str, Any]]:
    """Every linkage there was."""
    rows = Linkage.objects.order_by("department", "division", "from_month")
    return [
        {
            "department_code": row.department_id,
            "division_code": row.division_id,
            "weight": row.weight,
            "from_month": row.from_month,
            "to_month": row.to_month,
            "leader": row.leader,
        }
        for row in rows
    ]


DEPARTMENTS_FILE = LinkageFile("县直部门", {one.name: one.heading for one in columns.DEPARTMENTS}, _department_rows)
LINKAGES_FILE = LinkageFile("联村关系", {one.name: one.heading for one in columns.LINKAGES}, _linkage_rows)
