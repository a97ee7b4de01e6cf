"""Emptying the database after a test that commits, and filling it with copies of tables.

Building the small world takes longer than most tests do. So it is built once in a session, its tables are copied into the schema
``copies``, and every test that asks for it gets the copies. Triggers sleep meanwhile: append-only tables refuse
DELETE to the test runner too.
"""

from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from typing import Any, TypeVar

from django.db import connection, transaction
from django.test import TransactionTestCase

from tests.acting import administrator

# What the migrations brought outlives every test.
KEPT = {
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "scoring_clause",
    "scoring_indicator",
    "scoring_scheme",
}
TRAIL = "households_trail"
OF_KEPT = f"source IN {tuple(sorted(KEPT))}"  # lines about what outlives every test stay too
TABLES: list[str] = []
FILLED: list[str] = []  # those with copies
SCENES: dict[
    str, tuple[dict[str, str], Any]
] = {}  # what its tables held, as COPY writes it, and what was told about it
Told = TypeVar("Told")


def install(build: Callable[[], object]) -> None:
    """Empty the database of whatever an earlier session left, copy what ``build`` makes, and empty it after tests."""
    TABLES[:] = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    clear()
    build()
    FILLED[:] = filter(_filled, TABLES)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS copies CASCADE; CREATE SCHEMA copies")
        for table in FILLED:
            cursor.execute(f"CREATE TABLE copies.{table} AS {_own(table)}")
    clear()
    TransactionTestCase._fixture_teardown = lambda _case: clear()


def clear() -> None:
    """Empty all tables. Deleting nothing from many is quicker than TRUNCATE, which makes a new file for each."""
    _run(map(_emptying, TABLES))


def fill() -> bool:
    """Put the copies into their empty tables; False if there are none yet."""
    _run(f"INSERT INTO {table} TABLE copies.{table}" for table in FILLED)
    return bool(FILLED)


def scene(name: str, make: Callable[[], Told]) -> Told:
    """Make a scene that costs more than its tests; after the first time in a session, put back what its tables held.

    It must always begin alike: with an empty database, or with the small world and nothing else. What `make` returns is
    returned every time: plain values such as the numbers of rows, never the rows.
    """
    if name not in SCENES:
        told = make()
        SCENES[name] = {table: _written(table) for table in TABLES if _filled(table)}, told
        return told
    tables, told = SCENES[name]
    _run(map(_emptying, tables), tables)
    return told


def once(name: str, make: Callable[[], Told]) -> Told:
    """A scene where the small world is as it was built; where something has happened since, the acts themselves."""
    return scene(name, make) if _is_untouched() else make()


@transaction.atomic
def _is_untouched() -> bool:
    """Whether the trail has gone no further than the copies: every table that matters leaves a line there."""
    with administrator() as cursor:
        cursor.execute(f"SELECT (SELECT max(id) FROM {TRAIL}) = (SELECT max(id) FROM copies.{TRAIL})")
        return bool(cursor.fetchone()[0])


def _written(table: str) -> str:
    rows = StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({_own(table)}) TO STDOUT", rows)
    return rows.getvalue()


def _own(table: str) -> str:
    """The rows of a table that do not outlive every test."""
    return f"SELECT * FROM {table}" + (f" WHERE NOT {OF_KEPT}" if table == TRAIL else "")


def _emptying(table: str) -> str:
    return f"DELETE FROM {table}" + (f" WHERE NOT {OF_KEPT}" if table == TRAIL else "")


def _filled(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({_own(table)})")
        return cursor.fetchone()[0]


@transaction.atomic
def _run(statements: Iterable[str], rows: Mapping[str, str] | None = None) -> None:
    """The statements in one journey to the server, then `rows` into their tables."""
    asleep, awake = (f"SET LOCAL session_replication_role = {role}" for role in ("replica", "origin"))
    with administrator() as cursor:
        cursor.execute("; ".join([asleep, *statements]))
        for table, text in (rows or {}).items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(text))
        cursor.execute(awake)
