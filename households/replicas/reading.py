"""Where the statements of this thread go: to the primary, or for the length of a block to a replica."""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from enum import Enum
from types import TracebackType
from typing import Any, TypeVar

import psycopg2
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import DEFAULT_DB_ALIAS, DatabaseErrorWrapper
from django.utils.functional import cached_property

# It was to write, or to do what only the primary can.
_WRITES = ("25006", "0A000", "55000")
# What is replayed was in its way (a statement that took too long, 57014, is none of these).
_CANCELLED = ("40001", "40P01")
# Ended by an operator, or not up yet.
_GONE = ("57P01", "57P02", "57P03", "57P04", "57P05")


class Unanswered(Enum):
    """Why a replica does not answer."""

    WRITES = "writes"
    CANCELLED = "cancelled"
    GONE = "gone"


_WHY = {
    code: why
    for why, codes in ((Unanswered.WRITES, _WRITES), (Unanswered.CANCELLED, _CANCELLED), (Unanswered.GONE, _GONE))
    for code in codes
}
View = TypeVar("View", bound=Callable[..., Any])
_primary: ContextVar[BaseDatabaseWrapper | None] = ContextVar("primary", default=None)


class Elsewhere(BaseException):
    """A replica cannot answer this: the request is to be answered by the primary, from its beginning.

    No `except Exception` on the way may take it for a fault.
    """

    def __init__(self, why: Unanswered) -> None:
        super().__init__(why)
        self.why = why


class _Refusals(DatabaseErrorWrapper):
    """Tells what a replica cannot do from what is wrong with the statement."""

    def __init__(self, replica: BaseDatabaseWrapper) -> None:
        super().__init__(replica)
        self.replica = replica

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(fault, psycopg2.Error) and (why := _why(fault)):
            self.replica.errors_occurred = True
            raise Elsewhere(why) from fault
        super().__exit__(kind, fault, trace)


def _why(fault: psycopg2.Error) -> Unanswered | None:
    if fault.pgcode is None and isinstance(fault, psycopg2.OperationalError | psycopg2.InterfaceError):
        return Unanswered.GONE  # what the client says itself: no connection
    return _WHY.get(fault.pgcode or "")


class ReadingConnection(DatabaseWrapper):
    """A connection to a replica; it stands in the place of the default one for as long as something is read from it."""

    @cached_property
    def wrap_database_errors(self) -> Any:
        """Around everything that asks the server."""
        return _Refusals(self)


def by_primary(view: View) -> View:
    """For a view that only reads by its method, and does something outside the database that must not happen twice."""
    view.by_primary = True  # type: ignore[attr-defined]
    return view


@contextlib.contextmanager
def reading_from(replica: BaseDatabaseWrapper) -> Iterator[None]:
    """Within the block this thread's statements go to the replica. Raises Elsewhere when it cannot answer one."""
    primary = connections[DEFAULT_DB_ALIAS]
    token = _primary.set(primary)
    connections[DEFAULT_DB_ALIAS] = replica
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary
        _primary.reset(token)


def is_reading() -> bool:
    """Whether what is read now may be some seconds old: nothing is kept of it for anybody who reads later."""
    return _primary.get() is not None


@contextlib.contextmanager
def on_primary() -> Iterator[None]:
    """Within the block statements go to the primary, also in a page that is read from a replica.

    For what is noted about reading, and done beside it: it does not make the page one that writes.
    """
    primary = _primary.get()
    if primary is None:
        yield
        return
    replica, token = connections[DEFAULT_DB_ALIAS], _primary.set(None)
    connections[DEFAULT_DB_ALIAS] = primary
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = replica
        _primary.reset(token)
