"""Signs of life that the worker and beat leave with the broker: keys that vanish by themselves when nobody renews them."""

from functools import cache

import redis
from django.conf import settings

RENEW_SECONDS = 2.0
LAST_SECONDS = 10  # five missed renewals: dead, or too busy to be called alive
ANSWER_SECONDS = 1.0
WORKER = "dongkou:alive:worker"
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


def seen() -> dict[str, bool]:
    """Which of worker and beat left a sign lately. Raises redis.RedisError when the broker does not answer."""
    worker, beat = broker().mget([WORKER, BEAT])
    return {"worker": worker is not None, "beat": beat is not None}
