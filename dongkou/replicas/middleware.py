"""Which database answers a request."""

import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from prometheus_client import Counter

from dongkou.replicas import marks
from dongkou.replicas.replica import replicas
from dongkou.training.state import PREFIX
from dongkou.watching.counted import registry
from households.replicas.reading import Elsewhere, Unanswered, reading_from

Handler = Callable[[HttpRequest], HttpResponse]
ONLY_READ = frozenset(("GET", "HEAD"))
RESTED = 60.0  # seconds in which an address that wrote is not tried on a replica again
_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|COPY)\b", re.IGNORECASE)
READS = Counter(
    "dongkou_reads",
    "Requests that only read, by who answered: a replica, or the primary because the client wrote, because no replica is near"
    " enough, because one cancelled it or is gone, or because the address writes.",
    ["by"],
    registry=registry,
)


class Replicas:
    """Stands around everything that asks the database. What cannot be read from a replica is asked of the primary instead."""

    def __init__(self, get_response: Handler) -> None:
        if not settings.DATABASE_REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._wrote: dict[str, float] = {}  # addresses that write though they are only read, until when they rest

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(f"{PREFIX}/"):
            return self.get_response(request)
        if request.method not in ONLY_READ:
            response = self.get_response(request)
            marks.leave(request, response)
            return response
        return self._read(request)

    def _read(self, request: HttpRequest) -> HttpResponse:
        route, by_primary = _route(request)
        if by_primary or self._wrote.get(route, 0.0) > time.monotonic():
            return self._by_primary(request, route, "primary_writes")
        mark = marks.mark_of(request)
        replica = replicas().fit_for(mark)
        if replica is None:
            return self._by_primary(request, route, "primary_own_write" if mark else "primary_behind")
        try:
            with reading_from(replica.connection()):
                response = self.get_response(request)
        except Elsewhere as answer:
            if answer.why is Unanswered.GONE:
                replica.spare()
            return self._by_primary(request, route, f"primary_{answer.why.value}")
        READS.labels("replica").inc()
        return response

    def _by_primary(self, request: HttpRequest, route: str, why: str) -> HttpResponse:
        """What it writes all the same is found by who asks next, and the address left to the primary for a while."""
        READS.labels(why).inc()
        wrote: list[str] = []

        def noticing(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
            if _WRITES.search(str(sql)):
                wrote.append(route)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(noticing):
            response = self.get_response(request)
        if wrote:
            self._wrote[route] = time.monotonic() + RESTED
            marks.leave(request, response)
        return response


def _route(request: HttpRequest) -> tuple[str, bool]:
    """The address by the names of its parts, and whether its view is to be asked once, by the primary."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return "", False
    return match.route, getattr(match.func, "by_primary", False)
