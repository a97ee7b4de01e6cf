"""What an entry would do, said before it is saved, is what saving, signing and rolling up does."""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.codes import Level, county_of, village_of
from households.models import Division, Linkage
from scoring.foresight.reads import EntryInMind, foresee
from scoring.models import HouseholdScore
from scoring.months.months import open_month
from scoring.rankings.effects import DEPARTMENT, Effect
from scoring.rankings.rankings import RankingLine, department_ranking, ranking
from scoring.rollup import marks, rollup
from scoring.rules import Kind
from scoring.sheets.reads import SheetPlace
from tests.scoring import oracle, small_counties
from tests.scoring.forgetting import forgotten
from tests.scoring.small_counties import MONTH, load, worlds

pytestmark = pytest.mark.django_db
exactly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
Side = dict[tuple[str, str], tuple[str, int | None]]


@exactly
@given(worlds(), st.randoms(use_true_random=False))
def test_foreseen_is_what_is_rolled_up_after_saving(world: dict, rng: random.Random) -> None:
    with forgotten():
        world = load(world)
        rollup.roll_up(MONTH, full=True)
        choices = [one for one in open_villages(world) if living(world, one)]
        if not choices:
            return
        village = rng.choice(choices)
        entry = thought_of(world, village, rng)
        wanted = EntryInMind(entry["code"], entry["indicator"], Kind(entry["kind"]), entry["points"])
        effects = foresee(month=MONTH, place=place_of(village), wanted=wanted, shares=world["shares"])
        assert side(effects, before=True) == once_signed(world, village, [], effects, wanted)
        assert side(effects, before=False) == once_signed(world, village, [entry], effects, wanted)


def open_villages(world: dict) -> list[str]:
    return [d["code"] for d in world["divisions"] if len(d["code"]) == 12 and d["code"] not in world["declared"]]


def living(world: dict, place: str) -> list[str]:
    return [h["code"] for h in world["households"] if h["code"].startswith(place) and oracle.counts(h, world)]


def thought_of(world: dict, village: str, rng: random.Random) -> dict:
    """An entry that is not written yet, of a household, a group or the village."""
    groups = [d["code"] for d in world["divisions"] if len(d["code"]) == 14 and d["code"].startswith(village)]
    entry = small_counties.event(rng, [village, *groups], living(world, village))
    return (
        entry
        | {"confirmed": True, "withdrawn": False}
        | ({} if entry["code"].startswith(village) else {"code": village})
    )


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
