"""Failed tries by network address, in the cache. A plate locks itself; this stops one address that tries many plates.

Whole villages share one address behind a mobile operator, so the limit is far above what mistyping makes.
"""

import math
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from households.refusals import Refused

LIMIT = 30
WINDOW = 10 * 60  # seconds
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Counter:
    """How often something came from one network address in the current `window`, in seconds since the epoch.

    `name` and `salt` are part of the keys of a running system: to change them is to let go whoever is locked out.
    """

    name: str
    salt: str
    window: int

    def counted(self, request: HttpRequest) -> tuple[int, float]:
        """How often until now, and the seconds until the count begins anew."""
        now = time.time()
        return int(cache.get(self._key(request, now), 0)), self.window - now % self.window

    def note(self, request: HttpRequest) -> None:
        """Count one more."""
        key = self._key(request, time.time())
        cache.add(key, 0, self.window)
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two steps
            cache.set(key, 1, self.window)

    def _key(self, request: HttpRequest, now: float) -> str:
        """It holds a keyed digest of the address, not the address."""
        address = salted_hmac(self.salt, str(request.META.get("REMOTE_ADDR", ""))).hexdigest()
        return f"{self.name}:{int(now // self.window)}:{address}"


def check(kind: str, request: HttpRequest) -> None:
    """Refuse (429) an address that has failed LIMIT times in the current ten minutes."""
    failed, left = _failures(kind).counted(request)
    if failed >= LIMIT:
        hint = f"请 {spoken_wait(left)}以后再试。"
        raise Refused("too_many_tries", "这个网络刚才输错太多次。", hint=hint, status=429)


def note_failure(kind: str, request: HttpRequest) -> None:
    """Count one failed try of the address."""
    _failures(kind).note(request)


def _failures(kind: str) -> Counter:
    return Counter(f"attempts:{kind}", "households.attempts", WINDOW)


def spoken_wait(seconds: float) -> str:
    """Rounded up, so that nobody comes back too early: 1 分钟, 15 分钟, 2 小时. Never less than a minute."""
    minutes = max(1, math.ceil(seconds / _MINUTE))
    return f"{minutes} 分钟" if minutes * _MINUTE < _HOUR else f"{math.ceil(minutes * _MINUTE / _HOUR)} 小时"
