"""What the documents name exists: modules, functions, files, commands, decisions."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import get_commands

from dongkou.layout import BASE_DIR

DOCUMENTS = sorted([*BASE_DIR.glob("*.md"), *BASE_DIR.glob("docs/**/*.md")])
DOTTED = re.compile(r"`((?:dongkou|households|petitions|rewards|scoring)(?:\.\w+)+)`")
PATHS = re.compile(
    r"`((?:dongkou|households|petitions|rewards|scoring|static|templates|tests|script|docs)/[\w./-]*\w)`"
)
LINKS = re.compile(r"\]\(([\w./-]+)\)")
COMMANDS = re.compile(r"manage\.py ([a-z_]+)")


def resolves(name: str) -> bool:
    """Whether a dotted name leads to a module or to something in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def unresolved(document: Path) -> Iterator[str]:
    text = document.read_text(encoding="utf-8")
    yield from (name for name in DOTTED.findall(text) if not resolves(name))
    yield from (path for path in PATHS.findall(text) if not (BASE_DIR / path).exists())
    yield from (link for link in LINKS.findall(text) if not (document.parent / link).exists())
    yield from (name for name in COMMANDS.findall(text) if name not in get_commands())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_exists(document: Path) -> None:
    assert list(unresolved(document)) == []


def test_planted_names_are_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("`scoring.nowhere` `scoring.rules.nothing` `scoring/gone.py` [x](no.md) manage.py dance", "utf-8")
    assert len(list(unresolved(page))) == 5


def test_every_decision_is_in_the_index() -> None:
    index = (BASE_DIR / "docs/adr/README.md").read_text(encoding="utf-8")
    assert [path.name for path in BASE_DIR.glob("docs/adr/0*.md") if f"({path.name})" not in index] == []
