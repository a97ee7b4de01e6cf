"""What is frozen stays: no roll-up, however full, moves a frozen village, and what is above it follows its frozen rows."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from households.models import Household, Linkage
from scoring.models import DepartmentScore, DivisionScore, HouseholdScore, ScoreEvent
from scoring.rollup import marks, rollup
from tests.scoring.facts import department, line, marked, record, rolled_up, score, sums
from tests.world import COUNTY, MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST = f"{VILLAGE}010001"


def everything() -> list[Any]:
    """Every row of the month, times included."""
    return [
        list(HouseholdScore.objects.filter(month=MONTH).order_by("code").values()),
        list(DivisionScore.objects.filter(month=MONTH).order_by("code").values()),
        list(DepartmentScore.objects.filter(month=MONTH).order_by("department_code").values()),
    ]


@pytest.fixture
def frozen(world: World) -> World:
    """The whole month frozen, with something to lose in it."""
    record((FIRST, "WR04"), (VILLAGE, "WR14"), (TOWNSHIP, "WR13"))
    world.frozen_month()
    return world


@pytest.fixture
def half_frozen(world: World) -> World:
    """东山村 frozen, its sister village in the same township and the strange one declared afterwards."""
    world.declare(world.village)
    world.freeze()
    world.declare(world.sister, world.strange)
    rolled_up()
    return world


def test_full_roll_up_of_a_frozen_month_changes_nothing(frozen: World) -> None:
    before = everything()
    assert rollup.roll_up(MONTH, full=True).villages == 0
    assert everything() == before


def test_household_closed_later_does_not_change_a_frozen_month(frozen: World) -> None:
    before = everything()
    Household.objects.filter(code=FIRST).update(valid_to=date(2024, 5, 2))
    marks.touch(MONTH, [FIRST])
    rollup.roll_up(MONTH, full=True)
    assert everything() == before


def test_household_added_later_does_not_change_a_frozen_month(frozen: World) -> None:
    before = everything()
    Household.objects.create(code=f"{VILLAGE}010006", group_id=f"{VILLAGE}01", head_name="新来户")
    rollup.roll_up(MONTH, full=True)
    assert everything() == before


def test_event_that_got_past_every_guard_does_not_change_a_frozen_village(frozen: World) -> None:
    before = everything()
    standing = ScoreEvent.objects.filter(code=FIRST)
    standing.update(withdrawn_at=timezone.now(), withdraw_reason="越权")
    marks.touch(MONTH, [FIRST])
    rollup.roll_up(MONTH, full=True)
    assert everything() == before


def test_linkage_written_later_does_not_change_a_frozen_month(frozen: World) -> None:
    before = everything()
    Linkage.objects.create(department_id="SLJ", division_id=VILLAGE, weight=5, from_month="2024-01")
    Linkage.objects.filter(department="LYJ").update(to_month="2024-04")
    marks.touch(MONTH, [COUNTY, VILLAGE])
    rollup.roll_up(MONTH, full=True)
    assert everything() == before


def test_marks_on_frozen_villages_are_cleared_without_work(frozen: World) -> None:
    marks.touch(MONTH, [VILLAGE, STRANGE])
    assert rolled_up().villages == 0
    assert marked() == set()


def test_open_village_beside_a_frozen_one_is_still_computed(half_frozen: World) -> None:
    record((f"{SISTER}010001", "WR04"))
    rollup.roll_up(MONTH, full=True)
    assert score(f"{SISTER}010001") == 90
    assert sums(TOWNSHIP) == (10, 10, 990)


def test_full_roll_up_leaves_the_frozen_neighbour_alone(half_frozen: World) -> None:
    Household.objects.filter(code__startswith=VILLAGE).update(valid_to=date(2024, 5, 2))
    record((f"{SISTER}010001", "WR04"))
    rollup.roll_up(MONTH, full=True)
    assert sums(VILLAGE) == (8, 8, 800)
    assert HouseholdScore.objects.filter(month=MONTH, code__startswith=VILLAGE).count() == 8
    assert sums(COUNTY) == (12, 12, 1190)


def test_department_of_frozen_and_open_villages_still_moves(half_frozen: World) -> None:
    record((f"{SISTER}010001", "WR04"))
    rolled_up()
    assert department("LYJ") == (2 * 8 + 2, 2 * 800 + 190)


def test_department_of_frozen_villages_alone_stays(half_frozen: World) -> None:
    Linkage.objects.filter(department="LYJ", division=SISTER).update(to_month="2024-04")
    rollup.roll_up(MONTH, full=True)
    assert department("LYJ") == (2 * 8 + 2, 2 * 800 + 200)


def test_month_before_is_untouched_by_this_one(world: World) -> None:
    world.frozen_month("2024-04")
    before = DivisionScore.objects.filter(month="2024-04").order_by("code").values_list("code", "total", "as_of")
    before = list(before)
    record((FIRST, "WR04"))
    world.declare()
    rollup.roll_up(MONTH, full=True)
    after = DivisionScore.objects.filter(month="2024-04").order_by("code").values_list("code", "total", "as_of")
    assert list(after) == before
    assert line(COUNTY).total == 1190
