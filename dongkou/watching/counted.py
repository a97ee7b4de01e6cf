"""Requests as they are counted: how many by group of addresses and status, and how long they took.

All processes of one web server count into files of a folder of theirs (`prometheus_client`'s way with several processes), so
each of them answers for all. Nothing of an address but its fixed first words is counted.
"""

import os
import re

from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from dongkou.watching.folder import FOLDER

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_FIXED = re.compile(r"[a-z][a-z-]*")
_ALONE = {"/healthz": "healthz", "/metrics": "metrics"}

registry = CollectorRegistry(auto_describe=True)
REQUESTS = Counter(
    "dongkou_requests", "Requests answered, by group of addresses.", ["group", "method", "status"], registry=registry
)
SECONDS = Histogram(
    "dongkou_request_seconds", "Seconds until the answer.", ["group"], buckets=BUCKETS, registry=registry
)


def note(request: HttpRequest, status: int, seconds: float) -> None:
    """One request was answered."""
    group = group_of(request)
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(group, method, str(status)).inc()
    SECONDS.labels(group).observe(seconds)


def group_of(request: HttpRequest) -> str:
    """The first fixed word of its route, of the interface the first behind ``api``; never a word that a client chose."""
    if alone := _ALONE.get(request.path_info):
        return alone
    if request.path_info.startswith("/static/"):
        return "static"
    match = request.resolver_match
    if match is None:
        return "none"
    words = [word for word in str(match.route).split("/") if word]
    if not words:
        return "home"
    if words[0] == "api":
        return f"api-{words[2]}" if len(words) > 2 and _FIXED.fullmatch(words[2]) else "api"
    return words[0] if _FIXED.fullmatch(words[0]) else "other"


def counters() -> CollectorRegistry:
    """What all processes of this web server counted."""
    if not os.environ.get(FOLDER):
        return registry
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together
