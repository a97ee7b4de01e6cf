"""What granting an adjustment would change: results, ranks and points of every level, worked out without writing.

A change of `delta` points in the sum of one division is the same change in the sum of every division above it: their
households stay the same (`scoring.rollup.rollup.restate`).
"""

from dataclasses import dataclass

from django.db.models import Q

from households.codes import Level, ancestors, county_of, is_level, level_of, serial_of, village_of
from households.models import Linkage
from households.months import Month
from scoring import rules
from scoring.models import Adjustment, HouseholdScore, Indicator, ScoreEvent
from scoring.rankings.effects import DEPARTMENT, Effect, effects_of_change
from scoring.rankings.rankings import RankingLine, department_ranking, ranking
from scoring.rules import Kind
from scoring.why.events import facts_of


@dataclass(frozen=True, slots=True)
class Change:
    """What an adjustment adds to the sums of every division above: points, and households with six zeros."""

    points: int
    six_zero: int


def change_of(adjustment: Adjustment) -> Change:
    """A household's own score moves; an event of a division counts once for each of its households."""
    if not is_level(adjustment.code, Level.HOUSEHOLD):
        return Change(_signed(adjustment) * _scored(adjustment.period_id, adjustment.code), 0)
    stored, fresh = _stored(adjustment), _recounted(adjustment)
    return Change(fresh.score - stored.score, int(fresh.six_zero) - int(not stored.broken))


def _stored(adjustment: Adjustment) -> HouseholdScore:
    return HouseholdScore.objects.get(month=adjustment.period_id, code=adjustment.code)


def effects_of(adjustment: Adjustment) -> list[Effect]:
    """From the household or division it is about up to the county, then the departments linked to one of them."""
    month, code = adjustment.period_id, adjustment.code
    own = [_of_household(adjustment)] if is_level(code, Level.HOUSEHOLD) else []
    delta = change_of(adjustment).points
    places = [place for place in [code, *ancestors(code)] if not is_level(place, Level.HOUSEHOLD)]
    lines = [effect for place in places for effect in _of_division(month, place, delta)]
    return [*own, *lines, *_of_departments(month, places, delta)]


def _signed(adjustment: Adjustment) -> int:
    """Points per household that the adjustment adds to the sum of a division."""
    if adjustment.clause:
        return Kind(adjustment.clause.kind).sign * adjustment.clause.points
    event = adjustment.event
    return -Kind(event.kind).sign * event.points if event and event.confirmed_at else 0


def _of_household(adjustment: Adjustment) -> Effect:
    stored = _stored(adjustment)
    earned = (0 if stored.broken else rules.SIX_ZERO_POINTS) + stored.bonus
    fresh = _recounted(adjustment)
    points = rules.points_for_household(fresh) - earned
    name = f"{serial_of(adjustment.code)}号户"
    return Effect("户", name, str(stored.score), str(fresh.score), points)


def _recounted(adjustment: Adjustment) -> rules.HouseholdResult:
    """The household's month with the adjustment in it."""
    indicators = list(Indicator.objects.filter(scheme__periods=adjustment.period_id))
    counted = ScoreEvent.objects.counted().filter(period=adjustment.period_id, code=adjustment.code)
    events = [event for event in counted if not (adjustment.withdraws and event.pk == adjustment.event_id)]
    facts = facts_of(events, indicators)
    if adjustment.clause:
        clause = adjustment.clause
        facts.append(rules.Event(clause.indicator.code, Kind(clause.kind), clause.points))
    return rules.household_score(facts, {indicator.code: indicator.share for indicator in indicators})


def _arena(month: Month, code: str) -> list[RankingLine]:
    level = level_of(code)
    within = {Level.COUNTY: "", Level.GROUP: village_of(code)}.get(level, county_of(code))
    return ranking(month, level, within=within)


def _scored(month: Month, code: str) -> int:
    return next((line.households for line in _arena(month, code) if line.code == code), 0)


def _of_division(month: Month, code: str, delta: int) -> list[Effect]:
    lines = _arena(month, code)
    return effects_of_change(lines, {code: delta}, level_of(code).label)


def _of_departments(month: Month, places: list[str], delta: int) -> list[Effect]:
    in_force = Q(to_month="") | Q(to_month__gte=month)
    links = Linkage.objects.filter(in_force, division__in=places, from_month__lte=month)
    moved: dict[str, int] = {}
    for link in links:
        moved[link.department_id] = moved.get(link.department_id, 0) + link.weight * delta
    return effects_of_change(department_ranking(month), moved, DEPARTMENT)
