"""The staging table: rows are copied in, checked by SQL beside the tables they are meant for, and applied from there."""

import io
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from households.imports.problems import Tell, quiet
from households.sql import run

CHUNK = 20_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def stage(
    table: str, columns: Mapping[str, str], values: Sequence[Sequence[str]], tell: Tell = quiet, *, done: float = 1.0
) -> None:
    """Copy columns (already in COPY's text form, see `escaped`) into the fresh temporary table `table`.

    `columns` maps names to SQL types and belongs to the program, never to a file. The table goes with the transaction.
    """
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    run(f"DROP TABLE IF EXISTS pg_temp.{table}; CREATE TEMP TABLE {table} ({listed}) ON COMMIT DROP")
    count = len(values[0])
    for start in range(0, count, CHUNK):
        lines = map("\t".join, zip(*(column[start : start + CHUNK] for column in values), strict=True))
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("\n".join(lines) + "\n"))
        tell("写入暂存表", done * min(1.0, (start + CHUNK) / count))
    run(f"ANALYZE {table}")


def escaped(values: list[str]) -> list[str]:
    """Text in COPY's form. Only NUL cannot be written, and no reader of cells lets it through."""
    joined = "\0".join(values)
    if not any(sign in joined for sign in "\\\t\n\r"):
        return values
    return joined.translate(_ESCAPES).split("\0")


def as_bytea(values: Iterable[bytes | None]) -> list[str]:
    """Bytes in COPY's form."""
    return [NULL if value is None else "\\\\x" + value.hex() for value in values]


def as_text(values: Iterable[object]) -> list[str]:
    """Numbers, dates and identifiers in COPY's form: nothing in them needs an escape."""
    return [str(value) for value in values]


def one_at_a_time(what: str) -> None:
    """Wait until no other import of this kind is under way; held until the transaction ends."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"import {what}"})
