"""As whom tests meet the database: the product's statements are the application's, so that a missing right shows.

What a test writes itself, past the product (rows tampered with, triggers put to sleep, statements that a trigger must
refuse), is the administrator's: a trigger is tried where no missing right stands before it.
"""

import contextlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created

from dongkou.database_roles import ADMINISTRATOR, APPLICATION, OWNER
from dongkou.layout import BASE_DIR

TESTS = f"{BASE_DIR}/tests/"
PRODUCT = tuple(f"{BASE_DIR}/{room}/" for room in ("dongkou", "households", "petitions", "rewards", "scoring"))
TRANSPARENT = (f"{BASE_DIR}/households/sql.py", f"{BASE_DIR}/dongkou/watching/slow.py")
HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
BEYOND_READING = ("setval(", " FOR UPDATE", "trail_", "pg_terminate_backend", "bench_")
SEPARATE = settings.DATABASE_ROLES["owner"]["USER"] == OWNER  # not on a server that was given with one account


def make_databases() -> None:
    """Before the session's database is made and its migrations run: that is the owner's."""
    if SEPARATE:
        settings.DATABASES["default"]["USER"] = OWNER


def forget_crashes(sockets: Path) -> None:
    """The session's own server goes with it: it need not wait for the disk, nor write what repairs and backups are made from."""
    with contextlib.closing(psycopg2.connect(host=str(sockets), dbname="postgres", user=ADMINISTRATOR)) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            for name in ("fsync", "full_page_writes", "summarize_wal"):
                cursor.execute(f"ALTER SYSTEM SET {name} = off")
            cursor.execute("SELECT pg_reload_conf()")


def become_application() -> None:
    """From now on: an administrator who has stepped back."""
    if not SEPARATE:
        return
    connection.close()
    connection.settings_dict["USER"] = ADMINISTRATOR
    connection.settings_dict["OPTIONS"]["options"] += f" -c role={APPLICATION}"
    connection_created.connect(_watch)


def become_owner() -> None:
    """The database can go again."""
    if not SEPARATE:
        return
    connection_created.disconnect(_watch)
    connection.close()
    connection.settings_dict["USER"] = OWNER
    options = connection.settings_dict["OPTIONS"]
    options["options"] = options["options"].replace(f" -c role={APPLICATION}", "")


def _watch(connection: Any, **_: object) -> None:
    if _as_whose_it_is not in connection.execute_wrappers:
        connection.execute_wrappers.append(_as_whose_it_is)


def _as_whose_it_is(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Let the administrator step forward for a statement of the test's own."""
    if (str(sql).startswith(HARMLESS) and not any(word in sql for word in BEYOND_READING)) or not _of_a_test():
        return execute(sql, params, many, context)
    session = context["connection"]
    local = "LOCAL" if session.in_atomic_block else ""
    with session.connection.cursor() as aside:
        aside.execute(f"SET {local} ROLE NONE")
        try:
            found = execute(sql, params, many, context)
        except BaseException:
            if not local:  # a transaction takes it back by itself
                aside.execute(f"SET ROLE {APPLICATION}")
            raise
        if not session.connection.closed:
            aside.execute(f"SET {local} ROLE {APPLICATION}")
    return found


@contextlib.contextmanager
def administrator() -> Iterator[Any]:
    """A cursor within a transaction whose every statement, COPY too, is the administrator's."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        if SEPARATE:
            cursor.execute("SET LOCAL ROLE NONE")
        yield cursor
        if SEPARATE:
            cursor.execute(f"SET LOCAL ROLE {APPLICATION}")


def _of_a_test() -> bool:
    """Whether the nearest module of ours that asked for the statement is a test's."""
    frame = inspect.currentframe()
    while frame is not None:
        file = frame.f_code.co_filename
        if (file.startswith(TESTS) and file != __file__) or "/bench/" in file:  # the benchmark is the owner's
            return True
        if file.startswith(PRODUCT) and file not in TRANSPARENT:
            return False
        frame = frame.f_back
    return False
