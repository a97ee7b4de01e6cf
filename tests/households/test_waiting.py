"""Counting what waits: no further than a page needs."""

import pytest

from households.house.waiting import CEILING, WaitingRows, WaitingWork, counted, worked_out
from households.models import Household
from households.scope import Scope
from tests.world import World


@pytest.mark.parametrize(("number", "shown"), [(1, "1"), (CEILING, "99"), (CEILING + 1, "99+")])
def test_number_beyond_the_ceiling_is_said_to_be_more(number: int, shown: str) -> None:
    assert WaitingWork(0, "", number, "").shown == shown


def test_rows_are_counted_in_one_query(world: World, django_assert_num_queries: object) -> None:
    inside = Household.objects.within(world.user("cadre").scope)
    with django_assert_num_queries(1):
        assert counted([inside, inside.filter(phone=None), Household.objects.within(Scope(()))]) == [8, 6, 0]


def test_line_of_nothing_is_left_out_and_the_order_stays(world: World) -> None:
    households = Household.objects.all()
    found = worked_out(
        [WaitingRows(2, "b", households, ""), WaitingWork(1, "a", 1, ""), WaitingRows(0, "c", households.none(), "")]
    )
    assert [(one.what, one.number) for one in found] == [("a", 1), ("b", 12)]
