"""A province's month: its own line, its counties' ranking with how far each is, and all departments' ranking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TypedDict

from django.conf import settings

from dongkou.models import ClosedMonth
from dongkou.province.receiving import CountyLink, links
from households.codes import Level, code_range
from households.months import Month
from households.sql import dicts, rows
from scoring import rules
from scoring.models import DivisionScore
from scoring.rankings.rankings import RESULT, RankingLine, ranking

_DEPARTMENTS = f"""
    SELECT l.cell, d.name AS county, l.code, l.name, l.active, l.households, l.total,
           CASE WHEN l.households > 0 THEN rank() OVER (PARTITION BY l.households > 0 ORDER BY {RESULT} DESC) END AS rank
    FROM dongkou_publisheddepartment l LEFT JOIN households_division d ON d.code = l.cell
    WHERE l.month = %(month)s AND l.cell >= %(low)s AND l.cell < %(high)s
    ORDER BY rank NULLS LAST, l.cell, l.code
"""
_MONTHS = f"""
    SELECT m.month, NOT EXISTS (
        SELECT FROM scoring_divisionscore c
        WHERE c.month = m.month AND length(c.code) = {Level.COUNTY.code_length} AND c.code >= %(low)s AND c.code < %(high)s
          AND NOT EXISTS (SELECT FROM dongkou_closedmonth f WHERE f.month = c.month AND f.cell = c.code)
    ) AS closed
    FROM scoring_divisionscore m WHERE m.code = %(province)s AND m.active > 0 ORDER BY 1 DESC
"""


@dataclass(frozen=True, slots=True)
class ProvinceDepartment:
    """A department's line among those of all counties; households and total are weighted, as in its county."""

    cell: str
    county: str | None
    code: str
    name: str
    active: int
    households: int
    total: int
    rank: int | None

    @property
    def result(self) -> Fraction | None:
        """total / households, exactly; None when nothing is scored."""
        return rules.result(self.total, self.households)

    @property
    def shown_result(self) -> str:
        """The result with two decimals, empty when nothing is scored."""
        return rules.display(self.result)


class ProvinceRow(TypedDict):
    """The same as it is exported."""

    county: str
    code: str
    name: str
    households: int
    total: int
    result: str
    rank: int | None


DEPARTMENT_COLUMNS = tuple(ProvinceRow.__annotations__)


@dataclass(frozen=True, slots=True)
class CountyOfMonth:
    """A county's line, the version in which its month was frozen (None while it is not), and its link."""

    line: RankingLine
    closed: ClosedMonth | None
    link: CountyLink | None


@dataclass(frozen=True, slots=True)
class ProvinceMonth:
    """A month as the node has it now. `as_of` is when the province's line was last added up."""

    month: Month
    line: RankingLine | None
    counties: list[CountyOfMonth]
    departments: list[ProvinceDepartment]

    @property
    def is_closed(self) -> bool:
        """Whether every county has frozen the month: only then does everybody see it."""
        return bool(self.counties) and all(one.closed for one in self.counties)

    @property
    def as_of(self) -> datetime | None:
        return self.line.as_of if self.line else None


def months(*, everybody: bool) -> list[Month]:
    """Months that the province has a line of, newest first; for `everybody` those that all its counties have frozen."""
    wanted = {"province": settings.PROVINCE, **code_range(settings.PROVINCE)._asdict()}
    return [month for month, closed in rows(_MONTHS, wanted) if closed or not everybody]


def province_month(month: Month) -> ProvinceMonth:
    """Everything of a month; counties that have no line yet stand at the end."""
    closed = {one.cell: one for one in ClosedMonth.objects.filter(month=month)}
    known = {link.county: link for link in links()}
    lines = ranking(month, Level.COUNTY, within=settings.PROVINCE)
    return ProvinceMonth(
        month=month,
        line=own_line(month),
        counties=[CountyOfMonth(line, closed.get(line.code), known.get(line.code)) for line in lines],
        departments=department_lines(month),
    )


def own_line(month: Month) -> RankingLine | None:
    """The province's, once it was added up."""
    found = DivisionScore.objects.filter(month=month, code=settings.PROVINCE).first()
    if found is None:
        return None
    return RankingLine(
        code=found.code,
        name=settings.PROVINCE_NAME,
        active=found.active,
        households=found.households,
        total=found.total,
        as_of=found.as_of,
        rank=None,
        previous_rank=None,
        adjustment=found.adjustment,
        six_zero=found.six_zero,
        events=found.events,
    )


def department_lines(month: Month) -> list[ProvinceDepartment]:
    """Departments of all counties, best first."""
    wanted = {"month": month, **code_range(settings.PROVINCE)._asdict()}
    return [ProvinceDepartment(**found) for found in dicts(_DEPARTMENTS, wanted)]


def departments_as_dicts(lines: Iterable[ProvinceDepartment]) -> list[ProvinceRow]:
    """One row a line."""
    return [
        {
            "county": line.cell,
            "code": line.code,
            "name": line.name,
            "households": line.households,
            "total": line.total,
            "result": line.shown_result,
            "rank": line.rank,
        }
        for line in lines
    ]
