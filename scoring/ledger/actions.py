"""Points of one owner, moved one by one: holds, spends and what is given back.

Every function runs inside the caller's transaction, takes the owner's chain first and keeps it until that transaction
ends; do it last, after all other rows are locked. `key` (at most 60 printable ASCII characters, for example
"redemption:17") names what the points are for: the same call with the same key writes nothing the second time and returns
False, even long after; the same key for other points or another owner is a mistake of the program (ValueError). `text` is
a Chinese sentence or phrase that the owner reads in their statement.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from households.refusals import Refused
from households.sql import Prepared, rows, run
from scoring.ledger import chains, lots
from scoring.ledger.owners import PENDING, Owner, PointBalance, about
from scoring.ledger.posting import RECOVERED
from scoring.models import EntryKind

MAX_POINTS = 1_000_000_000
Found = dict[str, tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class PointMove:
    """One entry to be written for an account."""

    kind: str
    key: str
    text: str
    amount: int = 0
    held: int = 0
    owed: int = 0
    year: int | None = None
    month: str = ""

    @property
    def source_key(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass
class Posting:
    """An account whose chain is ours until the transaction ends: what it has and which of the asked entries exist."""

    owner: Owner
    account: int | None
    balance: PointBalance
    found: Found = field(default_factory=dict)

    def has(self, kind: str, key: str) -> bool:
        return f"{kind}:{key}" in self.found

    def repeats(self, kind: str, key: str, *, points: int | None = None) -> bool:
        """Whether the entry is there already, and then for this owner and as many points."""
        there = self.found.get(f"{kind}:{key}")
        if there is None:
            return False
        account, amount, held, owed = there
        if account != self.account or (points is not None and points != owed + (abs(amount) or held)):
            raise ValueError(f"the key {key!r} was used for something else")
        return True


_LOCK = "SELECT FROM scoring_ledgerhead WHERE chain = %(chain)s FOR UPDATE"
_STATE = Prepared(
    "ledger_state",
    {"chain": "text", "kind": "text", "code": "text", "keys": "text[]", "pending_from": "text"},
    f"""
    SELECT h.chain IS NOT NULL, a.id, coalesce(a.balance, 0), coalesce(a.held, 0), coalesce(a.owed, 0),
           CASE WHEN a.id IS NULL THEN 0 ELSE {PENDING.format(of="a")}::bigint END,
           (SELECT json_object_agg(e.source_key, json_build_array(e.account_id, e.amount, e.held, e.owed))
            FROM scoring_pointentry e WHERE e.source_key = ANY (%(keys)s::text[]))
    FROM (SELECT) one
    LEFT JOIN scoring_ledgerhead h ON h.chain = %(chain)s
    LEFT JOIN scoring_account a ON a.owner_kind = %(kind)s AND a.owner = %(code)s
    """,
)
_READ = _STATE.call
# Two statements in one message: the second begins once the chain is ours, and so sees what others wrote until then.
_OPEN_POSTING = f"{_LOCK}; {_READ}"
_OPEN_ACCOUNT = """
    INSERT INTO scoring_account (owner_kind, owner, balance, held, owed) VALUES (%(kind)s, %(code)s, 0, 0, 0)
    ON CONFLICT (owner, owner_kind) DO NOTHING
"""


def open_posting(owner: Owner, key: str, *kinds: str) -> Posting:
    """Take the owner's chain, and read what they have and which entries of these kinds the key names."""
    chains.in_a_transaction()
    _STATE.ready()
    asked = about(owner) | {"keys": [f"{kind}:{chains.checked_key(key)}" for kind in kinds]}
    [(begun, *read)] = rows(_OPEN_POSTING, asked)
    if not begun:
        chains.lock([owner.chain])
        [(_, *read)] = rows(_READ, asked)
    account, balance, held, owed, pending, found = read
    return Posting(owner, account, PointBalance(balance, held, owed, pending), found or {})


def write(posting: Posting, moves: Iterable[PointMove]) -> None:
    """Write the moves, then take from what is free now what the owner still owes."""
    if posting.account is None:
        run(_OPEN_ACCOUNT, about(posting.owner))
        [(_, posting.account, *_)] = rows(_READ, about(posting.owner) | {"keys": []})
    moves = list(moves)
    after = posting.balance.unheld + sum(move.amount - move.held for move in moves)
    owed = posting.balance.owed + sum(move.owed for move in moves)
    if recovered := min(after, owed):
        moves.append(PointMove(EntryKind.RECOVER, moves[-1].source_key, RECOVERED, amount=-recovered, owed=-recovered))
    chains.write_one({"account": posting.account, "chain": posting.owner.chain, "moves": _as_json(moves)})


def _as_json(moves: Iterable[PointMove]) -> str:
    return json.dumps([as_row(step, move) for step, move in enumerate(moves)])


def as_row(step: int, move: PointMove) -> dict[str, Any]:
    """A move as the statements that write entries take it."""
    return {
        "step": step,
        "amount": move.amount,
        "held": move.held,
        "owed": move.owed,
        "month": move.month,
        "year": move.year,
        "kind": str(move.kind),
        "source_key": move.source_key,
        "text": chains.one_line(move.text),
    }


def hold(owner: Owner, points: int, *, key: str, text: str) -> bool:
    """Reserve points that are free. Raises Refused not_enough_points (409) when fewer are."""
    _positive(points)
    posting = open_posting(owner, key, EntryKind.HOLD)
    if posting.repeats(EntryKind.HOLD, key, points=points):
        return False
    if points > posting.balance.free:
        raise posting.balance.short_of(points)
    write(posting, [PointMove(EntryKind.HOLD, key, text, held=points)])
    return True


def release(owner: Owner, *, key: str, text: str) -> bool:
    """Free what was held under the key. Raises Refused no_hold or hold_spent (409)."""
    posting = open_posting(owner, key, EntryKind.HOLD, EntryKind.RELEASE, EntryKind.SPEND)
    if posting.repeats(EntryKind.RELEASE, key):
        return False
    points = _held(posting, key)
    if posting.has(EntryKind.SPEND, key):
        raise Refused("hold_spent", "这笔预留的积分已经用掉了，不能取消。", hint="东西退回时请办理退货。", status=409)
    write(posting, [PointMove(EntryKind.RELEASE, key, text, held=-points)])
    return True


def spend(owner: Owner, *, key: str, text: str) -> bool:
    """Spend what was held under the key. Raises Refused no_hold or hold_released (409)."""
    posting = open_posting(owner, key, EntryKind.HOLD, EntryKind.RELEASE, EntryKind.SPEND)
    if posting.repeats(EntryKind.SPEND, key):
        return False
    points = _held(posting, key)
    if posting.has(EntryKind.RELEASE, key):
        raise Refused("hold_released", "这笔预留已经取消，积分已退回。", hint="请重新预约。", status=409)
    write(posting, [PointMove(EntryKind.SPEND, key, text, amount=-points, held=-points)])
    return True


def spend_now(owner: Owner, points: int, *, key: str, text: str) -> bool:
    """Spend free points at once, without holding them first. Raises Refused not_enough_points (409)."""
    _positive(points)
    posting = open_posting(owner, key, EntryKind.SPEND)
    if posting.repeats(EntryKind.SPEND, key, points=points):
        return False
    if points > posting.balance.free:
        raise posting.balance.short_of(points)
    write(posting, [PointMove(EntryKind.SPEND, key, text, amount=-points)])
    return True


def record_spent(owner: Owner, points: int, *, key: str, text: str) -> int:
    """Record a spend that has happened already, at a counter without a connection; returns the shortfall.

    It takes what is not reserved, points of months not yet open included; what is missing is owed and taken from what
    comes in. A repetition returns the same shortfall again.
    """
    _positive(points)
    posting = open_posting(owner, key, EntryKind.SPEND)
    if posting.repeats(EntryKind.SPEND, key, points=points):
        return posting.found[f"{EntryKind.SPEND}:{key}"][3]
    taken = min(points, posting.balance.unheld)
    write(posting, [PointMove(EntryKind.SPEND, key, text, amount=-taken, owed=points - taken)])
    return points - taken


def give_back(owner: Owner, points: int, *, key: str, text: str) -> bool:
    """Give back points of a spend, as new entries: one for each year they come back to (ADR 12).

    `key` is the key of the spend; for one of several parts, that key with "/" and something of the part's own behind it.
    Raises Refused not_spent (409) when the spend is unknown or fewer of its points are left to give back.
    """
    _positive(points)
    spent = chains.checked_key(key).partition("/")[0]
    posting = open_posting(owner, spent, EntryKind.SPEND)
    known = _entries(posting)
    again = [points_ for of, points_ in known.reversals if of == key]
    if again:
        if sum(again) != points:
            raise ValueError(f"the key {key!r} was used for something else")
        return False
    already = sum(points_ for of, points_ in known.reversals if of.partition("/")[0] == spent)
    left = _spent(posting, spent) - already
    if points > left:
        raise Refused(
            "not_spent", f"这笔兑换最多还能退回 {left} 分，不能退 {points} 分。", hint="请核对兑换记录。", status=409
        )
    taken = known.lots.taken.get(f"{EntryKind.SPEND}:{spent}", [])
    back = lots.coming_back(taken, already, points, timezone.localdate())
    write(
        posting, [PointMove(EntryKind.REVERSAL, f"{key}@{year}", text, amount=n, year=year) for year, n in back.items()]
    )
    return True


def adjust(owner: Owner, points: int, *, key: str, text: str) -> bool:
    """Add points, or with a minus sign take some that are not reserved. Raises Refused not_enough_points (409).

    Points that come in count as earned this year. Who may ask and who must agree is the caller's business.
    """
    _positive(abs(points))
    posting = open_posting(owner, key, EntryKind.ADJUST)
    if posting.repeats(EntryKind.ADJUST, key, points=abs(points)):
        return False
    if -points > posting.balance.unheld:
        raise posting.balance.short_of(-points)
    year = timezone.localdate().year if points > 0 else None
    write(posting, [PointMove(EntryKind.ADJUST, key, text, amount=points, year=year)])
    return True


def _positive(points: int) -> None:
    if type(points) is not int or not 0 < points <= MAX_POINTS:
        raise ValueError(f"points are whole numbers from 1 on, not {points!r}")


def _held(posting: Posting, key: str) -> int:
    """How many points the key holds or held. Raises Refused no_hold."""
    if not posting.repeats(EntryKind.HOLD, key):
        raise Refused("no_hold", "没有找到这笔预留的积分。", hint="请先预约。", status=409)
    return posting.found[f"{EntryKind.HOLD}:{key}"][2]


def _spent(posting: Posting, key: str) -> int:
    """How many points the key spent, owed ones included; 0 when it spent none."""
    if not posting.repeats(EntryKind.SPEND, key):
        return 0
    _, amount, _, owed = posting.found[f"{EntryKind.SPEND}:{key}"]
    return owed - amount


@dataclass(frozen=True, slots=True)
class _Known:
    lots: lots.Lots
    reversals: list[tuple[str, int]]  # key given, points


def _entries(posting: Posting) -> _Known:
    """All entries of the account, as lots and as what was given back."""
    sql = "SELECT kind, source_key, amount, year FROM scoring_pointentry WHERE account_id = %(account)s ORDER BY seq"
    found = rows(sql, {"account": posting.account})
    movements = [lots.Movement(amount, year, source_key) for _, source_key, amount, year in found]
    prefix = len(f"{EntryKind.REVERSAL}:")
    reversals = [(key[prefix:].rsplit("@", 1)[0], n) for kind, key, n, _ in found if kind == EntryKind.REVERSAL]
    return _Known(lots.lots_of(movements), reversals)
