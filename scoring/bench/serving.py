"""Requests a second of the household page behind a plate, served as the product is, against a bare view."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client

from households.models import Household
from households.months import Month
from households.plates.actions.pins import used_before
from households.plates.actions.plates import issue_plate
from households.sql import column, counted
from scoring.bench.results import Result

VISITORS = 4
ROUNDS = 5
START = 30.0  # seconds
STOP = 8.0
# The command line of the product's web server, see dongkou.run.
GRANIAN = (
    "--interface",
    "wsgi",
    "--host",
    "127.0.0.1",
    "--workers",
    "2",
    "--blocking-threads",
    "4",
    "--http",
    "1",
    "--no-ws",
)
PRODUCT, BARE = "dongkou.wsgi:application", "scoring.bench.bare_site:application"


def plate_jobs(month: Month, lasting: float) -> list[Result]:
    """The opened page of a household with events, over and over by a few visitors, for `lasting` seconds on each side."""
    code = _busiest(month)
    plate, _printed = issue_plate(household=Household.objects.get(code=code), by=None)
    pin = used_before(plate=plate)
    address = f"/h/{plate.token}/"
    visitor = Client(HTTP_HOST="127.0.0.1")
    visitor.post(address, {"pin": pin})
    with counted() as sent:
        assert code[-4:] in visitor.get(address).content.decode()
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in visitor.cookies.items())
    ours, bare, barest = _served(address, cookie, lasting)
    told = f"{len(sent)} 次查询，{ours:.0f} 次/秒"
    met = len(sent) <= 8 and ours / bare >= 0.5
    return [
        Result("户牌页面", told, f"{bare:.0f} 次/秒 空视图", f"{ours / bare:.2f}", "≤ 8 次，≥ 0.5", met),
        Result("户牌页面", told, f"{barest:.0f} 次/秒 空视图，无中间件", f"{ours / barest:.2f}", "仅供参考", None),
    ]


def _busiest(month: Month) -> str:
    """A household with something to show."""
    found = column(
        "SELECT code FROM scoring_scoreevent WHERE period_id = %s AND length(code) = 18 ORDER BY code LIMIT 1", [month]
    )
    return str(found[0])


def _served(address: str, cookie: str, lasting: float) -> list[float]:
    """Requests a second of the product, of the bare view, and of that without middleware; they take turns."""
    sides = ((PRODUCT, "1"), (BARE, "1"), (BARE, "0"))
    pages = [0] * len(sides)
    with contextlib.ExitStack() as servers:
        ports = [servers.enter_context(_server(target, middleware)) for target, middleware in sides]
        for port in ports:
            _visited(port, address, cookie, min(1.0, lasting))
        for _ in range(ROUNDS):
            for side, port in enumerate(ports):
                pages[side] += _visited(port, address, cookie, lasting / ROUNDS)
    return [answered / lasting for answered in pages]


def _visited(port: int, address: str, cookie: str, lasting: float) -> int:
    """How many pages a few visitors get at the same time."""
    until = time.monotonic() + lasting
    with ThreadPoolExecutor(VISITORS) as visitors:
        return sum(visitors.map(lambda _: _visit(port, address, cookie, until), range(VISITORS)))


def _visit(port: int, address: str, cookie: str, until: float) -> int:
    """One visitor on one connection; how many pages they got."""
    browser = http.client.HTTPConnection("127.0.0.1", port, timeout=START)
    pages = 0
    while time.monotonic() < until:
        browser.request("GET", address, headers={"Cookie": cookie})
        answer = browser.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        pages += 1
    browser.close()
    return pages


@contextlib.contextmanager
def _server(target: str, middleware: str) -> Iterator[int]:
    """Granian with the database in use, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), "--log-level", "error", target]
    process = subprocess.Popen(
        command,
        env=_environment() | {"BARE_MIDDLEWARE": middleware},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP)
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    """What makes the server use the benchmark's database."""
    at = connection.settings_dict
    secret = f":{quote(str(at['PASSWORD']), safe='')}" if at.get("PASSWORD") else ""
    port = f":{at['PORT']}" if at.get("PORT") else ""
    address = f"postgresql://{at['USER']}{secret}@{quote(str(at['HOST']), safe='')}{port}/{at['NAME']}"
    ours = {"DATABASE_URL": address, "DONGKOU_DATABASE_ROLE": "application", "DONGKOU_ROLE": "bench"}
    return {**os.environ, **ours, "PYTHONPATH": str(settings.BASE_DIR)}


def _wait(port: int) -> None:
    deadline = time.monotonic() + START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
