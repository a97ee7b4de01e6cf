"""The list with thousands of petitions in it: pages, filters and counts cost what they cost with three."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.roles import Role
from petitions.models import Petition
from petitions.search import search
from petitions.worklist.views import PER_PAGE
from tests.petitions.desk import LYJ, Desk
from tests.world import World

pytestmark = pytest.mark.django_db
MANY = 2000
MAX_QUERIES = 12

# Straight into the tables: thousands of filings through the door would take minutes, and only lists are looked at.
_PETITIONS = """
    INSERT INTO petitions_petition (number, follow_digest, case_id, channel, way, content, kind, demand, place_id, title,
        filer_key, enterprise, people, external_no, external_link, filed_at, filed_by_id, state, seq, paused, held, due_on)
    SELECT '430726-2020-' || lpad(n::text, 6, '0'), follow_digest, case_id, channel, way, content, kind, demand, place_id,
        convert_to('第' || n || '件', 'UTF8'), filer_key, enterprise, people, '', '', filed_at, filed_by_id, state, seq, paused, false,
        date '2020-01-01' + n %% 4000
    FROM petitions_petition, generate_series(1, %s) n WHERE id = %s
"""
_ASSIGNMENTS = """
    INSERT INTO petitions_assignment (petition_id, department_id, lead, at, by_id)
    SELECT p.id, a.department_id, a.lead, a.at, a.by_id
    FROM petitions_petition p, petitions_assignment a
    WHERE a.petition_id = %s AND p.number LIKE '430726-2020-%%'
"""
_WORDS = """
    INSERT INTO petitions_petitionwords (petition_id, words, seq, recipe)
    SELECT p.id, w.words, 1, w.recipe FROM petitions_petition p, petitions_petitionwords w
    WHERE w.petition_id = %s AND p.number BETWEEN '430726-2020-000001' AND '430726-2020-000150'
"""
WORDY = 150  # of them have words: the index is written slowly


@pytest.fixture
def desk(world: World) -> Desk:
    """The world with MANY petitions that 林业局 works on."""
    desk = Desk(world)
    pattern = desk.assigned()
    with connection.cursor() as cursor:
        cursor.execute(_PETITIONS, [MANY, pattern.pk])
        cursor.execute(_ASSIGNMENTS, [pattern.pk])
        cursor.execute(_WORDS, [pattern.pk])
        cursor.execute("ANALYZE petitions_petition, petitions_assignment")
    return desk


@pytest.mark.parametrize("who", [Role.PETITION_OFFICE, Role.DEPARTMENT, Role.COUNTY_OFFICE])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"lamp": "late", "unit": LYJ},
        {"mine": "turn", "q": "77"},
        {"page": str(MANY // PER_PAGE)},
        {"q": "三个月"},
        {"q": "menqian sgy", "lamp": "soon"},
    ],
)
def test_list_of_thousands_costs_few_queries(desk: Desk, who: str, query: dict[str, str]) -> None:
    client = desk.world.client(who)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(reverse("petitions"), query)
    assert answer.status_code == 200
    # a new browser's session is written once
    own = [query for query in caught if not re.search("SAVEPOINT|django_session", query["sql"])]
    assert len(own) <= MAX_QUERIES


def test_counts_add_up_to_the_whole_list(desk: Desk) -> None:
    answer = desk.world.client(desk.office).get(reverse("petitions"))
    assert sum(number for _, number in answer.context["lamps"]) == MANY + 1
    assert answer.context["page"].paginator.count == MANY + 1
    assert len(answer.context["rows"]) == PER_PAGE


def test_every_petition_stands_on_exactly_one_page(desk: Desk) -> None:
    client, seen = desk.world.client(desk.office), []
    for number in (1, 2, 3):
        answer = client.get(reverse("petitions"), {"page": number})
        seen += [petition.number for petition, *_ in answer.context["rows"]]
    assert len(set(seen)) == 3 * PER_PAGE


def test_number_is_found_among_thousands(desk: Desk) -> None:
    answer = desk.world.client(desk.handler).get(reverse("petitions"), {"q": "430726-2020-001234"})
    assert [petition.title for petition, *_ in answer.context["rows"]] == ["第1234件"]


def test_words_are_found_among_thousands(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_READ", 100)
    client = desk.world.client(desk.handler)
    assert client.get(reverse("petitions"), {"q": "三个"}).context["page"].paginator.count == WORDY + 1
    doubtful = client.get(reverse("petitions"), {"q": "三个月"})
    assert "只核对了最近的" in doubtful.content.decode()
    assert doubtful.context["page"].paginator.count == 0  # the copies have words, and no texts


def parts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from parts(below)


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.DEPARTMENT])
def test_who_has_none_of_thousands_reads_none_of_them(desk: Desk, role: Role) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE petitions_petition, petitions_assignment")
    visible = Petition.objects.visible_to(desk.world.stranger(role))
    [plan] = json.loads(visible.order_by().explain(analyze=True, format="json"))
    read = [part for part in parts(plan["Plan"]) if part.get("Relation Name") == "petitions_petition"]
    rows = sum((part["Actual Rows"] + part.get("Rows Removed by Filter", 0)) * part["Actual Loops"] for part in read)
    assert read and rows < MANY / 10


def test_office_counts_what_the_index_holds(desk: Desk) -> None:
    """A column that it does not hold, named in a condition, would have all of the wide rows read for each list."""
    sql, _ = Petition.objects.visible_to(desk.office).order_by().values_list("pk").query.sql_with_params()
    of_rows = sql.split(" WHERE ", 1)[1]
    named = set(re.findall(r'"petitions_petition"\."(\w+)"', of_rows))
    index = next(one for one in Petition._meta.indexes if one.name == "petition_by_urgency")
    assert named <= {"place_id" if one == "place" else one.strip("-") for one in [*index.fields, *index.include]}
