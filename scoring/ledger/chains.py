r"""How entries are written: numbered and hashed onto their chain, many in one statement.

A chain is everything that moves in one village: the chain of an entry is the code of its village (12 digits) for households,
groups and villages; the code itself for townships (9) and counties (6); ``department:CODE`` for departments. Entries of a
chain are numbered 1, 2, 3 ... (`seq`) and each holds

    hash = SHA-256(hash of the entry before || leaf)      32 zero bytes stand before the first entry
    leaf = SHA-256(0x00 || canonical line, UTF-8)

The canonical line is made of 15 fields with one tab (0x09) between them and nothing at the end. No field holds a tab or a
line break (the database sees to it), so nothing is escaped:

    v1  chain  seq  owner_kind  owner  kind  month  year  amount  held  owed  source_key  text  at  salt

owner_kind  household, division or department; owner is its code
kind        freeze, restate, recover, hold, release, spend, reversal, expiry, adjust, moved_out, moved_in or forfeit
month       YYYY-MM or empty; year: four digits or empty
amount, held, owed    signed decimal integers without plus sign or leading zeros: what the entry adds to each
at          UTC, YYYY-MM-DDTHH:MM:SS.ffffffZ with all six digits of microseconds
salt        16 random bytes as 32 lowercase hexadecimal digits, so that a published leaf cannot be guessed

The line is put together in one place, the database function `ledger_leaf` (migration 0004): by set-based statements that
write a county's entries, and by those that verify them. Whoever adds to a chain first locks its head until their transaction
ends. Heads are locked after all other rows, villages before townships, counties and departments, and by code within each.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError

from households.sql import Prepared, column, rows, run
from scoring.reasons import WITHHELD

START = bytes(32)  # stands before the first entry of a chain
_KEY = re.compile(r"[!-~]{1,60}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
_IN_ORDER = "CASE WHEN starts_with(chain, 'department:') THEN 0 ELSE length(chain) END DESC, chain"

_OPEN = f"""
    INSERT INTO scoring_ledgerhead (chain, seq, hash)
    SELECT chain, 0, %(start)s FROM unnest(%(chains)s::text[]) AS wanted (chain)
    WHERE chain NOT IN (SELECT chain FROM scoring_ledgerhead WHERE chain = ANY (%(chains)s::text[]))
    ORDER BY {_IN_ORDER}
    ON CONFLICT DO NOTHING
"""
_LOCK = f"""
    SELECT chain FROM scoring_ledgerhead WHERE chain = ANY (%(chains)s::text[]) ORDER BY {_IN_ORDER} FOR UPDATE
"""
# SQL: the chain of an owner.
CHAIN = "(CASE {of}.owner_kind WHEN 'department' THEN 'department:' || {of}.owner ELSE left({of}.owner, 12) END)"
LEAF = (
    "ledger_leaf({of}.chain, {of}.seq, {of}.owner_kind, {of}.owner, {of}.kind, {of}.month, {of}.year, {of}.amount, {of}.held,"
    " {of}.owed, {of}.source_key, {of}.text, {of}.at, {of}.salt)"
)
# SQL, of a row that was read with its id: whether its words were withheld, and the leaf that stands for it in the chain. Words
# that are withheld left theirs behind (`scoring.withholdings`); what else stands in the row, the hash holds as ever.
IS_WITHHELD = f"(right({{of}}.text, {len(WITHHELD)}) = '{WITHHELD}')"
_LEFT_BEHIND = "(SELECT w.digest FROM scoring_withholding w WHERE w.entry_id = {of}.id AND w.state = 'granted')"
KEPT_LEAF = f"(CASE WHEN {IS_WITHHELD} THEN coalesce({_LEFT_BEHIND}, {LEAF}) ELSE {LEAF} END)"
# What follows a CTE `moves` (account_id, owner_kind, owner, chain, step, amount, held, owed, month, year, kind, source_key,
# text) whose chains are locked: writes the entries in the order owner_kind, owner, step, and moves the heads. Households come
# before the divisions they live in.
WRITE = f"""
    numbered AS (
        SELECT m.*, h.hash AS before, uuid_send(gen_random_uuid()) AS salt, statement_timestamp() AS at,
               h.seq + row_number() OVER (PARTITION BY h.chain ORDER BY m.owner_kind DESC, m.owner, m.step) AS seq,
               h.seq + count(*) OVER (PARTITION BY h.chain) AS last
        FROM moves m JOIN scoring_ledgerhead h ON h.chain = m.chain
    ),
    linked AS (
        SELECT n.*, ledger_links(before, {LEAF.format(of="n")})
                        OVER (PARTITION BY n.chain ORDER BY n.seq ROWS UNBOUNDED PRECEDING) AS hash
        FROM numbered n
    ),
    written AS (
        INSERT INTO scoring_pointentry (account_id, month, year, amount, held, owed, kind, source_key, text, at, chain, seq,
                                        salt, hash)
        SELECT account_id, month, year, amount, held, owed, kind, source_key, text, at, chain, seq, salt, hash
        FROM linked ORDER BY chain, seq
        RETURNING account_id, amount, held, owed, kind
    ),
    moved_on AS (
        UPDATE scoring_ledgerhead h SET seq = l.seq, hash = l.hash
        FROM linked l WHERE l.seq = l.last AND h.chain = l.chain
    )
"""


def lock(chains: Iterable[str]) -> list[str]:
    """Hold the heads of these chains until the transaction ends; a chain that has none yet is begun.

    Returns them in the order in which they were taken.
    """
    in_a_transaction()
    wanted = {"chains": sorted(set(chains)), "start": START}
    taken = column(_LOCK, wanted)
    if len(taken) < len(wanted["chains"]):
        run(_OPEN, wanted)
        taken = column(_LOCK, wanted)
    return taken


def checked_key(key: str) -> str:
    """The key that names what points are for. Raises ValueError when it is none."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def one_line(text: str) -> str:
    """A text as it fits into a canonical line: no tabs, no line breaks, at most 200 characters."""
    return _UNPRINTABLE.sub(" ", text).strip()[:200]


def in_a_transaction() -> None:
    """Points move together with what they are for, so whoever moves them has begun a transaction."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("points are moved inside the caller's transaction")


_ONE = Prepared(
    "ledger_write",
    {"account": "bigint", "chain": "text", "moves": "json"},
    f"""
    WITH moves AS (
        SELECT a.id AS account_id, a.owner_kind, a.owner, %(chain)s::text AS chain, m.*
        FROM scoring_account a, json_to_recordset(%(moves)s) AS m (
            step int, amount int, held int, owed int, month text, year int, kind text, source_key text, text text)
        WHERE a.id = %(account)s
    ),
    {WRITE},
    raised AS (
        UPDATE scoring_account a
        SET balance = balance + d.amount, held = a.held + d.held, owed = a.owed + d.owed
        FROM (SELECT sum(amount) AS amount, sum(held) AS held, sum(owed) AS owed FROM moves) d
        WHERE a.id = %(account)s
    )
    SELECT count(*) FROM written
    """,
)


# The same of many accounts, each move with the account that it is of.
_MANY = f"""
    WITH moves AS (
        SELECT a.id AS account_id, a.owner_kind, a.owner, {CHAIN.format(of="a")} AS chain, m.step, m.amount, m.held, m.owed,
               m.month, m.year, m.kind, m.source_key, m.text
        FROM json_to_recordset(%(moves)s) AS m (
            account bigint, step int, amount int, held int, owed int, month text, year int, kind text, source_key text, text text)
        JOIN scoring_account a ON a.id = m.account
    ),
    {WRITE},
    raised AS (
        UPDATE scoring_account a
        SET balance = a.balance + d.amount, held = a.held + d.held, owed = a.owed + d.owed
        FROM (SELECT account_id, sum(amount) AS amount, sum(held) AS held, sum(owed) AS owed FROM moves GROUP BY 1) d
        WHERE a.id = d.account_id
    )
    SELECT count(*) FROM written
"""


def write_one(params: Mapping[str, Any]) -> None:
    """Write the moves of one account (`account`, `chain`, `moves` as JSON) whose chain is locked."""
    _ONE.ready()
    rows(_ONE.call, params)


def write_many(moves: str) -> None:
    """Write the moves of many accounts (JSON, each with its `account`) whose chains are locked."""
    rows(_MANY, {"moves": moves})
