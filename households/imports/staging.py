"""The staging table: rows are copied in, checked by SQL beside the tables they are meant for, and applied from there."""

from collections.abc import Mapping, Sequence

from households.imports.problems import Tell, quiet
from households.sql import copy_in, in_lines, run

CHUNK = 20_000


def stage(
    table: str, columns: Mapping[str, str], values: Sequence[Sequence[str]], tell: Tell = quiet, *, done: float = 1.0
) -> None:
    """Copy columns (already in COPY's text form, see `households.sql`) into the fresh temporary table `table`.

    `columns` maps names to SQL types and belongs to the program, never to a file. The table goes with the transaction.
    """
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    run(f"DROP TABLE IF EXISTS pg_temp.{table}; CREATE TEMP TABLE {table} ({listed}) ON COMMIT DROP")
    count = len(values[0])
    for start in range(0, count, CHUNK):
        copy_in(table, columns, in_lines(column[start : start + CHUNK] for column in values))
        tell("写入暂存表", done * min(1.0, (start + CHUNK) / count))
    run(f"ANALYZE {table}")


def one_at_a_time(what: str) -> None:
    """Wait until no other import of this kind is under way; held until the transaction ends."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"import {what}"})
