"""``GET /healthz``: are database, broker, worker and beat alive? Design section 13."""

import contextlib
import shutil
import threading
import time
from concurrent.futures import Future
from typing import Any

import psycopg2
import redis
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dongkou import servers, signs
from dongkou.brokers import rabbitmq_answers
from dongkou.lacking import DISK, lacking
from dongkou.limits import probing
from households.audience import public
from households.clock import doubts

WAIT_SECONDS = 1.8
PARTS = ("database", "broker", "worker", "beat")
LEAST_FREE = 16 * 1024 * 1024  # bytes of disk: below that, tables that have to grow do not
# Not only whether it answers, but whether it takes what is written.
WRITE = """
    INSERT INTO households_keptmoment (name, at) VALUES ('probe', clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET at = excluded.at
"""
FULL = "cannot write: the disk is full or read-only"
Answers = dict[str, bool]
Told = tuple[Answers, dict[str, str]]


@public
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when all parts live, else 503 naming those that do not. Answers within two seconds whatever hangs."""
    answers, reasons = _shared.told()
    failing = [part for part in PARTS if answers.get(part) is False]
    if not failing:
        return JsonResponse({"status": "ok", **dict.fromkeys(PARTS, "ok"), **reasons})
    words = {True: "ok", False: "fail", None: "unknown"}
    states = {part: words[answers.get(part)] for part in PARTS}
    return JsonResponse({"status": "fail", "failing": failing, **states, **reasons}, status=503)


class Shared:
    """Whoever comes while somebody asks is told the same: many probes at once cost no more than one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asking: Future[Told] | None = None

    def told(self) -> Told:
        """What the parts answer now."""
        with self.lock:
            ours = self.asking
            mine: Future[Told] = ours or Future()
            self.asking = mine
        if ours is None:
            try:
                mine.set_result(ask_all())
            except BaseException as trouble:
                mine.set_exception(trouble)
                raise
            finally:
                with self.lock:
                    self.asking = None
        return mine.result()


_shared = Shared()


def ask_all() -> Told:
    """Ask the database and the broker at the same time. A part that cannot be known (the broker is down) is left out.

    Each question has a thread of its own, because a frozen server does not answer; both questions end by their own
    time limits soon after, so threads do not pile up.
    """
    parameters = connections["default"].get_connection_params()
    answers: Answers = {"database": False, "broker": False}
    reasons: dict[str, str] = {}
    asking = [
        threading.Thread(target=ask_database, args=(parameters, answers, reasons), daemon=True),
        threading.Thread(target=ask_broker, args=(answers, reasons), daemon=True),
    ]
    deadline = time.monotonic() + WAIT_SECONDS
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(answers), dict(reasons)


def ask_database(parameters: dict[str, Any], answers: Answers, reasons: dict[str, str]) -> None:
    """A connection of its own: the request's one may be kept alive by a server that takes no new ones."""
    try:
        with contextlib.closing(psycopg2.connect(**probing(parameters))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(WRITE)
                cursor.execute(doubts.STATE)
                now, known = cursor.fetchone()
        if why := doubts.judge(now, known, timezone.now()).why:
            reasons["clock"] = why
        answers["database"] = writes = has_room()
    except psycopg2.Error as trouble:
        answers["database"], writes = False, lacking(trouble) != DISK
    if not writes:
        reasons["reason"] = FULL


def has_room() -> bool:
    """Whether the disk of the embedded database can take more; of an external one only its own errors tell."""
    return not servers.needed().postgresql or shutil.disk_usage(settings.LAYOUT.home).free >= LEAST_FREE


def ask_broker(answers: Answers, reasons: dict[str, str]) -> None:
    """The broker, and the signs that workers left for their queues, and beat for itself."""
    try:
        signs_seen, unserved = signs.seen(), signs.unserved()
        answers["broker"] = not settings.AMQP_URL or rabbitmq_answers()
    except redis.RedisError:
        answers["broker"] = False
    else:
        answers.update(signs_seen)
        if unserved:
            reasons["queues"] = ",".join(unserved)
