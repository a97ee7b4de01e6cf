"""Rows that everything reckons with, as this process knows them: read again only when somebody has entered another.

Whether what is kept is still what the database has is asked once in a request or task, of the cache, and only if
somebody looks at all.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from celery.signals import task_prerun
from django.core.cache import cache
from django.core.signals import request_started
from django.db import transaction

from households.replicas.reading import on_primary

NONE = 0  # the version of a table in which nothing stands
_AN_HOUR = 3600
T = TypeVar("T")


class Kept(Generic[T]):
    """What was read last, and whether it was held against the cache since the request began.

    `read` gives the id of the row entered last, or NONE, and what all of them say; `version` is the cache's key for that id.
    """

    def __init__(self, version: str, empty: T, read: Callable[[], tuple[int, T]]) -> None:
        self.key, self.empty, self.read = version, empty, read
        self.version: int | None = None
        self.value = empty
        self.checked = False
        request_started.connect(self.doubt)
        task_prerun.connect(self.doubt)

    def now(self) -> T:
        """What is in force."""
        if not self.checked:
            self._check()
        return self.value

    def doubt(self, **_: object) -> None:
        """A request or a task begins: others may have entered something meanwhile."""
        self.checked = False

    def _check(self) -> None:
        stored = cache.get(self.key)
        if stored == NONE:
            self.version, self.value = NONE, self.empty
        elif stored is None or stored != self.version:
            with on_primary():  # what all processes compare with
                self.version, self.value = self.read()
            cache.add(self.key, self.version, _AN_HOUR)
        self.checked = True

    def spread(self, version: int) -> None:
        """Have every process learn of a new row as soon as the transaction ends."""
        transaction.on_commit(lambda: self._spread(version))

    def _spread(self, version: int) -> None:
        cache.set(self.key, version, _AN_HOUR)
        self.doubt()
