"""The scheduler that Celery beat runs: it shows that it lives, and a restart neither skips a job nor repeats one."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

import redis
import structlog
from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import crontab

from dongkou import signs

LAST_RUNS = "dongkou:beat:last-runs"
AHEAD = timedelta(minutes=1)  # what a corrected clock may have run before
log = structlog.get_logger("dongkou.beat")


class HeartbeatScheduler(Scheduler):
    """Keeps the time of every job's last run with the broker: a file of its own would be damaged by a crash."""

    def setup_schedule(self) -> None:
        """Read the schedule from the settings and the last runs from the broker."""
        super().setup_schedule()
        known = last_runs()
        for entry in self.schedule.values():
            entry.last_run_at = known.get(entry.name or "") or self._before_first_run(entry)
        self.mistrust_future()

    def mistrust_future(self) -> None:
        """No job has run later than now: whoever wrote so had a wrong clock, and would keep it waiting until then."""
        entries = self.schedule.values()
        wrong = [one for one in entries if one.last_run_at and one.last_run_at > one.default_now() + AHEAD]
        for entry in wrong:
            entry.last_run_at = self._before_first_run(entry)
        if wrong:
            self._heap = None  # it was ordered by the wrong times
            log.warning("clock_went_back", jobs=len(wrong))

    def _before_first_run(self, entry: ScheduleEntry) -> datetime:
        """A job with an interval is due at once; one with a time of day waits for it."""
        now: datetime = entry.default_now()
        return now if isinstance(entry.schedule, crontab) else now - timedelta(days=1)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One turn; seconds to wait before the next."""
        with contextlib.suppress(redis.RedisError):  # healthz says it when the broker is gone
            signs.leave(signs.BEAT)
        self.mistrust_future()
        return float(super().tick(*args, **kwargs))

    def reserve(self, entry: Any) -> Any:
        """Note the run before the message goes out."""
        following: Any = super().reserve(entry)
        with contextlib.suppress(redis.RedisError):
            signs.broker().hset(LAST_RUNS, entry.name, following.last_run_at.isoformat())
        return following


def last_runs() -> dict[str, datetime]:
    """When each job was last sent; nothing when the broker does not answer or kept something else."""
    try:
        sent = signs.broker().hgetall(LAST_RUNS).items()
        return {_text(name): datetime.fromisoformat(_text(moment)) for name, moment in sent}
    except (redis.RedisError, ValueError):
        return {}


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
