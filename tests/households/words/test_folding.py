"""The one folding of text, in Python and in the browser's language."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.words import folding
from households.words.signs import TABLE
from script.run_checks import NODE

VECTORS = json.loads(Path(__file__).with_name("folding.json").read_text(encoding="utf-8"))
SCRIPT = """
import { compared } from "%s";
import { readFileSync } from "node:fs";
const texts = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(texts.map(compared)));
"""
MODULE = Path(__file__).parents[3] / "static/js/folding.js"


def in_the_browser(texts: list[str]) -> list[str]:
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", SCRIPT % MODULE.as_uri()],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("fold", ["name", "reference", "compared"])
def test_text_is_folded_as_agreed(fold: str) -> None:
    vectors = [vector for vector in VECTORS if fold in vector]
    folded = {vector["text"]: getattr(folding, fold)(vector["text"]) for vector in vectors}
    assert folded == {vector["text"]: vector[fold] for vector in vectors}


def test_the_browser_compares_as_agreed() -> None:
    assert in_the_browser([vector["text"] for vector in VECTORS]) == [vector["compared"] for vector in VECTORS]


def test_the_browser_compares_every_sign_as_the_server_does() -> None:
    """All that a Chinese keyboard, a PDF or an old code page gives, each between a letter and a digit."""
    blocks = [(0x20, 0x250), (0x2000, 0x2070), (0x2E80, 0x3400), (0xE000, 0xF900), (0xF900, 0xFB00), (0xFE00, 0x10000)]
    signs = [chr(code) for first, end in blocks for code in range(first, end)]
    signs += [chr(code) for code in (*range(0x2F800, 0x2FA1E), 0x20BB7, 0xE0100, 0x1F409)]
    texts = [f"a{sign}9" for sign in signs]
    ours, theirs = [folding.compared(text) for text in texts], in_the_browser(texts)
    assert [
        (f"{ord(sign):X}", one, two) for sign, one, two in zip(signs, ours, theirs, strict=True) if one != two
    ] == []


def test_every_sign_that_stands_for_another_is_put_right() -> None:
    for code, sign in TABLE.items():
        assert folding.name(f"王{chr(code)}").removeprefix("王") == sign.strip()


@pytest.mark.parametrize(("text", "sign"), [("王\ue5f1", "U+E5F1"), ("\U000f0001", "U+F0001"), ("王五", "")])
def test_a_sign_that_one_computer_knows_is_named(text: str, sign: str) -> None:
    assert folding.unknown_sign(text) == sign


TEXTS = st.text(
    st.sampled_from("张三丰阿卜杜拉·•・.．-－— 　\u200b()（）〔2026〕１２aＡ'⽥⻄\ue863\ue5e5\u0301")
    | st.characters(exclude_categories=("Cs",)),
    max_size=20,
)


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    for fold in (folding.stored, folding.name, folding.compared):
        assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_what_is_stored_compares_as_what_was_typed(text: str) -> None:
    assert folding.compared(folding.stored(text)) == folding.compared(text)
    assert folding.compared(folding.name(text)) == folding.compared(text)
