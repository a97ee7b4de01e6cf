"""What ``script/test`` runs, and how it shares a run among processes."""

import importlib.util
import os
from types import ModuleType

import pytest

from dongkou.layout import BASE_DIR
from script.selection import Selection


@pytest.fixture
def run_tests() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_tests", BASE_DIR / "script" / "run_tests.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1})


@pytest.mark.parametrize("words", [[], ["-q"], ["-k", "freeze"], ["--durations=20"]])
def test_a_whole_run_is_shared(processors: None, run_tests: ModuleType, words: list[str]) -> None:
    assert run_tests.sharing(words, {}) == ["--numprocesses=2", "--dist=worksteal"]


@pytest.mark.parametrize(
    "word", ["tests/dongkou/setup", "tests/dongkou/setup/test_run_tests.py::test_a_whole_run_is_shared"]
)
def test_named_tests_run_in_one_process(processors: None, run_tests: ModuleType, word: str) -> None:
    assert run_tests.sharing(["-q", word], {}) == []


def test_many_named_files_are_shared(processors: None, run_tests: ModuleType) -> None:
    assert run_tests.sharing(["tests/setup"] * run_tests.MANY, {}) == ["--numprocesses=2", "--dist=worksteal"]


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_servers_of_ones_own_are_not_shared(processors: None, run_tests: ModuleType, name: str) -> None:
    assert run_tests.sharing([], {name: "x"}) == []


def test_one_processor_has_one_process(monkeypatch: pytest.MonkeyPatch, run_tests: ModuleType) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})
    assert run_tests.sharing([], {}) == []


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, run_tests: ModuleType) -> list[list[str]]:
    """What was run instead of the checks and of pytest, which has a word for each."""
    found: list[list[str]] = []
    monkeypatch.setattr(run_tests.run_checks, "main", lambda words: found.append(["check", *words]))
    monkeypatch.setattr(run_tests, "on_servers", lambda words: found.append(words) or 0)
    return found


def test_checks_come_before_the_whole_run(ran: list[list[str]], run_tests: ModuleType) -> None:
    assert run_tests.main([]) == 0
    assert ran == [["check"], ["-m", "not long"]]


def test_failed_checks_end_it(ran: list[list[str]], run_tests: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_tests.run_checks, "main", lambda _words: 1)
    assert run_tests.main([]) == 1
    assert ran == []


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["tests/setup", "-k", "freeze"], ["-m", "not long", "tests/setup", "-k", "freeze"]),
        (["-x"], ["-m", "not long", "-x"]),
        (["--long"], ["-m", "long"]),
        (["--long", "-x"], ["-m", "long", "-x"]),
        (["-m", "browser"], ["-m", "browser"]),
    ],
)
def test_part_of_the_tests_needs_no_checks(
    ran: list[list[str]], run_tests: ModuleType, words: list[str], given: list[str]
) -> None:
    assert run_tests.main(words) == 0
    assert ran == [given]


def test_quick_run_takes_the_selected_files(
    ran: list[list[str]], run_tests: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Selection("f" * 40, ("a.py",), ("tests/x.py", "tests/y.py"), ("tests/far.py",), 7)
    monkeypatch.setattr(run_tests, "select", {"HEAD~3": found}.get)
    assert run_tests.main(["--quick", "--base", "HEAD~3", "-q"]) == 0
    assert ran == [["-m", "not long", "tests/x.py", "tests/y.py", "-q"]]
    assert "tests/far.py" in capsys.readouterr().out


def test_quick_run_without_a_base_says_so(
    ran: list[list[str]], run_tests: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_tests.main(["--quick", "--base", "no-such-version"]) == 2
    assert ran == []
    assert "no-such-version" in capsys.readouterr().err
