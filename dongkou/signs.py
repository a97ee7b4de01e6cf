"""Signs of life that the worker and beat leave with the broker: keys that vanish by themselves when nobody renews them."""

from functools import cache

import redis
from django.conf import settings

RENEW_SECONDS = 2.0
LAST_SECONDS = 10  # five missed renewals: dead, or too busy to be called alive
ANSWER_SECONDS = 1.0
QUEUE = "dongkou:alive:queue:"
BEAT = "dongkou:alive:beat"


@cache
def broker() -> redis.Redis:
    """A client of the broker that gives up after a second instead of waiting."""
    client: redis.Redis = redis.Redis.from_url(
        settings.SIGNS_URL, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS
    )
    return client


def leave(key: str) -> None:
    """Renew one sign. Raises redis.RedisError when the broker does not answer."""
    broker().set(key, "1", ex=LAST_SECONDS)


def of_queue(name: str) -> str:
    """The sign that somebody takes messages from a queue."""
    return f"{QUEUE}{name}"


def unserved() -> list[str]:
    """The queues that nobody takes messages from. Raises redis.RedisError when the broker does not answer."""
    queues: list[str] = settings.CELERY_QUEUES
    signs = broker().mget([of_queue(name) for name in queues])
    return [name for name, sign in zip(queues, signs, strict=True) if sign is None]


def seen() -> dict[str, bool]:
    """Whether every queue is served, and whether beat lives. Raises redis.RedisError when the broker does not answer."""
    return {"worker": not unserved(), "beat": broker().get(BEAT) is not None}


def lengths() -> dict[str, int]:
    """How many messages wait in each queue. Raises redis.RedisError when the broker does not answer."""
    return {name: int(broker().llen(name)) for name in settings.CELERY_QUEUES}
