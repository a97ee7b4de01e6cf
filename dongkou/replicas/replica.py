"""The replicas that the settings name, and what this process knows of them."""

import contextlib
import itertools
import threading
import time
from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.utils import DEFAULT_DB_ALIAS

from dongkou.replicas.lag import LagHistory
from households.replicas.reading import Elsewhere, ReadingConnection
from households.sql import column

ASKED_EVERY = 1.0  # seconds between two looks of a process at a replica
ANYTHING = 2**62  # a position behind every one: the primary reads
SPARED = 10.0  # seconds in which one that did not answer is left alone
_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
_REPLAYED = """
    SELECT pg_is_in_recovery(), pg_wal_lsn_diff(coalesce(pg_last_wal_replay_lsn(), '0/0'), '0/0')::bigint
"""


def written() -> int:
    """Position in the primary's log behind everything that is committed by now."""
    (position,) = column(_WRITTEN)
    return int(position)


class Replica:
    """One of them. Each thread has a connection of its own; what is known of it is the process's."""

    def __init__(self, named: dict[str, Any]) -> None:
        self._named = named
        self._own = threading.local()
        self._asking = threading.Lock()
        self._again = 0.0
        self._history = LagHistory()
        self.replayed = -1  # the position it had reached when it was asked last; -1 while it does not answer
        self.complete_until: float | None = None

    def connection(self) -> ReadingConnection:
        """This thread's, looked after as Django does its own at the beginning of a request."""
        known: ReadingConnection | None = getattr(self._own, "connection", None)
        if known is None:
            named = deepcopy(connection.settings_dict) | deepcopy(self._named)
            known = self._own.connection = ReadingConnection(named, alias=DEFAULT_DB_ALIAS)
        known.close_if_unusable_or_obsolete()
        return known

    def close(self) -> None:
        """This thread's connection."""
        if known := getattr(self._own, "connection", None):
            known.close()

    def look(self) -> None:
        """Ask it how far it is, unless somebody did a moment ago or does so now."""
        if time.monotonic() < self._again or not self._asking.acquire(blocking=False):
            return
        try:
            self._look()
        finally:
            self._asking.release()

    def _look(self) -> None:
        moment = time.monotonic()
        self._history.note(moment, written())
        self._again = moment + ASKED_EVERY
        self._ask()

    def _ask(self) -> None:
        follows, replayed = False, 0
        with contextlib.suppress(Elsewhere, DatabaseError), self.connection().cursor() as cursor:
            cursor.execute(_REPLAYED)
            follows, replayed = cursor.fetchone()
        if follows:
            self.replayed = int(replayed)
            self.complete_until = self._history.complete_until(self.replayed)
        else:  # it does not answer; or it was made a primary, and is none any more
            self.spare()

    def has(self, mark: int) -> bool:
        """Whether it has replayed so far by now; it is asked only when it had not a moment ago."""
        if 0 <= self.replayed < mark < ANYTHING:
            self._ask()
        return self.replayed >= mark

    def spare(self) -> None:
        """It does not answer: leave it alone for a while."""
        self._again, self.replayed, self.complete_until = time.monotonic() + SPARED, -1, None

    def behind(self) -> float | None:
        """Seconds; at most so much that was committed before is missing. None when it does not answer, or nobody can say."""
        return None if self.complete_until is None else time.monotonic() - self.complete_until


class ReplicaSet:
    """All of them, taken in turn."""

    def __init__(self, replicas: Sequence[Replica]) -> None:
        self.replicas = replicas
        self._turn = itertools.count()

    def fit_for(self, mark: int) -> Replica | None:
        """The next one that is within the bound and has everything up to this position of the log."""
        first = next(self._turn)
        for number in range(len(self.replicas)):
            replica = self.replicas[(first + number) % len(self.replicas)]
            replica.look()
            behind = replica.behind()
            if behind is not None and behind <= settings.REPLICA_LAG_SECONDS and replica.has(mark):
                return replica
        return None


@cache
def replicas() -> ReplicaSet:
    """This process's."""
    return ReplicaSet([Replica(named) for named in settings.DATABASE_REPLICAS])
