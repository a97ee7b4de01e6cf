"""What somebody does who owns the database: triggers and constraints do not stop them, only what was published does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from households.sql import run
from tests.world import VILLAGE


def tamper(*statements: str) -> None:
    """Run SQL as if no guard were there."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE scoring_pointentry DROP CONSTRAINT IF EXISTS entry_fits_its_kind")
    run("SET LOCAL session_replication_role = replica")
    for statement in statements:
        assert run(statement), statement
    run("SET LOCAL session_replication_role = origin")


REHASH = f"""
    UPDATE scoring_pointentry e SET hash = n.hash FROM (
        SELECT x.id, ledger_links(decode(repeat('00', 32), 'hex'),
                   ledger_leaf(x.chain, x.seq, a.owner_kind, a.owner, x.kind, x.month, x.year, x.amount, x.held, x.owed,
                               x.source_key, x.text, x.at, x.salt)) OVER (ORDER BY x.seq ROWS UNBOUNDED PRECEDING) AS hash
        FROM scoring_pointentry x JOIN scoring_account a ON a.id = x.account_id WHERE x.chain = '{VILLAGE}') n
    WHERE n.id = e.id
"""


NEW_HEAD = f"""
    UPDATE scoring_ledgerhead h SET hash = e.hash FROM scoring_pointentry e
    WHERE h.chain = '{VILLAGE}' AND e.chain = h.chain AND e.seq = h.seq
"""


@contextmanager
def unguarded() -> Iterator[None]:
    """The tables as somebody with the keys of the server could change them: no trigger looks."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
