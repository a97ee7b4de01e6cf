"""How much one network address may file in an hour without plate and PIN, and how much one plate in a day.

Whole villages share one address behind a mobile operator, so nobody is asked for a telephone number or sent away because
of what others filed. Beyond ADDRESS_FILINGS in an hour an address may file one every ADDRESS_FILING_PAUSE seconds.
"""

import math

from django.conf import settings
from django.http import HttpRequest

from households.attempts import Counter
from households.models import Plate
from households.refusals import Refused

FILINGS = Counter("filings", "petitions.limits", 60 * 60)
OTHER_WAYS = "也可以用户牌和密码提交，或者到信访局、乡镇当面反映，打 12345 也行。"


HOUSEHOLD = Counter("filings-of-plate", "petitions.limits", 24 * 60 * 60)


def check_household(plate: Plate) -> None:
    """Refuse (429) more than a household has matters in a day. It keeps every other way, and gives no telephone for it."""
    filed, _left = HOUSEHOLD.counted(str(plate.pk))
    if filed >= settings.HOUSEHOLD_FILINGS:
        hint = (
            "写的内容都还在。要补充前面那件的，请打开它补充；别的请明天再来，或者到信访局、乡镇当面说，打 12345 也行。"
        )
        raise Refused("too_many_filings", f"这块户牌今天已经提交 {filed} 件。", hint=hint, status=429)


def note_household(plate: Plate) -> None:
    """Count one filing from the household's page."""
    HOUSEHOLD.note(str(plate.pk))


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
