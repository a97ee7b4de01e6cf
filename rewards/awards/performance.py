"""Departments' performance: the weighted results of the divisions they answer for, same reward, same penalty.

Ranks come from the archived department rankings, figure by figure; the statement names every linked division, month by month.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Q, QuerySet, Sum

from households.models import Department, Linkage, linked_in
from households.months import Month
from rewards.models import GradeBand, PerformanceCredit
from scoring import rules
from scoring.models import DivisionScore, EntryKind, OwnerKind, PointEntry, RankingSnapshot
from scoring.rankings.snapshots import DEPARTMENTS


@dataclass(frozen=True, slots=True)
class WeightedResult:
    """A department over some months: weighted sums of those in which anything linked to it was scored."""

    code: str
    months: int
    households: int
    total: int
    rank: int | None = None
    grade: str = ""
    earned: int = 0
    spent: int = 0

    @property
    def result(self) -> Fraction | None:
        return rules.result(self.total, self.households)

    @property
    def shown_result(self) -> str:
        return rules.display(self.result)


def weighted_results(county: str, year: int, months: Sequence[Month]) -> list[WeightedResult]:
    """Every department with a figure in one of the months, best first, unranked ones last; ties share a rank."""
    sums = _sums(county, months)
    ranks = rules.rank({code: rules.result(total, households) for code, (_, households, total) in sums.items()})
    bands = list(GradeBand.objects.filter(county=county, year=year))
    points = _points(months, year)
    found = [
        WeightedResult(
            code, count, households, total, ranks[code], _grade(ranks[code], bands), *points.get(code, (0, 0))
        )
        for code, (count, households, total) in sums.items()
    ]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.code))


def _sums(county: str, months: Sequence[Month]) -> dict[str, tuple[int, int, int]]:
    """code -> (months with a figure, weighted households, weighted total), from the newest archived ranking of each month."""
    archived = RankingSnapshot.objects.filter(level=DEPARTMENTS, within=county, month__in=list(months))
    newest = {snapshot.month: snapshot.body for snapshot in archived.order_by("month", "version")}
    sums: dict[str, tuple[int, int, int]] = {}
    for body in newest.values():
        for line in json.loads(body):
            count, households, total = sums.get(line["code"], (0, 0, 0))
            scored = line["households"] > 0
            sums[line["code"]] = (count + scored, households + line["households"], total + line["total"])
    return sums


def _grade(rank: int | None, bands: Sequence[GradeBand]) -> str:
    return next((band.grade for band in bands if rank and band.from_rank <= rank <= band.to_rank), "")


def _points(months: Sequence[Month], year: int) -> dict[str, tuple[int, int]]:
    """code -> (earned by those months, spent in the calendar year). Spends given back count against what was spent."""
    entries = PointEntry.objects.filter(account__owner_kind=OwnerKind.DEPARTMENT).order_by()
    earned = Q(kind__in=[EntryKind.FREEZE, EntryKind.RESTATE], month__in=list(months))
    spent = Q(kind__in=[EntryKind.SPEND, EntryKind.REVERSAL], at__year=year)
    sums = entries.values("account__owner").annotate(
        gain=Sum("amount", filter=earned, default=0), loss=Sum("amount", filter=spent, default=0)
    )
    return {one["account__owner"]: (one["gain"], -one["loss"]) for one in sums}


@dataclass(frozen=True, slots=True)
class LinkMonth:
    """A linked division in one month: weight, its own figures, and what they weigh."""

    name: str
    code: str
    weight: int
    households: int
    total: int
    six_zero: int

    @property
    def shown_result(self) -> str:
        return rules.display(rules.result(self.total, self.households))


@dataclass(frozen=True)
class MonthPart:
    """One month of a statement."""

    month: Month
    links: list[LinkMonth] = field(default_factory=list)

    @property
    def households(self) -> int:
        """Weighted."""
        return sum(link.weight * link.households for link in self.links)

    @property
    def total(self) -> int:
        """Weighted."""
        return sum(link.weight * link.total for link in self.links)

    @property
    def shown_result(self) -> str:
        return rules.display(rules.result(self.total, self.households))


@dataclass(frozen=True)
class Statement:
    """A department's year for its file: where it stands, and every linked division month by month."""

    department: Department
    year: int
    result: WeightedResult | None
    among: int
    parts: list[MonthPart]
    issued: PerformanceCredit | None

    @property
    def name(self) -> str:
        return f"{self.department.name}{self.year}年“六零”创建绩效对账单"


def statement(department: Department, county: str, year: int, months: Sequence[Month]) -> Statement:
    """The statement of a department over the months of a year."""
    everybody = weighted_results(county, year, months)
    own = next((one for one in everybody if one.code == department.code), None)
    issued = PerformanceCredit.objects.filter(county=county, department=department, year=year).first()
    return Statement(department, year, own, sum(1 for one in everybody if one.rank), _parts(department, months), issued)


def _parts(department: Department, months: Sequence[Month]) -> list[MonthPart]:
    linkages = list(_linkages(department, months)) if months else []
    codes = {linkage.division_id for linkage in linkages}
    scores = {(s.month, s.code): s for s in DivisionScore.objects.filter(month__in=list(months), code__in=codes)}
    return [MonthPart(month, _links(month, linkages, scores)) for month in months]


def _linkages(department: Department, months: Sequence[Month]) -> "QuerySet[Linkage]":
    return (
        Linkage.objects.filter(department=department, from_month__lte=months[-1])
        .filter(Q(to_month="") | Q(to_month__gte=months[0]))
        .select_related("division__parent")
        .order_by("division_id", "from_month")
    )


def _links(month: Month, linkages: Sequence[Linkage], scores: dict[tuple[str, str], DivisionScore]) -> list[LinkMonth]:
    links = []
    for linkage in linkages:
        if linkage.from_month <= month and (not linkage.to_month or linkage.to_month >= month):
            score = scores.get((month, linkage.division_id))
            figures = (score.households, score.total, score.six_zero) if score else (0, 0, 0)
            links.append(LinkMonth(linkage.division.name, linkage.division_id, linkage.weight, *figures))
    return links


def frozen_months(county: str, year: int) -> list[Month]:
    """Months of a year whose department ranking was archived, in order."""
    archived = RankingSnapshot.objects.filter(level=DEPARTMENTS, within=county, month__startswith=f"{year}-")
    return sorted(set(archived.values_list("month", flat=True)))


def frozen_years(county: str) -> list[int]:
    """Years with an archived department ranking, newest first."""
    archived = RankingSnapshot.objects.filter(level=DEPARTMENTS, within=county)
    return sorted({int(month[:4]) for month in archived.values_list("month", flat=True)}, reverse=True)


def linked_departments(division: str, month: Month) -> list[Department]:
    """The departments that answer for a division in a month."""
    linked = Linkage.objects.filter(linked_in(month), division=division)
    return list(Department.objects.filter(pk__in=linked.values("department")).order_by("code"))
