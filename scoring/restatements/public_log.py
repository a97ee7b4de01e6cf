"""The public log of restatements: when a county's published month was put right, why, and how much moved. Counts only."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise

from django.db.models import Sum

from households.codes import Level, is_level, village_of
from households.models import Division
from households.months import Month
from households.scope import lies_in
from scoring.models import Adjustment, DivisionScore, RankingSnapshot
from scoring.rankings.publication import final
from scoring.rankings.snapshots import AgreedLine
from scoring.reasons import PublicReason
from scoring.states import AdjustmentState


@dataclass(frozen=True, slots=True)
class PublicRestatement:
    """One published version of a county's month in whose place another one stands. `codes` is never shown."""

    before: RankingSnapshot
    after: RankingSnapshot
    reasons: list[str]
    codes: list[str] = field(repr=False)

    @property
    def month(self) -> Month:
        return self.after.month

    @property
    def at(self) -> datetime:
        return self.after.at

    @property
    def villages(self) -> int:
        """Villages in which something was put right."""
        return len({village_of(code) for code in self.codes})


@dataclass(frozen=True, slots=True)
class CountedRestatement:
    """The same with what is counted for its line: households that it is about, and villages whose rank moved."""

    restatement: PublicRestatement
    households: int
    ranks_moved: int


def counties() -> list[Division]:
    """Counties that have published a ranking, by code."""
    codes = final().filter(level=Level.VILLAGE).order_by().values("within").distinct()
    return list(Division.objects.filter(code__in=codes).order_by("code"))


def restatements_of(county: str) -> list[PublicRestatement]:
    """Newest first; corrections between two published versions stand in one line. Two queries."""
    kept = final().filter(level=Level.VILLAGE, within=county).order_by("month", "version").defer("body")
    granted = Adjustment.objects.filter(lies_in(county), state=AdjustmentState.GRANTED).order_by("pk")
    made = list(granted.values_list("period_id", "version", "code", "public_reason"))
    found = []
    for month, versions in groupby(kept, key=lambda one: one.month):
        for before, after in pairwise(versions):
            between = range(before.version + 1, after.version + 1)
            inside = [(code, why) for period, version, code, why in made if period == month and version in between]
            if inside:
                reasons = dict.fromkeys(PublicReason(why).label for _, why in inside)
                found.append(PublicRestatement(before, after, [*reasons], sorted({code for code, _ in inside})))
    return sorted(found, key=lambda one: (one.at, one.month), reverse=True)


def counted(shown: Iterable[PublicRestatement]) -> list[CountedRestatement]:
    """The lines of a page. One query for their bodies, and one for each that is about a whole division."""
    lines = list(shown)
    versions = {one.pk for line in lines for one in (line.before, line.after)}
    bodies = dict(RankingSnapshot.objects.filter(pk__in=versions).values_list("pk", "body"))
    return [
        CountedRestatement(
            line, _households(line.month, line.codes), _moved(bodies[line.before.pk], bodies[line.after.pk])
        )
        for line in lines
    ]


def _households(month: Month, codes: Collection[str]) -> int:
    """Households that corrections are about: of a division all that were scored in it, none of them twice."""
    tops = [code for code in codes if not any(code != other and code.startswith(other) for other in codes)]
    divisions = [code for code in tops if not is_level(code, Level.HOUSEHOLD)]
    if not divisions:
        return len(tops)
    scored = DivisionScore.objects.filter(month=month, code__in=divisions).aggregate(all=Sum("households", default=0))
    return len(tops) - len(divisions) + int(scored["all"])


def _moved(before: str, after: str) -> int:
    """Villages whose rank is another one."""
    was, now = (_ranks(json.loads(body)) for body in (before, after))
    return sum(was.get(code) != rank for code, rank in now.items())


def _ranks(lines: Iterable[AgreedLine]) -> dict[str, int | None]:
    return {line["code"]: line["rank"] for line in lines}
