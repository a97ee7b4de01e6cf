"""Which month a room opens by itself. MONTH is May 2024."""

from datetime import date

import pytest

from households.roles import Role
from scoring.models import Period
from scoring.months.due import month_of_entry, month_of_review
from scoring.months.months import open_month, sheet_of
from scoring.sheets.actions.sheets import declare
from tests.world import MONTH, World

IN_MAY, IN_REVIEW, LATER = date(2024, 5, 20), date(2024, 6, 2), date(2024, 6, 20)


def review(world: World, today: date) -> str:
    return month_of_review(world.user(Role.TOWNSHIP).scope, today)


@pytest.fixture
def opened(world: World) -> World:
    """MONTH is the first that was ever opened."""
    Period.objects.all().delete()
    open_month(MONTH)
    return world


def test_first_month_of_all_is_its_own(opened: World) -> None:
    assert review(opened, IN_MAY) == month_of_entry(opened.user(Role.CADRE), IN_MAY) == "2024-05"


def test_days_of_review_open_the_month_that_has_ended(opened: World) -> None:
    opened.frozen_month()
    assert review(opened, IN_REVIEW) == MONTH


def test_month_with_a_silent_village_stays_due(opened: World) -> None:
    declare(sheet=opened.sheet(opened.village), by=None)
    assert review(opened, LATER) == MONTH


def test_month_that_is_decided_gives_way(opened: World) -> None:
    opened.frozen_month()
    assert review(opened, LATER) == "2024-06"
    assert month_of_entry(opened.user(Role.CADRE), LATER) == "2024-06"


def test_early_declaration_of_this_month_waits_behind_an_older_one(opened: World) -> None:
    open_month("2024-06")
    declare(sheet=sheet_of(month="2024-06", village=opened.village), by=None)
    assert review(opened, LATER) == "2024-06"
    declare(sheet=opened.sheet(opened.sister), by=None)
    assert review(opened, LATER) == MONTH


def test_undeclared_month_is_the_cadres_until_it_is_signed(opened: World) -> None:
    cadre = opened.user(Role.CADRE)
    assert month_of_entry(cadre, LATER) == MONTH
    declare(sheet=opened.sheet(), by=cadre)
    assert month_of_entry(cadre, LATER) == "2024-06"


def test_neighbour_does_not_hold_up_a_village(opened: World) -> None:
    declare(sheet=opened.sheet(), by=None)
    assert month_of_entry(opened.user(Role.GROUP_LEADER), LATER) == "2024-06"
    assert month_of_entry(opened.stranger(Role.CADRE), LATER) == MONTH


def test_those_who_record_elsewhere_begin_with_this_month(opened: World) -> None:
    assert month_of_entry(opened.user(Role.DEPARTMENT), LATER) == "2024-06"
