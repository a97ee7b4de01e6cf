"""Running statements of our own: rows, counts, prepared ones, COPY, and how the planner is told to join."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection, transaction

Row = tuple[Any, ...]
Params = Mapping[str, Any] | Sequence[Any] | None


def rows(sql: str, params: Params = None) -> list[Row]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or {})
        return list(cursor.fetchall())


def dicts(sql: str, params: Params = None) -> list[dict[str, Any]]:
    """All rows of a query, by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or {})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def column(sql: str, params: Params = None) -> list[Any]:
    """The first column of a query."""
    return [row[0] for row in rows(sql, params)]


def row(sql: str, params: Params = None) -> Row | None:
    """The first row of a query; None without one."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or {})
        found: Row | None = cursor.fetchone()
    return found


def run(sql: str, params: Params = None) -> int:
    """Run a statement; returns the rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or {})
        return cursor.rowcount


def has_turn(key: str) -> bool:
    """Whether whatever goes by this name is ours to the end of the transaction; False while somebody else is at it."""
    return bool(column("SELECT pg_try_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": key})[0])


@contextmanager
def hash_joins() -> Iterator[None]:
    """Keep the planner from nested loops, inside a transaction.

    Its statistics know nothing of a month that has just begun: it expects a single row, and a loop over ten thousand of
    them costs seconds where a hash join costs milliseconds. Statements run this way name the ranges that they read.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")


@contextmanager
def one_moment() -> Iterator[None]:
    """One snapshot for all queries, so that work done meanwhile is not taken for drift."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


class Prepared:
    """A statement that each database session plans once: for small ones, whose planning takes as long as running them.

    `types` names its %(parameters)s and their types. Once `ready` was called, `call` runs it, alone or behind others.
    Through a pooler the next transaction may meet another session, so there it is sent in full each time.
    """

    def __init__(self, name: str, types: Mapping[str, str], sql: str) -> None:
        numbered = {parameter: f"${number}" for number, parameter in enumerate(types, start=1)}
        self.sql = f"PREPARE {name} ({', '.join(types.values())}) AS {sql % numbered}"
        self.call = f"EXECUTE {name} ({', '.join(f'%({parameter})s' for parameter in types)})"
        if settings.DATABASE_IS_POOLED:
            self.call = sql
            for parameter, kind in types.items():
                self.call = self.call.replace(f"%({parameter})s", f"%({parameter})s::{kind}")
        self._sessions: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()

    def ready(self) -> None:
        """Have the session know the statement. Nobody's count of queries contains this."""
        if settings.DATABASE_IS_POOLED:
            return
        connection.ensure_connection()
        session = connection.connection
        if session not in self._sessions:
            with (
                connection.wrap_database_errors,
                session.cursor() as cursor,
            ):  # past Django's cursor, not past its faults
                cursor.execute(self.sql)
            self._sessions[session] = True


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database inside the block; for the benchmarks."""
    sent: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield sent


# COPY, the quickest way in, in its text form

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"
AT_ONCE = 32  # lines made and sent together


def copy_in(table: str, columns: Iterable[str], lines: Iterable[str]) -> None:
    """Write rows, each a line of values in COPY's form between tabs. Faults are Django's, as those of a statement.

    Lines that are made as they are asked for are made while the database writes those before.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", _Lines(lines))


class _Lines:
    """What COPY reads, a few lines at a time."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)

    def read(self, size: int = -1) -> str:
        """The next lines, whole; none at the end."""
        del size
        return "".join(f"{line}\n" for line in islice(self._lines, AT_ONCE))


def in_lines(columns: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of columns whose values are in COPY's form."""
    return map("\t".join, zip(*columns, strict=True))


def drawn(table: str, count: int) -> list[int]:
    """The next `count` primary keys of a table: COPY does not say which it gave."""
    sql = "SELECT nextval(pg_get_serial_sequence(%(table)s, 'id')) FROM generate_series(1, %(count)s)"
    return column(sql, {"table": table, "count": count})


def escaped(values: list[str]) -> list[str]:
    """Text in COPY's form. Only NUL cannot be written, and no reader of cells lets it through."""
    joined = "\0".join(values)
    if not any(sign in joined for sign in "\\\t\n\r"):
        return values
    return joined.translate(_ESCAPES).split("\0")


def as_bytea(values: Iterable[bytes | memoryview | None]) -> list[str]:
    """Bytes in COPY's form."""
    return [NULL if value is None else "\\\\x" + value.hex() for value in values]


def as_text(values: Iterable[object]) -> list[str]:
    """Numbers, dates and identifiers in COPY's form: nothing in them needs an escape."""
    return [str(value) for value in values]
