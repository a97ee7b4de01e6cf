"""What a correction would change, said before it is granted, is what granting it changes."""

import pytest

from households.codes import Level
from scoring.models import Adjustment
from scoring.rankings.effects import Effect
from scoring.rankings.rankings import department_ranking, ranking
from scoring.restatements.effects import effects_of
from tests.scoring.earning import balance
from tests.scoring.facts import score
from tests.scoring.restatements.adjusting import FIRST, GROUP, SECOND, ask_addition, ask_withdrawal, frozen_with, grant
from tests.world import COUNTY, MONTH, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
OWNERS = {"户": FIRST, "组": GROUP, "村": VILLAGE, "乡镇": TOWNSHIP, "县": COUNTY, "县直部门": "LYJ"}


def by_level(adjustment: Adjustment) -> dict[str, Effect]:
    return {effect.level: effect for effect in effects_of(adjustment)}


def now(level: str, household: str = FIRST) -> tuple[str, int | None]:
    """Result and rank as they stand."""
    if level == "户":
        return str(score(household)), None
    names = {"组": "group", "村": "village", "乡镇": "township", "县": "county"}
    within = {"组": VILLAGE, "县": ""}.get(level, COUNTY)
    lines = department_ranking(MONTH) if level == "县直部门" else ranking(MONTH, Level(names[level]), within=within)
    line = next(line for line in lines if line.code == OWNERS[level])
    return line.shown_result, line.rank


def test_effect_of_a_withdrawal_comes_true_at_every_level(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    effects = by_level(adjustment)
    assert set(effects) == set(OWNERS)
    before = {level: balance(owner) for level, owner in OWNERS.items()}
    assert {level: (effect.before, effect.rank) for level, effect in effects.items()} == {x: now(x) for x in effects}
    grant(world, adjustment)
    assert {level: (effect.after, effect.new_rank) for level, effect in effects.items()} == {x: now(x) for x in effects}
    assert {x: effect.points for x, effect in effects.items()} == {x: balance(OWNERS[x]) - before[x] for x in effects}


def test_effect_of_an_addition_takes_points_back(world: World) -> None:
    frozen_with(world)
    effects = by_level(ask_addition(world))
    assert (effects["户"].before, effects["户"].after, effects["户"].points) == ("100", "90", -10)
    assert (effects["村"].before, effects["村"].after) == ("98.75", "97.50")


def test_effect_of_a_villages_event_counts_every_household_in_it(world: World) -> None:
    frozen_with(world)
    effects = by_level(ask_addition(world, VILLAGE, "WR13"))
    assert "户" not in effects and "组" not in effects
    assert (effects["村"].after, effects["乡镇"].after, effects["县"].after) == ("97.75", "98.20", "98.50")


def test_effect_of_an_event_that_waited_for_confirmation_is_none(world: World) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world, clause="WJ04"))
    assert all(effect.is_none for effect in effects_of(adjustment))


def test_effect_of_a_second_deduction_stops_at_the_share(world: World) -> None:
    for clause in ("WR04", "WR02"):
        world.record(SECOND, clause)
    world.frozen_month()
    effects = by_level(ask_addition(world, SECOND, "WR04"))
    assert (effects["户"].before, effects["户"].after, effects["户"].points) == ("85", "80", 0)
