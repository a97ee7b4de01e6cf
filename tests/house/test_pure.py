"""Pure modules say so in their docstring, and are: one list, read from where it is said."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from dongkou.layout import BASE_DIR
from script import check_pure, run_checks
from script.imports import ROOMS, Graph, graph, modules

FILES = modules(*ROOMS)


@cache
def imports() -> Graph:
    return graph(FILES)


def plant(**planted: str) -> list[str]:
    """Complaints with imports planted into the graph: importer=imported."""
    found = dict(imports())
    for importer, imported in planted.items():
        name = importer.replace("__", ".")
        found[name] = found.get(name, frozenset()) | {imported}
    return list(check_pure.complaints(FILES, found))


def a_tree(folder: Path, **sources: str) -> list[str]:
    """Complaints about a tree of these modules of one room."""
    (folder / "petitions").mkdir()
    for name, source in sources.items():
        (folder / "petitions" / f"{name}.py").write_text(source, encoding="utf-8")
    files = modules("petitions", root=folder)
    return list(check_pure.complaints(files, graph(files)))


def test_every_module_is_as_pure_as_it_says() -> None:
    assert list(check_pure.complaints(FILES, imports())) == []


def test_pure_core_is_not_empty() -> None:
    stems = {name.rpartition(".")[2] for name in check_pure.pure_modules(FILES)}
    assert {"codes", "masks", "months", "states", "rules", "lots", "merkle", "money", "redlines", "workdays"} <= stems


@pytest.mark.parametrize("framework", ["celery", "django.db", "psycopg2", "redis", "rest_framework.fields"])
def test_planted_framework_is_noticed(framework: str) -> None:
    assert plant(households__codes=framework)[0].endswith(f"households.codes -> {framework}")


def test_framework_behind_another_module_is_noticed() -> None:
    [*found] = plant(households__codes="households.made_up", households__made_up="django.conf")
    assert any(line.endswith("households.codes -> households.made_up -> django.conf") for line in found)


def test_door_of_the_package_around_does_not_count(tmp_path: Path) -> None:
    assert a_tree(tmp_path, __init__="import django.conf", waits='"""Waits. Pure."""') == []


@pytest.mark.parametrize(
    "line",
    [
        "import django.db",
        "from django import db",
        "from django.db.models import Q as Query",
        "def late():\n    import django.db",
        "if TYPE_CHECKING:\n    from django.db import models",
        "from . import other",
        "from .other import value",
        "from petitions import other",
        "import petitions.other",
    ],
)
def test_every_way_to_import_is_read(tmp_path: Path, line: str) -> None:
    [found] = a_tree(tmp_path, other="import django", waits=f'"""Waits. Pure."""\n{line}')
    assert found.startswith("petitions.waits says")


def test_rules_that_do_not_say_it_are_noticed(tmp_path: Path) -> None:
    [found] = a_tree(tmp_path, reception_rules='"""Rules."""', words='"""Words."""', rules="import django")
    assert "petitions.reception_rules" in found


@pytest.mark.parametrize(
    ("docstring", "pure"),
    [
        ("Waits. Pure.", True),
        ("Waits.\n\nPure. More.", True),
        ("Pure. Waits.", True),
        ("Pure: waits.", False),
        ("Waits. Pure; and more.", False),
        ("Not Pure..", False),
        ("", False),
    ],
)
def test_one_sentence_says_it(docstring: str, pure: bool) -> None:
    assert check_pure.says_pure(f'"""{docstring}"""\n# Pure.\n') is pure


def test_no_second_list_is_kept_by_hand() -> None:
    contracts = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert not [each["id"] for each in contracts["contracts"] if each["type"] == "forbidden" and "django" in str(each)]


def test_check_runs_it() -> None:
    assert run_checks.CHECKS["pure modules"][-1] == check_pure.__name__
    assert run_checks.passes("pure modules", {})
