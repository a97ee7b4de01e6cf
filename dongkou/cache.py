"""The cache, which may be gone: then everything is as if it held nothing, and nobody waits for it.

Nothing that must be kept lies here alone. Who has to know whether something was kept reads it back.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import redis
import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger("dongkou.cache")

PAUSE = 2.0  # seconds in which a cache that did not answer is not asked again
KEPT_SECONDS = 60  # a session that was ended while the cache was away is forgotten there by then
WAITING: dict[str, Any] = {
    "socket_timeout": 1.0,
    "socket_connect_timeout": 1.0,
    "retry": Retry(NoBackoff(), 1, (redis.ConnectionError,)),  # a connection from before a restart
}


class Patience:
    """Until when a process leaves its cache alone. Whoever meets it silent says so once, not every caller."""

    def __init__(self) -> None:
        self.until = 0.0

    def spared(self) -> bool:
        """Whether it was silent a moment ago."""
        return time.monotonic() < self.until

    def lost(self, trouble: Exception) -> None:
        """It did not answer."""
        self.until = time.monotonic() + PAUSE
        log.warning("cache_away", trouble=type(trouble).__name__)


_patience = Patience()


class DisposableClient:
    """Answers like an empty cache while the server is away, full, or cannot write."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        self._client = RedisCacheClient(servers, **WAITING | options)
        self.get_client = self._client.get_client  # of the server itself

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._ask, name)

    def _ask(self, name: str, *words: Any) -> Any:
        if not _patience.spared():
            try:
                return getattr(self._client, name)(*words)
            except redis.RedisError as trouble:
                _patience.lost(trouble)
        return _of_empty(name, words)


def _of_empty(name: str, words: tuple[Any, ...]) -> Any:
    """What an empty cache, which keeps nothing either, answers to this method."""
    if name == "incr":
        raise ValueError(words[0])
    if name == "get":
        return words[1]  # the default
    return {} if name == "get_many" else False


class DisposableCache(RedisCache):
    """CACHES: Django's own for Redis, with a client that gives up soon."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class: Any = DisposableClient


class BriefCache(DisposableCache):
    """What the database holds as well, remembered for a minute: so a sign-out counts also when the cache was away."""

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> int:
        """Never longer than KEPT_SECONDS."""
        asked = super().get_backend_timeout(timeout)
        return KEPT_SECONDS if asked is None else min(int(asked), KEPT_SECONDS)
