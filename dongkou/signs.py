"""Signs of life that workers and beat leave: keys that vanish by themselves when nobody renews them.

They lie in the first of the three numbered databases of REDIS_URL, also where messages go through RabbitMQ.
"""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

RENEW_SECONDS = 2.0
LAST_SECONDS = 10  # five missed renewals: dead, or too busy to be called alive
ANSWER_SECONDS = 1.0
QUEUE = "dongkou:alive:queue:"
WORKER = "dongkou:alive:worker:"
BEAT = "dongkou:alive:beat"  # holds which beat is at work (`dongkou.beat`)


@cache
def broker() -> redis.Redis:
    """A client that gives up after a second instead of waiting."""
    client: redis.Redis = redis.Redis.from_url(
        settings.SIGNS_URL,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1, (redis.ConnectionError,)),  # a connection from before a restart
    )
    return client


def leave(key: str, value: str = "1") -> None:
    """Renew one sign. Raises redis.RedisError when the broker does not answer."""
    broker().set(key, value, ex=LAST_SECONDS)


def of_queue(name: str) -> str:
    """The sign that somebody takes messages from a queue."""
    return f"{QUEUE}{name}"


def leave_of_worker(node: str, queues: list[str]) -> None:
    """A worker lives, by its name, and takes messages from these queues."""
    leave(f"{WORKER}{node}", ",".join(queues))
    for name in queues:
        leave(of_queue(name))


def unserved() -> list[str]:
    """The queues that nobody takes messages from. Raises redis.RedisError when the broker does not answer."""
    queues: list[str] = settings.CELERY_QUEUES
    signs = broker().mget([of_queue(name) for name in queues])
    return [name for name, sign in zip(queues, signs, strict=True) if sign is None]


def workers() -> dict[str, list[str]]:
    """Workers that live, with their queues, by name. Raises redis.RedisError when the broker does not answer."""
    keys = sorted(map(_text, broker().scan_iter(match=f"{WORKER}*", count=1000)))
    found = zip(keys, broker().mget(keys) if keys else [], strict=True)
    return {key.removeprefix(WORKER): _text(queues).split(",") for key, queues in found if queues}


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def seen() -> dict[str, bool]:
    """Whether every queue is served, and whether beat lives. Raises redis.RedisError when the broker does not answer."""
    return {"worker": not unserved(), "beat": broker().get(BEAT) is not None}
