"""Two people at once: threads with database connections of their own, stopped at a gate in the middle of a statement.

A gate is an advisory lock that the test holds. `gated` makes a statement of the product wait there after it has taken its
snapshot of the database, the way a slow statement would; only sessions that asked for it wait.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from households.sql import rows, run
from tests.waiting import until

GATE = 7_041_776
_WAIT = f"(SELECT CASE WHEN current_setting('test.gate', true) = 'on' THEN pg_advisory_xact_lock({GATE})::text END)"
_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def gated(sql: str, at: str = "WHERE ") -> str:
    """The statement, held up at the gate where it first looks for rows, or at the condition that begins like this."""
    held = at.replace("WHERE ", f"WHERE {_WAIT} IS DISTINCT FROM 'never' AND ", 1)
    assert at in sql, "a gate that nobody passes"
    return sql.replace(at, held, 1)


class OtherSession(threading.Thread):
    """Someone else at work. `join` hands on what went wrong there; `pid` is their database session."""

    def __init__(self, act: Callable[[], Any], *, at_gate: bool = False) -> None:
        super().__init__(daemon=True)
        self.act, self.at_gate = act, at_gate
        self.pid = 0
        self.result: Any = None
        self.trouble: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            [(self.pid,)] = rows("SELECT pg_backend_pid()")
            run("SELECT set_config('test.gate', %(on)s, false)", {"on": "on" if self.at_gate else "off"})
            self.result = self.act()
        except Exception as trouble:
            self.trouble = trouble
        finally:
            connection.close()

    def finish(self, seconds: float = 30) -> Any:
        """Wait for them; their result, or their trouble raised here."""
        self.join(seconds)
        assert not self.is_alive(), "the rival never finished"
        if self.trouble:
            raise self.trouble
        return self.result


@contextmanager
def gate() -> Iterator[Callable[[], None]]:
    """The gate, closed; call what it gives to open it."""
    run("SELECT pg_advisory_lock(%(gate)s)", {"gate": GATE})
    closed = [True]

    def open_it() -> None:
        if closed:
            closed.clear()
            run("SELECT pg_advisory_unlock(%(gate)s)", {"gate": GATE})

    try:
        yield open_it
    finally:
        open_it()


def somebody_waits(number: int = 1) -> None:
    """Return once so many sessions wait for an advisory lock: at the gate, or behind a lock of the product."""
    until(lambda: rows(_WAITING)[0][0] >= number)


def held_up(rival: OtherSession) -> bool:
    """Whether they wait for any lock at all right now."""
    return bool(rows("SELECT pg_blocking_pids(%(pid)s) <> '{}'", {"pid": rival.pid})[0][0])


def kill(rival: OtherSession) -> None:
    """End their database session in the middle of what it does."""
    run("SELECT pg_terminate_backend(%(pid)s)", {"pid": rival.pid})
    rival.join(60)
