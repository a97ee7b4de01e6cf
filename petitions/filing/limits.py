"""How much one network address may file in an hour without plate and PIN. Slowly beyond that, but never not at all.

Whole villages share one address behind a mobile operator, so nobody is asked for a telephone number or sent away because
of what others filed. Beyond ADDRESS_FILINGS in an hour an address may file one every ADDRESS_FILING_PAUSE seconds.
"""

import math

from django.conf import settings
from django.http import HttpRequest

from households.attempts import Counter
from households.refusals import Refused

FILINGS = Counter("filings", "petitions.limits", 60 * 60)
OTHER_WAYS = "也可以用户牌和密码提交，或者到信访局、乡镇当面反映，打 12345 也行。"


def check(request: HttpRequest) -> None:
    """Refuse (429) for seconds, what was typed staying on the form, when the address has filed very much this hour."""
    filed, _left = FILINGS.counted(request)
    if filed < settings.ADDRESS_FILINGS:
        return
    lately, left = _pause().counted(request)
    if lately:
        hint = f"写的内容都还在，请过 {math.ceil(left)} 秒再按一次提交。{OTHER_WAYS}"
        raise Refused("too_many_filings", "这个网络这一小时提交得太多，要一件一件来。", hint=hint, status=429)


def note(request: HttpRequest) -> None:
    """Count one filing of the address."""
    FILINGS.note(request)
    _pause().note(request)


def _pause() -> Counter:
    return Counter("filings-pause", "petitions.limits", settings.ADDRESS_FILING_PAUSE)
