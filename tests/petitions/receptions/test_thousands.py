"""The pages of days with thousands of petitions and hundreds of promises: few statements, whatever there is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.roles import Role
from petitions.models import Petition, Reception
from tests.petitions.desk import Desk
from tests.petitions.receptions.scene import Days
from tests.petitions.thousands import plant
from tests.world import World

pytestmark = pytest.mark.django_db
MANY = 1100
MAX_QUERIES, MAX_ON_A_LIST = 12, 16
SESSION = 2  # the session and who it belongs to

# Straight into the tables, lines and rows alike: a promise for every petition that is open.
_PROMISES = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO petitions_petitionevent (petition_id, seq, kind, state, at, role, data)
        SELECT id, seq + 1, 'promise', state, now(), 'system',
            jsonb_build_object('promise', 1, 'step', 'made', 'due', d::text)
        FROM (SELECT id, seq, state, current_date - 20 + (id % 40)::int AS d FROM petitions_petition
              WHERE state = 'assigned') x;
    INSERT INTO petitions_promise (petition_id, number, made_id, department_id, post, first_due_on, due_on, moves,
        state, seq)
        SELECT e.petition_id, 1, e.id, 'LYJ', '', (e.data->>'due')::date, (e.data->>'due')::date, 0, 'made', e.seq
        FROM petitions_petitionevent e WHERE e.kind = 'promise';
    UPDATE petitions_petition SET due_on = current_date - 10 + (id % 60)::int, seq = seq + 1
        WHERE state = 'assigned';
    SET LOCAL session_replication_role = origin;
    ANALYZE petitions_petition, petitions_petitionevent, petitions_assignment, petitions_promise;
"""


@pytest.fixture
def days(world: World) -> Days:
    """A day with a full list among MANY petitions."""
    days = Days(Desk(world))
    plant(MANY)
    with connection.cursor() as cursor:
        cursor.execute(_PROMISES)
    reception = days.plan()
    days.put(reception, *Petition.objects.open().exclude(content="accusation").order_by("-pk")[:40])
    days.record(reception, Petition.objects.open().exclude(content="accusation").last(), outcome="absent")
    for number in range(12):
        days.plan(leader=f"副职{number}", place="430726202")
    return days


def test_pages_of_days_cost_few_queries(days: Days) -> None:
    paths = [reverse(name) for name in ("days", "promises", "owned", "api-receptions", "api-promises")]
    first = Reception.objects.order_by("pk").first().pk
    for who in (Role.PETITION_OFFICE, Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE):
        client = days.desk.world.client(who)
        for path in paths:
            assert queries(client, path) <= MAX_QUERIES + SESSION, (who, path)
        assert queries(client, reverse("reception", args=[first])) <= MAX_ON_A_LIST + SESSION, who


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)
