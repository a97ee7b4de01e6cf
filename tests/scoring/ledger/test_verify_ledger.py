"""The stand-alone verifier: it names the first row that was tampered with, however it was done, and runs without the system."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scoring.ledger.books import HERE, PROGRAM, THERE, Book, entry, program, rehash, write_json

VERIFY = program()
MIDDLE = 4  # the row that is tampered with: not the first, not the last
OTHER = {
    "owner_kind": "division",
    "owner": f"{HERE}010009",
    "kind": "adjust",
    "month": "2026-01",
    "year": 2025,
    "amount": 11,
    "held": 1,
    "owed": 1,
    "source_key": "freeze:other",
    "text": "改过的事由",
    "at": "2026-10-12T08:00:00.999999Z",
    "salt": "f" * 32,
}


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the verifier on a book, and on lists that were published; exit code and what it says."""

    def run(book: Book, *lists: dict) -> tuple[int, str]:
        roots = [write_json(tmp_path, f"{number}.json", daily) for number, daily in enumerate(lists)]
        code = VERIFY.main([book.write(tmp_path), *(["--roots", *roots] if roots else [])])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def only_fault(said: tuple[int, str]) -> str:
    """The one fault that was named."""
    code, text = said
    faults = [line for line in text.splitlines() if line.startswith("不符：")]
    assert (code, len(faults)) == (1, 1), text
    return faults[0]


def test_whole_ledger_is_whole(book: Book, check: Callable) -> None:
    code, text = check(book, book.daily(size=3), book.daily("2026-11-02"))
    assert code == 0
    assert "2 条链、14 行、4 个账户，对照了 2 份积分日榜：没有发现改动。" in text


def test_without_published_lists_it_says_what_cannot_be_seen(book: Book, check: Callable) -> None:
    code, text = check(book)
    assert code == 0
    assert "整条链被重做就看不出来" in text


@pytest.mark.parametrize("column", OTHER)
def test_edited_column_is_named_by_its_row(book: Book, check: Callable, column: str) -> None:
    book.rows[HERE][MIDDLE - 1][column] = OTHER[column]
    fault = only_fault(check(book))
    assert f"链 {HERE} 第 {MIDDLE} 行" in fault
    assert "内容被改过" in fault


@pytest.mark.parametrize("seq", [1, MIDDLE, 7])
def test_edited_points_are_named_wherever_they_stand(book: Book, check: Callable, seq: int) -> None:
    book.rows[THERE][seq - 1]["amount"] = 1000
    fault = only_fault(check(book))
    assert f"链 {THERE} 第 {seq} 行（户 {THERE}01000{seq % 2 + 1}，2026-10-12，第{seq}个月考核所得）" in fault
    assert "内容被改过" in fault


@pytest.mark.parametrize("seq", [1, MIDDLE, 7])
def test_edited_hash_is_told_from_edited_content(book: Book, check: Callable, seq: int) -> None:
    book.rows[HERE][seq - 1]["hash"] = "ab" * 32
    fault = only_fault(check(book))
    assert f"第 {seq} 行" in fault
    assert "指纹被改过，内容没有变" in fault


def test_row_moved_to_another_chain_is_missed_and_found(book: Book, check: Callable) -> None:
    book.rows[HERE][MIDDLE - 1]["chain"] = THERE
    code, text = check(book)
    assert code == 1
    assert f"链 {HERE} 缺第 {MIDDLE} 行" in text
    assert f"链 {THERE} 第 {MIDDLE} 行" in text


def test_renumbered_row_is_missed(book: Book, check: Callable) -> None:
    book.rows[HERE][MIDDLE - 1]["seq"] = 40
    assert f"链 {HERE} 缺第 {MIDDLE} 行" in only_fault(check(book))


def test_removed_row_is_missed(book: Book, check: Callable) -> None:
    del book.rows[HERE][MIDDLE - 1]
    assert f"链 {HERE} 缺第 {MIDDLE} 行（后面是第 5 行）" in only_fault(check(book))


def test_removed_row_is_named_though_the_rest_was_renumbered(book: Book, check: Callable) -> None:
    del book.rows[HERE][MIDDLE - 1]
    for seq, row in enumerate(book.rows[HERE], start=1):
        row["seq"] = seq
    assert f"第 {MIDDLE} 行" in only_fault(check(book))


def test_inserted_row_is_named(book: Book, check: Callable) -> None:
    book.rows[HERE].insert(MIDDLE, entry(HERE, MIDDLE) | {"hash": "cd" * 32})
    assert f"第 {MIDDLE} 行已经有过" in only_fault(check(book)).replace("（户", " （户")


def test_inserted_row_is_named_though_the_rest_was_renumbered(book: Book, check: Callable) -> None:
    book.rows[HERE].insert(MIDDLE, entry(HERE, 9) | {"hash": "cd" * 32})
    for seq, row in enumerate(book.rows[HERE], start=1):
        row["seq"] = seq
    assert f"第 {MIDDLE + 1} 行" in only_fault(check(book))


def test_swapped_rows_are_named(book: Book, check: Callable) -> None:
    rows = book.rows[HERE]
    rows[2], rows[3] = rows[3], rows[2]
    assert f"链 {HERE} 缺第 3 行（后面是第 4 行）" in only_fault(check(book))


def test_swapped_contents_are_named(book: Book, check: Callable) -> None:
    third, fourth = book.rows[HERE][2:4]
    third["text"], fourth["text"] = fourth["text"], third["text"]
    assert "第 3 行" in only_fault(check(book))


def test_truncated_chain_is_missed(book: Book, check: Callable) -> None:
    del book.rows[HERE][5:]
    assert f"链 {HERE} 缺第 6 行：末端记着 7 行，只有 5 行" in only_fault(check(book))


def test_truncated_chain_with_its_head_is_missed_by_what_was_published(book: Book, check: Callable) -> None:
    daily = book.daily()
    del book.rows[HERE][5:]
    book.heads[HERE] = {"seq": 5, "hash": book.rows[HERE][-1]["hash"]}
    book.accounts = [account for account in book.accounts if not account["owner"].startswith(HERE)]
    assert f"链 {HERE} 缺第 6 行起的 2 行：2026-11-01 公布时有 7 行，现在只有 5 行" in only_fault(check(book, daily))


def test_edited_head_is_named(book: Book, check: Callable) -> None:
    book.heads[HERE]["hash"] = "ef" * 32
    assert f"链 {HERE} 的末端被改过" in only_fault(check(book))


@pytest.mark.parametrize(("seq", "words"), [(9, "缺第 8 行"), (5, "第 6 行：末端只记着 5 行，却有 7 行")])
def test_edited_number_in_the_head_is_named(book: Book, check: Callable, seq: int, words: str) -> None:
    book.heads[HERE]["seq"] = seq
    assert words in only_fault(check(book))


def test_removed_head_is_named(book: Book, check: Callable) -> None:
    del book.heads[HERE]
    assert f"链 {HERE} 没有末端记录" in only_fault(check(book))


def test_rehashed_chain_is_named_by_what_was_published(book: Book, check: Callable) -> None:
    lists = [book.daily(f"2026-11-0{size}", size) for size in (2, 5, 7)]
    forge(book)
    fault = only_fault(check(book, *lists))
    assert f"链 {HERE} 第 3 行到第 5 行之间：和 2026-11-05 公布的不一样" in fault
    assert "重新做过" in fault


def test_published_every_row_names_the_very_row(book: Book, check: Callable) -> None:
    lists = [book.daily(f"2026-11-0{size}", size) for size in (3, 4)]
    forge(book)
    assert f"链 {HERE} 第 4 行：和 2026-11-04 公布的不一样" in only_fault(check(book, *lists))


def forge(book: Book) -> None:
    """Give a household a hundred points more, and make hashes, head and balance fit again."""
    rows = book.rows[HERE]
    rows[MIDDLE - 1]["amount"] += 100
    rehash(rows)
    book.heads[HERE]["hash"] = rows[-1]["hash"]
    account = next(one for one in book.accounts if one["owner"] == rows[MIDDLE - 1]["owner"])
    account["balance"] += 100


def test_forged_chain_passes_when_nothing_was_published(book: Book, check: Callable) -> None:
    """Why the lists are published: without one, somebody who owns the database can rewrite a chain."""
    forge(book)
    assert check(book)[0] == 0


@pytest.mark.parametrize("figure", ["balance", "held", "owed"])
def test_edited_account_is_named(book: Book, check: Callable, figure: str) -> None:
    book.accounts[0][figure] += 5
    fault = only_fault(check(book))
    assert f"账户 {book.accounts[0]['owner']} 的余额、预留、待扣还" in fault
    assert "各行加起来是" in fault


def test_removed_account_is_named(book: Book, check: Callable) -> None:
    gone = book.accounts.pop()
    assert f"账户 {gone['owner']} 有明细，导出里没有这个账户" in only_fault(check(book))


def test_account_with_points_from_nowhere_is_named(book: Book, check: Callable) -> None:
    book.accounts.append(book.accounts[0] | {"owner": f"{HERE}010008", "balance": 50})
    assert f"账户 {HERE}010008" in only_fault(check(book))


def test_chain_that_vanished_whole_is_missed(book: Book, check: Callable) -> None:
    daily = book.daily()
    del book.rows[THERE], book.heads[THERE]
    book.accounts = [account for account in book.accounts if account["owner"].startswith(HERE)]
    assert f"链 {THERE} 公布过，导出里整条都没有" in only_fault(check(book, daily))


def test_export_of_one_chain_misses_no_other(book: Book, check: Callable) -> None:
    daily = book.daily()
    del book.rows[THERE], book.heads[THERE]
    book.accounts = [account for account in book.accounts if account["owner"].startswith(HERE)]
    book.only = HERE
    assert check(book, daily)[0] == 0


def test_altered_list_is_named(book: Book, check: Callable) -> None:
    daily = book.daily()
    daily["chains"][0]["name"] = "改了名字也没关系"
    assert check(book, daily)[0] == 0
    daily["root"] = "00" * 32
    assert "2026-11-01 的积分日榜自己对不上" in only_fault(check(book, daily))


def test_tab_in_a_column_cannot_stand_for_the_border_of_two(book: Book, check: Callable) -> None:
    """Moving a word over the border between two columns would leave the line, and so the hash, as it was."""
    row = book.rows[HERE][MIDDLE - 1]
    row["source_key"], row["text"] = f"{row['source_key']}\t{row['text']}"[:-2], "所得"
    assert "制表符" in only_fault(check(book))


def test_number_written_as_text_is_named(book: Book, check: Callable) -> None:
    book.rows[HERE][MIDDLE - 1]["amount"] = "10"
    assert "amount 不是整数" in only_fault(check(book))


def test_row_of_a_stranger_on_a_chain_is_named(book: Book, check: Callable) -> None:
    rows = book.rows[HERE]
    rows[MIDDLE - 1]["owner"] = f"{THERE}010001"
    rehash(rows)
    book.heads[HERE]["hash"] = rows[-1]["hash"]
    code, text = check(book)
    assert code == 1
    assert f"第 {MIDDLE} 行" in text
    assert "不该在这条链上" in text


def test_every_tampered_chain_is_named_once(book: Book, check: Callable) -> None:
    for chain in (HERE, THERE):
        for row in book.rows[chain][2:]:
            row["amount"] = 99
    code, text = check(book)
    assert code == 1
    assert text.count("不符：") == 2
    assert text.count("第 3 行") == 2


@pytest.mark.parametrize(
    "content",
    ["", "nonsense\n", '{"type": "strange"}\n', '{"type": "entry"}\n', '{"type": "ledger", "format": 2}\n', "[1]\n"],
)
def test_file_that_is_no_export_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text(content)
    assert VERIFY.main([str(path)]) == 2
    assert capsys.readouterr().err.strip()


def test_missing_file_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert VERIFY.main(["/nowhere/export.jsonl"]) == 2
    assert "打不开" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["a", "--proof", "b"]])
def test_wrong_arguments_are_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        VERIFY.main(arguments)
    assert end.value.code == 2


def test_it_runs_alone(book: Book, tmp_path: Path) -> None:
    """Isolated mode: no site packages, nothing of ours on the path."""
    roots = write_json(tmp_path, "roots.json", book.daily())
    command = [sys.executable, "-I", "-S", str(PROGRAM), book.write(tmp_path), "--roots", roots]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "没有发现改动" in done.stdout


def test_time_grows_with_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No limit in seconds: four times the rows may not cost much more than four times the work; the rate is printed."""
    spent = []
    for rows in (1500, 6000):
        path = Book(rows).write(tmp_path)
        begun = time.process_time()
        assert VERIFY.main([path]) == 0
        spent.append(time.process_time() - begun)
    capsys.readouterr()
    print(f"verify_ledger: {12000 / spent[1]:.0f} rows/s")
    assert spent[1] / spent[0] < 4 * 3


def test_long_json_is_kept_as_it_is(book: Book, check: Callable) -> None:
    book.rows[HERE][0]["text"] = "“引号”、\\反斜杠\\、😀、\u2028"
    rehash(book.rows[HERE])
    book.heads[HERE]["hash"] = book.rows[HERE][-1]["hash"]
    assert check(book)[0] == 0
    assert json.dumps(book.rows[HERE][0])
