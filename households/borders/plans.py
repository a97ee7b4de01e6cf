"""A mapping held against the register: what it comes to, since when it counts, and why it cannot be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from households.borders.mapping import (
    HouseholdsPlan,
    KnownPlace,
    LineFault,
    MapLine,
    PlacesPlan,
    households_plan,
    places_plan,
)
from households.borders.rooms import BorderStep
from households.changes import rooms as changes
from households.codes import Level, county_of, cut, group_of, is_level, serial_of, village_of
from households.imports import staging
from households.models import BorderKind, Division, Household
from households.sql import column

_CODES = {"old": 'text COLLATE "C"', "new": 'text COLLATE "C"'}
# The day since when each household and place concerned is what it is: nothing done later counts before that, and who leaves a
# code was there for a day at least. Who is about to leave the register leaves it first.
_SINCE = """
    SELECT max(day) FROM (
        SELECT c.counts_from FROM staged_move m JOIN households_householdchange c ON c.household_id = m.old
        WHERE c.kind NOT IN ('correct', 'heir')
        UNION ALL
        SELECT c.counts_from FROM staged_move m JOIN households_householdchange c ON c.other_id = m.old
        WHERE c.kind NOT IN ('correct', 'heir')
        UNION ALL
        SELECT h.valid_from + 1 FROM staged_move m JOIN households_household h ON h.code = m.old
        UNION ALL
        SELECT h.valid_to FROM staged_way w JOIN households_household h ON h.group_id = w.old
        UNION ALL
        SELECT d.valid_from + 1 FROM staged_way w JOIN households_division d ON d.code = w.old
        UNION ALL
        SELECT d.valid_from FROM staged_move m
        JOIN households_division d ON d.code IN (left(m.new, 14), left(m.new, 12), left(m.new, 9))
        UNION ALL
        SELECT d.valid_from FROM staged_way w
        JOIN households_division d ON d.code IN (w.new, left(w.new, 12), left(w.new, 9))
        UNION ALL
        SELECT n.until FROM households_pastname n WHERE n.division_id = ANY (%(renamed)s::text[])
        UNION ALL
        SELECT d.valid_from FROM households_division d WHERE d.code = ANY (%(renamed)s::text[])
        UNION ALL
        SELECT o.counts_from + 1 FROM staged_way w
        JOIN households_borderline l ON l.old_id = w.old OR l.new_id = w.old
        JOIN households_borderorder o ON o.id = l.order_id AND o.undone_at IS NULL
    ) floors (day)
"""


@dataclass
class BorderPlan:
    """What would be done. `villages` are those whose months it may touch, `bound` the first day that is open in all of them."""

    day: date
    places: PlacesPlan
    households: HouseholdsPlan
    known: dict[str, KnownPlace]
    counts_from: date
    villages: tuple[str, ...] = ()
    release: bool = False
    faults: list[LineFault] = field(default_factory=list)

    def name(self, code: str) -> str:
        """What a place is called before or after; of a group with its village."""
        own = self.places.makes.get(code) or (self.known[code].name if code in self.known else code)
        above = village_of(code)
        return f"{self.name(above)}{own}" if is_level(code, Level.GROUP) and above != code else own

    def step(self, order: int | None = None) -> BorderStep:
        """As the rooms see it."""
        ways, made = dict(self.places.ways), frozenset(self.places.makes)
        return BorderStep(self.villages, ways, self.counts_from, order=order, made=made, release=self.release)

    def relations(self) -> list[tuple[BorderKind, str, str, int]]:
        """(what, old, new, households) of every place that ends, begins or gives households away."""
        flow: dict[tuple[str, str], int] = dict.fromkeys(self.places.ways.items(), 0)
        for old, new in self.households.pairs:
            for level in (Level.GROUP, Level.VILLAGE, Level.TOWNSHIP):
                ends = cut(old, level), cut(new, level)
                if ends[0] != ends[1]:
                    flow[ends] = flow.get(ends, 0) + 1
        sources: dict[str, set[str]] = {}
        for old, new in flow:
            sources.setdefault(new, set()).add(old)
        found = [(self._kind(old, new, sources[new]), old, new, count) for (old, new), count in sorted(flow.items())]
        begun = [(BorderKind.NEW, "", code, 0) for code in self.places.makes if code not in sources]
        renamed = [(BorderKind.RENAME, code, code, 0) for code in sorted(self.places.renames)]
        return [*found, *begun, *renamed]

    def _kind(self, old: str, new: str, sources: set[str]) -> BorderKind:
        made = new in self.places.makes
        if self.places.ways.get(old) == new:
            return BorderKind.MOVE if made and len(sources) == 1 else BorderKind.MERGE
        return BorderKind.SPLIT if made else BorderKind.SHIFT


def plan(lines: Sequence[MapLine], day: date, *, release: bool = False) -> BorderPlan:
    """What the lines come to as the register stands now, staged for those who follow. Inside a transaction; `faults` says why
    it cannot be.
    """
    known = _known(lines)
    places = places_plan(lines, known)
    households = HouseholdsPlan() if places.faults else _households(places)
    found = BorderPlan(day, places, households, known, day, release=release)
    found.faults = [*places.faults, *households.faults]
    stage(households.pairs, sorted(places.ways.items()))
    found.villages = tuple(_villages(found))
    renamed = [code for code in places.renames if code in known]
    floors = [changes.bound(found.villages), column(_SINCE, {"renamed": renamed})[0]]
    found.counts_from = max([day, *(one for one in floors if one)])
    return found


def _known(lines: Iterable[MapLine]) -> dict[str, KnownPlace]:
    counties = sorted(
        {county_of(one.new or one.old) for one in lines} | {county_of(one.old) for one in lines if one.old}
    )
    inside = Division.objects.extra(where=["left(code, 6) = ANY (%s)"], params=[counties])
    return {
        code: KnownPlace(name, ended is not None)
        for code, name, ended in inside.values_list("code", "name", "valid_to")
    }


def _households(places: PlacesPlan) -> HouseholdsPlan:
    groups = [code for code in places.ways if is_level(code, Level.GROUP)]
    single = [one.old for one in places.single]
    here = Household.objects.filter(valid_to=None)
    living = {*here.filter(group__in=groups).values_list("code", flat=True)}
    living |= {*here.filter(code__in=single).values_list("code", flat=True)}
    targets = {places.ways[code] for code in groups} | {group_of(one.new) for one in places.single}
    used: dict[str, list[int]] = {}
    for code in Household.objects.filter(group__in=targets).values_list("code", flat=True):
        used.setdefault(group_of(code), []).append(int(serial_of(code)))
    return households_plan(places, living, used)


def stage(moves: Sequence[tuple[str, str]], ways: Sequence[tuple[str, str]]) -> None:
    """(old, new) of households and of places that end, for the statements of whoever follows."""
    for table, pairs in (("staged_move", moves), ("staged_way", ways)):
        staging.stage(table, _CODES, [[old for old, _ in pairs], [new for _, new in pairs]])


def _villages(found: BorderPlan) -> list[str]:
    """The villages concerned; of what lies above villages all that lie in it."""
    touched = {code for pair in found.households.pairs for code in pair}
    touched |= {code for pair in found.places.ways.items() for code in pair} | set(found.places.makes)
    touched |= set(found.places.renames)
    wide = [code for code in touched if not is_level(village_of(code), Level.VILLAGE)]
    inside = [
        code for code in found.known if is_level(code, Level.VILLAGE) and any(code.startswith(one) for one in wide)
    ]
    return sorted({village_of(code) for code in touched if code not in wide} | set(inside))
