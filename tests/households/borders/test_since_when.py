"""Since when a change of places counts: never before what the places concerned have behind them."""

from datetime import date

import pytest

from households.models import Division, User
from tests.households.borders.orders import drifts, ordered
from tests.world import SISTER, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 10)
SECOND = f"{VILLAGE}02"
FRESH = "430726201209"


def test_village_does_not_end_before_it_was_renamed(world: World, office: User) -> None:
    ordered(office, date(2024, 5, 20), (VILLAGE, "", "东岭村"))
    assert ordered(office, DAY, (VILLAGE, SISTER, "")).counts_from == date(2024, 5, 21)
    assert drifts() == []


def test_village_is_not_renamed_before_it_began(world: World, office: User) -> None:
    begun = date(2024, 5, 20)
    ordered(office, begun, (VILLAGE, FRESH, "新村"))
    assert ordered(office, DAY, (FRESH, "", "东岭村")).counts_from == begun
    assert drifts() == []


def test_village_does_not_end_before_anything_came_to_it(world: World, office: User) -> None:
    ordered(office, DAY, (f"{SISTER}01", f"{VILLAGE}03", ""))
    ordered(office, date(2024, 5, 20), (SECOND, f"{SISTER}02", ""))
    ordered(office, date(2024, 5, 25), (f"{SISTER}02", f"{STRANGE}02", ""))
    assert ordered(office, date(2024, 5, 15), (SISTER, FRESH, "空村")).counts_from == date(2024, 5, 26)
    assert drifts() == []


def test_group_does_not_go_into_a_village_before_that_began(world: World, office: User) -> None:
    begun = date(2024, 6, 5)
    ordered(office, begun, ("", FRESH, "分出的村"), (SECOND, f"{FRESH}01", ""))
    order = ordered(office, DAY, (f"{STRANGE}01", f"{FRESH}02", ""))
    assert order.counts_from == Division.objects.get(code=f"{FRESH}02").valid_from == begun
    assert drifts() == []
