"""Points of many households and places at once, handed on by a change of places: read, split by year, written in one statement.

Whose target owes or has points of its own goes the way of one household alone (`heirs.pass_on`), which knows what to do.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from households.borders.rooms import BorderStep
from households.models import User
from households.sql import rows, run
from scoring.ledger import chains, heirs, places
from scoring.ledger.actions import PointMove, as_row
from scoring.ledger.owners import PENDING, first_pending_month

_GIVERS = f"""
    SELECT m.old, m.new, c.id, a.id, a.balance - a.held, a.owed, {PENDING.format(of="a")}::bigint,
           (SELECT count(*) FROM scoring_pointentry p WHERE p.account_id = a.id AND p.kind = 'moved_out'),
           coalesce(t.balance > t.held OR t.owed > 0, false)
    FROM staged_move m
    JOIN households_householdchange c ON c.order_id = %(order)s AND c.household_id = m.old AND c.kind = %(kind)s
    JOIN scoring_account a ON a.owner_kind = 'household' AND a.owner = m.old AND (a.balance > a.held OR a.owed > 0)
    LEFT JOIN scoring_account t ON t.owner_kind = 'household' AND t.owner = m.new
    ORDER BY m.old
"""
_ENTRIES = """
    SELECT account_id, amount, year, source_key, CASE WHEN month >= %(pending_from)s THEN month ELSE '' END
    FROM scoring_pointentry WHERE account_id = ANY (%(accounts)s::bigint[]) ORDER BY account_id, seq
"""
_OPEN = """
    INSERT INTO scoring_account (owner_kind, owner, balance, held, owed)
    SELECT 'household', code, 0, 0, 0 FROM unnest(%(owners)s::text[]) AS code ORDER BY code
    ON CONFLICT (owner, owner_kind) DO NOTHING
"""
_ACCOUNTS = "SELECT owner, id FROM scoring_account WHERE owner_kind = 'household' AND owner = ANY (%(owners)s::text[])"


@dataclass(frozen=True, slots=True)
class _Giver:
    old: str
    new: str
    change: int
    account: int
    points: int
    owed: int
    pending: int
    times: int
    meets: bool  # the target has points or debts of its own


def pass_all(step: BorderStep, by: User | None) -> int:
    """Everything of the staged households and places that is not reserved goes on; returns the points. In a transaction."""
    assert step.order
    chains.lock(_chains(step))
    pending_from = first_pending_month(timezone.localdate())
    kind = "merge" if step.back else "move"
    found = [_Giver(*row) for row in rows(_GIVERS, {"order": step.order, "kind": kind, "pending_from": pending_from})]
    together = [one for one in found if not one.meets]
    _write(together, _entries(together, pending_from))
    alone = sum(heirs.pass_on(one.old, one.new, one.change) for one in found if one.meets)
    return sum(one.points for one in together) + alone + _of_places(step)


def _of_places(step: BorderStep) -> int:
    """Of places one by one: there are few."""
    if step.back:
        return places.give_back(step)
    return sum(places.pass_place(old, new, step.order or 0) for old, new in sorted(step.ways.items()))


def _chains(step: BorderStep) -> set[str]:
    wide = {code for pair in step.ways.items() for code in pair if len(code) < 12}
    return {*step.villages, *wide}


def _entries(givers: Iterable[_Giver], pending_from: str) -> dict[int, list[heirs.Entry]]:
    accounts = [one.account for one in givers]
    found: dict[int, list[heirs.Entry]] = {account: [] for account in accounts}
    for account, *entry in rows(_ENTRIES, {"accounts": accounts, "pending_from": pending_from}):
        found[account].append(tuple(entry))
    return found


def _write(givers: list[_Giver], entries: dict[int, list[heirs.Entry]]) -> None:
    if not givers:
        return
    owners = [one.new for one in givers]
    run(_OPEN, {"owners": owners})
    targets: dict[str, int] = dict(rows(_ACCOUNTS, {"owners": owners}))
    moves = [
        {"account": account} | as_row(number, move)
        for one in givers
        for account, said in _moves(one, targets[one.new], entries[one.account])
        for number, move in enumerate(said)
    ]
    chains.write_many(json.dumps(moves))


def _moves(one: _Giver, target: int, entries: list[heirs.Entry]) -> Iterator[tuple[int, list[PointMove]]]:
    key, parts = f"change:{one.change}.{one.times}", heirs.parts_of(entries, one.points, one.pending)
    yield one.account, heirs.moves_out(key, parts, one.owed, places.OUT.format(one.new))
    yield target, heirs.moves_in(key, parts, one.owed, places.IN.format(one.old))
