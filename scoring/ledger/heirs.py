"""Points of households that have left the register: they go where the household went, or lapse when it names nobody in time.

A household that moved or was merged goes on under another code; one that was closed may name who gets its points. Whatever comes
to its account later, of a month that is frozen or put right only then, goes the same way. Whoever owes, owes on.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from households import audit
from households.codes import village_of
from households.models import User
from households.months import Month
from households.sql import column, rows
from scoring.ledger import chains, lots
from scoring.ledger.actions import PointMove, Posting, open_posting, write
from scoring.ledger.owners import Owner, about, household
from scoring.models import EntryKind

# Who left the register, and where it went: the last word counts. Nobody has named the heir of a closed household: NULL.
LEFT = """
    SELECT DISTINCT ON (c.household_id) c.household_id AS code, c.other_id AS heir, c.id AS change,
           max(c.at) FILTER (WHERE c.kind = 'close') OVER (PARTITION BY c.household_id) AS closed_at
    FROM households_householdchange c JOIN households_household h ON h.code = c.household_id AND h.valid_to IS NOT NULL
    WHERE c.kind IN ('merge', 'move', 'close', 'heir')
    ORDER BY c.household_id, c.id DESC
"""
_HEIRS = f"SELECT code, heir, change FROM ({LEFT}) l WHERE heir IS NOT NULL AND ({{which}})"
_LEFT_BEHIND = f"""
    SELECT l.code FROM ({LEFT}) l JOIN scoring_account a ON a.owner_kind = 'household' AND a.owner = l.code
    WHERE l.heir IS NOT NULL AND (a.balance > a.held OR a.owed > 0) ORDER BY 1
"""
_HEIRLESS = f"""
    SELECT l.code, l.change FROM ({LEFT}) l JOIN scoring_account a ON a.owner_kind = 'household' AND a.owner = l.code
    WHERE l.heir IS NULL AND a.balance > a.held AND (l.closed_at AT TIME ZONE 'Asia/Shanghai')::date < %(closed_before)s ORDER BY 1
"""
_ENTRIES = """
    SELECT amount, year, source_key, CASE WHEN month >= %(pending_from)s THEN month ELSE '' END
    FROM scoring_pointentry WHERE account_id = %(account)s ORDER BY seq
"""
_TIMES = "SELECT count(*) FROM scoring_pointentry WHERE account_id = %(account)s AND kind = %(kind)s"
OUT, IN = "户籍变更，积分转到 {}", "户籍变更，从 {} 转来的积分"


def ways(villages: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Where the households went that have left the register of these villages: the last code of each, and the change's number."""
    known: dict[str, tuple[str, int]] = {}
    which, of = "left(code, 12) = ANY (%(of)s::text[])", list(villages)
    while found := rows(_HEIRS.format(which=which), {"of": of}):
        known |= {code: (heir, change) for code, heir, change in found}
        which, of = "code = ANY (%(of)s::text[])", [heir for _, heir, _ in found if heir not in known]
    return {code: (_end_of(code, known), change) for code, (_, change) in known.items()}


def _end_of(code: str, known: dict[str, tuple[str, int]]) -> str:
    """Where the way from a household ends; one that went in a circle (merged, split off, merged back) ends before itself."""
    seen = [code]
    while (heir := known.get(seen[-1], ("",))[0]) and heir not in seen:
        seen.append(heir)
    return seen[-1]


def settle(villages: Iterable[str]) -> int:
    """Pass on what lies on accounts of households that have left these villages. Their chains, and those of `chains_of`, are held."""
    here = ways(villages)
    return sum(pass_on(code, heir, change) > 0 for code, (heir, change) in sorted(here.items()))


def chains_of(villages: Iterable[str]) -> set[str]:
    """The chains to which points of these villages may go."""
    return {village_of(heir) for heir, _ in ways(villages).values()}


def pass_on(code: str, heir: str, change: int) -> int:
    """Everything of one household that is not reserved goes to another; returns the points. Inside the caller's transaction."""
    if code == heir:
        return 0
    return pass_owner(household(code), household(heir), f"change:{change}", OUT.format(heir), IN.format(code))


def pass_owner(source: Owner, target: Owner, base: str, out: str, into: str) -> int:
    """The same of any two owners; `base` names what it is for, `out` and `into` tell the two.

    Each point stays of the year in which it was earned; those of a month that is not open for redemption yet stay so.
    """
    chains.lock([source.chain, target.chain])
    giver = open_posting(source, "none", EntryKind.MOVED_OUT)
    points, owed = giver.balance.unheld, giver.balance.owed
    if giver.account is None or not (points or owed):
        return 0
    entries = rows(_ENTRIES, about(source) | {"account": giver.account})
    key, parts = _key(giver, base, EntryKind.MOVED_OUT), parts_of(entries, points, giver.balance.pending)
    write(giver, moves_out(key, parts, owed, out))
    write(open_posting(target, key, EntryKind.MOVED_IN), moves_in(key, parts, owed, into))
    return points


def _key(giver: Posting, base: str, kind: EntryKind) -> str:
    """What it is for, and which of its times it is: what comes to the account later goes under another."""
    return f"{base}.{column(_TIMES, {'account': giver.account, 'kind': kind})[0]}"


Entry = tuple[int, int | None, str, str]
Part = tuple[int, Month, int]


def parts_of(entries: Iterable[Entry], points: int, pending: int) -> list[Part]:
    """(year earned, month not open for redemption yet or "", points), the oldest first; what is pending is the newest."""
    entries = list(entries)
    known = lots.lots_of(lots.Movement(amount, year, key) for amount, year, key, _ in entries)
    known.add(lots.Movement(-points, None, "here"))
    month, parts = max((month for *_, month in entries), default=""), list[Part]()
    for year, part in reversed(known.taken.get("here", [])):
        waiting = min(pending, part)
        pending -= waiting
        parts += [(year, month, waiting), (year, "", part - waiting)]
    return [part for part in reversed(parts) if part[2]]


def moves_out(key: str, parts: list[Part], owed: int, text: str) -> list[PointMove]:
    """One entry for each month that stays shut, one for the rest with what is owed."""
    sums = {month: sum(points for _, of, points in parts if of == month) for month in {"", *(of for _, of, _ in parts)}}
    moves = [_move_out(key, text, month, points, owed if not month else 0) for month, points in sorted(sums.items())]
    return [move for move in moves if move.amount or move.owed]


def _move_out(key: str, text: str, month: Month, points: int, owed: int) -> PointMove:
    return PointMove(
        EntryKind.MOVED_OUT, f"{key}@{month}" if month else key, text, amount=-points, owed=-owed, month=month
    )


def moves_in(key: str, parts: list[Part], owed: int, text: str) -> list[PointMove]:
    """One entry a year and month that stays shut, and what is owed."""
    moves = [
        PointMove(EntryKind.MOVED_IN, f"{key}@{year}{month}", text, amount=points, year=year, month=month)
        for year, month, points in parts
    ]
    return [*moves, *([PointMove(EntryKind.MOVED_IN, f"{key}@owed", text, owed=owed)] if owed else [])]


def settle_everywhere() -> int:
    """Pass on whatever came late to accounts of households that have left; each village by itself. Harmless when repeated."""
    return sum(_settle_village(village) for village in sorted({village_of(code) for code in column(_LEFT_BEHIND)}))


@transaction.atomic
def _settle_village(village: str) -> int:
    chains.lock([village, *chains_of([village])])
    moved = settle([village])
    if moved:
        audit.record(None, "points.pass_on", place=village, accounts=moved)
    return moved


def forfeit_due(on: date) -> int:
    """Write off what closed households left that named nobody in time; returns how many. Each by itself, harmless when repeated."""
    before = on - timedelta(days=settings.HEIR_DAYS)
    return sum(_forfeit(code, change) for code, change in rows(_HEIRLESS, {"closed_before": before}))


@transaction.atomic
def _forfeit(code: str, change: int) -> int:
    posting = open_posting(household(code), "none", EntryKind.FORFEIT)
    points = posting.balance.unheld
    if not points:
        return 0
    key = _key(posting, f"change:{change}", EntryKind.FORFEIT)
    text = f"已注销，{settings.HEIR_DAYS} 天内没有指定去向，积分作废"
    write(posting, [PointMove(EntryKind.FORFEIT, key, text, amount=-points)])
    audit.record(None, "points.forfeit", place=code, points=points)
    return 1


def hand_on(owner: Owner, heir: str, change: int, by: User | None) -> int:
    """What a change of the register does at once: everything goes to the heir, and the log says so."""
    points = pass_on(owner.code, heir, change)
    if points:
        audit.record(by, "points.pass_on", place=owner.code, subject=heir, points=points)
    return points
