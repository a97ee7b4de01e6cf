"""What an error says is away at the moment: the database, the broker, room to write, or patience. Nobody's mistake."""

import errno
from collections.abc import Iterator

import redis
from psycopg2 import Error as DriverError
from psycopg2 import InterfaceError, OperationalError

DATABASE, BROKER, DISK, BUSY = "database", "broker", "disk", "busy"
MIGRATING, OUTDATED = "migrating", "outdated"  # said by `dongkou.maintenance`, by no error
# Of https://www.postgresql.org/docs/current/errcodes-appendix.html
_CODES = {
    "53100": DISK,  # disk full
    "25006": DISK,  # read-only: a standby, or a disk that was taken back
    "58030": DISK,  # an input or output error
    "55P03": BUSY,  # a lock was not to be had in time
    "57014": BUSY,  # a statement took too long
    "40P01": BUSY,  # deadlock: the other one goes on
    "40001": BUSY,  # the same rows, at the same moment
    "25P03": BUSY,  # a transaction in which nothing was asked for too long
    "53300": BUSY,  # too many connections
}
_GONE = ("57P", "08")  # shut down, crashed, starting; the line broke
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def lacking(error: BaseException | None) -> str:
    """What was lacking when this was raised; empty when it is a fault of the program."""
    return next((found for one in _chain(error) if (found := _of(one))), "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__


def _of(error: BaseException) -> str:
    if isinstance(error, redis.RedisError):
        return BROKER
    if isinstance(error, DriverError):
        return _of_driver(error)
    return DISK if isinstance(error, OSError) and error.errno in _FULL else ""


def _of_driver(error: DriverError) -> str:
    """By its code; one without is of a server that could not be reached, or went away in the middle."""
    code = error.pgcode or ""
    if code:
        return _CODES.get(code) or (DATABASE if code.startswith(_GONE) else "")
    return DATABASE if isinstance(error, (OperationalError, InterfaceError)) else ""
