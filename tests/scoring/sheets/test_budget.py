"""What a sheet costs: queries, bytes, and the same however much is on it."""

import gzip
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.imports.divisions import import_divisions
from households.roles import Role
from scoring.models import Sheet
from tests.scoring.points.asking import Asker, add, asker, op, withdraw
from tests.scoring.sheets.big_village import BIG, big_village
from tests.world import COUNTY, MONTH, PASSWORD, VILLAGE, World

CODES = [f"{VILLAGE}0{group}000{n}" for group, last in ((1, 5), (2, 3)) for n in range(1, last + 1)]


def queries(act: object) -> int:
    """Statements of a request, transaction marks of the test itself left out."""
    with CaptureQueriesContext(connection) as seen:
        act()
    return len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]])


def warm(someone: Asker) -> Asker:
    """Past the first request of a session, which stamps it, and past the first look of the hour, which is noted."""
    someone.client.get("/api/v1/me/")
    someone.read()
    return someone


def with_token(world: World, role: str, village: str = VILLAGE) -> Asker:
    sent = {"username": role, "password": PASSWORD}
    token = Client().post("/api/v1/auth/login/", sent, content_type="application/json").json()["token"]
    return Asker(Client(headers={"authorization": f"Token {token}"}), village)


@pytest.mark.parametrize("events", [1, 3])
def test_reading_a_sheet_takes_six_queries(world: World, events: int) -> None:
    cadre = warm(asker(world, Role.CADRE))
    for code in CODES[:events]:
        cadre.record(code)
    assert queries(cadre.read) == 6


@pytest.mark.parametrize("events", [1, 3])
def test_reading_with_a_token_takes_six_queries(world: World, events: int) -> None:
    cadre = warm(with_token(world, Role.CADRE))
    for code in CODES[:events]:
        cadre.record(code)
    assert queries(cadre.read) == 6


def test_reading_an_untouched_sheet_takes_at_most_eight(world: World) -> None:
    by_session, department = warm(asker(world, Role.CADRE)), warm(asker(world, Role.DEPARTMENT))
    assert queries(by_session.read) == 7
    assert queries(department.read) == 8
    assert queries(warm(with_token(world, Role.CADRE)).read) == 7


def test_reading_640_households_takes_as_many_queries_and_60_kilobytes(world: World) -> None:
    big_village()
    county = asker(world, Role.COUNTY_OFFICE, BIG)
    county.read()
    assert queries(county.read) == 7
    response = county.client.get(county.url, headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(response.content))["households"]) == 640
    assert len(response.content) <= 60_000
    assert len(response.content) <= 20_000  # and far below, so that a slow line shows it in three seconds


@pytest.mark.parametrize("number", [1, 3, 8])
def test_sending_exceptions_takes_the_same_queries_however_many(world: World, number: int) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.record(CODES[0], "WR01")
    sent = [add(code) for code in CODES[:number]]
    assert queries(lambda: cadre.send(*sent, base=1)) == 13


def test_ten_exceptions_are_sent_within_the_budget(world: World) -> None:
    """At most 15 queries and 2 KB, also as the first entries of the month and with a token."""
    cadre = with_token(world, Role.CADRE)
    sent = [add(code, clause) for code in CODES[:5] for clause in ("WJ02", "WR02")]
    assert len(json.dumps({"base_version": 0, "ops": sent}, separators=(",", ":"))) <= 2048
    assert queries(lambda: cadre.send(*sent, base=0)) <= 15
    assert Sheet.objects.get(village=VILLAGE).version == 10


@pytest.mark.parametrize("number", [1, 3])
def test_withdrawing_takes_the_same_queries_however_many(world: World, number: int) -> None:
    cadre = asker(world, Role.CADRE)
    events = [cadre.record(code) for code in CODES[:3]]
    assert queries(lambda: cadre.send(*[withdraw(event) for event in events[:number]], base=3)) == 10


@pytest.mark.parametrize("number", [1, 3])
def test_confirming_takes_the_same_queries_however_many(world: World, number: int) -> None:
    events = [asker(world, Role.CADRE).record(code, "WJ04") for code in CODES[:3]]
    supervisor = warm(asker(world, Role.SUPERVISOR))
    assert queries(lambda: supervisor.send(*[op("confirm", event=event) for event in events[:number]])) == 11


@pytest.mark.parametrize("number", [1, 3])
def test_repeating_takes_the_same_queries_however_many(world: World, number: int) -> None:
    cadre = asker(world, Role.CADRE)
    sent = [add(code) for code in CODES[:number]]
    cadre.send(*sent)
    assert queries(lambda: cadre.send(*sent)) == 4


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.DEPARTMENT])
def test_the_page_itself_takes_at_most_six_queries(world: World, role: str) -> None:
    client = world.client(role)
    path = f"/village/sheet/{MONTH}/?village={VILLAGE}"
    client.get(path)
    assert queries(lambda: client.get(path)) <= 6


def test_choosing_a_village_takes_the_same_queries_however_many(world: World) -> None:
    client = warm(asker(world, Role.COUNTY_OFFICE)).client
    client.get("/")  # whether the county is open is asked once
    before = queries(lambda: client.get(f"/village/sheet/{MONTH}/"))
    more = "\n".join(f"{COUNTY}2012{n},新村{n}" for n in range(10, 40))
    assert import_divisions(name="d.csv", data=f"code,name\n{more}\n".encode()).written
    assert queries(lambda: client.get(f"/village/sheet/{MONTH}/")) == before
    assert before <= 5
