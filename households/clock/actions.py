"""Asking before time moves on, and the operator's word that it did."""

from django.db import transaction

from households import audit
from households.clock import doubts
from households.clock.doubts import ClockState
from households.refusals import Refused
from households.sql import run

HINT = "核对服务器的时间；时间不对，改对就行；时间是对的，运行 manage.py clock 看清要做什么，再用 --go-on 继续。"
_KEEP = """
    INSERT INTO households_keptmoment AS kept (name, at) VALUES ('clock', %(at)s)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at
"""


def ask() -> None:
    """To be called before what cannot be undone. Refused while the clock is in doubt; otherwise the moment is kept as known."""
    found = doubts.state()
    if found.why:
        raise Refused("clock_held", found.why, hint=HINT, status=409)
    run(f"{_KEEP} WHERE kept.at < excluded.at", {"at": found.now})


@transaction.atomic
def go_on() -> ClockState:
    """The operator says that the time is right, forwards or back. Returns what it was held against."""
    found = doubts.state()
    run(_KEEP, {"at": found.now})
    known = found.known.isoformat() if found.known else ""
    audit.record(None, "clock.go_on", subject=found.now.isoformat(timespec="minutes"), known=known)
    return found
