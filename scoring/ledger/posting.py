"""Entries for many owners at once, whose chains are locked: one statement, however many there are."""

from collections.abc import Mapping
from typing import Any

from households.sql import hash_joins, rows
from scoring.ledger.chains import CHAIN, WRITE

RECOVERED = "从新到的积分里扣还以前多得的积分"

# An account opened here starts with what it is credited. The UPDATE does not see it: it was not there when the statement
# began. An account that somebody else opened in the same moment is neither known nor opened: `left_over` counts it.
# Whoever owes gives it back from what comes in, at once.
_POST = f"""
    WITH everything AS MATERIALIZED ({{due}}),
    due AS MATERIALIZED (
        SELECT d.* FROM everything d
        LEFT JOIN scoring_pointentry e ON e.source_key = %(prefix)s || d.owner
            AND e.source_key >= %(prefix)s || %(low)s::text AND e.source_key < %(prefix)s || %(high)s::text
        WHERE e.id IS NULL
    ),
    known AS (
        SELECT a.id, a.owner_kind, a.owner, a.owed, a.balance - a.held AS unheld
        FROM scoring_account a JOIN due USING (owner_kind, owner)
        WHERE a.owner >= %(low)s AND a.owner < %(high)s
    ),
    opened AS (
        INSERT INTO scoring_account (owner_kind, owner, balance, held, owed)
        SELECT owner_kind, owner, greatest(amount, 0), 0, 0 FROM due LEFT JOIN known USING (owner_kind, owner)
        WHERE known.id IS NULL ORDER BY owner
        ON CONFLICT (owner, owner_kind) DO NOTHING
        RETURNING id, owner_kind, owner, owed, 0::bigint AS unheld
    ),
    payable AS (
        SELECT id AS account_id, due.*, owed AS owing, unheld, {CHAIN.format(of="due")} AS chain
        FROM due JOIN (TABLE known UNION ALL TABLE opened) a USING (owner_kind, owner)
    ),
    moves AS (
        SELECT account_id, owner_kind, owner, chain, 0 AS step, greatest(amount, -unheld)::int AS amount, 0 AS held,
               (greatest(amount, -unheld) - amount)::int AS owed, %(month)s::text AS month,
               CASE WHEN amount > 0 THEN %(year)s::int END AS year, %(kind)s::text AS kind, %(prefix)s || owner AS source_key,
               text
        FROM payable
        UNION ALL
        SELECT account_id, owner_kind, owner, chain, 1, -least(amount, owing)::int, 0, -least(amount, owing)::int, %(month)s,
               NULL, 'recover', 'recover:' || %(prefix)s || owner, '{RECOVERED}'
        FROM payable WHERE owing > 0 AND amount > 0
    ),
    {WRITE},
    raised AS (
        UPDATE scoring_account a SET balance = a.balance + d.amount, owed = a.owed + d.owed
        FROM (SELECT account_id, sum(amount) AS amount, sum(owed) AS owed FROM moves GROUP BY 1) d
        WHERE a.id = d.account_id AND a.owner >= %(low)s AND a.owner < %(high)s
    )
    SELECT (SELECT count(*) FROM payable),
           (SELECT count(*) FROM due) - (SELECT count(*) FROM payable) AS left_over
"""


def post(due: str, params: Mapping[str, Any]) -> int:
    """Write the entries that `due` names and that are not there yet, and move the accounts by exactly those.

    `due` is a query for (owner_kind, owner, amount, text): points that come in, or that go out when negative. What goes
    out is taken from what is not held, the rest is owed. The parameters name the entries: `kind`, `month`, `year` (of what
    comes in), `prefix` (a source key is the prefix and the owner), and the range `low`..`high` of the owners. Returns how
    many accounts were moved.
    """
    moved, left_over = 0, 1
    while left_over:
        with hash_joins():
            [(now, left_over)] = rows(_POST.format(due=due), params)
        moved += now
    return moved
