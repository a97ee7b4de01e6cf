"""Which awards are suspended: derived from the ranking snapshots, never stored.

An award rests on one version of each month's ranking. When a month was archived again since (restated, or a late village frozen),
the award is suspended if its own line moved: its figures as the rule uses them, or the class that it won. It stays so until
the line is what it was, or a confirmed review has looked at the newer versions. Awards of others stay payable (ADR 26).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max

from households.codes import Level, county_of, is_level
from households.months import Month
from rewards.awards import engine
from rewards.awards.basis import Versions, figures_of, nothing, rules_of
from rewards.models import Award, AwardDecision, AwardKind, AwardRule, AwardRun, RunState
from scoring.models import RankingSnapshot

Competition = tuple[str, str]  # county and level: together they name a ranking
Figures = Mapping[str, engine.MonthFigures]  # of one archived month, by division
Supposed = Mapping[tuple[str, str, Month], Figures]  # rankings that are not archived yet
NOT_YET = 1 << 30  # the version of a supposed ranking: newer than any archived one


def basis_of(run: AwardRun) -> Versions:
    """What the run read."""
    return dict(zip(run.months, run.versions, strict=True))


def is_behind(seen: Mapping[str, int], latest: Mapping[str, int]) -> bool:
    """Whether a month was archived again after what was seen."""
    return any(latest.get(month, 0) > version for month, version in seen.items())


def suspended_among(awards: Sequence[Award], supposing: Supposed | None = None) -> set[int]:
    """The ids of the awards that are suspended now, or would be with rankings `supposing`; one withdrawn altogether never is.

    Two queries while no month was archived again, six at most, however many awards; `run` should be loaded.
    """
    return moved_since(awards, _seen(awards), supposing) if awards else set()


def moved_since(awards: Sequence[Award], seen: Mapping[int, Versions], supposing: Supposed | None = None) -> set[int]:
    """The ids of the awards whose own line is not what it was in the versions `seen` (award id -> versions)."""
    latest = _latest({month for basis in seen.values() for month in basis}, supposing or {})
    behind = [
        award for award in awards if award.net_fen and is_behind(seen[award.pk], latest.get(_competition(award), {}))
    ]
    return _moved(behind, seen, latest, supposing or {}) if behind else set()


@dataclass(frozen=True, slots=True)
class _Line:
    """What an award rests on: what its rule uses of each month, and what it won before the pool was shared."""

    used: tuple[object, ...]
    won_fen: int


def _moved(
    behind: Sequence[Award], seen: Mapping[int, Versions], latest: Mapping[Competition, Versions], supposing: Supposed
) -> set[int]:
    rules = _rules_of({award.run.rule_id for award in behind})
    archived = _archived(behind, seen, latest, supposing)
    groups: dict[tuple[int, tuple[tuple[str, int], ...]], list[Award]] = defaultdict(list)
    for award in behind:
        groups[award.run.rule_id, tuple(sorted(seen[award.pk].items()))].append(award)
    found = set()
    for (rule, basis), awards in groups.items():
        place = _competition(awards[0])
        was = _lines(archived, place, dict(basis), rules[rule])
        now = _lines(archived, place, {**dict(basis), **_of(latest[place], dict(basis))}, rules[rule])
        found |= {award.pk for award in awards if _differs(was.get(award.division_id), now.get(award.division_id))}
    return found


def _differs(was: _Line | None, now: _Line | None) -> bool:
    """An award whose ground cannot be read any more is looked at by the county as well."""
    return was is None or was != now


def _of(latest: Versions, basis: Versions) -> Versions:
    return {month: latest[month] for month in basis if month in latest}


def _lines(
    archived: Mapping[tuple[str, str, str, int], Figures], place: Competition, basis: Versions, rule: AwardRule
) -> dict[str, _Line]:
    months = {month: archived.get((*place, month, version), {}) for month, version in sorted(basis.items())}
    codes = sorted({code for figures in months.values() for code in figures})
    competitors = [engine.Competitor(code, _over(months, code)) for code in codes]
    won = {} if rule.kind == AwardKind.POINTS else engine.won(competitors, rules_of(rule, 0))
    return {one.code: _Line(_used(one, rule), won.get(one.code, 0)) for one in competitors}


def _over(months: Mapping[str, Figures], code: str) -> tuple[engine.MonthFigures, ...]:
    return tuple(figures.get(code) or nothing(month) for month, figures in months.items())


def _used(one: engine.Competitor, rule: AwardRule) -> tuple[object, ...]:
    """What the rule looks at: an award for points asks only whether the village was ranked at all."""
    if rule.kind == AwardKind.POINTS:
        return tuple(month.final for month in one.months)
    return one.months


def _rules_of(numbers: Collection[int]) -> dict[int, AwardRule]:
    return AwardRule.objects.prefetch_related("bands", "goals").in_bulk(list(numbers))


def _archived(
    awards: Sequence[Award], seen: Mapping[int, Versions], latest: Mapping[Competition, Versions], supposing: Supposed
) -> dict[tuple[str, str, str, int], Figures]:
    """The rankings of both sides, by county, level, month and version: one query."""
    wanted = {
        (*_competition(award), month, version)
        for award in awards
        for basis in (seen[award.pk], latest[_competition(award)])
        for month, version in basis.items()
        if month in seen[award.pk]
    }
    places, months = {one[:2] for one in wanted}, {one[2] for one in wanted}
    stored = RankingSnapshot.objects.filter(
        within__in={county for county, _ in places},
        level__in={level for _, level in places},
        month__in=months,
        version__in={one[3] for one in wanted},
    )
    rows = stored.order_by().values_list("within", "level", "month", "version", "body").iterator()
    found: dict[tuple[str, str, str, int], Figures] = {
        (county, level, month, version): figures_of(month, json.loads(body))
        for county, level, month, version, body in rows
        if (county, level, month, version) in wanted
    }
    return found | {(*key, NOT_YET): figures for key, figures in supposing.items()}


def _competition(award: Award) -> Competition:
    return county_of(award.division_id), "township" if is_level(award.division_id, Level.TOWNSHIP) else "village"


def _latest(months: set[str], supposing: Supposed) -> dict[Competition, Versions]:
    archived = RankingSnapshot.objects.filter(month__in=months, level__in=["village", "township"])
    found: dict[Competition, Versions] = {}
    for month, within, level, version in (
        archived.order_by().values_list("month", "within", "level").annotate(version=Max("version"))
    ):
        found.setdefault((within, level), {})[month] = version
    for within, level, month in supposing:
        found.setdefault((within, level), {})[month] = NOT_YET
    return found


def _seen(awards: Sequence[Award]) -> dict[int, Versions]:
    """What the run of each award read, or the newest confirmed decision on it looked at."""
    seen = {award.pk: basis_of(award.run) for award in awards}
    decided = AwardDecision.objects.filter(award__in=list(seen), review__state=RunState.CONFIRMED)
    for award, months, versions in decided.order_by("review").values_list(
        "award_id", "review__months", "review__versions"
    ):
        seen[award] = dict(zip(months, versions, strict=True))
    return seen
