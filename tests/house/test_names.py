"""A name means one thing: a class once in the house, a term once in the glossary."""

import ast
import re
from collections import Counter, defaultdict

import pytest

from dongkou.layout import BASE_DIR
from script.imports import ROOMS, modules

FIXED = {"Command"}  # Django looks for the name itself
OTHER_LIMIT = re.compile(r"\b_?MOST(_[A-Z]|\b)")
GLOSSARY = BASE_DIR / "docs/glossary.md"


def public_classes(text: str) -> list[str]:
    found = [node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    return [name for name in found if not name.startswith("_") and name not in FIXED]


def several(texts: dict[str, str]) -> dict[str, list[str]]:
    """Class names that stand in more than one of the texts, and in which."""
    homes: dict[str, list[str]] = defaultdict(list)
    for place, text in texts.items():
        for name in public_classes(text):
            homes[name].append(place)
    return {name: places for name, places in homes.items() if len(places) > 1}


def test_class_name_stands_once_in_the_house() -> None:
    files = {name: path for name, path in modules(*ROOMS).items() if ".migrations." not in name}
    assert several({name: path.read_text("utf-8") for name, path in files.items()}) == {}


def test_second_class_of_a_name_is_noticed() -> None:
    texts = {"one.py": "class Line: ...", "two.py": "class Line: ...\nclass _Run: ...", "three.py": "class _Run: ..."}
    assert several(texts) == {"Line": ["one.py", "two.py"]}


def test_limits_are_called_by_one_word() -> None:
    """MAX_ROWS, and not MOST_ROWS in the next module."""
    texts = {name: path.read_text("utf-8") for name, path in modules(*ROOMS).items()}
    assert sorted(name for name, text in texts.items() if OTHER_LIMIT.search(text)) == []
    assert OTHER_LIMIT.search("_MOST_ROWS = 4") and OTHER_LIMIT.search("MOST = 4")


def terms(text: str, column: int) -> list[str]:
    """The first or second cell of every row of the tables below the headings."""
    rows = [line.strip().strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [cells[column].strip() for cells in rows if cells[0].strip() != "English"]


def doubled(text: str, column: int) -> list[str]:
    """Terms that stand in two rows, alone or beside others in one cell."""
    parts = [part for cell in terms(text, column) for part in split(cell)]
    return sorted(part for part, number in Counter(parts).items() if number > 1)


def split(cell: str) -> set[str]:
    """The single terms of a cell, without what stands in brackets behind them."""
    plain = re.sub(r"\([^)]*\)|（[^）]*）", "", cell)
    return {part.strip() for part in re.split("[、/,;]", plain) if part.strip()}


@pytest.mark.parametrize("column", [0, 1], ids=["English", "Chinese"])
def test_glossary_has_no_term_twice(column: int) -> None:
    text = GLOSSARY.read_text("utf-8")
    assert len(terms(text, column)) > 150
    assert doubled(text, column) == []


@pytest.mark.parametrize(
    ("second", "column", "found"),
    [
        ("| fund | 奖励资金 | x |", 0, ["fund"]),
        ("| pot (of a year) | 资金池、总额 | x |", 1, ["资金池"]),
        ("| pot | 总额 | x |", 1, []),
    ],
)
def test_doubled_term_is_noticed(second: str, column: int, found: list[str]) -> None:
    text = f"| English | 中文 | meaning |\n|---|---|---|\n| fund | 资金池 | a year's money |\n{second}\n"
    assert doubled(text, column) == found
