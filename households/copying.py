"""Rows written by COPY, the quickest way in, in its text form."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection

from households.sql import column

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
