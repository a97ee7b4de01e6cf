"""Forty-six things that somebody with the whole database can do to it, and some more for who knows the trail.

`script/attack` and the tests try each as superuser, with triggers asleep, in a savepoint that is rolled back, and ask
what `manage.py verify` asks. They need a county in which there is something of everything: `tests.attack.county`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from households.house import checks
from households.sql import rows, run
from scoring.models import Period
from scoring.rollup.rollup import roll_up

_TABLE = re.compile(r"\b(?:households|scoring|rewards|petitions)_[a-z]+\b")
_CHECKS = """
    SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype = 'c' AND c.relname = ANY (%(tables)s::text[])
"""
_FIRST = "(SELECT min(id) FROM {table} WHERE {where})"
FROZEN = "period_id IN (SELECT period_id FROM scoring_sheet WHERE state = 'frozen')"
OPEN = "period_id NOT IN (SELECT period_id FROM scoring_sheet WHERE state = 'frozen')"
CHAIN = "(SELECT chain FROM scoring_villageroot ORDER BY size DESC, chain LIMIT 1)"
LAST = f"(SELECT seq FROM scoring_ledgerhead WHERE chain = {CHAIN})"
HANDED = "state = 'handed_over' AND proof = 'signature'"


@dataclass(frozen=True, slots=True)
class Tampering:
    """What is done: statements, each of which changes something; `after` is run with the triggers awake again."""

    name: str
    statements: tuple[str, ...]
    after: Callable[[], object] | None = None
    plain: bool = False  # with the triggers awake: nothing but the trail sees it


@dataclass(frozen=True, slots=True)
class Tried:
    """A tampering, and the lines of `verify` that name something after it and did not before."""

    name: str
    noticed: list[str]


def change(name: str, table: str, assignment: str, where: str = "true", *, plain: bool = False) -> Tampering:
    """One row of a table is set to something else."""
    row = _FIRST.format(table=table, where=where)
    return Tampering(name, (f"UPDATE {table} SET {assignment} WHERE id = {row}",), plain=plain)


def rehash(chain: str = CHAIN) -> str:
    """Every hash of a chain made anew, as whoever knows docs/ledger.md can."""
    return f"""
        UPDATE scoring_pointentry e SET hash = n.hash FROM (
            SELECT x.id, ledger_links(decode(repeat('00', 32), 'hex'),
                       ledger_leaf(x.chain, x.seq, a.owner_kind, a.owner, x.kind, x.month, x.year, x.amount, x.held, x.owed,
                                   x.source_key, x.text, x.at, x.salt)) OVER (ORDER BY x.seq ROWS UNBOUNDED PRECEDING) AS hash
            FROM scoring_pointentry x JOIN scoring_account a ON a.id = x.account_id WHERE x.chain = {chain}) n
        WHERE n.id = e.id
    """


HEAD_MENDED = f"""
    UPDATE scoring_ledgerhead h SET (seq, hash) = (
        SELECT e.seq, e.hash FROM scoring_pointentry e WHERE e.chain = h.chain ORDER BY e.seq DESC LIMIT 1)
    WHERE h.chain = {CHAIN}
"""
TEXT_CHANGED = f"UPDATE scoring_pointentry SET text = '改过的' WHERE chain = {CHAIN} AND seq = 2"
CUT = (
    f"""UPDATE scoring_account a SET balance = balance - e.amount, held = a.held - e.held, owed = a.owed - e.owed
        FROM scoring_pointentry e WHERE e.account_id = a.id AND e.chain = {CHAIN} AND e.seq = {LAST}""",
    f"DELETE FROM scoring_pointentry WHERE chain = {CHAIN} AND seq = {LAST}",
    HEAD_MENDED,
)
ROOT_REPLACED = f"""
    UPDATE scoring_villageroot v SET head = encode(e.hash, 'hex'), root = encode(sha256(e.hash), 'hex')
    FROM scoring_pointentry e WHERE e.chain = v.chain AND e.seq = v.size AND v.chain = {CHAIN}
"""
_SCORED = """WHERE (month, code) = (
    SELECT month, code FROM scoring_householdscore WHERE score <> 77 ORDER BY 1, 2 LIMIT 1)"""
_TOTALLED = """WHERE (month, code) = (
    SELECT month, code FROM scoring_divisionscore WHERE households > 0 ORDER BY 1, 2 LIMIT 1)"""
_BOUGHT = "SELECT {what} FROM rewards_stockmove WHERE kind = 'purchase' ORDER BY id LIMIT 1"
_OTHER = "(SELECT max(id) FROM households_user)"


def roll_up_all() -> None:
    """The month's figures follow the events that are left, as beat would have them."""
    for month in Period.objects.values_list("month", flat=True):
        roll_up(month, full=True)


TAMPERINGS: tuple[Tampering, ...] = (
    Tampering(
        "audit: five lines deleted",
        (
            "DELETE FROM households_auditevent WHERE id IN (SELECT id FROM households_auditevent ORDER BY id LIMIT 5 OFFSET 3)",
        ),
    ),
    change("audit: actor changed", "households_auditevent", "actor = 'somebody'"),
    Tampering(
        "audit: line invented",
        (
            """INSERT INTO households_auditevent (at, actor, role, action, place, subject, detail, session)
               VALUES (now(), 'somebody', 'cadre', 'account.sign_in', '', '', '{}', '')""",
        ),
    ),
    Tampering("audit: all gone", ("DELETE FROM households_auditevent",)),
    change("event: points", "scoring_scoreevent", "points = points + 1", FROZEN),
    change(
        "event: withdrawn in a frozen month",
        "scoring_scoreevent",
        f"withdrawn_at = now(), withdraw_reason = '记错', withdrawn_by_id = {_OTHER}",
        f"{FROZEN} AND withdrawn_at IS NULL AND kind = 'deduct'",
    ),
    change("event: note and document", "scoring_scoreevent", "note = '改过', document_no = document_no || '9'"),
    change("event: recorder", "scoring_scoreevent", f"recorded_by_id = {_OTHER}"),
    Tampering(
        "event: an open month's deleted, figures follow",
        (f"DELETE FROM scoring_scoreevent WHERE {OPEN}",),
        after=roll_up_all,
    ),
    Tampering("score: of a household", (f"UPDATE scoring_householdscore SET score = 77 {_SCORED}",)),
    Tampering("score: of a division", (f"UPDATE scoring_divisionscore SET total = total + 1 {_TOTALLED}",)),
    Tampering(
        "entry: amount", (f"UPDATE scoring_pointentry SET amount = amount + 1 WHERE chain = {CHAIN} AND seq = 2",)
    ),
    Tampering("entry: text", (TEXT_CHANGED,)),
    Tampering("entry: last one cut, head and account mended", CUT),
    Tampering("entry: chain hashed anew", (TEXT_CHANGED, rehash(), HEAD_MENDED)),
    Tampering("roots: deleted", ("DELETE FROM scoring_dailyroot", "DELETE FROM scoring_villageroot")),
    Tampering("roots: replaced after hashing anew", (TEXT_CHANGED, rehash(), HEAD_MENDED, ROOT_REPLACED)),
    change("redemption: quantity", "rewards_redemption", "quantity = quantity + 1", HANDED),
    change(
        "redemption: another household's",
        "rewards_redemption",
        "household_id = (SELECT max(code) FROM households_household)",
        HANDED,
    ),
    change("redemption: who fetched it", "rewards_redemption", "collected_by = '某人', relation = '邻居'", HANDED),
    Tampering(
        "redemption: signatures swapped",
        (
            f"""UPDATE rewards_redemption r SET signature_id = o.signature_id
                FROM (SELECT id, signature_id FROM rewards_redemption WHERE {HANDED} ORDER BY id LIMIT 1) a,
                     (SELECT id, signature_id FROM rewards_redemption WHERE {HANDED} ORDER BY id DESC LIMIT 1) b,
                     LATERAL (VALUES (a.id, b.signature_id), (b.id, a.signature_id)) o (id, signature_id)
                WHERE r.id = o.id""",
        ),
    ),
    change("sheet: opened again", "scoring_sheet", "state = 'posted', frozen_at = NULL", "state = 'frozen'"),
    change("declaration: a household taken out", "scoring_declaration", "households = households[2:]"),
    change("declaration: signer", "scoring_declaration", f"signed_by_id = {_OTHER}"),
    change("review: reviewer", "scoring_review", f"by_id = {_OTHER}"),
    change("petition: title", "petitions_petition", "title = '别的事'"),
    change(
        "petition: text",
        "petitions_petition",
        "text = set_byte(text, 20, 255 - get_byte(text, 20))",
        "text IS NOT NULL",
    ),
    change(
        "petition: what was told",
        "petitions_petitionevent",
        "told = set_byte(told, 20, 255 - get_byte(told, 20))",
        "told IS NOT NULL",
    ),
    change("petition: state", "petitions_petition", "state = 'closed'", "state <> 'closed'"),
    Tampering(
        "petition: a line of its history deleted",
        ("DELETE FROM petitions_petitionevent WHERE id = (SELECT min(id) FROM petitions_petitionevent WHERE seq = 2)",),
    ),
    change("petition: dated back", "petitions_petitionevent", "at = at - interval '9 days'", "seq = 3"),
    Tampering("petition: an accused struck off", ("DELETE FROM petitions_accused",)),
    Tampering(
        "petition: a whole one deleted",
        tuple(
            f"DELETE FROM petitions_{table} WHERE {column} = (SELECT max(id) FROM petitions_petition)"
            for table, column in (
                ("clockrun", "petition_id"),
                ("petitionwords", "petition_id"),
                ("petitionevent", "petition_id"),
                ("petition", "id"),
            )
        ),
    ),
    Tampering(
        "petition: all ratings satisfied",
        ("UPDATE petitions_rating SET score = 'satisfied' WHERE score <> 'satisfied'",),
    ),
    change("payment: amount", "rewards_payment", "fen = fen + 100"),
    change("award: amount", "rewards_award", "amount_fen = amount_fen + 100"),
    change("fund: total", "rewards_fund", "total_fen = total_fen + 100"),
    change(
        "clause: points",
        "scoring_clause",
        "points = points + 1",
        "kind = 'deduct' AND id IN (SELECT clause_id FROM scoring_scoreevent)",
    ),
    change("payment: payee", "rewards_payment", "payee = '某人'"),
    change(
        "points by hand: who approved",
        "scoring_pointadjustment",
        f"decided_by_id = {_OTHER}",
        "decided_by_id IS NOT NULL",
    ),
    Tampering(
        "stock: a purchase, and what is on hand",
        (
            f"UPDATE rewards_stockmove SET quantity = quantity + 5 WHERE id = ({_BOUGHT.format(what='id')})",
            f"UPDATE rewards_item SET on_hand = on_hand + 5 WHERE id = ({_BOUGHT.format(what='item_id')})",
        ),
    ),
    change(
        "ranking: kept bytes and digest",
        "scoring_rankingsnapshot",
        "body = body || ' ', digest = encode(sha256(convert_to(body || ' ', 'UTF8')), 'hex')",
    ),
    change("clause: text", "scoring_clause", "text = text || '（改）'"),
    change(
        "account: a cadre made county office",
        "households_user",
        "role = 'county_office', division_id = (SELECT min(code) FROM households_division WHERE length(code) = 6)",
        "role = 'cadre'",
    ),
    change("account: a password planted", "households_user", "password = 'pbkdf2_sha256$1$x$x'"),
    change("plate: a PIN planted", "households_plate", "pin_hash = 'planted'"),
)

# The trail itself: rewritten with its row, sealed anew without the key, cut; and rows changed by doors of one's own.
_LINE = """
    UPDATE households_trail t SET digest = trail_digest(r) FROM {table} r
    WHERE t.source = '{table}' AND t.key = r.id::text AND t.digest <> trail_digest(r)
"""
AGAINST_THE_TRAIL: tuple[Tampering, ...] = (
    Tampering(
        "trail: rewritten with its row",
        ("UPDATE rewards_payment SET payee = '某人'", _LINE.format(table="rewards_payment")),
    ),
    Tampering(
        "trail: deleted with its row",
        ("DELETE FROM petitions_accused", "DELETE FROM households_trail WHERE source = 'petitions_accused'"),
    ),
    Tampering("seal: the last one replaced", ("UPDATE households_trailseal SET head = repeat('0', 64)",)),
    Tampering("seal: the last one deleted", ("DELETE FROM households_trailseal WHERE number = 1",)),
    change("account: role by plain SQL", "households_user", "display_name = display_name || '甲'", plain=True),
    Tampering(
        "audit: line invented by plain SQL",
        (
            """INSERT INTO households_auditevent (at, actor, role, action, place, subject, detail, session)
               VALUES (now(), 'somebody', 'cadre', 'account.sign_in', '', '', '{}', '')""",
        ),
        plain=True,
    ),
    Tampering(
        "audit: line invented, and a check that found it right",
        tuple(
            f"""INSERT INTO households_auditevent (at, actor, role, action, place, subject, detail, session)
                SELECT now(), 'somebody', 'cadre', '{action}', '', '',
                       jsonb_build_object('upto', upto + 1000, 'head', head), '' FROM households_trailseal
                ORDER BY number DESC LIMIT 1"""
            for action in ("account.sign_in", "trail.check")
        ),
        plain=True,
    ),
    Tampering("guards: a trigger put to sleep", ("ALTER TABLE rewards_payment DISABLE TRIGGER trail_update",)),
)


def broken() -> list[str]:
    """What `manage.py verify` says is not as it should be."""
    return [checked.sentence for checked in checks.examine(None) if not checked.holds]


def attempt(tampering: Tampering) -> Tried:
    """Do it, ask, and undo it: never in the transaction that built the county, which would explain changes by plain SQL."""
    with transaction.atomic():
        _do(tampering)
        said = broken()
        transaction.set_rollback(True)
    return Tried(tampering.name, said)


def attempts(tamperings: tuple[Tampering, ...] = TAMPERINGS) -> Iterator[Tried]:
    """Each in turn."""
    return map(attempt, tamperings)


def table(tried: Iterable[Tried]) -> str:
    """Noticed or missed, what was done, and the first line of `verify` that names it."""
    lines = [
        f"{'noticed' if one.noticed else 'MISSED':8} {one.name:55} {'; '.join(one.noticed[:1])[:90]}" for one in tried
    ]
    return "\n".join(lines)


def _do(tampering: Tampering) -> None:
    if not tampering.plain:
        run("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        _drop_checks(set(_TABLE.findall(" ".join(tampering.statements))))
    for statement in tampering.statements:
        assert run(statement), f"{tampering.name}: nothing to change"
    run("SET LOCAL session_replication_role = origin")
    if tampering.after:
        tampering.after()


def _drop_checks(tables: set[str]) -> None:
    """Constraints are no guard against who owns the tables."""
    for table, name in rows(_CHECKS, {"tables": sorted(tables)}):
        run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
