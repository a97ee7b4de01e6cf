"""What the award engine reads: archived, published rankings of the basis months, and villages' free points."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Max

from households.months import Month, months_between
from households.refusals import Refused
from rewards.awards import engine
from rewards.models import AwardKind, AwardRule, Fund
from scoring.ledger import door as ledger
from scoring.models import OwnerKind, RankingSnapshot
from scoring.rankings import publication
from scoring.rankings.snapshots import AgreedLine

MAX_MONTHS = 24
Versions = dict[str, int]  # month -> version of its ranking


@dataclass(frozen=True, slots=True)
class Basis:
    """The months of a run in order, the version that was read of each, and who competes over them."""

    months: list[Month]
    versions: list[int]
    competitors: list[engine.Competitor]


def read(fund: Fund, kind: AwardKind, first: Month, last: Month) -> Basis:
    """The basis of a run. Refused when a month's ranking is not published, naming the months."""
    months = wanted_months(first, last)
    archived = _published(fund.county_id, kind.level, months)
    figures: dict[str, dict[Month, engine.MonthFigures]] = {}
    for month, (_, lines) in archived.items():
        for code, own in figures_of(month, lines).items():
            figures.setdefault(code, {})[month] = own
    points = free_points(sorted(figures)) if kind is AwardKind.POINTS else {}
    competitors = [
        engine.Competitor(code, tuple(own.get(month) or nothing(month) for month in months), points.get(code, 0))
        for code, own in sorted(figures.items())
    ]
    return Basis(months, [archived[month][0] for month in months], competitors)


def wanted_months(first: Month, last: Month) -> list[Month]:
    """The months from first to last; Refused when they are out of order or more than two years."""
    months = months_between(first, last)
    if not months:
        raise Refused("months_in_order", "截止月份早于起始月份。", fields={"last": "早于起始月份"})
    if len(months) > MAX_MONTHS:
        raise Refused("too_many_months", f"依据月份最多 {MAX_MONTHS} 个月。", fields={"last": "太长"})
    return months


def latest_versions(county: str, level: str, months: Iterable[str]) -> Versions:
    """The newest version of each month's archived ranking; months never archived are missing."""
    archived = RankingSnapshot.objects.filter(within=county, level=level, month__in=set(months))
    return dict(archived.order_by("month").values_list("month").annotate(Max("version")))


def _published(county: str, level: str, months: Sequence[Month]) -> dict[Month, tuple[int, list[AgreedLine]]]:
    """month -> (version, lines) of its newest ranking, which must be open to everybody."""
    newest = latest_versions(county, level, months)
    final = publication.final().filter(within=county, level=level, month__in=months).order_by("version")
    found = {archived.month: (archived.version, archived.body) for archived in final.iterator()}
    missing = [month for month in months if month not in found or found[month][0] != newest[month]]
    if missing:
        raise Refused(
            "basis_not_published",
            f"{'、'.join(missing)} 的排名还没有公布。",
            hint="请等这些月份锁定并公布后再测算，或换依据月份。",
        )
    return {month: (version, json.loads(body)) for month, (version, body) in found.items()}


def figures_of(month: Month, lines: Iterable[AgreedLine]) -> dict[str, engine.MonthFigures]:
    """The lines of an archived ranking by division; only a division ranked there was final."""
    return {
        line["code"]: engine.MonthFigures(
            month, line["households"], line["total"], line["six_zero_households"], line["rank"] is not None
        )
        for line in lines
    }


def nothing(month: Month) -> engine.MonthFigures:
    """A month in which a division was not archived."""
    return engine.MonthFigures(month, 0, 0, 0, final=False)


def free_points(villages: Sequence[str]) -> dict[str, int]:
    """What each village could spend now."""
    return {code: ledger.state_of(ledger.Owner(OwnerKind.DIVISION, code)).free for code in villages}


def rules_of(rule: AwardRule, pool_fen: int) -> engine.Rules:
    """The rule as the engine knows it, with what may be given in all."""
    return engine.Rules(
        pool_fen=pool_fen,
        bands=tuple(engine.Band(band.from_rank, band.to_rank, band.amount_fen) for band in rule.bands.all()),
        goals=tuple(
            engine.Goal(goal.what, goal.at_least, goal.every_month, goal.amount_fen) for goal in rule.goals.all()
        ),
        fen_per_point=rule.fen_per_point or 0,
        points_most=rule.points_most or 0,
        proportional=rule.proportional,
    )


def digest_of(rule: AwardRule, by: engine.Rules, basis: Basis, lines: Sequence[engine.Allotment]) -> str:
    """SHA-256 of all that a run says: rule, months, versions and every line with its reason."""
    said = {
        "rule": rule.pk,
        "kind": rule.kind,
        "by": asdict(by),
        "months": basis.months,
        "versions": basis.versions,
        "lines": [asdict(line) for line in lines],
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
