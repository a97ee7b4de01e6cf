"""The lines of a ranking: order, ties, provisional ones, arenas, the month before, and places nobody has heard of yet."""

from fractions import Fraction

import pytest

from households.codes import Level
from households.models import Department, Division, Household, Linkage
from households.scope import Scope
from scoring.models import DivisionScore
from scoring.rankings.rankings import RankingLine, department_ranking, ranking, seen_by
from scoring.rollup import rollup
from tests.scoring.facts import record, rolled_up
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
NEIGHBOUR = "430727"


def ranks(level: Level = Level.VILLAGE, within: str = "", month: str = MONTH) -> dict[str, int | None]:
    return {line.code: line.rank for line in ranking(month, level, within=within)}


def line_of(code: str, level: Level = Level.VILLAGE) -> RankingLine:
    [line] = [line for line in ranking(MONTH, level) if line.code == code]
    return line


@pytest.fixture
def declared(world: World) -> World:
    world.declare()
    return world


@pytest.fixture
def neighbours(declared: World) -> World:
    """A second county with one village of one household."""
    place = None
    for code in (NEIGHBOUR, f"{NEIGHBOUR}101", f"{NEIGHBOUR}101201", f"{NEIGHBOUR}10120101"):
        place = Division.objects.create(code=code, name=f"邻{len(code)}", parent=place)
    Household.objects.create(code=f"{NEIGHBOUR}101201010001", group=place, head_name="邻居")
    declared.declare(Division.objects.get(code=f"{NEIGHBOUR}101201"))
    return declared


def test_best_comes_first_and_ties_share_a_rank(declared: World) -> None:
    record((f"{SISTER}010001", "WR02"))
    rolled_up()
    assert list(ranks().items()) == [(VILLAGE, 1), (STRANGE, 1), (SISTER, 3)]


def test_results_that_look_alike_are_ranked_exactly(declared: World) -> None:
    """66.666... and 66.67 both show as 66.67."""
    rolled_up()
    DivisionScore.objects.filter(code=VILLAGE).update(active=3, households=3, six_zero=0, total=200)
    DivisionScore.objects.filter(code=SISTER).update(active=100, households=100, six_zero=0, total=6667)
    assert {line.shown_result for line in ranking(MONTH, Level.VILLAGE)} == {"100.00", "66.67"}
    assert ranks() == {STRANGE: 1, SISTER: 2, VILLAGE: 3}


def test_equal_quotients_of_different_sums_tie(declared: World) -> None:
    rolled_up()
    DivisionScore.objects.filter(code=VILLAGE).update(active=3, households=3, six_zero=0, total=299)
    DivisionScore.objects.filter(code=SISTER).update(active=30_000, households=30_000, six_zero=0, total=2_990_000)
    assert ranks() == {STRANGE: 1, VILLAGE: 2, SISTER: 2}


def test_provisional_division_is_listed_last_without_a_rank(world: World) -> None:
    world.declare(world.sister)
    rolled_up()
    assert list(ranks().items()) == [(SISTER, 1), (VILLAGE, None), (STRANGE, None)]
    assert (line_of(VILLAGE).coverage, line_of(VILLAGE).result) == ("0.0000", None)


def test_half_covered_township_has_a_result_but_no_rank(world: World) -> None:
    world.declare(world.village)
    rolled_up()
    line = line_of(TOWNSHIP, Level.TOWNSHIP)
    assert (line.rank, line.coverage, line.result, line.is_final) == (None, "0.8000", Fraction(100), False)


@pytest.mark.parametrize(
    ("level", "number"), [(Level.COUNTY, 1), (Level.TOWNSHIP, 2), (Level.VILLAGE, 3), (Level.GROUP, 4)]
)
def test_month_before_any_roll_up_lists_every_place(world: World, level: Level, number: int) -> None:
    lines = ranking(MONTH, level)
    assert len(lines) == number
    assert sum(line.active for line in lines) == 12
    assert {(line.coverage, line.rank, line.shown_result) for line in lines} == {("0.0000", None, "")}


def test_division_added_after_the_roll_up_is_listed(declared: World) -> None:
    rolled_up()
    Division.objects.create(code=f"{VILLAGE}03", name="三组", parent=declared.village)
    assert line_of(f"{VILLAGE}03", Level.GROUP).active == 0


def test_closed_and_empty_division_is_not_listed(declared: World) -> None:
    Division.objects.create(code=f"{VILLAGE}03", name="三组", parent=declared.village, valid_to="2024-05-31")
    rolled_up()
    assert f"{VILLAGE}03" not in ranks(Level.GROUP)


def test_division_closed_later_stays_in_the_months_it_had(declared: World) -> None:
    rolled_up()
    Division.objects.filter(code=SISTER).update(valid_to="2024-05-02")
    assert SISTER in ranks()


def test_divisions_compete_inside_their_county(neighbours: World) -> None:
    record((f"{VILLAGE}010001", "WR02"), (f"{NEIGHBOUR}101201010001", "WR07"))
    rolled_up()
    assert ranks()[f"{NEIGHBOUR}101201"] == 1
    assert ranks()[VILLAGE] == 3


def test_counties_compete_with_each_other(neighbours: World) -> None:
    record((f"{NEIGHBOUR}101201010001", "WR02"))
    rolled_up()
    assert ranks(Level.COUNTY) == {COUNTY: 1, NEIGHBOUR: 2}


def test_within_a_township_only_its_own_compete(declared: World) -> None:
    record((f"{VILLAGE}010001", "WR02"))
    rolled_up()
    assert ranks(within=TOWNSHIP) == {SISTER: 1, VILLAGE: 2}
    assert ranks(within=OTHER_TOWNSHIP) == {STRANGE: 1}
    assert ranks()[VILLAGE] == 3


def test_previous_rank_and_change_come_from_the_month_before(declared: World) -> None:
    declared.declare(month="2024-04")
    record((f"{VILLAGE}010001", "WR02"))
    DivisionScore.objects.all().delete()
    rollup.roll_up("2024-04")
    DivisionScore.objects.filter(month="2024-04", code=SISTER).update(total=150)
    rolled_up()
    assert (line_of(SISTER).rank, line_of(SISTER).previous_rank, line_of(SISTER).change) == (1, 3, 2)
    assert (line_of(VILLAGE).previous_rank, line_of(VILLAGE).change) == (1, -2)


def test_no_change_is_told_without_a_rank_in_both_months(world: World) -> None:
    world.frozen_month("2024-04")
    world.declare(world.village)
    rolled_up()
    assert (line_of(SISTER).previous_rank, line_of(SISTER).change) == (1, None)
    assert line_of(VILLAGE).change == 0


def test_departments_are_ranked_by_weighted_result(declared: World) -> None:
    record((f"{VILLAGE}010001", "WR02"))
    rolled_up()
    lines = department_ranking(MONTH)
    assert [(line.code, line.rank) for line in lines] == [("SLJ", 1), ("LYJ", 2)]
    assert lines[1].result == Fraction(1790, 18)


def test_linked_department_is_listed_before_any_roll_up(world: World) -> None:
    Department.objects.create(code="JTJ", name="交通局")
    assert [(line.code, line.households, line.rank) for line in department_ranking(MONTH)] == [
        ("LYJ", 0, None),
        ("SLJ", 0, None),
    ]


def test_department_of_an_undeclared_village_has_no_rank(world: World) -> None:
    world.declare(world.village, world.sister)
    Linkage.objects.create(department_id="SLJ", division=world.county, weight=1, from_month="2024-06")
    rolled_up()
    assert {line.code: line.rank for line in department_ranking(MONTH)} == {"LYJ": 1, "SLJ": None}


def test_lines_seen_are_those_inside_the_scope_and_above(declared: World) -> None:
    rolled_up()
    lines = ranking(MONTH, Level.TOWNSHIP) + ranking(MONTH, Level.VILLAGE)
    assert [line.code for line in seen_by(lines, Scope((SISTER,)))] == [TOWNSHIP, SISTER]


@pytest.mark.parametrize("level", list(Level)[:4])
def test_a_ranking_is_one_query(declared: World, level: Level, django_assert_num_queries: object) -> None:
    rolled_up()
    with django_assert_num_queries(1):
        ranking(MONTH, level)
