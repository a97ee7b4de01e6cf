"""The scheduler that Celery beat runs: a restart neither skips a job nor repeats one, and of several one is at work (ADR 82).

Who is at work holds the sign of beat, a lease that ends ten seconds after its last renewal. A job is noted as run, and the
lease looked at, in one step on the broker before its message goes out: who stood still meanwhile sends nothing any more.
"""

import contextlib
import secrets
import socket
from datetime import datetime, timedelta
from typing import Any

import redis
import structlog
from celery.beat import ScheduleEntry, Scheduler, SchedulingError
from celery.schedules import crontab

from dongkou import signs

LAST_RUNS = "dongkou:beat:last-runs"
AHEAD = timedelta(minutes=1)  # what a corrected clock may have run before
OTHERS, RENEWED, TAKEN = range(3)
LEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
    redis.call('EXPIRE', KEYS[1], ARGV[2])
    return 1
end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then return 2 end
return 0
"""
CLAIM = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return 1
"""
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"
log = structlog.get_logger("dongkou.beat")


class HeartbeatScheduler(Scheduler):
    """Keeps the time of every job's last run with the broker: a file of its own would be damaged by a crash."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.me = f"{socket.gethostname()}:{secrets.token_hex(6)}"
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Read the schedule from the settings and the last runs from the broker."""
        super().setup_schedule()
        self.remember()

    def remember(self) -> None:
        """What was run last, by whomever."""
        known = last_runs()
        for entry in self.schedule.values():
            entry.last_run_at = known.get(entry.name or "") or self.before_first_run(entry)
        self._heap = None
        self.mistrust_future()

    def mistrust_future(self) -> None:
        """No job has run later than now: whoever wrote so had a wrong clock, and would keep it waiting until then."""
        entries = self.schedule.values()
        wrong = [one for one in entries if one.last_run_at and one.last_run_at > one.default_now() + AHEAD]
        for entry in wrong:
            entry.last_run_at = self.before_first_run(entry)
        if wrong:
            self._heap = None  # it was ordered by the wrong times
            log.warning("clock_went_back", jobs=len(wrong))

    def before_first_run(self, entry: ScheduleEntry) -> datetime:
        """A job with an interval is due at once; one with a time of day waits for it."""
        now: datetime = entry.default_now()
        return now if isinstance(entry.schedule, crontab) else now - timedelta(days=1)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One turn; seconds to wait before the next. Without the lease, or without the broker, nothing is due."""
        held = self.hold()
        if held == OTHERS:
            return signs.RENEW_SECONDS
        if held == TAKEN:
            log.info("beat_takes_over", beat=self.me)
            self.remember()
        self.mistrust_future()
        return float(super().tick(*args, **kwargs))

    def hold(self) -> int:
        """Renew the lease, or take it when nobody has it. healthz says it when the broker is gone."""
        with contextlib.suppress(redis.RedisError):
            return int(signs.broker().eval(LEASE, 1, signs.BEAT, self.me, signs.LAST_SECONDS))
        return OTHERS

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Note the run, then send. What could not be sent is due again."""
        following: Any = self.schedule[entry.name]
        try:
            if not self.claim(following):
                return
            self.apply_async(entry, producer=producer, advance=False)
        except (redis.RedisError, SchedulingError) as trouble:
            log.warning("job_not_sent", job=entry.name, trouble=type(trouble.__context__ or trouble).__name__)
            following.last_run_at = entry.last_run_at
            self._heap = None
            with contextlib.suppress(redis.RedisError):
                self.claim(entry)

    def claim(self, entry: Any) -> bool:
        """Note when a job ran last, as long as we are who runs jobs. Raises redis.RedisError."""
        moment = entry.last_run_at.isoformat()
        return bool(signs.broker().eval(CLAIM, 2, signs.BEAT, LAST_RUNS, self.me, entry.name, moment))

    def close(self) -> None:
        """Asked to stop: the next one need not wait for the lease to end."""
        super().close()
        with contextlib.suppress(redis.RedisError):
            signs.broker().eval(RELEASE, 1, signs.BEAT, self.me)


def last_runs() -> dict[str, datetime]:
    """When each job was last sent; nothing when the broker does not answer or kept something else."""
    try:
        sent = signs.broker().hgetall(LAST_RUNS).items()
        return {_text(name): datetime.fromisoformat(_text(moment)) for name, moment in sent}
    except (redis.RedisError, ValueError):
        return {}


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
