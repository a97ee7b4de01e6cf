"""How many requests one process works on at a time, so that some that are stuck never hold every thread.

A thread beyond those is free for `healthz`, and to say 503 to whoever would only wait behind what does not move.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from django.http import HttpRequest, HttpResponse

from dongkou.errors import unavailable
from dongkou.maintenance import watchman

INSIDE = 8  # requests of one process at work
WRITING = 5  # of these, ones that change something: what waits for a lock leaves room for readers
THREADS = 16  # of one process; those that wait at a gate hold no connection to the database
PATIENCE = 3.0  # seconds; a crowd that moves is waited in, one that has not moved for as long is not
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))


class Full(Exception):
    """Nobody has come or gone for too long."""


class Gate:
    """Lets so many in at a time."""

    def __init__(self, most: int, patience: float = PATIENCE) -> None:
        self.most, self.patience = most, patience
        self.inside = 0
        self._moved = threading.Condition()
        self._last = time.monotonic()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Inside for the length of a block. Raises Full instead of waiting behind others that are stuck."""
        with self._moved:
            stuck = time.monotonic() - self._last > self.patience
            wait = 0.0 if stuck else self.patience
            if not self._moved.wait_for(lambda: self.inside < self.most, wait):
                raise Full
            self._step(1)
        try:
            yield
        finally:
            with self._moved:
                self._step(-1)
                self._moved.notify()

    def _step(self, by: int) -> None:
        self.inside += by
        self._last = time.monotonic()


everybody, writers = Gate(INSIDE), Gate(WRITING)


class Entrance:
    """Stands behind the answer to probes and before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if watchman.state:
            return unavailable(request, watchman.state)
        with ExitStack() as held:
            try:
                for gate in (everybody,) if request.method in SAFE else (writers, everybody):
                    held.enter_context(gate.passed())
            except Full:
                return unavailable(request, "busy")
            return self.get_response(request)
