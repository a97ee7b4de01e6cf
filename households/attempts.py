"""Who is asking, by network address, and how often something came or failed from there, in the cache.

Whole villages share one address behind a mobile operator. So nothing here ever refuses what is right: a failure is
counted and answered more curtly beyond the limit, and the secret itself is what keeps guessers out (ADR 23).
"""

import ipaddress
import math
import time
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from households.refusals import Refused

WINDOW = 10 * 60  # seconds
FORWARDED = "HTTP_X_FORWARDED_FOR"
_MINUTE, _HOUR = 60, 3600
_IPV6_CUSTOMER = 64  # bits of an IPv6 address that one connection is given; the rest it chooses by itself

log = structlog.get_logger("households.attempts")


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> str:
    """The network address of whoever asks, for counting: of IPv6 the network of the connection. Empty when unknown.

    It is the connection's own, unless a proxy in DONGKOU_TRUSTED_PROXIES made the connection: then the last address of
    X-Forwarded-For that is no such proxy. What stands further left was written by the client and is not looked at.
    """
    client = _address(str(request.META.get("REMOTE_ADDR", "")))
    for hop in reversed(str(request.META.get(FORWARDED, "")).split(",")):
        further = _address(hop) if client and _is_trusted(client) else None
        if further is None:
            break
        client = further
    if client is None:
        return ""
    bits = _IPV6_CUSTOMER if client.version == 6 else 32
    return str(ipaddress.ip_network((client, bits), strict=False).network_address)


def came_from_stranger(request: HttpRequest) -> bool:
    """Whether a forwarded address arrived from somebody whose word does not count: a proxy that the settings do not name."""
    client = _address(str(request.META.get("REMOTE_ADDR", "")))
    return FORWARDED in request.META and not (client and _is_trusted(client))


def _address(text: str) -> Address | None:
    """An address as proxies write it, some with a port or in brackets; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def count_up(key: str, seconds: int) -> int:
    """Count one more under a key of the cache; how many since the first, for so many seconds. Without a cache always one."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two steps, or there is no cache
        cache.set(key, 1, seconds)
        return 1


def take_all(keys: Collection[str], seconds: int) -> list[str]:
    """`take` for several keys, asked for at once: those that were free until now."""
    held = cache.get_many(keys)
    return [key for key in keys if key not in held and take(key, seconds)]


def take(key: str, seconds: int) -> bool:
    """Take a key of the cache for so long, unless somebody has it already. Without a cache everybody gets it."""
    return bool(cache.add(key, True, seconds)) or cache.get(key) is None


@dataclass(frozen=True, slots=True)
class Counter:
    """How often something came from one network address in the current `window`, in seconds since the epoch.

    `name` and `salt` are part of the keys of a running system: to change them is to let go whoever is locked out.
    """

    name: str
    salt: str
    window: int

    def counted(self, who: HttpRequest | str) -> tuple[int, float]:
        """How often until now, and the seconds until the count begins anew. `who` is an address, or a name of its own."""
        now = time.time()
        return int(cache.get(self._key(who, now), 0)), self.window - now % self.window

    def note(self, who: HttpRequest | str) -> None:
        """Count one more."""
        count_up(self._key(who, time.time()), self.window)

    def _key(self, who: HttpRequest | str, now: float) -> str:
        """It holds a keyed digest of the address, not the address."""
        named = who if isinstance(who, str) else client_address(who)
        return f"{self.name}:{int(now // self.window)}:{salted_hmac(self.salt, named).hexdigest()}"


def note_failure(kind: str, request: HttpRequest) -> bool:
    """Count one failed try of the address. Whether there have been too many: then the answer is `too_many`.

    Asked only once the try has failed, so that strangers behind the same address never stop somebody who is right.
    """
    failures = _failures(kind)
    failures.note(request)
    failed, _left = failures.counted(request)
    if failed == settings.ADDRESS_FAILURES + 1:
        log.warning("many_failures", kind=kind, failed=failed)
    return failed > settings.ADDRESS_FAILURES


def has_failed_often(kind: str, request: HttpRequest) -> bool:
    """Whether the address has had more failed tries than are answered as usual."""
    return _failures(kind).counted(request)[0] > settings.ADDRESS_FAILURES


def too_many(reason: str) -> Refused:
    """The answer (429) to one more wrong try from an address with many; `reason` says what was wrong, nothing else."""
    hint = "这个网络刚才输错太多次。请看清楚再输，输对了马上就能进。"
    return Refused("too_many_tries", reason, hint=hint, status=429)


def _failures(kind: str) -> Counter:
    return Counter(f"attempts:{kind}", "households.attempts", WINDOW)


def spoken_wait(seconds: float) -> str:
    """Rounded up, so that nobody comes back too early: 1 分钟, 15 分钟, 2 小时. Never less than a minute."""
    minutes = max(1, math.ceil(seconds / _MINUTE))
    return f"{minutes} 分钟" if minutes * _MINUTE < _HOUR else f"{math.ceil(minutes * _MINUTE / _HOUR)} 小时"
