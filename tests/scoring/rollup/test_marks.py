"""Marks: what leaves one, what takes it away, and what a roll-up looks at."""

import pytest

from households.codes import county_of
from scoring.models import Mark
from scoring.rollup import marks, rollup
from tests.scoring.facts import line, marked, record, rolled_up, sums
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST = f"{VILLAGE}010001"


@pytest.mark.parametrize(
    ("code", "place"),
    [(FIRST, VILLAGE), (f"{VILLAGE}01", VILLAGE), (VILLAGE, VILLAGE), (TOWNSHIP, TOWNSHIP), (COUNTY, COUNTY)],
)
def test_mark_stands_at_the_village_or_above(code: str, place: str) -> None:
    assert marks.place_of(code) == place


def test_touch_moves_a_mark_forward(world: World) -> None:
    marks.touch(MONTH, [FIRST, f"{VILLAGE}02"])
    [first] = Mark.objects.filter(month=MONTH, code=VILLAGE)
    marks.touch(MONTH, [VILLAGE])
    [second] = Mark.objects.filter(month=MONTH, code=VILLAGE)
    assert second.moved > first.moved


def test_touch_of_nothing_writes_nothing(world: World) -> None:
    before = Mark.objects.count()
    marks.touch(MONTH, [])
    assert Mark.objects.count() == before


def test_recording_leaves_a_mark_and_rolling_up_takes_it(world: World) -> None:
    rolled_up()
    assert marked() == set()
    record((FIRST, "WR02"), (TOWNSHIP, "WR13"))
    assert marked() == {VILLAGE, TOWNSHIP}
    rolled_up()
    assert marked() == set()


def test_touch_all_leaves_frozen_villages_out(world: World) -> None:
    world.declare(world.village)
    world.freeze()
    marks.touch_all(MONTH)
    assert marked() == {COUNTY, TOWNSHIP, OTHER_TOWNSHIP, SISTER, STRANGE}


def test_marked_places_are_townships_and_counties_in_order(world: World) -> None:
    rollup.roll_up_marked()
    marks.touch(MONTH, [STRANGE, COUNTY, VILLAGE, SISTER])
    assert rollup.marked_places() == [(MONTH, COUNTY), (MONTH, TOWNSHIP), (MONTH, OTHER_TOWNSHIP)]


def test_every_marked_month_is_rolled_up(world: World) -> None:
    world.declare(world.strange)
    world.declare(world.strange, month="2024-04")
    rollup.roll_up_marked()
    assert not Mark.objects.exists()
    assert (line(COUNTY).households, line(COUNTY, "2024-04").households) == (2, 2)


def test_only_marked_villages_are_computed(world: World) -> None:
    world.declare()
    rolled_up()
    marks.touch(MONTH, [SISTER])
    assert rolled_up().villages == 1


def test_mark_on_the_county_alone_moves_its_line(world: World) -> None:
    world.declare()
    rolled_up()
    record((COUNTY, "FF11"))
    assert marked() == {COUNTY}
    assert rollup.roll_up_township(MONTH, county_of(COUNTY)).villages == 0
    assert sums(COUNTY) == (12, 12, 1224)
    assert marked() == set()


def test_mark_on_a_township_alone_computes_no_village(world: World) -> None:
    world.declare()
    rolled_up()
    record((TOWNSHIP, "WR13"))
    assert rolled_up().villages == 0
    assert sums(COUNTY) == (12, 12, 1190)


def test_asking_again_when_nothing_is_marked_reads_and_ends(world: World, django_assert_num_queries) -> None:
    rolled_up()
    with django_assert_num_queries(8):
        rollup.roll_up_township(MONTH, TOWNSHIP)


def test_one_village_costs_the_same_few_statements_however_many_households(
    world: World, django_assert_max_num_queries
) -> None:
    world.declare()
    rolled_up()
    for code in (STRANGE, VILLAGE):
        marks.touch(MONTH, [code])
        with django_assert_max_num_queries(30):
            rollup.roll_up_township(MONTH, code[:9])
