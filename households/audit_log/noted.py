"""Lines about what people only tried or read. A crawler must not fill the log: what repeats is counted, not written."""

import time

from households import audit
from households.attempts import count_up, take
from households.models import User
from households.replicas.reading import on_primary

_HOUR = 3600
_EACH = 10  # refusals of a person in an hour that get a line each; then the hundredth, the thousandth ...


def refused(user: User, *, status: int, path: str) -> None:
    """Somebody signed in was refused a page (403), or asked for what is none of theirs (404)."""
    times = count_up(f"refused:{user.pk}:{int(time.time() // _HOUR)}", _HOUR)
    if times <= _EACH or str(times).strip("0") == "1":
        with on_primary():
            audit.record(user, "access.refused", subject=path[:80], status=status, times=times)


def infected(user: User | None, *, virus: str) -> None:
    """The scanner found something in a file. Of a stranger neither address nor session is kept: he may be accusing somebody."""
    if user:
        audit.record(user, "file.infected", subject=virus[:80])
        return
    times = count_up(f"infected:{int(time.time() // _HOUR)}", _HOUR)
    if times <= _EACH or str(times).strip("0") == "1":
        line = audit.line(None, "file.infected", subject=virus[:80], times=times)
        line.actor, line.role = audit.ANONYMOUS, ""
        token = audit.ORIGIN.set(None)
        try:
            audit.record_all([line])
        finally:
            audit.ORIGIN.reset(token)


def read(user: User, action: str, *, subject: str) -> None:
    """Somebody read what is sealed, or took data away in a file: one line an hour for each person and thing.

    It names no place: with one, it would tell which petitions are accusations.
    """
    if take(f"read:{user.pk}:{action}:{subject}", _HOUR):
        with on_primary():
            audit.record(user, action, subject=subject[:80])
