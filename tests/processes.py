"""Real processes on the test database: the web server, a Celery worker and beat, started as ``script/run`` starts them."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from dongkou import run, servers, signs
from dongkou.layout import BASE_DIR, Layout
from dongkou.programs import find_runner
from dongkou.supervisor import Program
from tests.waiting import until


def environment() -> dict[str, str]:
    """What makes a child use the test database, and the test session's broker."""
    database, given = connection.settings_dict, run.child_environment(settings.LAYOUT, 1)
    if not os.environ.get("DATABASE_URL"):
        place = f"{quote(str(database['HOST']), safe='')}/{database['NAME']}"
        variables = {"application": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "reader": "DATABASE_READER_URL"}
        for role, variable in variables.items():
            given[variable] = f"postgresql://{settings.DATABASE_ROLES[role]['USER']}@{place}"
    given.pop("DONGKOU_ROLE", None)
    given["DONGKOU_PUBLIC_URL"] = settings.PUBLIC_URL  # a plate says the same in every process
    return given


def free_port() -> int:
    """A port of the loopback interface that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(name: str, port: int = 1, log: Path | None = None, **settings_given: str) -> Program:
    """Start one of ``web``, ``worker``, ``beat`` with the product's own command line, and with these in its environment."""
    layout: Layout = settings.LAYOUT
    child = next(child for child in run.children(layout, environment(), port) if child.name == name)
    servers.hand_over(layout, find_runner(layout.postgresql))
    child.log = log or layout.log / f"test-{name}.out"
    child.environment = {**child.environment, "DONGKOU_ONLY_WORKER": "1", **settings_given}
    child.start()
    return child


def end(child: Program) -> None:
    """Stop a child as the supervisor would, and kill it if it does not."""
    if child.process is None:
        return
    child.process.send_signal(child.stop_signal)
    try:
        child.process.wait(15)
    except subprocess.TimeoutExpired:
        pass
    finally:
        child.kill_group()


class Workers:
    """A Celery worker and beat. ``kill`` and ``start`` play a crash."""

    def __init__(self) -> None:
        signs.broker().flushdb()  # messages of earlier tests, for which there was no worker
        self.worker: Program | None = None
        self.beat: Program | None = None

    def start(self) -> None:
        """Start both and wait until the worker takes messages."""
        self.worker, self.beat = start("worker"), start("beat")
        until(lambda: self._alive(self.worker, self.beat) and all(signs.seen().values()), seconds=120)

    def start_worker(self) -> None:
        """Start the worker alone and wait for its sign of life."""
        signs.broker().delete(*map(signs.of_queue, settings.CELERY_QUEUES))
        self.worker = start("worker")
        until(lambda: self._alive(self.worker) and signs.seen()["worker"], seconds=120)

    def _alive(self, *children: Program | None) -> bool:
        """AssertionError with what a child said last when it ended instead of coming up."""
        for child in children:
            assert child is not None
            assert child.alive(), child.log.read_text(encoding="utf-8", errors="replace")[-1000:]
        return True

    def kill_worker(self, number: int = signal.SIGKILL) -> None:
        """End the worker with its pool at once, as a power cut would."""
        assert self.worker is not None
        assert self.worker.process is not None
        os.killpg(self.worker.process.pid, number)
        self.worker.process.wait()

    def end(self) -> None:
        """Stop what still runs: beat, which holds nothing, at once; a worker ends what it is at."""
        if self.beat is not None and self.beat.alive():
            self.beat.kill_group()
        if self.worker is not None and self.worker.alive():
            end(self.worker)


def lapsed(*signs_left: str) -> None:
    """Wait until two renewals of these signs of life are missing, and drop what is left: in as long again they go by themselves."""
    late = 1000 * (signs.LAST_SECONDS - 2 * signs.RENEW_SECONDS)
    until(lambda: all(signs.broker().pttl(sign) < late for sign in signs_left))
    assert -1 not in map(signs.broker().pttl, signs_left), "a sign that never goes"
    signs.broker().delete(*signs_left)


def manage(*words: str, env: dict[str, str] | None = None, **options: object) -> subprocess.CompletedProcess:
    """Run ``manage.py`` as an operator does."""
    command = [sys.executable, str(BASE_DIR / "manage.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=400, **options)


def children_of(pid: int) -> list[int]:
    """Process ids of a process's direct children; of one that has ended none."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def descendants(pid: int) -> list[int]:
    """Process ids of all children below a process."""
    direct = children_of(pid)
    return [*direct, *(below for child in direct for below in descendants(child))]


def lives(pid: int) -> bool:
    """Whether the process runs; one that ended and waits to be read does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
