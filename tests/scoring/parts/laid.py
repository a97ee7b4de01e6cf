"""Parts of a test's own: given, asked for by name, and gone afterwards."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from households.sql import column, run
from scoring.parts.rules import part_of

PARTS = (
    "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'scoring_householdscore'::regclass ORDER BY 1"
)


def parts() -> list[str]:
    return column(PARTS)


def touched(statement: str, params: object) -> set[str]:
    """The parts of the table that a statement would read or write, by its plan."""
    run("SET LOCAL enable_nestloop = off")
    plan = "\n".join(column(f"EXPLAIN {statement}", params))  # type: ignore[arg-type]
    assert "scoring_householdscore" in plan, plan
    return set(re.findall(r"on (scoring_householdscore_\w+?)(?:_pkey)?\b", plan))


@contextmanager
def without_part(month: str) -> Iterator[None]:
    """Afterwards the month has no part, whatever was committed."""
    try:
        yield
    finally:
        if part_of(month) in parts():
            run(f"DROP TABLE {part_of(month)}")
