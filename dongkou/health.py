"""``GET /healthz``: are database, broker, worker and beat alive? Design section 13."""

import contextlib
import threading
import time
from typing import Any

import psycopg2
import redis
from django.db import connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dongkou import signs
from households.audience import public

WAIT_SECONDS = 1.8
PARTS = ("database", "broker", "worker", "beat")
Answers = dict[str, bool]


@public
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when all parts live, else 503 naming those that do not. Answers within two seconds whatever hangs."""
    answers = ask_all()
    failing = [part for part in PARTS if answers.get(part) is False]
    if not failing:
        return JsonResponse({"status": "ok", **dict.fromkeys(PARTS, "ok")})
    words = {True: "ok", False: "fail", None: "unknown"}
    states = {part: words[answers.get(part)] for part in PARTS}
    return JsonResponse({"status": "fail", "failing": failing, **states}, status=503)


def ask_all() -> Answers:
    """Ask the database and the broker at the same time. A part that cannot be known (the broker is down) is left out.

    Each question has a thread of its own, because a frozen server does not answer; both questions end by their own
    time limits soon after, so threads do not pile up.
    """
    settings = connections["default"].get_connection_params()
    answers: Answers = {"database": False, "broker": False}
    asking = [
        threading.Thread(target=ask_database, args=(settings, answers), daemon=True),
        threading.Thread(target=ask_broker, args=(answers,), daemon=True),
    ]
    deadline = time.monotonic() + WAIT_SECONDS
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(answers)


def ask_database(settings: dict[str, Any], answers: Answers) -> None:
    """A connection of its own: the request's one may be kept alive by a server that takes no new ones."""
    try:
        with (
            contextlib.closing(psycopg2.connect(**settings | {"connect_timeout": 2})) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1")
            answers["database"] = cursor.fetchone() == (1,)
    except psycopg2.Error:
        answers["database"] = False


def ask_broker(answers: Answers) -> None:
    """The broker, and through it the signs that worker and beat left."""
    try:
        signs_seen = signs.seen()
    except redis.RedisError:
        answers["broker"] = False
    else:
        answers.update(signs_seen, broker=True)
