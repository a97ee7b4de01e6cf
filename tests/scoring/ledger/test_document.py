"""The worked example of docs/ledger.md is true: its figures are computed here, and its files pass the verifier."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from dongkou.layout import BASE_DIR
from tests.scoring.ledger.books import leaf, line, program, rehash, tree

DOCUMENT = (BASE_DIR / "docs" / "ledger.md").read_text(encoding="utf-8")
VERIFY = program()


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found
    return found[1]


def rows() -> list[dict]:
    return [record for record in map(json.loads, block("jsonl").splitlines()) if record["type"] == "entry"]


def value(what: str) -> str:
    """A hash of the table, by what it is called there."""
    [found] = re.findall(rf"\| {re.escape(what)}[^|]*\| `([0-9a-f]{{64}})` \|", DOCUMENT)
    return found


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    export, roots = tmp_path / "export.jsonl", tmp_path / "roots.json"
    export.write_text(block("jsonl"))
    roots.write_text(block("json"))
    return [export, roots]


def test_leaves_and_hashes_are_those_of_the_rows() -> None:
    told = rows()
    again = [dict(row) for row in told]
    rehash(again)
    assert again == told
    assert [value(f"leaf(row {number})") for number in (1, 2)] == [leaf(row).hex() for row in told]
    assert [value(f"hash(row {number})") for number in (1, 2)] == [row["hash"] for row in told]


def test_canonical_line_is_the_one_that_is_printed() -> None:
    assert line(rows()[0]).replace("\t", "→") in DOCUMENT


def test_roots_are_those_of_the_leaves() -> None:
    root = tree([leaf(row) for row in rows()]).hex()
    [told] = json.loads(block("json"))["chains"]
    assert value("root(chain)") == told["root"] == root
    only = sha256(f"\0{told['chain']}|2|{told['head']}|{root}".encode()).hexdigest()
    assert value("root(county)") == json.loads(block("json"))["root"] == only


def test_files_of_the_example_pass(files: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    export, roots = files
    assert VERIFY.main([str(export), "--roots", str(roots)]) == 0
    assert "1 条链、2 行、1 个账户" in capsys.readouterr().out


def test_change_that_the_document_suggests_is_named(files: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    export, roots = files
    export.write_text(export.read_text().replace('"amount": 10,', '"amount": 100,'))
    assert VERIFY.main([str(export), "--roots", str(roots)]) == 1
    assert "链 430525101201 第 1 行" in capsys.readouterr().out
