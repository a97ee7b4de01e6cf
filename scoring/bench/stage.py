"""Databases of the benchmark's own: made from each other, used one at a time, and gone afterwards."""

import contextlib
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.utils import ProgrammingError

Act = Callable[[], Any]
PATIENCE = 420.0  # seconds; what is begun by then ends within as many again


class Stage:
    """Names are ours; the server sees `dongkou_bench_<process>_<name>`, so nothing that is there already is touched."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.home = str(connection.settings_dict["NAME"])
        self.made: list[str] = []

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *exc: object) -> None:
        self.use(self.home)
        for name in self.made:
            self._drop(name)

    @property
    def elapsed(self) -> float:
        """Seconds since the benchmark began."""
        return time.monotonic() - self.begun

    @property
    def late(self) -> bool:
        """Whether whatever is not needed should be left out: a busy machine must not keep anybody waiting for hours."""
        return self.elapsed > PATIENCE

    def create(self, name: str) -> None:
        """An empty database with the product's tables, in use."""
        self._make(name, "template0")
        self.use(self._full(name))
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)

    def copy(self, name: str, *, of: str) -> None:
        """A copy of a database, in use; one of the same name goes first."""
        self._make(name, self._full(of))
        self.use(self._full(name))

    def enter(self, name: str) -> None:
        """Use a database made earlier."""
        self.use(self._full(name))

    def use(self, full_name: str) -> None:
        """Every connection from now on, in any thread, is to this database."""
        connection.close()
        connection.settings_dict["NAME"] = full_name

    def _make(self, name: str, template: str) -> None:
        connection.close()
        full_name = self._full(name)
        self._drop(full_name)
        self.made.append(full_name)
        self._server(f'CREATE DATABASE "{full_name}" TEMPLATE "{template}"')

    def _drop(self, full_name: str) -> None:
        """Together with whoever is still there; of an autovacuum worker only the plain statement may be rid, which waits for it."""
        try:
            self._server(f'DROP DATABASE IF EXISTS "{full_name}" WITH (FORCE)')
        except ProgrammingError:
            self._server(f'DROP DATABASE IF EXISTS "{full_name}"')

    def _full(self, name: str) -> str:
        return f"dongkou_bench_{os.getpid()}_{name}"

    def _server(self, sql: str) -> None:
        self.use(self.home)
        with connection.cursor() as cursor:
            cursor.execute(sql)
        connection.close()


def duel(stage: Stage, template: str, ours: Act, bare: Act, runs: int) -> tuple[float, float]:
    """Median seconds of both, taking turns, each time in a fresh copy of `template`."""
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    for turn in range(runs):
        if turn and stage.late:
            break
        for side, act in (("ours", ours), ("bare", bare)):
            stage.copy("run", of=template)
            _settle()
            taken[side].append(seconds(act))
    return statistics.median(taken["ours"]), statistics.median(taken["bare"])


def seconds(act: Act) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _settle() -> None:
    """What the copying left to be written is written now, not while somebody is measured."""
    with contextlib.suppress(ProgrammingError), connection.cursor() as cursor:  # a guest of the server may not
        cursor.execute("CHECKPOINT")
