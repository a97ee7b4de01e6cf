"""What is worked out when somebody asks: from database, broker, disk and backups, so every web process says the same.

A part that does not answer is told as such, and the rest all the same. No label holds more than a name of our own.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import redis
from celery.schedules import maybe_schedule
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric

from dongkou import brokers, signs
from dongkou.backup.actions import last_copy, last_drill
from dongkou.beat import last_runs
from dongkou.growth.measuring import measured
from dongkou.replicas.replica import replicas
from dongkou.schedule import SCHEDULE
from households.models import AlarmKind

STATEMENT_MS = 3000
FIGURES = """
    SELECT
        (SELECT count(*) FROM scoring_mark),
        (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0) FROM scoring_mark),
        (SELECT coalesce(sum(seq), 0) FROM scoring_ledgerhead),
        (SELECT count(*) FROM households_auditevent WHERE action = 'account.sign_in_failed'
            AND at > clock_timestamp() - interval '1 hour'),
        pg_database_size(current_database()),
        (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
        current_setting('max_connections')::int,
        extract(epoch FROM clock_timestamp())
"""
ALARMS = "SELECT kind, count(*) FROM households_alarm WHERE gone_at IS NULL OR seen_at IS NULL GROUP BY kind"
JOBS = """
    SELECT DISTINCT ON (name) name, extract(epoch FROM ended_at), outcome FROM households_jobrun ORDER BY name, id DESC
"""
_BAD = ("drift", "failed")


class Gathered:
    """For a registry of prometheus_client: asks each part once."""

    def collect(self) -> Iterator[Metric]:
        """Everything, part by part."""
        up = Gauge("dongkou_up", "Whether a part answers (database, broker).", labels=["part"])
        for part, ask, troubles in PARTS:
            try:
                found = list(ask())
            except troubles:
                up.add_metric([part], 0)
                continue
            up.add_metric([part], 1)
            yield from found
        yield up
        yield from _places()


def _database() -> Iterator[Metric]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_MS}")
        cursor.execute(FIGURES)
        marks, oldest, height, failed, size, used, most, now = cursor.fetchone()
        cursor.execute(ALARMS)
        alarms = dict(cursor.fetchall())
        cursor.execute(JOBS)
        jobs = cursor.fetchall()
        tables = measured()
    yield Gauge("dongkou_marks", "Places that wait to be rolled up.", value=marks)
    yield Gauge("dongkou_oldest_mark_age_seconds", "How long the oldest of them has waited.", value=float(oldest))
    yield Gauge("dongkou_ledger_entries", "Entries of points on all chains.", value=float(height))
    yield Gauge("dongkou_failed_sign_ins_last_hour", "Sign-ins that failed within an hour.", value=failed)
    yield Gauge("dongkou_database_bytes", "Size of the database.", value=size)
    yield Gauge("dongkou_database_connections", "Connections to the database.", value=used)
    yield Gauge("dongkou_database_connections_max", "Connections that its server takes.", value=most)
    yield Gauge("dongkou_clock_skew_seconds", "This host's clock less the database's.", value=time.time() - float(now))
    open_ = Gauge("dongkou_alarms_open", "Alarms that stand or that nobody has answered for.", labels=["kind"])
    for kind in AlarmKind.values:
        open_.add_metric([kind], float(alarms.get(kind, 0)))
    yield open_
    yield from _tables(tables)
    yield from _jobs(jobs)


def _tables(tables: dict[str, tuple[int, int]]) -> Iterator[Metric]:
    size = Gauge("dongkou_table_bytes", "Size of a table with its indexes.", labels=["table"])
    number = Gauge("dongkou_table_rows", "Rows of a table, as the planner estimates them.", labels=["table"])
    for name, (rows, taken) in tables.items():
        if name:
            size.add_metric([name], float(taken))
            number.add_metric([name], float(rows))
    yield from (size, number)


def _jobs(rows: list[tuple[str, float, str]]) -> Iterator[Metric]:
    ended = Gauge(
        "dongkou_job_last_end_timestamp_seconds", "When a job of the schedule last ended; 0 never.", labels=["job"]
    )
    bad = Gauge("dongkou_job_last_bad", "Whether its last run failed or found what does not fit.", labels=["job"])
    known = {name: (float(at), outcome) for name, at, outcome in rows}
    for entry in SCHEDULE.values():
        at, outcome = known.get(entry["task"], (0.0, ""))
        ended.add_metric([entry["task"]], at)
        bad.add_metric([entry["task"]], float(outcome in _BAD))
    yield from (ended, bad)


def _broker() -> Iterator[Metric]:
    unserved, alive = set(signs.unserved()), signs.seen()["beat"]
    served = Gauge("dongkou_queue_served", "Whether a worker takes messages from a queue.", labels=["queue"])
    waiting = Gauge("dongkou_queue_messages", "Messages that wait in a queue.", labels=["queue"])
    for queue, number in brokers.lengths().items():
        served.add_metric([queue], float(queue not in unserved))
        waiting.add_metric([queue], number or 0)
    yield from (served, waiting)
    yield Gauge("dongkou_beat_alive", "Whether a beat is at work.", value=float(alive))
    sent = last_runs()
    lag = Gauge("dongkou_beat_lag_seconds", "How long a job has been due without beat sending it.", labels=["job"])
    for name, entry in SCHEDULE.items():
        lag.add_metric([entry["task"]], _overdue(entry["schedule"], sent.get(name)))
    yield lag


def _overdue(schedule: Any, last: datetime | None) -> float:
    """Seconds since its turn came; nothing for a job that beat has never sent: it waits for its first turn."""
    if last is None:
        return 0.0
    when: Any = maybe_schedule(schedule)
    return max(0.0, -float(when.remaining_estimate(last.astimezone(UTC)).total_seconds()))


def _replicas() -> Iterator[Metric]:
    answers = Gauge("dongkou_replica_up", "Whether a replica of the database answers.", labels=["replica"])
    far = Gauge(
        "dongkou_replica_behind_seconds",
        "What was committed longer ago lies on the replica; missing where this process cannot say.",
        labels=["replica"],
    )
    for number, one in enumerate(replicas().replicas, start=1):
        one.look()
        answers.add_metric([str(number)], float(one.replayed >= 0))
        if (behind := one.behind()) is not None:
            far.add_metric([str(number)], behind)
    yield from (answers, far)


def _places() -> Iterator[Metric]:
    free = Gauge("dongkou_disk_free_bytes", "Room on the disk of a folder.", labels=["folder"])
    size = Gauge("dongkou_disk_bytes", "Size of that disk.", labels=["folder"])
    folders = {"data": settings.LAYOUT.home, "backup": settings.BACKUP_FOLDER}
    for name, folder in folders.items():
        if folder is not None and folder.is_dir():
            usage = shutil.disk_usage(folder)
            free.add_metric([name], float(usage.free))
            size.add_metric([name], float(usage.total))
    yield from (free, size)
    if settings.BACKUP_FOLDER is not None:
        copy = last_copy()
        made = copy.at if copy else None
        yield _moment("dongkou_backup_last_timestamp_seconds", "When the newest whole copy was made; 0 never.", made)
        yield _moment(
            "dongkou_drill_last_timestamp_seconds", "When restoring was last rehearsed; 0 never.", last_drill()
        )


def _moment(name: str, text: str, at: datetime | None) -> Metric:
    return Gauge(name, text, value=at.timestamp() if at else 0.0)


PARTS: tuple[tuple[str, Callable[[], Iterator[Metric]], tuple[type[Exception], ...]], ...] = (
    ("database", _database, (DatabaseError,)),
    ("broker", _broker, (redis.RedisError, OSError)),
    ("replicas", _replicas, (DatabaseError,)),
)


def gathered() -> CollectorRegistry:
    """What is worked out now."""
    registry = CollectorRegistry()
    registry.register(Gathered())
    return registry
