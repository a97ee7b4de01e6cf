"""Exit codes as a shell sees them, before any database is asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from dongkou.layout import BASE_DIR

COMMANDS = ["import_divisions", "import_households", "import_events", "import_departments", "import_linkages"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BASE_DIR / "manage.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("command", COMMANDS)
def test_missing_file_is_two_in_one_sentence(command: str, tmp_path: Path) -> None:
    done = run(command, str(tmp_path / "没有.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"没有找到文件 {tmp_path / '没有.csv'}。\n"


@pytest.mark.parametrize(
    "words", [["import_divisions"], ["import_divisions", "a.csv", "b.csv"], ["import_events", "--overwrite", "a.csv"]]
)
def test_wrong_arguments_are_two(words: list[str]) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr


def test_refused_file_is_one_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(b"")
    done = run("import_divisions", str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == f"{path}:1 文件: 文件是空的"
    assert "Traceback" not in done.stderr
