"""What each of the database's roles may do: the application changes no record that only grows, by whatever way."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from dongkou import acting, database_roles, servers
from dongkou.layout import BASE_DIR
from dongkou.programs import find_runner
from dongkou.reach import surroundings
from tests.dongkou.setup.folders import BOTH, ask
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def connected() -> Iterator[Any]:
    """Statements of one of the roles on a connection of its own, rolled back."""
    with contextlib.ExitStack() as opened:

        def connect(role: str) -> Any:
            present = connection.settings_dict
            found = psycopg2.connect(host=present["HOST"], dbname=present["NAME"], user=role)
            opened.callback(found.close)
            return opened.enter_context(found.cursor())

        yield connect


APPEND_ONLY = "households_auditevent"


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        f"ALTER TABLE {APPEND_ONLY} DISABLE TRIGGER ALL",
        f"ALTER TABLE {APPEND_ONLY} DISABLE TRIGGER audit_append_only",
        f"DROP TRIGGER audit_append_only ON {APPEND_ONLY}",
        f"TRUNCATE {APPEND_ONLY}",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        f"UPDATE {APPEND_ONLY} SET actor = 'x'",
        f"DELETE FROM {APPEND_ONLY}",
        f"DROP TABLE {APPEND_ONLY}",
        f"ALTER TABLE {APPEND_ONLY} OWNER TO dongkou_app",
        f"CREATE TRIGGER own BEFORE INSERT ON {APPEND_ONLY} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE RULE own AS ON DELETE TO {APPEND_ONLY} DO INSTEAD NOTHING",
        "CREATE TABLE own (id int)",
        "CREATE SCHEMA own",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'",
        "COPY (SELECT 1) TO '/tmp/own'",
        "SET ROLE dongkou_owner",
        "SET SESSION AUTHORIZATION dongkou",
        "CREATE ROLE own SUPERUSER",
        "ALTER ROLE dongkou_app SUPERUSER",
        "UPDATE django_migrations SET name = 'x'",
    ],
)
def test_application_cannot(connected: Any, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        connected(database_roles.APPLICATION).execute(statement)


@pytest.mark.parametrize("role", [database_roles.OWNER, database_roles.APPLICATION, database_roles.READER])
def test_no_role_of_the_product_is_an_administrator(connected: Any, role: str) -> None:
    cursor = connected(role)
    cursor.execute(
        "SELECT current_user, rolsuper, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert cursor.fetchone() == (role, False, False, False, False)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SET session_replication_role = replica")


def test_application_has_no_right_to_change_what_a_trigger_keeps() -> None:
    """The triggers are the one list of what is never changed: every table with such a trigger is looked at."""
    with connection.cursor() as cursor:
        cursor.execute(database_roles.TRIGGERS)
        kept = [
            (table, right)
            for table, function, kind, _ in cursor.fetchall()
            if function == "refuse_change" and not kind & 1
            for right, bit in (("UPDATE", 16), ("DELETE", 8))
            if kind & bit
        ]
        assert len(kept) > 60
        for table, right in kept:
            cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [database_roles.APPLICATION, table, right])
            assert cursor.fetchone() == (False,), (table, right)


def columns(table: str) -> set[str]:
    """Those that the application may update."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND has_column_privilege(%s, attrelid, attnum, 'UPDATE')",
            [table, database_roles.APPLICATION],
        )
        return {name for (name,) in cursor.fetchall()}


def test_of_a_row_that_ends_once_only_its_end_can_be_written() -> None:
    assert columns("rewards_awardreview") == {"state", "ended_by_id", "ended_at"}
    assert columns("scoring_pointentry") == {"text"}
    assert columns("rewards_payment") == set()
    assert columns("households_household") >= {"head_name", "phone"}


def test_reader_reads_and_nothing_else(connected: Any, world: World) -> None:
    for statement in ("UPDATE households_household SET head_name = 'x'", "DELETE FROM scoring_mark"):
        with pytest.raises((psycopg2.errors.ReadOnlySqlTransaction, psycopg2.errors.InsufficientPrivilege)):
            connected(database_roles.READER).execute(statement)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        connected(database_roles.READER).execute("SELECT session_key FROM django_session")
    cursor = connected(database_roles.READER)
    cursor.execute("SELECT count(*) FROM households_auditevent")
    cursor.execute("SET default_transaction_read_only = off")
    cursor.connection.commit()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("INSERT INTO scoring_mark SELECT * FROM scoring_mark")


def test_new_tables_are_the_applications_to_write_at_once(connected: Any) -> None:
    cursor = connected(database_roles.OWNER)
    cursor.execute("CREATE TABLE fresh (id bigint GENERATED BY DEFAULT AS IDENTITY, word text)")
    for role, right, may in (
        (database_roles.APPLICATION, "INSERT", True),
        (database_roles.APPLICATION, "TRUNCATE", False),
        (database_roles.APPLICATION, "TRIGGER", False),
        (database_roles.READER, "SELECT", True),
        (database_roles.READER, "INSERT", False),
    ):
        cursor.execute("SELECT has_table_privilege(%s, 'fresh', %s)", [role, right])
        assert cursor.fetchone() == (may,), (role, right)


def test_grants_are_given_anew_without_a_moment_without(connected: Any) -> None:
    cursor = connected(database_roles.OWNER)
    cursor.execute("GRANT UPDATE ON rewards_payment TO dongkou_app; REVOKE SELECT ON households_user FROM dongkou_app")
    database_roles.grant(cursor)
    cursor.execute(
        "SELECT has_table_privilege('dongkou_app', 'rewards_payment', 'UPDATE'),"
        " has_table_privilege('dongkou_app', 'households_user', 'SELECT')"
    )
    assert cursor.fetchone() == (False, True)


def test_what_the_product_asks_in_tests_is_the_applications() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.DATABASE_ROLES["application"]["USER"],)
        assert acting.not_separated() == ""
        cursor.execute("SET LOCAL ROLE NONE")  # the watch puts the application's role back
        cursor.connection.cursor().execute("SET LOCAL ROLE NONE")
    assert "超级用户" in acting.not_separated()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "DECLARE fresh t := NEW; BEGIN fresh.b := OLD.b; fresh.a := NULL; IF fresh IS DISTINCT FROM OLD THEN",
            ["a", "b"],
        ),
        ("DECLARE fresh t := NEW; BEGIN fresh.a := OLD.a; RETURN NEW;", []),
        ("BEGIN IF (NEW.a) IS DISTINCT FROM (OLD.a) THEN", []),
    ],
)
def test_what_may_change_is_read_from_the_trigger(text: str, found: list[str]) -> None:
    assert database_roles.movable(text) == found


# Sets the roles up as a start does, and is killed before the statement whose number it is given.
KILLED = """
import os, signal, sys
import psycopg2
from dongkou import database_roles as roles

left = int(sys.argv[2])

class Deadly(psycopg2.extensions.cursor):
    def execute(self, *given):
        global left
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return super().execute(*given)

def cursor(database):
    connection = psycopg2.connect(host=sys.argv[1], dbname=database, user=roles.ADMINISTRATOR, cursor_factory=Deadly)
    connection.autocommit = True
    return connection.cursor()

roles.settle(cursor("postgres"))
inside = cursor(roles.DATABASE)
inside.execute("BEGIN")
roles.hand_over(inside)
roles.grant(inside)
inside.execute("COMMIT")
"""


def killed_before(layout: Any, statement: int) -> bool:
    """Whether there was such a statement."""
    command = [sys.executable, "-c", KILLED, str(layout.sockets), str(statement)]
    return subprocess.run(command, check=False, cwd=BASE_DIR).returncode == -signal.SIGKILL


def test_older_folder_is_handed_over_though_killed_before_any_statement(layout: Any) -> None:
    """Before there were roles the administrator owned everything. A start that is killed leaves what the next one makes good."""
    with servers.using(layout, BOTH):
        ask(layout, "CREATE TABLE older (id bigint GENERATED BY DEFAULT AS IDENTITY, word text)")
        ask(layout, "CREATE VIEW older_words AS SELECT word FROM older")
        ask(layout, "CREATE FUNCTION older_one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        ask(layout, "INSERT INTO older (word) VALUES ('kept')")
        ask(layout, "CREATE TABLE handed_over_already ()")
        ask(layout, "ALTER TABLE handed_over_already OWNER TO dongkou_owner")
        ask(layout, "ALTER DATABASE dongkou OWNER TO dongkou")
        statements = 0
        while killed_before(layout, statements):
            statements += 2
        assert statements > 20  # and then it went through
        ask(layout, "ALTER TABLE older OWNER TO dongkou")
        assert killed_before(layout, 20)  # among the grants: what it handed over is not committed yet
    with servers.using(layout, BOTH):
        owners = "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        assert ask(layout, f"SELECT array_agg(o) FROM ({owners}) x(o)") == [["dongkou_owner"]]
        assert ask(layout, "SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'older_one'") == [
            "dongkou_owner"
        ]
        assert ask(layout, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'dongkou'") == [
            "dongkou_owner"
        ]
        with contextlib.closing(
            psycopg2.connect(host=str(layout.sockets), dbname="dongkou", user="dongkou_app")
        ) as session:
            cursor = session.cursor()
            cursor.execute("INSERT INTO older (word) VALUES ('written') RETURNING id")
            cursor.execute("SELECT array_agg(word ORDER BY id) FROM older")
            assert cursor.fetchone() == (["kept", "written"],)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is everybody")
def test_system_user_of_the_web_server_becomes_neither_owner_nor_administrator(layout: Any) -> None:
    with servers.using(layout, BOTH):
        runner = find_runner(layout.postgresql)
        psql = "import psycopg2, sys; psycopg2.connect(host=sys.argv[1], dbname='dongkou', user=sys.argv[2]).close()"
        around = surroundings(runner)
        for role, may in (
            ("dongkou_app", True),
            ("dongkou_reader", True),
            ("dongkou_owner", False),
            ("dongkou", False),
        ):
            command = [around.python, "-c", psql, str(layout.sockets), role]
            done = subprocess.run(
                command, check=False, env=dict(around.environment), capture_output=True, **around.options
            )
            assert (done.returncode == 0) is may, done.stderr
