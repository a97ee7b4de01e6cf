"""Which awards are suspended: derived from the ranking snapshots, never stored.

An award rests on one version of each month's ranking. When a month was archived again since (restated, or a late village frozen),
the award is suspended until a confirmed review has looked at the newer versions.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Max

from households.codes import Level, county_of, is_level
from rewards.models import Award, AwardDecision, AwardRun, RunState
from scoring.models import RankingSnapshot

Basis = dict[str, int]  # month -> version of its ranking


def latest_versions(county: str, level: str, months: Iterable[str]) -> Basis:
    """The newest version of each month's archived ranking; months never archived are missing."""
    archived = RankingSnapshot.objects.filter(within=county, level=level, month__in=set(months))
    return dict(archived.order_by("month").values_list("month").annotate(Max("version")))


def basis_of(run: AwardRun) -> Basis:
    """What the run read."""
    return dict(zip(run.months, run.versions, strict=True))


def is_behind(seen: Mapping[str, int], latest: Mapping[str, int]) -> bool:
    """Whether a month was archived again after what was seen."""
    return any(latest.get(month, 0) > version for month, version in seen.items())


def suspended_among(awards: Sequence[Award]) -> set[int]:
    """The ids of the awards that are suspended now; one withdrawn altogether never is. Two queries at most, however many awards; `run`
    should be loaded."""
    months = {month for award in awards for month in award.run.months}
    if not months:
        return set()
    latest = _latest(months)
    seen = _seen(awards)
    return {
        award.pk for award in awards if award.net_fen and is_behind(seen[award.pk], latest.get(_competition(award), {}))
    }


def _competition(award: Award) -> tuple[str, str]:
    """County and level: together they name a ranking."""
    return county_of(award.division_id), "township" if is_level(award.division_id, Level.TOWNSHIP) else "village"


def _latest(months: set[str]) -> dict[tuple[str, str], Basis]:
    archived = RankingSnapshot.objects.filter(month__in=months, level__in=["village", "township"])
    found: dict[tuple[str, str], Basis] = {}
    for month, within, level, version in (
        archived.order_by().values_list("month", "within", "level").annotate(version=Max("version"))
    ):
        found.setdefault((within, level), {})[month] = version
    return found


def _seen(awards: Sequence[Award]) -> dict[int, Basis]:
    """What the run of each award read, or the newest confirmed decision on it looked at."""
    seen = {award.pk: basis_of(award.run) for award in awards}
    decided = AwardDecision.objects.filter(award__in=list(seen), review__state=RunState.CONFIRMED)
    for award, months, versions in decided.order_by("review").values_list(
        "award_id", "review__months", "review__versions"
    ):
        seen[award] = dict(zip(months, versions, strict=True))
    return seen
