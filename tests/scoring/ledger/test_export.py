"""The real ledger, exported and verified: whole it passes, and every kind of tampering in the database is named."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from scoring.ledger import door as ledger
from scoring.ledger import roots
from scoring.ledger.publishing import publish_roots
from scoring.models import DailyRoot, PointEntry
from tests.days import yesterday
from tests.scoring.checks.tampering import NEW_HEAD, REHASH, tamper
from tests.scoring.ledger.books import COLUMNS, program, write_json
from tests.world import SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db
VERIFY = program()
ONE = f"{VILLAGE}010001"
WHERE = f"WHERE chain = '{VILLAGE}' AND seq = 3"


@pytest.fixture
def kept(world: World) -> World:
    """A month's points, some of them held, spent and given back; published yesterday, and moved once more since."""
    world.frozen_once()
    home = ledger.household(ONE)
    ledger.hold(home, 3, key="test:1", text="预留一包盐")
    ledger.spend(home, key="test:1", text="领走一包盐")
    ledger.spend_now(home, 2, key="test:2", text="换一块肥皂，“大”的")
    ledger.give_back(home, 1, key="test:2", text="退回一半")
    publish_roots(day=yesterday())
    ledger.hold(home, 1, key="test:3", text="预留一盒火柴")
    return world


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return tmp_path / "export.jsonl"


@pytest.fixture
def check(tmp_path: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Export, and verify against what was published; exit code and what is said."""

    def run(*lists: dict) -> tuple[int, str]:
        call_command("export_ledger", str(export))
        files = [write_json(tmp_path, f"{number}.json", daily) for number, daily in enumerate(lists)]
        code = VERIFY.main([str(export), *(["--roots", *files] if files else [])])
        return code, capsys.readouterr().out

    return run


def published() -> dict:
    daily = DailyRoot.objects.get(day=yesterday())
    return roots.as_json(daily, roots.named_lines(daily))


def test_real_ledger_is_whole(kept: World, check: Callable) -> None:
    code, said = check(published())
    assert code == 0, said
    assert "导出了 7 条链、28 行。" in said
    assert "核对了 7 条链、28 行" in said


def test_export_holds_the_columns_of_the_canonical_line(kept: World, check: Callable, export: Path) -> None:
    check()
    entries = [record for record in map(json.loads, export.read_text().splitlines()) if record["type"] == "entry"]
    assert set(entries[0]) == {"type", "hash", *COLUMNS}


def test_export_begins_with_what_it_is(kept: World, check: Callable, export: Path) -> None:
    check()
    text = export.read_text(encoding="utf-8")
    head = json.loads(text.splitlines()[0])
    assert (head["type"], head["format"], head["only"]) == ("ledger", 1, "")
    assert datetime.fromisoformat(head["made_at"]).tzinfo is not None
    assert "换一块肥皂，“大”的" in text


def test_one_chain_alone_can_be_exported(kept: World, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_ledger", str(export), chain=SISTER)
    assert "导出了 1 条链、4 行。" in capsys.readouterr().out
    assert VILLAGE not in export.read_text()
    assert VERIFY.main([str(export)]) == 0


def test_chain_that_is_not_there_is_refused(kept: World, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        call_command("export_ledger", str(export), chain="999999999999")
    assert end.value.code == 1
    assert "没有“999999999999”这条链" in capsys.readouterr().err
    assert list(export.parent.iterdir()) == []


def test_file_that_cannot_be_written_is_told(kept: World, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("export_ledger", "/nowhere/export.jsonl")
    assert "写不了 /nowhere/export.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [
        "amount = 1000",
        "held = 1",
        "owed = 1",
        "month = '2024-04'",
        "year = 2023",
        "kind = 'adjust'",
        "text = '改过的事由'",
        "source_key = 'freeze:other'",
        "at = at + interval '1 microsecond'",
        "salt = uuid_send(gen_random_uuid())",
        "account_id = (SELECT max(id) FROM scoring_account)",
    ],
)
def test_any_column_edited_in_sql_is_named(kept: World, check: Callable, change: str) -> None:
    tamper(f"UPDATE scoring_pointentry SET {change} {WHERE}")
    code, said = check(published())
    assert code == 1
    assert f"不符：链 {VILLAGE} 第 3 行" in said


def test_edited_hash_is_named(kept: World, check: Callable) -> None:
    tamper(f"UPDATE scoring_pointentry SET hash = sha256('x') {WHERE}")
    assert "第 3 行" in (said := check()[1])
    assert "指纹被改过，内容没有变" in said


def test_removed_row_is_missed(kept: World, check: Callable) -> None:
    tamper(f"DELETE FROM scoring_pointentry {WHERE}")
    assert f"链 {VILLAGE} 缺第 3 行" in check()[1]


def test_row_moved_to_another_village_is_missed(kept: World, check: Callable) -> None:
    tamper(f"UPDATE scoring_pointentry SET chain = '{SISTER}', seq = 99 {WHERE}")
    assert f"链 {VILLAGE} 缺第 3 行" in check()[1]


def test_swapped_rows_are_named(kept: World, check: Callable) -> None:
    tamper(
        f"UPDATE scoring_pointentry SET seq = 1000 {WHERE}",
        f"UPDATE scoring_pointentry SET seq = 3 WHERE chain = '{VILLAGE}' AND seq = 4",
        f"UPDATE scoring_pointentry SET seq = 4 WHERE chain = '{VILLAGE}' AND seq = 1000",
    )
    assert f"链 {VILLAGE} 第 3 行" in check()[1]


def test_inserted_row_is_named(kept: World, check: Callable) -> None:
    run_at_the_end = f"WHERE chain = '{VILLAGE}'"
    tamper(
        "INSERT INTO scoring_pointentry (account_id, month, year, amount, held, owed, kind, source_key, text, at, chain,"
        " seq, salt, hash) SELECT account_id, '', 2024, 500, 0, 0, 'adjust', 'forged', '补发', at, chain, seq + 1, salt,"
        f" hash FROM scoring_pointentry {run_at_the_end} ORDER BY seq DESC LIMIT 1"
    )
    last = PointEntry.objects.filter(chain=VILLAGE).latest("seq").seq
    assert f"链 {VILLAGE} 第 {last} 行" in check()[1]


def test_truncated_chain_is_missed(kept: World, check: Callable) -> None:
    last = PointEntry.objects.filter(chain=VILLAGE).latest("seq").seq
    tamper(f"DELETE FROM scoring_pointentry WHERE chain = '{VILLAGE}' AND seq = {last}")
    assert f"链 {VILLAGE} 缺第 {last} 行" in check()[1]


def test_edited_head_and_balance_are_named(kept: World, check: Callable) -> None:
    tamper(
        f"UPDATE scoring_ledgerhead SET hash = sha256('x') WHERE chain = '{VILLAGE}'",
        f"UPDATE scoring_account SET balance = balance + 7 WHERE owner = '{SISTER}010001'",
    )
    said = check()[1]
    assert f"链 {VILLAGE} 的末端被改过" in said
    assert f"账户 {SISTER}010001 的余额、预留、待扣还写成 [17, 0, 0]，各行加起来是 [10, 0, 0]" in said


def test_chain_rewritten_with_all_its_hashes_is_betrayed_by_what_was_published(kept: World, check: Callable) -> None:
    daily = published()
    tamper(
        f"UPDATE scoring_pointentry SET amount = amount + 100 {WHERE}",
        f"UPDATE scoring_account SET balance = balance + 100 WHERE id = (SELECT account_id FROM scoring_pointentry {WHERE})",
        REHASH,
        NEW_HEAD,
    )
    assert check()[0] == 0  # nothing inside the database gives it away
    code, said = check(daily)
    assert code == 1
    assert f"链 {VILLAGE} 第 1 行到第 15 行之间：和 {yesterday()} 公布的不一样" in said


def test_head_that_was_removed_does_not_hide_its_chain(kept: World, check: Callable) -> None:
    tamper(f"DELETE FROM scoring_ledgerhead WHERE chain = '{SISTER}'")
    assert f"链 {SISTER} 没有末端记录" in check()[1]


def test_export_reads_a_long_chain_in_parts(kept: World, check: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.ledger.export.AT_ONCE", 5)
    assert check(published())[0] == 0
