"""The parts of `script/attack`: each says how often it tried, and what came through."""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from dongkou.layout import BASE_DIR
from households.roles import Role
from tests.attack import doors, faults, files, proxied, walking
from tests.attack.visitor import Figure, Person, Target, Visitor
from tests.processes import free_port

READY = re.compile(r"ready: (http://127\.0\.0\.1:\d+)/")
PERSON = re.compile(r"^(\S+)\s+(\w+)\s+([a-z2-9]{5}(?:-[a-z2-9]{5}){2})\s", re.MULTILINE)
DOOR = re.compile(r"(/h/[\w-]+/)\s+(\d{6})\s*$", re.MULTILINE)
ENDED = re.compile(r"(\d+) (passed|failed|error)")
ON_SITE = {  # over HTTP; the doors come last, for they leave limits behind
    "walk": walking.walk,
    "writes": walking.writes,
    "fuzz": walking.fuzz,
    "files": files.files,
    "doors": doors.doors,
}
PROXIED, FAULTS = "proxy", "faults"  # with instances of their own
AS_TESTS = {  # with databases of their own
    "races": (
        "scenes of many at once, each exactly once",
        [
            "tests/rewards/shop/test_races.py",
            "tests/petitions/receptions/test_races.py",
            "tests/petitions/steps/test_races.py",
            "tests/scoring/sheets/test_api_ops_race.py",
        ],
    ),
    "tampering": ("tamperings with the database, noticed by verify", ["tests/attack/test_tampering.py"]),
    "interleavings": (
        "requests side by side, as many again with connections cut: lost or doubled",
        ["tests/rewards/shop/test_interleavings.py", "-m", "long or not long"],
    ),
}


def run(chosen: argparse.Namespace) -> list[Figure]:
    """Every part that was asked for."""
    figures = on_site(chosen) if ON_SITE.keys() & set(chosen.parts) else []
    if PROXIED in chosen.parts:
        figures += behind_a_proxy(chosen)
    if FAULTS in chosen.parts:
        figures += broken()
    for part in (part for part in AS_TESTS if part in chosen.parts):
        figures += as_tests(part, chosen.requests)
    return figures


def table(figures: list[Figure]) -> str:
    """As docs print it."""
    lines = (f"| {one.attack} | {one.tries:,} | {len(one.through)}{told(one.through)} |" for one in figures)
    return "\n".join(["| attack | tries | through |", "|---|---|---|", *lines])


def told(through: list[str]) -> str:
    """The first of what came through."""
    return f": {'; '.join(through[:5])}" if through else ""


def on_site(chosen: argparse.Namespace) -> list[Figure]:
    """The parts that ask an instance over HTTP."""
    found = []
    with instance(chosen) as (base, paper):
        target = target_of(base, paper)
        for part in (part for part in ON_SITE if part in chosen.parts):
            print(f"{part} …", flush=True)
            found += ON_SITE[part](target, random.Random(chosen.seed), chosen.seconds)
    return found


def behind_a_proxy(chosen: argparse.Namespace) -> list[Figure]:
    """The scene before an instance of our own: one that was named has settings of its own."""
    print(f"{PROXIED} …", flush=True)
    data = Path(tempfile.mkdtemp(prefix="dongkou-attacked-"))
    with started(data, "small", **proxied.BEHIND) as (_process, base), proxied.nginx(base) as port:
        paper = (data / "demo-accounts.txt").read_text("utf-8")
        passwords = {name: password for _label, name, password in PERSON.findall(paper)}
        return proxied.scene(port, DOOR.findall(paper), passwords, random.Random(chosen.seed))


def broken() -> list[Figure]:
    """Kills, then a full disk, each with an instance of our own."""
    print(f"{FAULTS} …", flush=True)
    data = Path(tempfile.mkdtemp(prefix="dongkou-attacked-"))
    with started(data, "small") as (process, base):
        figures = faults.killed(faults.Instance(process.pid, port_of(base), data))
    with faults.small_disk() as disk:
        if disk is None:
            return [*figures, Figure("disk full: not tried, only root may make a small disk")]
        with started(disk, "none") as (process, base):
            return [*figures, faults.disk_full(faults.Instance(process.pid, port_of(base), disk))]


def port_of(base: str) -> int:
    return urlsplit(base).port or 80


@contextmanager
def instance(chosen: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Address and accounts: of the one that was named, or of one that is started and goes."""
    if chosen.base:
        yield chosen.base.rstrip("/"), chosen.accounts.read_text("utf-8")
        return
    data = Path(tempfile.mkdtemp(prefix="dongkou-attacked-"))
    with started(data, "small") as (_process, base):
        yield base, (data / "demo-accounts.txt").read_text("utf-8")


@contextmanager
def started(data: Path, demo: str, **settings_given: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """An instance in this folder, which goes afterwards: its process and address."""
    data.chmod(0o711)
    command = [str(BASE_DIR / "script/run"), "--port", str(free_port()), "--data", str(data), "--demo", demo]
    environment = {name: value for name, value in os.environ.items() if name != "DONGKOU_DATA"} | settings_given
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    try:
        yield process, ready(process)
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(data, ignore_errors=True)


def ready(process: "subprocess.Popen[str]") -> str:
    """Wait for the address that the instance prints."""
    lines = process.stdout or ()
    for line in lines:
        if found := READY.search(line):
            return found[1]
    raise SystemExit("演示系统没有启动。")


def target_of(base: str, paper: str) -> Target:
    """Everybody on the sheet of demo accounts, signed in."""
    people, passwords = [], {}
    for _label, name, password in PERSON.findall(paper):
        visitor = Visitor(base)
        visitor.form("/accounts/sign-in/", {"username": name, "password": password})
        me = json.loads(visitor.get("/api/v1/me/").text)
        people.append(Person(name, Role(me["role"]), me["scope"], visitor))
        passwords[name] = password
    return Target(base, people, DOOR.findall(paper), passwords)


def as_tests(part: str, requests: int) -> list[Figure]:
    """A part that stands among the tests; each is a try, of the interleavings each request."""
    attack, named = AS_TESTS[part]
    nodes = [node for node in named if not node.startswith("tests/") or (BASE_DIR / node).exists()]
    if not nodes:
        return []
    print(f"{part} …", flush=True)
    command = [sys.executable, str(BASE_DIR / "script/run_tests.py"), *nodes, "-q", "-p", "no:cacheprovider"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DONGKOU_", "DJANGO_"))}
    environment |= {"TILL_REQUESTS": str(requests), "PYTHONPATH": str(BASE_DIR)}
    done = subprocess.run(command, env=environment, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    counts = {word: int(number) for number, word in ENDED.findall(done.stdout)}
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if done.returncode and not failed:
        failed = [f"no result: {done.stdout[-300:]}"]
    return [Figure(attack, 2 * requests if part == "interleavings" else sum(counts.values()), failed)]
