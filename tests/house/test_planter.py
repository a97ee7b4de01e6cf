"""The planter itself: which faults it plants, and that it tells those that nobody notices."""

import ast

import pytest

from tests.house.faults import sites
from tests.house.planter import Outcome, Plan, carry_out

GROUND = "tests/house/ground"


def planted(source: str) -> set[str]:
    """The source once for each fault that fits into it."""
    found = set()
    for number in range(len(sites(ast.parse(source)))):
        tree = ast.parse(source)
        sites(tree)[number].plant()
        found.add(ast.unparse(ast.fix_missing_locations(tree)))
    return found


@pytest.mark.parametrize(
    ("source", "faulty"),
    [
        ("a < b", {"a <= b"}),
        ("a < b <= c", {"a <= b <= c", "a < b < c"}),
        ("a == b", {"a != b"}),
        ("a in b", {"a not in b"}),
        ("a + b", {"a - b"}),
        ("a += b", {"a -= b"}),
        ("a and b", {"a or b"}),
        ("not a", {"not not a"}),
        ("x = True", {"x = False"}),
        ("x = 5", {"x = 6"}),
        ("x if a else y", {"x if not a else y"}),
        ("[x for x in y if a]", {"[x for x in y if True]"}),
        ("min(a, b)", {"max(a, b)"}),
        ("rows.filter(on__lt=a)", {"rows.exclude(on__lt=a)", "rows.filter(on__lte=a)"}),
        ("X = (a, b)", {"X = (b,)", "X = (a,)"}),
        ("X = {a: b, c: d}", {"X = {c: d}", "X = {a: b}"}),
        ("def f():\n    return a", {"def f():\n    return None"}),
        ("def f():\n    g()\n    return 1", {"def f():\n    pass\n    return 1", "def f():\n    g()\n    return 2"}),
        ("if a:\n    raise b", {"if not a:\n    raise b", "if a:\n    pass"}),
    ],
)
def test_one_place_is_changed_at_a_time(source: str, faulty: set[str]) -> None:
    assert planted(source) == faulty


def test_sql_is_changed_too() -> None:
    faulty = {text.split("'")[1] for text in planted("S = 'SELECT sum(a) FROM t WHERE b = 1 AND c < 2'")}
    assert faulty == {
        "SELECT max(a) FROM t WHERE b = 1 AND c < 2",
        "SELECT sum(a) FROM t WHERE b <> 1 AND c < 2",
        "SELECT sum(a) FROM t WHERE b = 2 AND c < 2",
        "SELECT sum(a) FROM t WHERE b = 1 OR c < 2",
        "SELECT sum(a) FROM t WHERE b = 1 AND c <= 2",
    }


@pytest.mark.parametrize(
    "source",
    [
        '"""Words: 1 < 2."""',
        "assert a < b",
        "from a import b",
        "def f(a=1, *, b=(2, 3)):\n    pass",
        "@lru_cache(maxsize=9)\ndef f():\n    pass",
        "x: tuple[Literal[1], int]",
        "X = '请从第 3 行选 < 一个'",
        "a, b = (x, y)",
        "X = 1_000_000",
        "X = 64 * 1024 * 1024",
        "zip(a, b, strict=True)",
    ],
)
def test_some_things_are_left_alone(source: str) -> None:
    assert planted(source) == set()


def test_sites_know_their_function() -> None:
    source = (
        "A = 1\ndef f():\n    def g():\n        return 1\n    return g\nclass C:\n    def m(self):\n        return 1"
    )
    assert [site.place for site in sites(ast.parse(source))] == ["", "f", "f", "C.m"]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """What the planter found on its own ground."""
    checks = (f"{GROUND}/checks.py",)
    return carry_out(Plan(("tests.house.ground.till",), checks, seed=1, most=99, seconds=600, database=False))


@pytest.mark.long
def test_function_whose_test_asserts_nothing_is_told(outcome: Outcome) -> None:
    [told] = [line for line in outcome.unnoticed if line.endswith(" change  paid > due: GtE  (1 tests)")]
    assert told.startswith(f"{GROUND}/till.py:")


@pytest.mark.long
def test_function_that_no_test_runs_is_told(outcome: Outcome) -> None:
    assert any(line.endswith("forgotten  paid > 0: GtE  (0 tests)") for line in outcome.unnoticed)


@pytest.mark.long
def test_everything_that_tests_assert_is_noticed(outcome: Outcome) -> None:
    """In functions, behind a cache, in tables, and in what other modules made of them."""
    missed = [line for line in outcome.unnoticed if " change " not in line and " forgotten " not in line]
    assert missed == []
    assert outcome.noticed >= 18
    assert outcome.unplanted == []


@pytest.mark.long
def test_test_that_is_red_without_a_fault_proves_nothing(outcome: Outcome) -> None:
    assert [each.partition("  ")[0] for each in outcome.red] == [f"{GROUND}/checks.py::test_red_before_any_fault"]


def test_share_is_of_what_was_planted() -> None:
    found = Outcome(noticed=19, unnoticed=["a.py:1  1: 2"], unplanted=["a.py:2  1: 2"])
    assert found.share == 0.95
    assert "19 of 20" in found.told()
    assert "unnoticed  a.py:1  1: 2" in found.told()
