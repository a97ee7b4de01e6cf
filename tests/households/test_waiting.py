"""Counting what waits: no further than a page needs."""

import pytest

from households.house.waiting import CEILING, WaitingWork, counted
from households.models import Household
from tests.world import World


@pytest.mark.parametrize(("number", "shown"), [(1, "1"), (CEILING, "99"), (CEILING + 1, "99+")])
def test_number_beyond_the_ceiling_is_said_to_be_more(number: int, shown: str) -> None:
    assert WaitingWork(0, "", number, "").shown == shown


def test_rows_are_counted_in_one_query(world: World, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):
        assert counted(Household.objects.within(world.user("cadre").scope)) == 8
