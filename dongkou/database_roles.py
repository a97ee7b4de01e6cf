"""Who may do what in the database. Plain psycopg2, no Django: the keeper calls it before anything else connects.

Five roles. The administrator made the embedded cluster and only sets up the others; on a server of its own the county's
administrator does (``manage.py database_roles``). The owner owns the tables and runs migrations. The application reads and
writes rows, the reader reads, the fifth copies the whole cluster for backups. What is never changed is not listed here: the
triggers that refuse it say so.
"""

import re
from typing import Any

ADMINISTRATOR = "dongkou"
OWNER = "dongkou_owner"
APPLICATION = "dongkou_app"
READER = "dongkou_reader"
BACKUP = "dongkou_backup"  # the embedded cluster's: copies it whole, reads and writes no row
DATABASE = "dongkou"
LEAST_VERSION = 150000  # MERGE and NULLS NOT DISTINCT

MAINTAINING = 170000  # knows the right to ANALYZE; before that what was filled at once is analyzed by autovacuum alone
HIDDEN_FROM_READER = ("django_session",)  # what lies there opens a browser's session
ONLY_READ = ("django_migrations", "households_trail")  # the second is written by triggers with the owner's rights

# A trigger's type in pg_trigger: before every row, or once a statement; on which commands.
_ROW, _DELETE, _UPDATE = 1, 8, 16
TRIGGERS = """
SELECT c.relname, p.proname, t.tgtype, p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = 'public'::regnamespace AND t.tgattr = ''
ORDER BY c.relname, p.proname"""

# A trigger that compares a copy of the new row with the old one first puts back, by assignment, what may change.
_COPY = re.compile(r"(\w+) \w+ := NEW;")


def settle(cursor: Any) -> None:
    """The roles of the embedded cluster. The administrator is connected to any database; harmless when repeated."""
    cursor.execute("SELECT rolname FROM pg_roles")
    known = {name for (name,) in cursor.fetchall()}
    for role, extra in ((OWNER, "CREATEDB"), (APPLICATION, "NOCREATEDB"), (READER, "NOCREATEDB")):
        verb = "ALTER" if role in known else "CREATE"
        cursor.execute(f"{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {extra}")
    verb = "ALTER" if BACKUP in known else "CREATE"
    cursor.execute(f"{verb} ROLE {BACKUP} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS REPLICATION")
    cursor.execute(f"ALTER ROLE {READER} SET default_transaction_read_only = on")
    cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [DATABASE])
    found = cursor.fetchone()
    if found is None:
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    elif found[0] != OWNER:
        cursor.execute(f"ALTER DATABASE {DATABASE} OWNER TO {OWNER}")


_NOT_OWNED = """
SELECT format('ALTER TABLE %%s OWNER TO {owner}', c.oid::regclass) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relowner <> %(owner)s::regrole
UNION ALL
SELECT format('ALTER SEQUENCE %%s OWNER TO {owner}', c.oid::regclass) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' AND c.relowner <> %(owner)s::regrole
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
UNION ALL
SELECT format('ALTER ROUTINE %%s OWNER TO {owner}', p.oid::regprocedure) FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> %(owner)s::regrole
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def hand_over(cursor: Any) -> None:
    """Give the owner what the administrator made when it was everybody: all in the caller's one transaction."""
    cursor.execute(_NOT_OWNED.format(owner=OWNER), {"owner": OWNER})
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)


def grant(cursor: Any, *, owner: str = OWNER, application: str = APPLICATION, reader: str = READER) -> None:
    """What application and reader may do with the tables that stand now, and by default with later ones.

    For the owner or an administrator, in one transaction: nobody sees a moment without rights.
    """
    for statement in grants(owner, application, reader):
        cursor.execute(statement)
    if cursor.connection.server_version >= MAINTAINING:
        may = f"MAINTAIN ON {{}} TO {_quoted(application)}"
        cursor.execute(f"GRANT {may.format('ALL TABLES IN SCHEMA public')}")
        cursor.execute(f"{_later(owner)} {may.format('TABLES')}")
    cursor.execute(TRIGGERS)
    for statement in exceptions(cursor.fetchall(), application):
        cursor.execute(statement)
    for tables, right, role in (
        (HIDDEN_FROM_READER, "ALL", reader),
        (ONLY_READ, "INSERT, UPDATE, DELETE", application),
    ):
        for table in tables:
            cursor.execute("SELECT to_regclass(%s)", [f"public.{table}"])
            if cursor.fetchone()[0]:
                cursor.execute(f"REVOKE {right} ON {table} FROM {_quoted(role)}")


def grants(owner: str, application: str, reader: str) -> list[str]:
    """The same for every table."""
    app, read = _quoted(application), _quoted(reader)
    later = _later(owner)
    return [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {app}, {read}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}, {read}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {read}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {read}",
        f"{later} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        f"{later} SELECT ON TABLES TO {read}",
        f"{later} USAGE, SELECT ON SEQUENCES TO {app}",
        f"{later} SELECT ON SEQUENCES TO {read}",
    ]


def exceptions(triggers: list[tuple[str, str, int, str]], application: str) -> list[str]:
    """What the application may not do with some tables, by their triggers: table, function, type, the function's text."""
    app, statements = _quoted(application), []
    for table, function, kind, text in triggers:
        if function == "refuse_change" and not kind & _ROW:
            refused = [name for name, bit in (("UPDATE", _UPDATE), ("DELETE", _DELETE)) if kind & bit]
            statements += [f"REVOKE {', '.join(refused)} ON {table} FROM {app}"] if refused else []
        elif kind & _UPDATE and (columns := movable(text)):
            statements += [
                f"REVOKE UPDATE ON {table} FROM {app}",
                f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {app}",
            ]
    return statements


def movable(text: str) -> list[str]:
    """The columns that such a trigger lets change; none of a trigger of another kind."""
    copy = _COPY.search(text)
    if copy is None or not re.search(rf"\b{copy[1]} IS (NOT )?DISTINCT FROM OLD", text):
        return []
    return sorted(set(re.findall(rf"\b{copy[1]}\.(\w+) :=", text)))


def _later(owner: str) -> str:
    return f"ALTER DEFAULT PRIVILEGES FOR ROLE {_quoted(owner)} IN SCHEMA public GRANT"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
