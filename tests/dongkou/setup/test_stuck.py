"""What is stuck or away for a while stops nobody else, and is told for what it is."""

import http.client
import json
import logging
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2
import pytest
import redis
from django.conf import settings
from django.core.cache import cache, caches
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from knox.models import AuthToken

from dongkou import errors, gates, signs
from dongkou.gates import Full, Gate
from dongkou.lacking import BROKER, BUSY, DATABASE, DISK, lacking
from dongkou.limits import PAGES
from dongkou.logs import worth_a_line
from households.confirming import own_password
from households.models import Plate
from households.roles import Role
from scoring.models import ScoreEvent
from tests.plates import own_plate
from tests.scoring.points.asking import add
from tests.waiting import until
from tests.world import MONTH, PASSWORD, VILLAGE, World

FIRST = f"{VILLAGE}010001"
SHEET = f"/village/sheet/{MONTH}/"
REFUSE = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{}'; END $$"


def ask(site: str, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of one answer of the running site."""
    line = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
    try:
        line.request(method, path, body.encode() or None, {"Content-Type": "application/json", **headers})
        answer = line.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())
    finally:
        line.close()


def signed_in(world: World) -> dict[str, str]:
    cookies = world.client(Role.CADRE).cookies
    return {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())}


def raised(code: str) -> BaseException:
    """What Django raises when the database answers with this code."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REFUSE.format(code))
    return caught.value


# Who waits behind whom


def test_gate_lets_in_whoever_finds_room_in_time() -> None:
    gate = Gate(1, patience=60)
    entered, leave = Event(), Event()

    def stay() -> None:
        with gate.passed():
            entered.set()
            leave.wait(60)

    with ThreadPoolExecutor(1) as others:
        others.submit(stay)
        assert entered.wait(60)
        leave.set()
        with gate.passed():
            assert gate.inside == 1
    assert gate.inside == 0


def test_nobody_waits_behind_what_does_not_move() -> None:
    gate = Gate(1, patience=0.01)
    with gate.passed():
        for _ in range(3):
            with pytest.raises(Full), gate.passed():
                pass
    with gate.passed():
        assert gate.inside == 1


def test_gate_is_left_also_by_what_fails() -> None:
    gate = Gate(1, patience=0.01)
    with pytest.raises(LookupError), gate.passed():
        raise LookupError
    assert gate.inside == 0


def test_threads_are_left_over_for_probes() -> None:
    assert gates.WRITING < gates.INSIDE < gates.THREADS


# What an error says


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "away"),
    [
        ("53100", DISK),
        ("25006", DISK),
        ("55P03", BUSY),
        ("57014", BUSY),
        ("40P01", BUSY),
        ("57P01", DATABASE),
        ("57P03", DATABASE),
        ("08006", DATABASE),
        ("23505", ""),
        ("42P01", ""),
    ],
)
def test_code_of_the_database_says_what_is_away(code: str, away: str) -> None:
    assert lacking(raised(code)) == away


def test_server_that_cannot_be_reached_is_away() -> None:
    with pytest.raises(psycopg2.OperationalError) as caught:
        psycopg2.connect(host="/nonexistent", dbname="x")
    assert lacking(caught.value) == DATABASE


def test_our_own_fault_is_not_taken_for_one_of_the_servers() -> None:
    assert lacking(LookupError()) == ""
    assert lacking(OSError(2, "no such file")) == ""
    assert lacking(OSError(28, "no space left")) == DISK
    assert lacking(redis.ConnectionError()) == BROKER


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "words"), [("57P01", "数据库暂时没有回应"), ("53100", "只能看，不能改"), ("55P03", "别人占着")]
)
def test_page_says_what_is_away_and_when_to_come_again(code: str, words: str) -> None:
    try:
        raise raised(code)
    except DatabaseError:
        page, api = (errors.server_error(RequestFactory().post(path)) for path in ("/x/", "/api/v1/x/"))
    assert (page.status_code, api.status_code) == (503, 503)
    assert page["Retry-After"] == api["Retry-After"] == str(errors.AGAIN_SECONDS)
    assert words in page.content.decode()
    assert words in json.loads(api.content)["detail"]


@pytest.mark.django_db
def test_database_that_is_away_costs_one_line_of_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    def away(execute: Callable, _sql: str, _values: object, many: bool, context: object) -> object:
        return execute(REFUSE.format("57P01"), None, False, context)

    client = world.client()
    client.raise_request_exception = False
    with caplog.at_level(logging.INFO), connection.execute_wrapper(away):
        assert client.get("/rules/").status_code == 503
    told = [record for record in caplog.records if "away" in str(record.msg) or "request" in record.name]
    lines = [record for record in told if record.name == "dongkou.request"]
    assert [record.msg["lacks"] for record in lines] == [DATABASE]
    assert [record for record in told if worth_a_line(record) and record not in lines] == []


# The running site


@contextmanager
def sheet_held(world: World) -> Iterator[None]:
    """A psql that somebody forgot in the middle of a transaction."""
    parameters = connection.get_connection_params() | {"options": ""}
    forgotten = psycopg2.connect(**parameters)
    try:
        with forgotten.cursor() as cursor:
            cursor.execute("SELECT 1 FROM scoring_sheet WHERE village_id = %s FOR UPDATE", [VILLAGE])
            assert cursor.fetchone()
        yield
    finally:
        forgotten.close()


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return int(cursor.fetchone()[0])


def click(site: str, token: str) -> tuple[int, str, dict[str, str]]:
    """One event on the first household."""
    body = json.dumps({"base_version": 0, "ops": [add(FIRST)]})
    return ask(site, f"/api/v1/sheets/{MONTH}/{VILLAGE}/ops/", "POST", body, Authorization=f"Token {token}")


def test_a_forgotten_lock_stops_nobody_else(live_site: str, world: World) -> None:
    world.sheet()
    token = AuthToken.objects.create(world.user(Role.CADRE))[1]
    clicks: list[Future] = []
    with ThreadPoolExecutor(20) as people, sheet_held(world):
        clicks += [people.submit(click, live_site, token) for _ in range(20)]
        until(lambda: waiting() >= gates.WRITING)
        assert ask(live_site, "/healthz")[0] in (200, 503)
        assert "积分" in ask(live_site, "/rules/")[1]
        assert "东山村" in ask(live_site, SHEET, **signed_in(world))[1]
        answers = [one.result(60) for one in clicks]
    assert {status for status, _, _ in answers} == {503}
    assert all(headers["retry-after"] for _, _, headers in answers)
    assert not ScoreEvent.objects.exists()
    assert click(live_site, token)[0] == 200
    assert ScoreEvent.objects.count() == 1


@pytest.mark.django_db
def test_pages_wait_for_a_lock_a_few_seconds_only(live_site: str) -> None:
    with (
        psycopg2.connect(**connection.get_connection_params() | {"options": PAGES.options()}) as web,
        web.cursor() as c,
    ):
        c.execute("SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')")
        assert c.fetchone() == ("5s", "5min")


@contextmanager
def broker_frozen() -> Iterator[None]:
    """The broker's process stands still and answers nobody; afterwards the cache is asked again before anything else goes on."""
    pid = int(signs.broker().info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
        until(cache_keeps)


def cache_keeps() -> bool:
    cache.set("kept-again", 1)
    return cache.get("kept-again") == 1


def test_pages_go_on_while_the_broker_is_frozen(live_site: str, world: World) -> None:
    staff = signed_in(world)
    with broker_frozen(), ThreadPoolExecutor(8) as people:
        pages = list(people.map(lambda _: ask(live_site, SHEET, **staff)[:2], range(8)))
        assert [status for status, _ in pages] == [200] * 8
        assert all("东山村" in text for _, text in pages)
        assert '"broker": "fail"' in ask(live_site, "/healthz")[1]
        assert ask(live_site, "/rules/")[0] == 200


def test_pins_are_not_changed_when_they_cannot_be_printed(world: World) -> None:
    plate, _pin = own_plate(world.household)
    hangs, person = Plate.objects.filter(pk=plate.pk).values(), world.client(Role.CADRE)
    before = hangs.get()
    address = reverse("new-plate-pin", args=[world.household.code])
    with broker_frozen():
        answer = person.post(address, {"op_id": str(uuid4())})
    assert (answer.status_code, hangs.get()) == (503, before)
    assert "原来的密码仍然有效" in answer.content.decode()
    assert person.post(address, {"op_id": str(uuid4())}).status_code == 302
    assert hangs.get() != before


def test_people_sign_in_while_the_broker_is_frozen(world: World) -> None:
    person, account = Client(), {"username": Role.CADRE}
    with broker_frozen():
        assert person.post("/accounts/sign-in/", account | {"password": "wrong"}).status_code == 200
        assert person.post("/accounts/sign-in/", account | {"password": PASSWORD}).url == "/"
        assert "东山村" in person.get("/").content.decode()


def test_wrong_password_in_an_open_session_is_told_while_the_broker_is_frozen(world: World) -> None:
    request = RequestFactory().post("/")
    request.user, request.session = world.user(Role.COUNTY_OFFICE), {}
    with broker_frozen():
        assert own_password.is_own(request, "wrong") is False
        assert own_password.is_own(request, PASSWORD) is True


def test_cache_that_is_away_is_as_an_empty_one(db: None) -> None:
    cache.set("kept", 1)
    with broker_frozen():
        assert cache.get("kept", "none") == "none"
        assert cache.add("other", 1) is False
        assert cache.get_many(["kept"]) == {}
        with pytest.raises(ValueError, match="counted"):
            cache.incr("counted")


def test_a_session_that_ended_is_not_remembered_for_long() -> None:
    remembered = caches[settings.SESSION_CACHE_ALIAS].get_backend_timeout
    assert [remembered(seconds) for seconds in (None, 3600, 5, 0)] == [60, 60, 5, 0]
