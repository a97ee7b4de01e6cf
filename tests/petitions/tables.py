"""Whole tables as one digest each: what must not change when something else does."""

import re

from django.db import connection

# Written by petitions as by everybody, and read by no score: who did what, answers to repeated requests, sessions.
LOGS = {"households_auditevent", "households_operation"}


def joined() -> list[str]:
    """Every table of scores and rewards, and those of households on which they stand."""
    names = connection.introspection.table_names()
    ours = (name for name in names if re.match(r"(scoring|rewards|households)_", name))
    return sorted(name for name in ours if name not in LOGS)


def digests(tables: list[str]) -> dict[str, str]:
    """MD5 over all rows of each table, byte by byte, in one statement."""
    one = "SELECT '{0}', md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\"), '')) FROM {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return dict(cursor.fetchall())
