"""The rules that tests keep among themselves; each is shown to notice what breaks it."""

import ast
from collections.abc import Callable, Iterator

import pytest

from dongkou.layout import BASE_DIR
from tests.house import tests_read

Rule = Callable[[ast.Module], Iterator[str]]
TESTS = tests_read.trees(BASE_DIR / "tests")
# Names without a public door, and why a test must name them all the same; a name nobody needs any more fails here too.
TOLERATED = {
    "a twin takes the guard away, or two stop at it, to show what it is for": {
        *("_allocate", "_change", "_check_clash", "_check_offered", "_check_unmoved", "_decide"),
        *(
            "_flag",
            "_hold_month",
            "_lock_county",
            "_lock_in_order",
            "_locked",
            "_move_paid",
            "_set_aside",
        ),
        "_undecided",
    },
    "the same, where the guard is a word in a statement": {
        *("_BUMP_SHEETS", "_DEPARTMENTS", "_HOUSEHOLDS", "_LINKS", "_LOCK", "_LOCK_SHEETS", "_POST", "_READ"),
        *("_OPEN_POSTING", "_SPEND"),
    },
    "trouble in the middle of an action that nothing outside can cause": {"_record"},
    "parts of the benchmark, which takes minutes as a whole": {"_BARE", "_asked", "_line"},
    "the demo county takes minutes to load; that it asks before it loads takes none": {"_steps"},
    "a registry that a test must leave as it was": {"_erasers", "_holds", "_of_other_rooms"},
    "Django, kombu, Celery and ReportLab have no public door there": {
        *("_base_manager", "_cellvalues", "_delivered", "_fixture_teardown", "_heap"),
    },
}


def broken(rule: Rule) -> list[tuple[str, str]]:
    return [(path, found) for path, tree in TESTS.items() for found in rule(tree)]


def test_no_test_asserts_only_a_status() -> None:
    assert broken(tests_read.status_alone) == []


def test_no_test_is_imported() -> None:
    assert broken(tests_read.imports_of_tests) == []


def test_no_test_sleeps() -> None:
    assert broken(tests_read.sleeps) == []


def test_no_test_draws_from_the_generator_that_all_share() -> None:
    assert broken(tests_read.global_random) == []


def test_private_names_are_those_without_a_public_door() -> None:
    known = set().union(*TOLERATED.values())
    used = broken(tests_read.private_names)
    assert [(path, name) for path, name in used if name not in known] == []
    assert known - {name for _, name in used} == set()


@pytest.mark.parametrize(
    ("rule", "line", "noticed"),
    [
        (tests_read.imports_of_tests, "from tests.scoring.test_rules import x", True),
        (tests_read.imports_of_tests, "from tests.scoring import test_rules", True),
        (tests_read.imports_of_tests, "import tests.scoring.test_rules", True),
        (tests_read.imports_of_tests, "def test_a():\n    from tests.test_policies import x", True),
        (tests_read.imports_of_tests, "from tests.scoring.oracle import test_like", True),
        (tests_read.imports_of_tests, "from tests.scoring import oracle", False),
        (tests_read.private_names, "from scoring.ledger.roots import _LINKS", True),
        (tests_read.private_names, "from tests.world import _build", True),
        (tests_read.private_names, "roots._LINKS", True),
        (tests_read.private_names, "monkeypatch.setattr(roots, '_LINKS', 1)", True),
        (tests_read.private_names, "monkeypatch.setattr('scoring.ledger.roots._LINKS', 1)", True),
        (tests_read.private_names, "self._day", False),
        (tests_read.private_names, "model._meta.db_table", False),
        (tests_read.private_names, "def _own(): ...\n_own()", False),
        (tests_read.sleeps, "time.sleep(1)", True),
        (tests_read.sleeps, "until(done)", False),
        (tests_read.global_random, "import random\nrandom.choice([1])", True),
        (tests_read.global_random, "from random import choice", True),
        (tests_read.global_random, "import random\nrandom.Random(1).choice([1])", False),
        (tests_read.global_random, "from random import Random\nRandom(1)", False),
        (tests_read.global_random, "def test_a(random): random.shuffle([1])", False),
    ],
)
def test_what_breaks_a_rule_is_noticed(rule: Rule, line: str, noticed: bool) -> None:
    assert bool(list(rule(ast.parse(line)))) is noticed


@pytest.mark.parametrize(
    ("body", "noticed"),
    [
        ("assert client.get('/').status_code == 404", True),
        ("assert answer.status_code in (403, 404) and other.status_code == 200", True),
        ("assert not answer.status_code != 404", True),
        ("assert {one.status_code for one in answers} == {302}", True),
        ("assert all(one.status_code == 404 for one in answers)", True),
        ("assert sorted([one.status_code, other.status_code]) == [1, 2]", True),
        ("for one in answers:\n        assert one.status_code == 404", True),
        ("assert (answer.status_code, secret in whole(answer)) == (404, False)", False),
        ("assert answer.status_code == 404\n    assert not Petition.objects.exists()", False),
        ("assert answer.status_code == 404 and secret not in whole(answer)", False),
        ("with django_assert_num_queries(3):\n        assert client.get('/').status_code == 200", False),
        ("with pytest.raises(Refused):\n        act()\n    assert answer.status_code == 409", False),
        ("act()", False),
    ],
)
def test_what_a_test_asserts_is_read(body: str, noticed: bool) -> None:
    tree = ast.parse(f"def test_it():\n    {body}\n")
    assert bool(list(tests_read.status_alone(tree))) is noticed
