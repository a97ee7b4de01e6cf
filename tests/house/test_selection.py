"""Which tests ``script/test --quick`` runs: on a small tree of its own, and on this one."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from script.selection import BUDGET, NoBase, Tree, changed_since, select

FILES = {
    "scoring/__init__.py": "",
    "scoring/rules.py": "",
    "scoring/sheets/__init__.py": "",
    "scoring/sheets/reads.py": "from scoring import rules",
    "scoring/sheets/views.py": "from scoring.sheets import reads\nTEMPLATE = 'scoring/sheets/page.html'",
    "scoring/urls.py": "from scoring.sheets import views\n"
    "urlpatterns = [path('village/<str:month>/sheet/', views.page, name='sheet')]",
    "scoring/management/commands/roll_up.py": "from scoring import rules",
    "templates/scoring/sheets/page.html": "{% include 'scoring/sheets/_row.html' %}{% static 'js/sheet.js' %}",
    "templates/scoring/sheets/_row.html": "<tr>",
    "static/js/sheet.js": 'import { give } from "./sheet_model.js";',
    "static/js/sheet_model.js": "",
    "docs/ledger.md": "",
    "tests/conftest.py": "",
    "tests/scenes.py": "from scoring import rules",
    "tests/scoring/test_rules.py": "from scoring import rules\ndef test_a(): ...",
    "tests/scoring/test_scenes.py": "from tests.scenes import x",
    "tests/scoring/sheets/test_page.py": "def test_a(): ...",
    "tests/scoring/test_address.py": "def test_a():\n    client.get(f'/village/{month}/sheet/')",
    "tests/scoring/test_name.py": "def test_a():\n    reverse('sheet')",
    "tests/scoring/test_command.py": 'call_command("roll_up")',
    "tests/scoring/test_document.py": "read('docs/ledger.md')",
    "tests/scoring/test_other.py": "def test_a():\n    client.get('/village/2026-10/sheets/')",
    "tests/house/test_tree.py": "def test_a(): ...",
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    for words in (["init", "-b", "main"], ["add", "."], ["commit", "-m", "Begin"]):
        git(tmp_path, *words)
    return Tree(tmp_path)


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def change(tree: Tree, *paths: str) -> None:
    for path in paths:
        with (tree.root / path).open("a", encoding="utf-8") as file:
            file.write("\n")


def touched(tree: Tree, path: str) -> dict[str, int]:
    """Distances of the tests that a change of this file touches, by the last part of their names."""
    steps = tree.distances((path,))
    return {Path(test).stem.removeprefix("test_"): steps[test] for test in tree.tests if test in steps}


def test_importers_come_by_their_distance(tree: Tree) -> None:
    assert touched(tree, "scoring/rules.py") == {
        "rules": 1,
        "scenes": 2,
        "page": 2,
        "address": 3,
        "name": 3,
        "command": 2,
    }


def test_view_reaches_tests_that_open_its_page(tree: Tree) -> None:
    assert touched(tree, "scoring/sheets/views.py") == {"page": 1, "address": 1, "name": 1}


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("templates/scoring/sheets/page.html", 2),
        ("templates/scoring/sheets/_row.html", 3),
        ("static/js/sheet.js", 3),
        ("static/js/sheet_model.js", 4),
    ],
)
def test_template_and_script_reach_the_tests_of_their_page(tree: Tree, path: str, steps: int) -> None:
    assert touched(tree, path)["address"] == steps


def test_tests_of_the_same_subject_are_near(tree: Tree) -> None:
    assert touched(tree, "templates/scoring/sheets/_row.html")["page"] == 1


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("scoring/management/commands/roll_up.py", {"command": 1}),
        ("docs/ledger.md", {"document": 1}),
        ("tests/scoring/test_other.py", {"other": 0}),
    ],
)
def test_what_python_does_not_import_is_found_by_name(tree: Tree, path: str, tests: dict[str, int]) -> None:
    assert touched(tree, path) == tests


def test_set_up_of_a_folder_touches_all_in_it(tree: Tree) -> None:
    assert set(tree.distances(("tests/conftest.py",))) >= set(tree.tests)


def test_house_tests_are_always_chosen(tree: Tree) -> None:
    change(tree, "docs/ledger.md")
    assert select(tree=tree).chosen == ("tests/house/test_tree.py", "tests/scoring/test_document.py")


def test_nearest_fill_the_time_and_the_rest_is_told(tree: Tree) -> None:
    change(tree, "scoring/rules.py", "tests/scoring/test_name.py")
    found = select(tree=tree, budget=2.5)
    assert found.chosen == ("tests/house/test_tree.py", "tests/scoring/test_name.py", "tests/scoring/test_rules.py")
    assert set(found.left_out) == {f"tests/scoring/{name}.py" for name in ("sheets/test_page", "test_address")} | {
        "tests/scoring/test_scenes.py",
        "tests/scoring/test_command.py",
    }
    assert all(path in found.told() for path in found.left_out)


def test_slow_tests_are_reckoned_slow(tree: Tree) -> None:
    plain = tree.seconds("tests/scoring/test_name.py")
    tree.texts["tests/scoring/test_name.py"] += "\ndef test_b(browser_page): ..."
    assert tree.seconds("tests/scoring/test_name.py") > 5 * plain


# Since when


def test_what_is_not_committed_counts_on_main(tree: Tree) -> None:
    change(tree, "docs/ledger.md")
    (tree.root / "new.py").write_text("", encoding="utf-8")
    assert changed_since("", tree.root)[1] == ("docs/ledger.md", "new.py")


def test_clean_main_is_held_against_its_last_commit(tree: Tree) -> None:
    change(tree, "scoring/rules.py")
    git(tree.root, "commit", "-am", "Change")
    assert changed_since("", tree.root)[1] == ("scoring/rules.py",)


def test_branch_is_held_against_where_it_left_main(tree: Tree) -> None:
    git(tree.root, "switch", "-c", "work")
    for path in ("scoring/rules.py", "docs/ledger.md"):
        change(tree, path)
        git(tree.root, "commit", "-am", "Change")
    change(tree, "scoring/urls.py")
    assert changed_since("", tree.root)[1] == ("docs/ledger.md", "scoring/rules.py", "scoring/urls.py")
    assert changed_since("HEAD", tree.root)[1] == ("scoring/urls.py",)


def test_unknown_base_is_refused(tree: Tree, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(NoBase, match="nowhere"):
        changed_since("nowhere", tree.root)
    with pytest.raises(NoBase, match="--base"):
        changed_since("", tmp_path_factory.mktemp("no-repository"))


# This tree


@cache
def whole() -> Tree:
    return Tree()


def test_every_page_has_a_test_near_its_view() -> None:
    """A test that opens it by name or address; the walk of all pages is not counted."""
    views = {path for path in whole().texts if Path(path).name.startswith("views") and "urlpatterns" not in path}
    near = {path: whole().dependants(path) - {"tests/test_policies.py"} for path in sorted(views)}
    assert [path for path, found in near.items() if not found & set(whole().tests)] == []


def test_script_of_one_page_does_not_touch_everything() -> None:
    steps = whole().distances(("templates/petitions/board/page.html",))
    near = [test for test in whole().tests if test in steps]
    assert "tests/petitions/board/test_page.py" in near
    assert sum(map(whole().seconds, near)) < BUDGET
