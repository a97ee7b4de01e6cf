"""While the schema is brought up to date people get a page that says so, and afterwards no older program writes into it.

Whoever migrates holds an advisory lock. Each web process looks for it once a second, on a connection of its own; when it is let go
and the database knows migrations that this program does not, the process serves nobody any more until it is exchanged.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import psycopg2
from django.db import connection, connections

from dongkou.lacking import MIGRATING, OUTDATED
from dongkou.limits import probing

LOCK = (430525, 1)
LOOK_SECONDS = 1.0
_HELD = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2)"
)
_HAD = "SELECT app || '.' || name FROM django_migrations WHERE app = ANY (%s)"


@contextlib.contextmanager
def maintenance() -> Iterator[None]:
    """For the length of a block web processes answer 503. Two who migrate at once do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)


class Watchman:
    """Looks once a second; `state` is why nobody is served now, empty when everybody is."""

    def __init__(self) -> None:
        self.state = ""
        self._line: Any = None
        self._stopped = threading.Event()

    def begin(self) -> None:
        """In a thread that ends with the process."""
        threading.Thread(target=self._watch, name="maintenance", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self.look()
            except psycopg2.Error:  # the database is away: requests find out themselves
                self._line = None

    def look(self) -> None:
        """Once. Raises psycopg2.Error."""
        from dongkou.guards import known_migrations  # noqa: PLC0415 (it knows models)

        if self._line is None or self._line.closed:
            self._line = psycopg2.connect(**probing(connections["default"].get_connection_params()))
            self._line.autocommit = True
        with self._line.cursor() as cursor:
            cursor.execute(_HELD, LOCK)
            [held] = cursor.fetchone()
            if held:
                self.state = MIGRATING
            elif self.state:
                known = known_migrations()
                cursor.execute(_HAD, [sorted({name.partition(".")[0] for name in known})])
                newer = {name for (name,) in cursor.fetchall()} - known
                self.state = OUTDATED if newer else ""


watchman = Watchman()
