"""The county board over hundreds of petitions; over fifty thousand the benchmark measures it."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.petitions.desk import Desk
from tests.petitions.thousands import plant

pytestmark = pytest.mark.django_db
MANY = 400
MAX_QUERIES = 12


def test_board_of_hundreds_costs_few_queries(desk: Desk) -> None:
    plant(MANY)
    client = desk.world.client(desk.office)
    client.get(reverse("petition-board"))
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(reverse("petition-board"))
    assert len(caught) <= MAX_QUERIES
    assert answer.context["view"].board.total.now.taken > MANY / 10
