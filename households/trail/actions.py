"""Sealing the trail: the lines since the last seal are closed under one digest that holds the seal before.

Beat rings it every ten minutes, publishing the day's roots does too. It costs what was written since, never more.
"""

from django.db import OperationalError, transaction

from households.models import TrailSeal
from households.sql import row, run
from households.trail.macs import mac
from households.trail.seals import AT_ONCE, START, digest_of, seal_text

_LOCKED = 0x7472616C  # one at a time: "tral"
_UPTO = """
    SELECT max(id) FROM (
        SELECT id FROM households_trail WHERE id > %(after)s AND id <= %(cut)s ORDER BY id LIMIT %(at_once)s) lines
"""


def seal() -> TrailSeal | None:
    """Close all lines that are final; returns the newest seal there is.

    A long transaction that is still writing lines is waited for two seconds: then the next call takes them.
    """
    cut = _cut()
    with transaction.atomic():
        run("SELECT pg_advisory_xact_lock(%s)", [_LOCKED])
        last = TrailSeal.objects.order_by("-number").first()
        while upto := _next(last, cut):
            last = _append(last, upto)
    return last


def _cut() -> int:
    try:
        with transaction.atomic():
            found = row("SELECT trail_cut()")
    except OperationalError:  # lock_timeout
        return 0
    return int(found[0]) if found else 0


def _next(last: TrailSeal | None, cut: int) -> int | None:
    found = row(_UPTO, {"after": last.upto if last else 0, "cut": cut, "at_once": AT_ONCE})
    return found[0] if found else None


def _append(last: TrailSeal | None, upto: int) -> TrailSeal:
    count, digest = digest_of(last.upto if last else 0, upto)
    number, size = (last.number + 1, last.size + count) if last else (1, count)
    text = seal_text(number, upto, size, last.head if last else START, digest)
    return TrailSeal.objects.create(number=number, upto=upto, size=size, head=text.head, mac=mac(text.line).hex())
