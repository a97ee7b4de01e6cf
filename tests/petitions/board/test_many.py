"""The county board over thousands of petitions. With DONGKOU_MANY_PETITIONS=50000 it is the measure of the board's speed."""

import os
import time
from statistics import median, quantiles

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from petitions.tallies.rows import miscounts
from tests.petitions.desk import Desk
from tests.petitions.many import plant
from tests.world import World

pytestmark = pytest.mark.django_db
MANY = int(os.environ.get("DONGKOU_MANY_PETITIONS", "400"))
MOST_QUERIES = 12


@pytest.fixture
def desk(world: World) -> Desk:
    desk = Desk(world)
    plant(MANY, by=desk.office.pk, end=f"{timezone.localdate()}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return desk


@pytest.mark.skipif(MANY > 1000, reason="reads every history again")
def test_planted_rows_are_those_of_their_histories(desk: Desk) -> None:
    assert list(miscounts()) == []


def test_board_of_thousands_costs_few_queries(desk: Desk) -> None:
    client = desk.world.client(desk.office)
    client.get(reverse("petition-board"))
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(reverse("petition-board"))
    assert len(caught) <= MOST_QUERIES
    assert answer.context["view"].board.total.now.taken > MANY / 4
    told = {name: measured(client, clear) for name, clear in (("counted", True), ("remembered", False))}
    print(MANY, told)


def measured(client: object, clear: bool) -> list[float]:
    """The quickest, the middle and the 95th percentile of twenty readings, in milliseconds."""
    times = []
    for _ in range(20 if MANY > 1000 else 2):
        if clear:
            cache.clear()
        start = time.perf_counter()
        client.get(reverse("petition-board"))
        times.append((time.perf_counter() - start) * 1000)
    return [round(ms, 1) for ms in (min(times), median(times), quantiles(times, n=20)[-1])]
