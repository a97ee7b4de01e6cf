"""Whole tables as one digest each: what must not change when something else does."""

import re

from django.db import connection

# Written by petitions as by everybody, and read by no score: who did what and its trail, answers to repeated requests, what
# households and filers were told.
LOGS = {
    "households_auditevent",
    "households_operation",
    "households_outboxmessage",
    "households_trail",
    "households_trailseal",
}


def joined() -> list[str]:
    """Every table of scores and rewards, and those of households on which they stand."""
    names = connection.introspection.table_names()
    ours = (name for name in names if re.match(r"(scoring|rewards|households)_", name))
    return sorted(name for name in ours if name not in LOGS)


def digests(tables: list[str]) -> dict[str, str]:
    """MD5 over all rows of each table, byte by byte, in one statement."""
    return _md5(dict.fromkeys(tables, "t"))


def figures(tables: list[str]) -> dict[str, str]:
    """The same without moments, and without what is drawn by lot (salts, and the hashes made with them)."""
    wanted = """
        SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = ANY (%s)
          AND data_type <> 'timestamp with time zone' AND column_name NOT IN ('salt', 'hash') GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(wanted, [tables])
        return _md5({table: f"({columns})" for table, columns in cursor.fetchall()})


def _md5(rows: dict[str, str]) -> dict[str, str]:
    one = (
        "SELECT '{0}', md5(coalesce(string_agg(({1})::text, E'\\n' ORDER BY ({1})::text COLLATE \"C\"), '')) FROM {0} t"
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table, row) for table, row in rows.items()))
        return dict(cursor.fetchall())


def written(tables: list[str]) -> dict[str, int]:
    """How many rows of each table this transaction has inserted, changed or deleted so far; rolled back or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE schemaname = 'public' AND relname = ANY (%s)",
            [tables],
        )
        return dict(cursor.fetchall())
