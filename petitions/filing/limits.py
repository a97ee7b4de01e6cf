"""How much one network address may file in an hour without plate and PIN. Softly: nobody with a plate is ever stopped.

Whole villages share one address behind a mobile operator. So beyond SOFT a filing only needs a telephone number, under
which the petition office can call back, and beyond HARD the other ways in are named.
"""

from django.http import HttpRequest

from households.attempts import Counter, spoken_wait
from households.refusals import Refused

SOFT, HARD = 20, 200
FILINGS = Counter("filings", "petitions.limits", 60 * 60)
OTHER_WAYS = "也可以用户牌和密码提交，或者到信访局、乡镇当面反映，打 12345 也行。"


def check(request: HttpRequest, *, phone: str) -> None:
    """Refuse (429) a filing beyond the limits of its address in the current hour."""
    filed, left = FILINGS.counted(request)
    wait = spoken_wait(left)
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
    FILINGS.note(request)
