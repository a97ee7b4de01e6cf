"""How much one network address may file in an hour without plate and PIN. Softly: nobody with a plate is ever stopped.

Whole villages share one address behind a mobile operator. So beyond SOFT a filing only needs a telephone number, under
which the petition office can call back, and beyond HARD the other ways in are named.
"""

import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from households.dates import spoken_wait
from households.refusals import Refused

SOFT, HARD = 20, 200
HOUR = 60 * 60  # seconds
OTHER_WAYS = "也可以用户牌和密码提交，或者到信访局、乡镇当面反映，打 12345 也行。"


def check(request: HttpRequest, *, phone: str) -> None:
    """Refuse (429) a filing beyond the limits of its address in the current hour."""
    now = time.time()
    filed = int(cache.get(_key(request, now), 0))
    wait = spoken_wait(HOUR - now % HOUR)
    if filed >= HARD:
        raise Refused(
            "too_many_filings", "这个网络这一小时提交得太多。", hint=f"请 {wait}以后再来。{OTHER_WAYS}", status=429
        )
    if filed >= SOFT and not phone.strip():
        hint = f"请留一个联系电话再提交，或者 {wait}以后再来。{OTHER_WAYS}"
        raise Refused(
            "phone_wanted", "这个网络这一小时提交得比较多。", hint=hint, fields={"phone": "请留电话"}, status=429
        )


def note(request: HttpRequest) -> None:
    """Count one filing of the address."""
    key = _key(request, time.time())
    cache.add(key, 0, HOUR)
    try:
        cache.incr(key)
    except ValueError:  # it ran out between the two steps
        cache.set(key, 1, HOUR)


def _key(request: HttpRequest, now: float) -> str:
    """Which counter. It holds a keyed digest of the address, not the address."""
    address = salted_hmac("petitions.limits", str(request.META.get("REMOTE_ADDR", ""))).hexdigest()
    return f"filings:{int(now // HOUR)}:{address}"
