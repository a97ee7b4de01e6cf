"""A village, its township and the departments that answer for it beside each other: same reward, same penalty."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import F, Sum

from households.codes import Level, county_of, township_of
from households.models import Division
from households.months import Month
from rewards.awards import performance
from rewards.models import Award
from scoring import rules
from scoring.ledger import door as ledger
from scoring.rankings.rankings import RankingLine, department_ranking, ranking


@dataclass(frozen=True, slots=True)
class Side:
    """One of those who share: where it stood in the month, what it was awarded in the year, what points it has."""

    what: str
    name: str
    line: RankingLine | None
    award_fen: int | None
    points: ledger.PointBalance
    code: str

    @property
    def lost(self) -> str:
        """Points per household below or above a full score, with a sign; empty when nothing is scored."""
        result = self.line.result if self.line else None
        if result is None:
            return ""
        away = Fraction(rules.round_half_up(result, 2), 100) - rules.BASE  # of what is shown, so that the two add up
        sign = "+" if away > 0 else "−" if away < 0 else ""
        return f"{sign}{rules.display(abs(away))}"


def sides(village: Division, month: Month) -> list[Side]:
    """The village, its township and its linked departments in a month; a handful of queries."""
    county = county_of(village.code)
    awarded = _awarded(village, int(month[:4]))
    found = []
    for what, level, code in (("村", Level.VILLAGE, village.code), ("乡镇", Level.TOWNSHIP, township_of(village.code))):
        line = next((line for line in ranking(month, level, within=county) if line.code == code), None)
        name = line.name if line else Division.objects.get(pk=code).name
        points = ledger.state_of(ledger.division(code))
        found.append(Side(what, name, line, awarded.get(code, 0), points, code))
    return found + _departments(village, month)


def _departments(village: Division, month: Month) -> list[Side]:
    lines = {line.code: line for line in department_ranking(month)}
    return [
        Side(
            "联系部门",
            department.name,
            lines.get(department.code),
            None,
            ledger.state_of(ledger.department(department.code)),
            department.code,
        )
        for department in performance.linked_departments(village.code, month)
    ]


def _awarded(village: Division, year: int) -> Mapping[str, int]:
    """What the village and its township were given in funds of the year, after decisions."""
    awards = Award.objects.filter(division__in=[village.code, township_of(village.code)], fund__year=year).order_by()
    sums = awards.values_list("division").annotate(fen=Sum(F("amount_fen") - F("withdrawn_fen"), default=0))
    return dict(sums)
