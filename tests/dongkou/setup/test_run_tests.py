"""How ``script/test`` shares a run among processes."""

import importlib.util
import os
from types import ModuleType

import pytest

from dongkou.layout import BASE_DIR


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


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_servers_of_ones_own_are_not_shared(processors: None, run_tests: ModuleType, name: str) -> None:
    assert run_tests.sharing([], {name: "x"}) == []


def test_one_processor_has_one_process(monkeypatch: pytest.MonkeyPatch, run_tests: ModuleType) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})
    assert run_tests.sharing([], {}) == []
