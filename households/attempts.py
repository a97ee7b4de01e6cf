"""Failed tries by network address, in the cache. A plate locks itself; this stops one address that tries many plates.

Whole villages share one address behind a mobile operator, so the limit is far above what mistyping makes.
"""

import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from households.dates import spoken_wait
from households.refusals import Refused

LIMIT = 30
WINDOW = 10 * 60  # seconds


def _key(kind: str, request: HttpRequest, window: int) -> str:
    """Which counter. It holds a keyed digest of the address, not the address."""
    address = salted_hmac("households.attempts", str(request.META.get("REMOTE_ADDR", ""))).hexdigest()
    return f"attempts:{kind}:{window}:{address}"


def check(kind: str, request: HttpRequest) -> None:
    """Refuse (429) an address that has failed LIMIT times in the current ten minutes."""
    now = time.time()
    window = int(now // WINDOW)
    if int(cache.get(_key(kind, request, window), 0)) < LIMIT:
        return
    wait = spoken_wait((window + 1) * WINDOW - now)
    raise Refused("too_many_tries", "这个网络刚才输错太多次。", hint=f"请 {wait}以后再试。", status=429)


def note_failure(kind: str, request: HttpRequest) -> None:
    """Count one failed try of the address."""
    key = _key(kind, request, int(time.time() // WINDOW))
    cache.add(key, 0, WINDOW)
    try:
        cache.incr(key)
    except ValueError:  # it ran out between the two steps
        cache.set(key, 1, WINDOW)
