"""The points of a county as a file that can be checked without this system: docs/ledger.md describes it.

It holds owners' codes and what was written to households, so it is for auditors and supervisors, not for publication.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from django.utils import timezone

from households.codes import sql_within
from households.refusals import Refused
from households.sql import column, one_moment
from scoring.ledger.chains import CHAIN, IS_WITHHELD, KEPT_LEAF

FORMAT = 1
AT_ONCE = 5000  # rows in memory

# A chain whose head was removed, or an account on a chain of its own, must not escape the check.
_CHAINS = f"""
    SELECT chain FROM scoring_ledgerhead UNION SELECT chain FROM scoring_pointentry
    UNION SELECT {CHAIN.format(of="a")} FROM scoring_account a ORDER BY 1
"""
# The columns of the canonical line by their names, and the stored hash; where words were withheld also the leaf that they were
# part of, for the line that stands there now gives another one.
_COLUMNS = """
    'chain', e.chain, 'seq', e.seq, 'owner_kind', a.owner_kind, 'owner', a.owner, 'kind', e.kind,
    'month', e.month, 'year', e.year, 'amount', e.amount, 'held', e.held, 'owed', e.owed, 'source_key', e.source_key,
    'text', e.text, 'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'salt', encode(e.salt, 'hex'), 'hash', encode(e.hash, 'hex')
"""
_KEPT = KEPT_LEAF.replace("{of}.owner", "a.owner").format(of="e")  # a.owner_kind and a.owner
ENTRY = f"""
    CASE WHEN {IS_WITHHELD.format(of="e")}
         THEN json_build_object({_COLUMNS}, 'leaf', encode({_KEPT}, 'hex'))
         ELSE json_build_object({_COLUMNS}) END
"""
_ENTRIES = f"""
    SELECT {ENTRY} FROM scoring_pointentry e JOIN scoring_account a ON a.id = e.account_id
    WHERE e.chain = %(chain)s AND e.seq > %(after)s ORDER BY e.seq LIMIT %(limit)s
"""
_HEAD = """
    SELECT json_build_object('type', 'head', 'chain', chain, 'seq', seq, 'hash', encode(hash, 'hex'))
    FROM scoring_ledgerhead WHERE chain = %(chain)s
"""
_ACCOUNTS = f"""
    SELECT json_build_object('type', 'account', 'owner_kind', a.owner_kind, 'owner', a.owner, 'balance', a.balance,
                             'held', a.held, 'owed', a.owed)
    FROM scoring_account a
    WHERE {sql_within("a.owner", "%(low)s")} AND {CHAIN.format(of="a")} = %(chain)s
    ORDER BY a.owner_kind, a.owner
"""


@dataclass
class Exported:
    """What was written."""

    chains: int = 0
    entries: int = 0


def write_export(file: TextIO, *, only: str = "") -> Exported:
    """Write every chain, or the one that is asked for: its entries in order, its head, its accounts. One moment of the database."""
    done = Exported()
    with one_moment():
        chains = [chain for chain in column(_CHAINS) if only in ("", chain)]
        if only and not chains:
            raise Refused(
                "no_chain", f"没有“{only}”这条链。", hint="链的代码是村的 12 位代码，部门写 department:代码。"
            )
        _write(file, {"type": "ledger", "format": FORMAT, "made_at": timezone.now().isoformat(), "only": only})
        for chain in chains:
            done.chains += 1
            for entry in entries_of(chain):
                done.entries += 1
                _write(file, {"type": "entry"} | entry)
            for record in _ends_of(chain):
                _write(file, record)
    return done


def entries_of(chain: str) -> Iterator[dict[str, object]]:
    """The entries of a chain, each as its columns by name."""
    after = 0
    while found := column(_ENTRIES, {"chain": chain, "after": after, "limit": AT_ONCE}):
        yield from found
        after = found[-1]["seq"]


def _ends_of(chain: str) -> list[dict[str, object]]:
    low = chain.removeprefix("department:")
    return column(_HEAD, {"chain": chain}) + column(_ACCOUNTS, {"chain": chain, "low": low})


def _write(file: TextIO, record: dict[str, object]) -> None:
    file.write(json.dumps(record, ensure_ascii=False) + "\n")
