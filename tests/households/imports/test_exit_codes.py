"""Exit codes as a shell sees them, before any database is asked."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import execute_from_command_line

from dongkou.layout import BASE_DIR

COMMANDS = ["import_divisions", "import_households", "import_events", "import_departments", "import_linkages"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BASE_DIR / "manage.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def run_here(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str, str]:
    """Exit code, stdout and stderr of a command as `manage.py` calls it, in this process."""
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", *words])
    return ended.value.code, *capsys.readouterr()


@pytest.mark.parametrize("command", COMMANDS)
def test_missing_file_is_two_in_one_sentence(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "没有.csv"
    assert run_here(capsys, command, str(missing)) == (2, "", f"没有找到文件 {missing}。\n")


def test_missing_file_is_two_for_a_shell(tmp_path: Path) -> None:
    done = run(COMMANDS[0], str(tmp_path / "没有.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"没有找到文件 {tmp_path / '没有.csv'}。\n"


@pytest.mark.parametrize(
    "words", [["import_divisions"], ["import_divisions", "a.csv", "b.csv"], ["import_events", "--overwrite", "a.csv"]]
)
def test_wrong_arguments_are_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, said, complained = run_here(capsys, *words)
    assert (code, said) == (2, "")
    assert "usage" in complained


def test_refused_file_is_one_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(b"")
    done = run("import_divisions", str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == f"{path}:1 文件: 文件是空的"
    assert "Traceback" not in done.stderr
