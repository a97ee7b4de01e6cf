"""What an entry would do before it is written: the village as if it signed now, without the entry and with it.

An open sheet has no result yet, so both sides are what the roll-up would make of it if the village signed at this moment; of
all others what is rolled up stands as it is. Nothing is written.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from households.codes import Level, ancestors, code_range, county_of, is_level, serial_of
from households.kin.reads import households_of
from households.models import Division, User
from households.months import Month, first_day, last_day
from households.sql import dicts, rows
from scoring import rules
from scoring.models import Clause, Indicator, Period, Scheme, Sheet
from scoring.months.months import check_begun, first_month_in_sql, readable
from scoring.rankings.effects import DEPARTMENT, Effect, effects_of_change
from scoring.rankings.rankings import RankingLine, department_ranking, ranking
from scoring.rollup.statements import FORESEEN, LINKED
from scoring.rules import Kind
from scoring.sheets.actions import entries
from scoring.sheets.reads import SheetPlace
from scoring.states import SheetState

HOUSEHOLD = Level.HOUSEHOLD.label


@dataclass(frozen=True, slots=True)
class EntryInMind:
    """An entry that is thought of: the position of its zero 1..6, and what its clause says."""

    code: str
    indicator: int
    kind: Kind
    points: int


@dataclass(frozen=True, slots=True)
class Foresight:
    """What it would do, and whether that waits for a second person."""

    waits: bool
    effects: list[Effect]


@dataclass
class Village:
    """A village as if it signed now: living households and their sum by group, what is recorded against places themselves."""

    groups: dict[str, tuple[int, int]] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)
    before: rules.HouseholdResult | None = None
    after: rules.HouseholdResult | None = None

    def sums(self, code: str) -> tuple[int, int]:
        """Households and total of a group of it, or of itself; nothing for a group where nobody lives."""
        if is_level(code, Level.GROUP):
            households, total = self.groups.get(code, (0, 0))
        else:
            inside = [self.sums(group) for group in self.groups]
            households, total = sum(n for n, _ in inside), sum(points for _, points in inside)
        return households, total + households * self.own.get(code, 0)


@dataclass
class Linked:
    """A place as it is stored, and the departments linked to it with their weights."""

    code: str
    households: int
    total: int
    adjustment: int
    departments: list[str]
    weights: list[int]


def foresight(*, month: Month, place: SheetPlace, code: str, clause: str, by: User) -> Foresight:
    """What recording under the clause would do. Refused as the entry would be, but for its day and its document."""
    readable(month)
    asked = _clause(month, place.village, clause)
    sheet = Sheet(period_id=month, village=place.village, state=asked.state or SheetState.OPEN) if asked else Sheet()
    found = entries.check_subject(asked, clause, code)
    check_begun(month, asked.first)
    wanted = EntryInMind(code, found.indicator.position, Kind(found.kind), found.points)
    village = as_if_signed(month, place, wanted, asked.shares)
    entries.check_place(sheet, code, _counting(month, place, village, code), by=by)
    entries.check_open(sheet)
    entries.check_sealed(found, first_day(month))
    entries.check_recorder(by, found)
    at_once = entries.counts_at_once(found, code, households_of(by), by)
    return Foresight(not at_once, effects_of(month, place, wanted, village))


def _clause(month: Month, village: Division, code: str) -> Any:
    """The clause of the month's scheme, with the state of the sheet, the shares, and the first month of the place."""
    opened = Period.objects.filter(month=month).values("scheme")[:1]
    in_force = Scheme.objects.filter(published_at__isnull=False, effective_from__lte=month).order_by("-effective_from")
    clauses = Clause.objects.filter(code=code).annotate(
        opened=Subquery(opened), in_force=Subquery(in_force.values("pk")[:1])
    )
    own = clauses.filter(Q(scheme=F("opened")) | Q(opened=None, scheme=F("in_force"))).select_related("indicator")
    shares = Indicator.objects.filter(scheme=OuterRef("scheme")).order_by("position").values("share")
    state = Sheet.objects.filter(period=month, village=village).values("state")[:1]
    known = own.annotate(shares=ArraySubquery(shares), state=Subquery(state), first=first_month_in_sql(village.code))
    return known.first()


def as_if_signed(month: Month, place: SheetPlace, wanted: EntryInMind, shares: list[int]) -> Village:
    """The village, whose six zeros have these shares, with and without the entry. One query."""
    code = place.village.code
    params = {
        "month": month,
        "last_day": last_day(month),
        "shares": shares,
        "base": rules.BASE,
        "cap": rules.BONUS_CAP,
        "code": wanted.code,
        "indicator": wanted.indicator,
        "kind": wanted.kind.value,
        "points": wanted.points,
        "places": [code, *(group.code for group in place.groups)],
    }
    found = Village()
    for what, row, households, total, bonus, broken in rows(FORESEEN, params | code_range(code)._asdict()):
        if what == "group":
            found.groups[row] = (households, total)
        elif what == "own":
            found.own[row] = total
        else:
            zeros = rules.broken_from_mask(broken, map(str, range(1, 7)))
            setattr(found, what, rules.HouseholdResult(total, bonus, {}, zeros))
    return found


def _counting(month: Month, place: SheetPlace, village: Village, code: str) -> set[str]:
    """The code if it counts in the month."""
    if is_level(code, Level.HOUSEHOLD):
        return {code} if village.before else set()
    day = last_day(month)
    divisions = [place.village, *place.groups]
    return {
        row.code
        for row in divisions
        if (not row.valid_from or row.valid_from <= day) and (not row.valid_to or day < row.valid_to)
    }


def effects_of(month: Month, place: SheetPlace, wanted: EntryInMind, village: Village) -> list[Effect]:
    """The household, its group and village, and the departments linked to one of the places above it. Four queries."""
    change = _change(wanted, village)
    moved = {code for code in (wanted.code, *ancestors(wanted.code)) if not is_level(code, Level.HOUSEHOLD)}
    groups = [_line(group, village) for group in place.groups if group.code in village.groups]
    villages = [
        _line(place.village, village) if line.code == place.village.code else line
        for line in ranking(month, Level.VILLAGE, within=county_of(place.village.code))
    ]
    divisions = [
        effect
        for level, lines in ((Level.GROUP, groups), (Level.VILLAGE, villages))
        for effect in effects_of_change(lines, dict.fromkeys(moved, change), level.label)
    ]
    return [*_of_household(wanted, village), *divisions, *_of_departments(month, place, village, moved, change)]


def _change(wanted: EntryInMind, village: Village) -> int:
    """What the entry adds to the sum of every place above; recorded against a place, it counts for each household there."""
    if village.before and village.after:
        return village.after.score - village.before.score
    households, _ = village.sums(wanted.code)
    return wanted.kind.sign * wanted.points * households


def _of_household(wanted: EntryInMind, village: Village) -> list[Effect]:
    before, after = village.before, village.after
    if before is None or after is None:
        return []
    points = rules.points_for_household(after) - rules.points_for_household(before)
    return [Effect(HOUSEHOLD, f"{serial_of(wanted.code)}号户", str(before.score), str(after.score), points)]


def _line(place: Division, village: Village) -> RankingLine:
    households, total = village.sums(place.code)
    return RankingLine(place.code, place.name, households, households, total, timezone.now(), None, None)


def _of_departments(month: Month, place: SheetPlace, village: Village, moved: set[str], change: int) -> list[Effect]:
    """Departments linked to one of the places that move, among all departments as they stand once the village signs."""
    places = [place.village.code, *(row.code for row in (*place.above, *place.groups))]
    known = {row["code"]: Linked(**row) for row in dicts(LINKED, {"month": month, "places": places})}
    households, total, changes = Counter[str](), Counter[str](), Counter[str]()
    for code, (more, points) in _signing(place, village, known).items():
        for department, weight in zip(known[code].departments, known[code].weights, strict=True):
            households[department] += weight * more
            total[department] += weight * points
            if code in moved:
                changes[department] += weight * change
    lines = [
        replace(line, households=line.households + households[line.code], total=line.total + total[line.code])
        for line in department_ranking(month)
    ]
    return effects_of_change(lines, changes, DEPARTMENT)


def _signing(place: SheetPlace, village: Village, known: Mapping[str, Linked]) -> dict[str, tuple[int, int]]:
    """What signing adds to the stored households and total of the village, its groups and the places above."""
    gained = {}
    for division in (place.village, *place.groups):
        households, total = village.sums(division.code)
        stored = known[division.code]
        gained[division.code] = (households - stored.households, total - stored.total)
    more, points = gained[place.village.code]
    for division in place.above:
        points += more * known[division.code].adjustment
        gained[division.code] = (more, points)
    return gained
