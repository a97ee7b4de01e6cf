"""What an entry would do, said before it is saved, is what saving, signing and rolling up does."""

import random

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from households.codes import Level, county_of, is_level, village_of
from households.models import Division, Linkage
from scoring.foresight.reads import EntryInMind, as_if_signed, effects_of
from scoring.models import Declaration, HouseholdScore, Sheet
from scoring.months.months import open_month
from scoring.rankings.effects import DEPARTMENT, Effect
from scoring.rankings.rankings import RankingLine, department_ranking, ranking
from scoring.rollup import marks, rollup
from scoring.rules import Kind
from scoring.sheets.reads import SheetPlace
from scoring.states import SheetState
from tests.scoring import oracle, small_counties
from tests.scoring.forgetting import forgotten
from tests.scoring.small_counties import MONTH, load, worlds

pytestmark = pytest.mark.django_db
exactly = settings(
    max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
Side = dict[tuple[str, str], tuple[str, int | None]]


@exactly
@given(worlds(), st.randoms(use_true_random=False))
def test_foreseen_is_what_is_rolled_up_after_saving(world: dict, rng: random.Random) -> None:
    with forgotten():
        if not (choices := [one for one in villages(world) if one not in world["sign"] and living(world, one)]):
            return
        village = rng.choice(choices)
        answered_for(world, village, rng)
        world = load(world)
        rollup.roll_up(MONTH, full=True)
        if rng.random() < 0.3:
            signed_and_taken_back(world, village)
        tried(world, village, rng)


def tried(world: dict, village: str, rng: random.Random) -> None:
    """One entry at a household, one at its group and one at the village; before is the same for all of them."""
    for entry in thought_of(world, village, rng):
        wanted = EntryInMind(entry["code"], entry["indicator"], Kind(entry["kind"]), entry["points"])
        place = place_of(village)
        effects = effects_of(MONTH, place, wanted, as_if_signed(MONTH, place, wanted, world["shares"]))
        assert levels(effects) == levels_moved(world, entry["code"])
        if is_level(wanted.code, Level.HOUSEHOLD):
            assert side(effects, before=True) == once_signed(world, village, [], effects, wanted)
        assert side(effects, before=False) == once_signed(world, village, [entry], effects, wanted)


def signed_and_taken_back(world: dict, village: str) -> None:
    """What is stored is of a moment when it had signed: nobody has rolled up since."""
    small_counties.sign({**world, "declared": {}}, village)
    marks.touch(MONTH, [village])
    rollup.roll_up_marked()
    sheet = Sheet.objects.get(period=MONTH, village=village)
    Declaration.objects.filter(sheet=sheet).update(withdrawn_at=timezone.now(), withdraw_reason="还要改")
    Sheet.objects.filter(pk=sheet.pk).update(state=SheetState.OPEN)


def levels(effects: list[Effect]) -> list[str]:
    """Each once, but for departments: those are compared by name."""
    return sorted(one.level for one in effects if one.level != DEPARTMENT)


def levels_moved(world: dict, code: str) -> list[str]:
    """A household's own line, the village, and each group that moves and has somebody living in it."""
    groups = {one[:14] for one in living(world, code[:12])}
    moved = [group for group in groups if code.startswith(group)]
    return sorted(["户"] * (len(code) == 18) + [Level.GROUP.label] * len(moved) + [Level.VILLAGE.label])


def villages(world: dict) -> list[str]:
    return [d["code"] for d in world["divisions"] if len(d["code"]) == 12]


def answered_for(world: dict, village: str, rng: random.Random) -> None:
    """A department answers for each place around the village, with a weight, and something is recorded against each of them."""
    places = [village[:6], village[:9], village, rng.choice(living(world, village))[:14]]
    for place, department in zip(places, ("D1", "D2", "D3", "D1"), strict=True):
        others = [x for x in world["linkages"] if (x["department"], x["division"]) != (department, place)]
        more = {"weight": rng.randint(2, 3), "from_month": "2024-01", "to_month": ""}
        world["linkages"] = [*others, {"department": department, "division": place, **more}]
        fact = small_counties.event(rng, [place], [])
        world["events"].append(
            fact | {"kind": "deduct", "points": rng.randint(1, 5), "confirmed": True, "withdrawn": False}
        )


def living(world: dict, place: str) -> list[str]:
    return [h["code"] for h in world["households"] if h["code"].startswith(place) and oracle.counts(h, world)]


def thought_of(world: dict, village: str, rng: random.Random) -> list[dict]:
    """Entries that are not written yet: of a household, of a group where somebody lives, of the village."""
    home = rng.choice(living(world, village))
    entries = [small_counties.event(rng, [village], [home]) for _ in range(3)]
    counted = {"confirmed": True, "withdrawn": False}
    return [entry | counted | {"code": code} for entry, code in zip(entries, (home, home[:14], village), strict=True)]


def place_of(village: str) -> SheetPlace:
    rows = Division.objects.in_bulk([village, village[:9], village[:6]])
    groups = list(Division.objects.filter(parent=village).order_by("code"))
    return SheetPlace(rows[village], [rows[village[:9]], rows[village[:6]]], groups)


def side(effects: list[Effect], *, before: bool) -> Side:
    return {(e.level, e.name): (e.before, e.rank) if before else (e.after, e.new_rank) for e in effects}


def once_signed(world: dict, village: str, entries: list[dict], effects: list[Effect], wanted: EntryInMind) -> Side:
    """What stands after the village has signed, with these entries; everything is as it was afterwards."""
    with transaction.atomic():
        small_counties.write_events(open_month(MONTH), entries)
        small_counties.sign({**world, "declared": {}}, village)
        marks.touch(MONTH, [village])
        rollup.roll_up_marked()
        found = {key: stands(*key, village, wanted.code) for key in side(effects, before=True)}
        expected = {d.name for d in departments_above(wanted.code)}
        transaction.set_rollback(True)
    assert {name for level, name in found if level == DEPARTMENT} == expected
    return found


def departments_above(code: str) -> set:
    above = [code[:n] for n in (6, 9, 12, 14) if n <= len(code)]
    links = Linkage.objects.filter(division__in=above, from_month__lte=MONTH).select_related("department")
    return {link.department for link in links if not link.to_month or link.to_month >= MONTH}


def stands(level: str, name: str, village: str, code: str) -> tuple[str, int | None]:
    if level == "户":
        return str(HouseholdScore.objects.get(month=MONTH, code=code).score), None
    line = next(line for line in arena(level, village) if line.name == name)
    return line.shown_result, line.rank


def arena(level: str, village: str) -> list[RankingLine]:
    if level == DEPARTMENT:
        return department_ranking(MONTH)
    if level == Level.GROUP.label:
        return ranking(MONTH, Level.GROUP, within=village_of(village))
    return ranking(MONTH, Level.VILLAGE, within=county_of(village))
