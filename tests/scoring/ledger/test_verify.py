"""The check of the ledger: silent on what the door wrote, and naming the row whatever is changed behind its back."""

import pytest

from households.sql import run
from scoring.checks import scores as invariants
from scoring.checks.scores import Invariant
from scoring.checks.verify import Drift, examine, verify
from scoring.ledger import door as ledger
from scoring.ledger import posting
from scoring.models import PointEntry
from tests.scoring.checks.tampering import unguarded
from tests.world import STRANGE, VILLAGE

pytestmark = pytest.mark.django_db
HOME, NEIGHBOUR = ledger.household(f"{VILLAGE}010001"), ledger.household(f"{VILLAGE}010002")


@pytest.fixture
def history() -> None:
    """Two chains with a bit of everything; entry 3 of the village's chain is the hold of 12."""
    ledger.adjust(HOME, 30, key="start:1", text="期初")
    ledger.adjust(NEIGHBOUR, 30, key="start:2", text="期初")
    ledger.hold(HOME, 12, key="order:1", text="预留")
    ledger.spend(HOME, key="order:1", text="领取")
    ledger.hold(HOME, 5, key="order:2", text="预留")
    ledger.release(HOME, key="order:2", text="取消")
    ledger.give_back(HOME, 12, key="order:1", text="退货")
    ledger.record_spent(NEIGHBOUR, 40, key="sale:1", text="断网时兑换")
    ledger.adjust(NEIGHBOUR, 15, key="more", text="补记")
    ledger.adjust(ledger.household(f"{STRANGE}010001"), 9, key="start:3", text="期初")


def tampered(sql: str) -> list[Drift]:
    with unguarded():
        assert run(sql) == 1, "the tampering missed"
    return verify()


def named(drifts: list[Drift], name: str) -> list[str]:
    return [drift.where for drift in drifts if drift.name == name]


def test_what_the_door_wrote_is_sound(history: None) -> None:
    assert verify() == []
    assert {kind for (kind,) in PointEntry.objects.values_list("kind")} >= {"recover", "reversal", "release"}


THIRD = f"chain = '{VILLAGE}' AND seq = 3"


@pytest.mark.parametrize(
    "change",
    [
        "amount = amount - 1",
        "held = held + 1",
        "owed = owed + 1",
        "kind = 'release'",
        "month = '2024-05'",
        "year = 2024",
        "source_key = 'hold:order:9'",
        "text = '预留：别的'",
        "at = at + interval '1 microsecond'",
        "salt = sha256(salt)",
        "hash = sha256(hash)",
        f"account_id = (SELECT id FROM scoring_account WHERE owner = '{NEIGHBOUR.code}')",
        f"account_id = (SELECT id FROM scoring_account WHERE owner = '{STRANGE}010001')",
    ],
)
def test_changed_row_is_named(history: None, change: str) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE scoring_pointentry DROP CONSTRAINT entry_fits_its_kind, DROP CONSTRAINT entry_earns_in_a_year")
    drifts = tampered(f"UPDATE scoring_pointentry SET {change} WHERE {THIRD}")
    assert named(drifts, "links")[0].startswith(f"{VILLAGE} #3 ")


def test_row_moved_to_another_chain_is_named(history: None) -> None:
    drifts = tampered(f"UPDATE scoring_pointentry SET chain = '{STRANGE}', seq = 2 WHERE {THIRD}")
    assert named(drifts, "own_chain") == [f"{STRANGE} #2 {HOME.code}"]
    assert named(drifts, "links") == [f"{VILLAGE} #4 {HOME.code} spend", f"{STRANGE} #2 {HOME.code} hold"]
    assert named(drifts, "heads") == [STRANGE]


def test_row_removed_is_noticed_at_the_gap(history: None) -> None:
    drifts = tampered(f"DELETE FROM scoring_pointentry WHERE {THIRD}")
    [gap] = [drift for drift in drifts if drift.name == "links"]
    assert (gap.where, gap.expected, gap.found) == (f"{VILLAGE} #4 {HOME.code} spend", "#3", "#4")
    assert named(drifts, "holds") == [f"{VILLAGE} #4 spend:order:1"]


def test_last_row_removed_is_noticed_at_the_head(history: None) -> None:
    last = PointEntry.objects.filter(chain=VILLAGE).order_by("-seq").first()
    drifts = tampered(f"DELETE FROM scoring_pointentry WHERE id = {last.pk}")
    assert named(drifts, "heads") == [VILLAGE]


def test_whole_chain_removed_is_noticed_at_the_head(history: None) -> None:
    assert named(tampered(f"DELETE FROM scoring_pointentry WHERE chain = '{STRANGE}'"), "heads") == [STRANGE]


def test_head_removed_is_noticed(history: None) -> None:
    assert named(tampered(f"DELETE FROM scoring_ledgerhead WHERE chain = '{STRANGE}'"), "heads") == [STRANGE]


@pytest.mark.parametrize("change", ["seq = seq - 1", "hash = sha256(hash)"])
def test_head_changed_is_noticed(history: None, change: str) -> None:
    drifts = tampered(f"UPDATE scoring_ledgerhead SET {change} WHERE chain = '{VILLAGE}'")
    assert {drift.name for drift in drifts} == {"heads"}


def test_row_changed_and_hashed_again_breaks_the_next(history: None) -> None:
    from scoring.ledger.chains import LEAF

    drifts = tampered(f"""
        UPDATE scoring_pointentry e SET text = '别的', hash = n.hash FROM (
            SELECT x.id, sha256(b.hash || {LEAF.format(of="x")}) AS hash FROM (
                SELECT p.id, p.chain, p.seq, a.owner_kind, a.owner, p.kind, p.month, p.year, p.amount, p.held, p.owed,
                       p.source_key, '别的' AS text, p.at, p.salt
                FROM scoring_pointentry p JOIN scoring_account a ON a.id = p.account_id WHERE p.{THIRD.replace("seq", "p.seq")}
            ) x JOIN scoring_pointentry b ON b.chain = x.chain AND b.seq = x.seq - 1
        ) n WHERE e.id = n.id
    """)
    assert [drift.where for drift in drifts] == [f"{VILLAGE} #4 {HOME.code} spend"]


@pytest.mark.parametrize("column", ["balance", "held", "owed"])
def test_account_changed_is_named(history: None, column: str) -> None:
    run(
        "ALTER TABLE scoring_account DROP CONSTRAINT account_holds_what_it_has, DROP CONSTRAINT account_owes_only_without_free"
    )
    drifts = tampered(f"UPDATE scoring_account SET {column} = {column} + 1 WHERE owner = '{HOME.code}'")
    assert {(drift.name, drift.where) for drift in drifts} == {("balances", f"household {HOME.code}")}


def enter(kind: str, prefix: str, points: int) -> None:
    """An entry that the door would never write, properly chained."""
    due = "SELECT 'household' AS owner_kind, %(owner)s AS owner, %(points)s AS amount, '混入' AS text"
    entry = {"kind": kind, "month": "", "year": 2026, "prefix": prefix, "low": "", "high": "9"}
    ledger.lock([VILLAGE])
    assert posting.post(due, entry | {"owner": HOME.code, "points": points}) == 1


def test_more_given_back_than_was_spent_is_named(history: None) -> None:
    enter("reversal", "reversal:order:1/", 1)
    assert {(drift.name, drift.where) for drift in verify()} == {("given_back", "spend:order:1")}


def test_given_back_without_a_spend_is_named(history: None) -> None:
    enter("reversal", "reversal:", 1)
    assert named(verify(), "given_back") == [f"spend:{HOME.code}"]


def test_other_rooms_have_theirs_asked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants, "_of_other_rooms", {})
    for _ in range(2):
        invariants.register(Invariant("stock", "库存", "SELECT 'shop', 'full', 'empty'"))
    assert [finding.invariant.name for finding in examine()].count("stock") == 1
    assert verify() == [Drift("stock", "shop", "full", "empty")]


def test_one_row_changed_among_many_is_named() -> None:
    due = """
        SELECT 'household' AS owner_kind, (430726201200 + n / 50)::text || '01' || to_char(n %% 50 + 1, 'FM0000') AS owner,
               10 AS amount, '考核所得' AS text
        FROM generate_series(0, 1999) n
    """
    entry = {"kind": "freeze", "month": "2024-05", "year": 2024, "prefix": "x:", "low": "", "high": "9"}
    ledger.lock([str(430726201200 + number) for number in range(40)])
    assert posting.post(due, entry) == 2_000
    drifts = tampered("UPDATE scoring_pointentry SET text = '改过' WHERE chain = '430726201239' AND seq = 50")
    assert [(drift.name, drift.where) for drift in drifts] == [("links", "430726201239 #50 430726201239010050 freeze")]
