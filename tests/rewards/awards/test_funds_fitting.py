"""The demo's rules spend the county's three totals of 2022 to the fen (domain.md 1.3)."""

from dataclasses import replace
from random import Random

import pytest

from rewards.awards import engine
from rewards.awards.actions.funds import RuleDraft
from rewards.awards.engine import Competitor, MonthFigures, Rules
from rewards.demo.fitting import enough, fitted
from rewards.demo.funds import PRICED, RANKED, REACHED
from tests.rewards.awards.scene import BEFORE, BY_POINTS, fund_scene
from tests.world import MONTH

VILLAGES = 364


def county(seed: int, months: int, *, most_lost: int = 40) -> list[Competitor]:
    """364 made-up villages."""
    rng = Random(seed)
    return [village(f"v{number:03d}", months, rng, most_lost) for number in range(VILLAGES)]


def village(code: str, months: int, rng: Random, most_lost: int) -> Competitor:
    figures = []
    for number in range(months):
        households = rng.randint(15, 40)
        broken = rng.choice([0, 0, 0, 1, 2])
        total = households * 100 - broken * rng.randint(1, most_lost) + rng.randint(0, 30)
        figures.append(MonthFigures(f"2026-{number + 1:02d}", households, total, households - broken, final=True))
    return Competitor(code, tuple(figures), points=months * rng.randint(97, 102))


def given(draft: RuleDraft, competitors: list[Competitor]) -> int:
    by = Rules(
        draft.pool_fen,
        tuple(draft.bands),
        tuple(draft.goals),
        draft.fen_per_point or 0,
        draft.points_most or 0,
        draft.proportional,
    )
    return sum(line.amount_fen for line in engine.award(competitors, by))


@pytest.mark.parametrize("months", [1, 2, 11])
@pytest.mark.parametrize(("draft", "yuan"), [(RANKED, 4_080_000), (REACHED, 7_345_000), (PRICED, 38_570_000)])
def test_each_kind_comes_to_its_total(draft: RuleDraft, yuan: int, months: int) -> None:
    competitors = county(months, months)
    assert given(enough(draft, competitors), competitors) == yuan * 100


def test_the_three_kinds_stay_within_fifty_million() -> None:
    assert sum(draft.pool_fen for draft in (RANKED, REACHED, PRICED)) == 4_999_500_000


def test_county_where_all_villages_are_equal_comes_to_the_totals_too() -> None:
    equal = [replace(one, months=county(1, 2)[0].months, points=200) for one in county(2, 2)]
    drafts = [enough(draft, equal) for draft in (RANKED, PRICED)]
    assert [given(draft, equal) for draft in drafts] == [408_000_000, 3_857_000_000]


def test_rule_that_asks_for_enough_is_left_alone() -> None:
    competitors = county(3, 2)
    rich = enough(REACHED, competitors)
    assert enough(rich, competitors) == rich


def test_nobody_who_reached_anything_leaves_the_rule_alone() -> None:
    poor = county(4, 2, most_lost=3000)
    high = replace(REACHED, goals=[replace(goal, at_least=10_000) for goal in REACHED.goals if goal.every_month])
    hopeless = [one for one in poor if any(month.six_zero < month.households for month in one.months)]
    assert enough(high, hopeless) == high


def test_points_that_no_price_makes_enough_keep_theirs() -> None:
    assert enough(PRICED, []) == PRICED


@pytest.mark.django_db
def test_price_is_fitted_to_the_points_that_are_there() -> None:
    scene = fund_scene()
    draft = fitted(scene.fund, replace(BY_POINTS, pool_fen=8_000_000), [BEFORE, MONTH])
    assert draft.fen_per_point == 20_000  # 450 points in three villages, at most 150 each
