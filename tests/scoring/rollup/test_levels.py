"""The levels one after the other, on the small world: what counts, what does not, and what nobody may overlook."""

from datetime import date

import pytest

from households.models import Division, Household, Linkage
from households.sql import column, run
from scoring.models import DepartmentScore, DivisionScore, HouseholdScore
from scoring.rankings.rankings import Level, department_ranking, ranking
from scoring.rollup import rollup
from tests.scoring.facts import department, line, record, rolled_up, score, sums, withdraw
from tests.world import COUNTY, MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"
GROUP = f"{VILLAGE}01"


@pytest.fixture
def declared(world: World) -> World:
    world.declare()
    rolled_up()
    return world


def test_undeclared_village_has_no_score(world: World) -> None:
    record((FIRST, "WR02"))
    world.declare(world.sister)
    rolled_up()
    assert score(FIRST) is None
    assert sums(VILLAGE) == (8, 0, 0)
    assert sums(SISTER) == (2, 2, 200)


def test_one_declared_village_does_not_make_its_township_final(world: World) -> None:
    world.declare(world.village)
    rolled_up()
    assert sums(TOWNSHIP) == (10, 8, 800)
    assert sums(COUNTY) == (12, 8, 800)
    assert [found.rank for found in ranking(MONTH, Level.TOWNSHIP)] == [None, None]


def test_one_township_rolled_up_first_gives_every_place_a_line(world: World) -> None:
    world.declare(world.village)
    rollup.roll_up_township(MONTH, TOWNSHIP)
    assert sums(OTHER_TOWNSHIP) == (2, 0, 0)
    assert sums(COUNTY) == (12, 8, 800)


def test_month_nobody_touched_gets_lines_for_every_place(world: World) -> None:
    assert rolled_up().villages == 3
    assert DivisionScore.objects.filter(month=MONTH).count() == 1 + 2 + 3 + 4
    assert rolled_up().villages == 0


def test_declaration_taken_back_takes_the_scores_back(declared: World) -> None:
    from scoring.reviews.actions.reviewing import return_sheet

    return_sheet(sheet=declared.sheet(), reason="漏登", by=None)
    rolled_up()
    assert not HouseholdScore.objects.filter(code__startswith=VILLAGE).exists()
    assert sums(TOWNSHIP) == (10, 2, 200)


def test_household_events_add_up(declared: World) -> None:
    record((FIRST, "WR02"), (FIRST, "FA09"), (SECOND, "WJ03"))
    rolled_up()
    assert (score(FIRST), score(SECOND)) == (97, 90)
    assert sums(GROUP) == (5, 5, 487)
    assert sums(COUNTY) == (12, 12, 1187)


def test_deductions_stop_at_the_share_of_their_indicator(declared: World) -> None:
    record((FIRST, "WR07"), (FIRST, "WR06"), (FIRST, "JL08"), (FIRST, "JL05"))
    rolled_up()
    assert score(FIRST) == 100 - 20 - 10


def test_bonus_stops_at_twenty(declared: World) -> None:
    record((FIRST, "FA12"), (FIRST, "WJ08"))
    rolled_up()
    assert score(FIRST) == 120
    assert HouseholdScore.objects.get(code=FIRST).bonus == 20


def test_reminder_costs_nothing_and_breaks_nothing(declared: World) -> None:
    record((FIRST, "WJ01"), (GROUP, "FF10"))
    rolled_up()
    assert score(FIRST) == 100
    assert line(VILLAGE).six_zero == 8
    assert line(GROUP).adjustment == 0


def test_broken_zeros_are_counted_once_a_household(declared: World) -> None:
    record((FIRST, "WR02"), (FIRST, "WR02"), (FIRST, "WJ02"))
    rolled_up()
    assert HouseholdScore.objects.get(code=FIRST).broken == 0b000011
    assert [line(code).six_zero for code in (GROUP, VILLAGE, TOWNSHIP, COUNTY)] == [4, 7, 9, 11]


@pytest.mark.parametrize(
    ("code", "totals"),
    [(GROUP, (495, 795, 995)), (VILLAGE, (500, 792, 992)), (TOWNSHIP, (500, 800, 990)), (COUNTY, (500, 800, 1000))],
)
def test_event_on_a_division_counts_once_per_household_below(declared: World, code: str, totals: tuple) -> None:
    record((code, "WR13"))
    rolled_up()
    assert (line(GROUP).total, line(VILLAGE).total, line(TOWNSHIP).total) == totals
    assert line(code).adjustment == -1
    assert line(COUNTY).total == line(TOWNSHIP).total + 200 + (-12 if code == COUNTY else 0)


def test_bonus_on_a_division_raises_everything_above(declared: World) -> None:
    record((VILLAGE, "WR14"), (VILLAGE, "WR13"))
    rolled_up()
    assert line(VILLAGE).adjustment == 1
    assert sums(COUNTY) == (12, 12, 1208)


def test_withdrawn_event_counts_no_more(declared: World) -> None:
    record((FIRST, "WR07"))
    rolled_up()
    withdraw(FIRST)
    rolled_up()
    assert score(FIRST) == 100
    assert line(VILLAGE).events == 0


def test_unconfirmed_event_is_news_but_not_arithmetic(world: World) -> None:
    world.record(FIRST, "FA03")
    world.declare()
    rolled_up()
    assert score(FIRST) == 100
    assert line(COUNTY).events == 1


def test_household_closed_before_the_month_ends_does_not_count(world: World) -> None:
    Household.objects.filter(code=FIRST).update(valid_to=date(2024, 5, 31))
    world.declare()
    rolled_up()
    assert sums(VILLAGE) == (7, 7, 700)


def test_household_closed_the_day_after_counts(world: World) -> None:
    Household.objects.filter(code=FIRST).update(valid_to=date(2024, 6, 1))
    world.declare()
    rolled_up()
    assert sums(VILLAGE) == (8, 8, 800)


def test_household_that_came_after_the_signature_is_not_covered(declared: World) -> None:
    Household.objects.create(code=f"{GROUP}0006", group_id=GROUP, head_name="新来户")
    rollup.roll_up(MONTH, full=True)
    assert sums(VILLAGE) == (9, 8, 800)
    assert [found.coverage for found in ranking(MONTH, Level.VILLAGE, within=VILLAGE)] == ["0.8888"]


def test_household_closed_after_the_signature_loses_its_score(declared: World) -> None:
    Household.objects.filter(code=FIRST).update(valid_to=date(2024, 5, 20))
    rollup.roll_up(MONTH, full=True)
    assert score(FIRST) is None
    assert sums(VILLAGE) == (7, 7, 700)


def test_division_closed_and_empty_loses_its_line(declared: World) -> None:
    group = f"{VILLAGE}02"
    Household.objects.filter(group=group).update(valid_to=date(2024, 5, 1))
    Division.objects.filter(code=group).update(valid_to=date(2024, 5, 1))
    rollup.roll_up(MONTH, full=True)
    assert not DivisionScore.objects.filter(code=group).exists()
    assert sums(VILLAGE) == (5, 5, 500)


def test_department_adds_weighted_totals(declared: World) -> None:
    record((FIRST, "WR04"))
    rolled_up()
    assert department("LYJ") == (2 * 8 + 2, 2 * 790 + 200)
    assert department("SLJ") == (2, 200)


@pytest.mark.parametrize("place", [GROUP, VILLAGE, TOWNSHIP, COUNTY])
def test_department_follows_a_linked_place_of_any_level(declared: World, place: str) -> None:
    Linkage.objects.create(department_id="SLJ", division_id=place, weight=3, from_month=MONTH)
    rollup.roll_up(MONTH, full=True)
    before = department("SLJ")
    record((FIRST, "WR04"))
    rolled_up()
    assert department("SLJ") == (before[0], before[1] - 3 * 10)


def test_linkage_counts_only_in_its_months(declared: World) -> None:
    Linkage.objects.filter(department="LYJ", division=SISTER).update(to_month="2024-04")
    Linkage.objects.create(department_id="LYJ", division_id=STRANGE, weight=9, from_month="2024-06")
    rollup.roll_up(MONTH, full=True)
    assert department("LYJ") == (16, 1600)


def test_department_without_linkage_loses_its_line(declared: World) -> None:
    Linkage.objects.filter(department="SLJ").update(to_month="2024-04")
    rollup.roll_up(MONTH, full=True)
    assert not DepartmentScore.objects.filter(department_code="SLJ").exists()
    assert [found.code for found in department_ranking(MONTH)] == ["LYJ"]


def test_unchanged_lines_keep_their_time(declared: World) -> None:
    before = {code: line(code).as_of for code in (GROUP, VILLAGE, TOWNSHIP, COUNTY, STRANGE)}
    record((f"{VILLAGE}020001", "WR02"))
    rolled_up()
    moved = {code for code, as_of in before.items() if line(code).as_of != as_of}
    assert moved == {VILLAGE, TOWNSHIP, COUNTY}


def test_report_counts_villages_and_changed_households(declared: World) -> None:
    record((FIRST, "WR02"))
    report = rolled_up()
    assert (report.villages, report.households) == (1, 1)
    report = rollup.roll_up(MONTH, full=True)
    assert (report.villages, report.households) == (3, 0)


@pytest.mark.parametrize(("many", "known"), [(12, 12), (13, 0)])
def test_planner_learns_of_a_month_filled_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, many: int, known: int
) -> None:
    world.declare()
    run("DELETE FROM scoring_householdscore; ANALYZE scoring_householdscore")
    monkeypatch.setattr(rollup, "MANY", many)
    rolled_up()
    assert column("SELECT reltuples FROM pg_class WHERE relname = 'scoring_householdscore_rest'") == [known]
