"""The preparations of a fresh clone, as far as they can be tested without the network."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dongkou.layout import BASE_DIR

SHELL = Path("/bin/sh")
PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)


@pytest.fixture
def prepare():
    """script/prepare.py as a module."""
    spec = importlib.util.spec_from_file_location("prepare", BASE_DIR / "script" / "prepare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def old_python(tmp_path):
    """A machine whose only Python is an old one."""
    (tmp_path / "python3").write_text('#!/bin/sh\n[ "$1" = --version ] && exec /bin/echo Python 3.9.2\nexit 1\n')
    (tmp_path / "python3").chmod(0o755)
    for name in ("dirname", "pwd"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    return {"PATH": str(tmp_path)}


@pytest.mark.parametrize("command", ["run", "test", "check", "bench"])
def test_an_old_python_is_one_sentence(old_python, command):
    done = subprocess.run(
        [SHELL, BASE_DIR / "script" / command], env=old_python, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "需要 Python 3.11 或更新的版本（本机：Python 3.9.2），请先安装。\n"


def test_something_is_installed_only_when_its_files_change(prepare, tmp_path):
    file, stamp, done = tmp_path / "pins", tmp_path / "stamp", []
    for text in ("a", "a", "b", "b"):
        file.write_text(text)
        prepare.when_changed(stamp, [file], lambda: done.append(file.read_text()))
    assert done == ["a", "b"]


def test_a_failed_installation_is_tried_again(prepare, tmp_path):
    file, stamp = tmp_path / "pins", tmp_path / "stamp"
    file.write_text("a")
    with pytest.raises(prepare.Trouble):
        prepare.when_changed(stamp, [file], lambda: prepare.step(["false"], "没有装好"))
    assert not stamp.exists()


def test_a_failed_step_shows_its_last_words_and_one_sentence(prepare, capsys):
    with pytest.raises(prepare.Trouble, match=r"^没有装好。$"):
        prepare.step(["sh", "-c", "seq 1 9; echo broken >&2; exit 1"], "没有装好")
    assert capsys.readouterr().err.split() == ["6", "7", "8", "9", "broken"]


def test_a_full_disk_is_said_as_such(prepare):
    with pytest.raises(prepare.Trouble, match="磁盘已满"):
        prepare.step(["sh", "-c", "echo 'OSError: [Errno 28] No space left on device'; exit 1"], "没有装好")


def test_running_needs_the_libraries_only_and_takes_what_the_linters_came_with(prepare, monkeypatch, tmp_path):
    asked, modules = [], tmp_path / "node_modules"
    monkeypatch.setattr(prepare, "MODULES", modules)
    monkeypatch.setattr(
        prepare, "step", lambda command, _sentence: (modules.mkdir(exist_ok=True), asked.append(command))
    )
    for linters in (False, False, True, False):
        prepare.install_npm_packages(linters=linters)
    assert ["--omit=dev" in command for command in asked] == [True, False]


def test_font_of_rare_signs_is_asked_for_once_and_never_stops_a_start(prepare, monkeypatch, tmp_path, capsys):
    asked = []
    monkeypatch.setattr(prepare, "VENV", tmp_path)
    monkeypatch.setattr(prepare, "UNPACKED", tmp_path / "debian")
    monkeypatch.setattr(prepare, "HANAZONO", "fonts/none.ttf")
    monkeypatch.setattr(prepare, "unpack", asked.append)
    for _start in range(2):
        prepare.fetch_rare_font()
    assert asked == ["fonts-hanazono"]
    assert "由经办人手写" in capsys.readouterr().out


def test_package_is_laid_out_without_being_installed_and_nothing_is_said_without_apt(prepare, monkeypatch, tmp_path):
    monkeypatch.setattr(prepare, "UNPACKED", tmp_path)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    prepare.unpack("fonts-hanazono")
    assert list(tmp_path.iterdir()) == []


def test_npm_is_found_in_the_packages_when_the_machine_has_none(prepare, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _name: None)
    (command,) = prepare.npm_commands()
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
    assert int(version.split(".")[0]) >= 10


def test_the_lock_file_names_no_host():
    text = (BASE_DIR / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity"') >= 5


def test_every_pin_is_exact_and_has_its_reason():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (BASE_DIR / name).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith(("#", "-r ")):
                assert "==" in line.split("#")[0], line
                assert line.partition("#")[2].strip(), line


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_lock_holds_every_pin_and_the_hashes_of_every_package(name):
    """`script/lock` writes them anew."""
    lock = (BASE_DIR / f"{name}.lock").read_text(encoding="utf-8")
    pins = (BASE_DIR / f"{name}.txt").read_text(encoding="utf-8").lower()
    assert set(PINNED.findall(pins)) <= set(PINNED.findall(lock))
    entries = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)[1:]
    assert len(entries) > 50 and [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in lock  # no address: whoever installs says from where


def test_every_front_end_package_has_its_hash():
    packages = json.loads((BASE_DIR / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, said in packages.items() if name and "integrity" not in said] == []


def test_package_with_another_hash_is_not_installed(prepare, tmp_path, monkeypatch):
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "VENV", tmp_path)
    (tmp_path / "six.lock").write_text(f"six==1.17.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    source = tmp_path / "six-1.17.0-py3-none-any.whl"
    source.write_bytes(b"somebody else's")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_IGNORE_INSTALLED", "1")
    monkeypatch.setenv("PIP_DRY_RUN", "1")
    with pytest.raises(prepare.Trouble):
        prepare.install_python_packages("six.txt")
    assert not list(tmp_path.glob(".installed*"))


def test_ci_runs_the_tests_and_nothing_else():
    lines = [line for line in (BASE_DIR / ".ci" / "run").read_text().splitlines() if not line.startswith(("#", "set "))]
    assert lines == ['exec "$(dirname -- "$0")/../script/test"']
    for command in ("run", "test", "check", "bench", "sbom", "attack", "lock"):
        assert os.access(BASE_DIR / "script" / command, os.X_OK)
    assert sys.version_info >= (3, 11)
