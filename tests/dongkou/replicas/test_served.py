"""Real web servers between primary and replica, under a mixed load, with the replica taken away in its middle."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import pytest

from dongkou.replicas.replica import replicas
from households.accounts.actions.tokens import issue
from households.plates.actions.plates import issue_plate
from scoring.checks.verify import verify
from tests.dongkou.replicas.standby import Standby, standby
from tests.dongkou.serving.hosts import Host, asked, comes_up, health, host
from tests.processes import free_port
from tests.scoring.points.asking import add
from tests.world import MONTH, VILLAGE, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
READERS, ROUNDS = 5, 30
SHEET = f"/api/v1/sheets/{MONTH}/{VILLAGE}/"


@pytest.fixture
def other(world: World) -> Iterator[Standby]:
    with standby() as one:
        yield one


@pytest.fixture
def one(other: Standby) -> Iterator[Host]:
    with host(DATABASE_REPLICA_URL=other.url) as found:
        yield found


def reads(port: int) -> dict[str, int]:
    """By who answered, as the server counts."""
    with_ = HTTPConnection("127.0.0.1", port, timeout=60)
    with_.request("GET", "/metrics")
    text = with_.getresponse().read().decode()
    with_.close()
    return {by: int(float(value)) for by, value in re.findall(r'dongkou_reads_total{by="(\w+)"} (\S+)', text)}


def test_replica_takes_the_reads_and_nobody_misses_it(one: Host, other: Standby, world: World) -> None:
    port, token = free_port(), issue(user=world.people["cadre"])[0]
    plate, _printed = issue_plate(household=world.household, by=None)
    one.serve("web", "--listen", str(port), "--processes", "2")
    comes_up(one, lambda: health(port)[1].get("database"))
    half = threading.Event()

    def write(_client: int) -> list[Any]:
        told = []
        for number in range(ROUNDS):
            sent = {"base_version": None, "ops": [add(f"{VILLAGE}01000{number % 5 + 1}", again=True)]}
            status, answer = asked(port, token, "POST", f"{SHEET}ops/", sent)
            known, sheet = asked(port, token, "GET", SHEET, None)
            event = answer["results"][0]["event"]
            told += [status, known, *([] if event in [each["id"] for each in sheet["events"]] else [f"{event} missed"])]
            if number == ROUNDS // 2:
                half.set()
        return told

    def read(client: int) -> list[Any]:
        pages = ("/", "/rankings/", "/petitions/", f"/h/{plate.token}/", "/rules/")
        return [asked(port, "", "GET", pages[(client + number) % 5], None)[0] for number in range(ROUNDS * 2)]

    with ThreadPoolExecutor(READERS + 1) as clients:
        writing = clients.submit(write, 0)
        reading = [clients.submit(read, client) for client in range(READERS)]
        half.wait(120)
        before = reads(port)
        other.kill()
        told = [status for each in (writing, *reading) for status in each.result()]
    assert set(told) <= {200, 302}, one.said()  # /rankings/ leads to the newest month
    assert before["replica"] >= 0.9 * sum(before.values()), before
    assert reads(port).get("primary_gone", 0) + reads(port).get("primary_behind", 0) > 0
    assert verify() == []
    replicas.cache_clear()
