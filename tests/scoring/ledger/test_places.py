"""Points of places that went into another: what came late is told, and goes back with the order."""

from datetime import date

import pytest

from households.borders.actions.undoing import take_back
from households.models import AuditEvent, BorderOrder
from households.roles import Role
from scoring.ledger import door as ledger
from scoring.ledger.places import settle_places
from tests.households.borders.orders import drifts, ordered
from tests.world import SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 10)


@pytest.fixture
def merged(world: World) -> BorderOrder:
    """东山村 brought 7 points into the other village, which has 5."""
    ledger.adjust(ledger.division(VILLAGE), 7, key="given:village", text="发放")
    ledger.adjust(ledger.division(SISTER), 5, key="given:sister", text="发放")
    order = ordered(world.user(Role.COUNTY_OFFICE), DAY, (VILLAGE, SISTER, ""))
    ledger.adjust(ledger.division(VILLAGE), 4, key="late", text="补记")
    return order


def points() -> list[int]:
    return [ledger.state_of(ledger.division(code)).balance for code in (VILLAGE, SISTER)]


def test_what_came_late_is_told(merged: BorderOrder) -> None:
    assert settle_places() == 1
    assert points() == [0, 16]
    line = AuditEvent.objects.filter(action="points.pass_on").latest("pk")
    assert (line.place, line.subject, line.detail) == (VILLAGE, SISTER, {"points": 4})


def test_all_of_it_goes_back_with_the_order(world: World, merged: BorderOrder) -> None:
    settle_places()
    take_back(order=merged, by=world.user(Role.COUNTY_OFFICE))
    assert points() == [11, 5]
    assert drifts() == []
