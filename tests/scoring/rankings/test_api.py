"""Rankings over HTTP."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from households.codes import Level
from households.roles import Role
from scoring.rankings.rankings import department_ranking, ranking
from tests.answers import whole
from tests.scoring.eventful_month import eventful_month
from tests.world import COUNTY, MONTH, PASSWORD, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

Get = Callable[..., tuple[int, object]]
COLUMNS = {
    *("code", "name", "households", "coverage", "total", "result", "six_zero_households"),
    *("rank", "previous_rank", "state", "as_of"),
}


@pytest.fixture
def get(world: World) -> Get:
    """Ask with a token, as a person of a role of the busy world: (status, JSON)."""
    eventful_month(world)

    def ask(path: str, role: str = Role.COUNTY_OFFICE) -> tuple[int, object]:
        sent = {"username": world.user(role).username, "password": PASSWORD}
        token = Client().post("/api/v1/auth/login/", sent, content_type="application/json").json()["token"]
        response = Client().get(f"/api/v1/{path}", headers={"authorization": f"Token {token}"})
        return response.status_code, response.json()

    return ask


@pytest.mark.parametrize("level", ["group", "village", "township", "county"])
def test_ranking_answers_the_lines_of_the_level(get: Get, level: str) -> None:
    status, lines = get(f"rankings/{MONTH}/{level}/")
    assert status == 200
    within = "" if level == "county" else COUNTY
    expected = ranking(MONTH, Level(level), within=COUNTY if level == "group" else within)
    assert [(line["code"], line["total"], line["rank"]) for line in lines] == [
        (e.code, e.total, e.rank) for e in expected
    ]
    assert {frozenset(line) for line in lines} == {frozenset(COLUMNS)}


def test_line_says_whether_it_is_final(get: Get) -> None:
    _, lines = get(f"rankings/{MONTH}/village/")
    assert {line["code"]: (line["state"], line["rank"]) for line in lines} == {
        SISTER: ("final", 1),
        VILLAGE: ("final", 2),
        STRANGE: ("provisional", None),
    }


def test_figures_are_written_as_agreed(get: Get) -> None:
    _, lines = get(f"rankings/{MONTH}/village/")
    found = {line["code"]: (line["coverage"], line["result"], line["six_zero_households"]) for line in lines}
    assert found == {SISTER: ("1.0000", "100.00", 2), VILLAGE: ("1.0000", "97.50", 5), STRANGE: ("0.0000", "", 0)}


def test_within_limits_the_competition(get: Get) -> None:
    _, lines = get(f"rankings/{MONTH}/village/?within={STRANGE[:9]}")
    assert [line["code"] for line in lines] == [STRANGE]


@pytest.mark.parametrize(
    "path",
    [
        f"rankings/{MONTH}/household/",
        "rankings/2024-5/village/",
        f"rankings/{MONTH}/village/?within=430727",
        f"rankings/{MONTH}/village/?within=x",
        f"rankings/{MONTH}/village/?within={COUNTY}999",
        "departments/rankings/2024-5/",
    ],
)
def test_what_means_nothing_is_404_in_one_shape(get: Get, path: str) -> None:
    assert get(path) == (404, {"code": "not_found", "detail": "没有找到，或不在您的管辖范围内。", "fields": {}})


def test_groups_outside_the_scope_are_404_or_left_out(get: Get) -> None:
    assert get(f"rankings/{MONTH}/group/?within={SISTER}", Role.CADRE)[0] == 404
    _, lines = get(f"rankings/{MONTH}/group/", Role.CADRE)
    assert {line["code"][:12] for line in lines} == {VILLAGE}


def test_township_reads_the_county_and_its_own_groups(get: Get) -> None:
    assert len(get(f"rankings/{MONTH}/village/", Role.TOWNSHIP)[1]) == 3
    _, lines = get(f"rankings/{MONTH}/group/?within={COUNTY}", Role.TOWNSHIP)
    assert {line["code"][:9] for line in lines} == {TOWNSHIP}


@pytest.mark.parametrize("path", [f"rankings/{MONTH}/village/", f"departments/rankings/{MONTH}/"])
def test_rankings_are_closed_without_token_and_without_right(get: Get, path: str) -> None:
    assert Client().get(f"/api/v1/{path}").status_code == 401
    assert get(path, Role.AUDITOR)[0] == 403


def test_frozen_month_is_not_open_to_the_public_over_http(get: Get, world: World) -> None:
    world.freeze()
    answer = Client().get(f"/api/v1/rankings/{MONTH}/village/")
    assert (answer.status_code, "东山村" in whole(answer)) == (401, False)


def test_departments_answer_their_weighted_lines(get: Get) -> None:
    status, lines = get(f"departments/rankings/{MONTH}/")
    assert status == 200
    assert [(line["code"], line["total"], line["households"], line["rank"]) for line in lines] == [
        (line.code, line.total, line.households, line.rank) for line in department_ranking(MONTH)
    ]
    assert [(line["result"], line["state"]) for line in lines] == [("97.78", "final"), ("", "provisional")]


def test_queries_do_not_grow_with_rows(
    get: Get, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = world.client(Role.COUNTY_OFFICE)
    client.get("/api/v1/me/")  # the session has been written
    for within in (STRANGE[:9], COUNTY):
        with django_assert_num_queries(6):
            assert client.get(f"/api/v1/rankings/{MONTH}/village/?within={within}").status_code == 200
