"""Databases beside the session's, in its own cluster: a province's node, and another county."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg2
from django.conf import settings
from django.db import connection, connections
from django.db.utils import DEFAULT_DB_ALIAS, load_backend

from dongkou.database_roles import ADMINISTRATOR, BACKUP
from dongkou.programs import find_programs, find_runner

PROVINCE = "43"


@dataclass
class Beside:
    """One, with the tables that the county's has, and nothing in them."""

    name: str

    @property
    def url(self) -> str:
        """As a province reaches it: the one role of the embedded cluster that may replicate."""
        return url_of(self.name)

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Within the block every statement goes there, the administrator's."""
        wanted = connections[DEFAULT_DB_ALIAS].settings_dict | {"NAME": self.name, "USER": ADMINISTRATOR}
        own = load_backend(wanted["ENGINE"]).DatabaseWrapper(wanted | {"OPTIONS": {}}, alias=DEFAULT_DB_ALIAS)
        own.ensure_connection()
        own.execute_wrappers.clear()  # nobody steps back here
        county = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = own
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = county
            own.close()

    def run(self, sql: str) -> None:
        """A statement of the test's own."""
        _run(self.name, sql)


def url_of(name: str) -> str:
    """The address of a database of the session's cluster, for who copies it."""
    return f"postgresql://{BACKUP}@{quote(str(settings.LAYOUT.sockets), safe='')}/{name}"


@contextlib.contextmanager
def beside() -> Iterator[Beside]:
    """Made from the tables of the session's database, and gone afterwards."""
    one = Beside(f"beside_{uuid4().hex[:8]}")
    _run("postgres", f"CREATE DATABASE {one.name}")
    try:
        _copy_tables(one.name)
        yield one
    finally:
        _run("postgres", f"DROP DATABASE {one.name} WITH (FORCE)")


def _copy_tables(name: str) -> None:
    programs = find_programs(find_runner(settings.LAYOUT.postgresql)).postgresql
    place = [f"--host={settings.LAYOUT.sockets}", f"--username={ADMINISTRATOR}"]
    known = str(connection.settings_dict["NAME"])
    tables = [str(programs / "pg_dump"), *place, "--schema-only", "--schema=public", "--no-publications", known]
    made = subprocess.run(tables, check=True, capture_output=True, text=True).stdout
    made = made.replace("CREATE SCHEMA public;", "")
    command = [str(programs / "psql"), *place, "--quiet", "--set=ON_ERROR_STOP=1", name]
    subprocess.run(command, input=made, check=True, capture_output=True, text=True)


def _run(database: str, sql: str) -> None:
    session: Any = psycopg2.connect(host=str(settings.LAYOUT.sockets), dbname=database, user=ADMINISTRATOR)
    session.autocommit = True
    with contextlib.closing(session), session.cursor() as cursor:
        cursor.execute(sql)
