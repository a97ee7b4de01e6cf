"""Whoever starts the system, web, worker and beat are run by a system user who reaches what they need."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dongkou import reach
from dongkou.layout import Layout
from dongkou.programs import Runner, ServerTrouble, find_runner
from tests.dongkou.setup.folders import data_folder

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


@pytest.fixture(scope="module")
def place() -> Iterator[Layout]:
    """Where the whole of Python and the program is put in reach: thousands of files, for all tests of this module."""
    with data_folder() as layout:
        yield layout


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch, place: Layout) -> Runner:
    """The system user, who reaches neither Python nor the program; a place of our own for what is put in reach."""
    monkeypatch.setattr(reach, "SYSTEM_HOME", place.data / "system")
    monkeypatch.setattr(Runner, "reaches", lambda _runner, _folder: False)
    return find_runner(place.postgresql)


def asked(found: reach.Surroundings) -> dict:
    """What a child says of itself."""
    question = (
        "import dongkou.layout, django, json, os, sys;"
        "print(json.dumps([os.getuid(), os.getgroups(), sys.executable, dongkou.layout.__file__, django.__file__]))"
    )
    command = [found.python, "-P", "-c", question]
    options = {"env": dict(found.environment), "cwd": "/", **found.options}
    said = subprocess.run(command, capture_output=True, check=True, **options)
    return dict(zip(("uid", "groups", "python", "program", "packages"), json.loads(said.stdout), strict=True))


def test_child_is_the_system_user_and_reads_only_what_was_put_in_its_reach(hidden: Runner) -> None:
    child = asked(reach.surroundings(hidden))
    assert child["uid"] == hidden.uid != 0
    assert 0 not in child["groups"]
    for name in ("python", "program", "packages"):
        assert Path(child[name]).is_relative_to(reach.SYSTEM_HOME), child[name]


def test_what_is_in_reach_is_made_once(hidden: Runner) -> None:
    before = reach.surroundings(hidden)
    made = sorted(reach.SYSTEM_HOME.iterdir())
    assert reach.surroundings(hidden) == before
    assert sorted(reach.SYSTEM_HOME.iterdir()) == made


@pytest.fixture
def closed(place: Layout) -> Iterator[None]:
    """Nobody but its owner enters the place."""
    place.data.chmod(0o700)
    yield
    place.data.chmod(0o711)


def test_user_who_cannot_be_given_the_program_is_one_sentence(hidden: Runner, closed: None) -> None:
    with pytest.raises(
        ServerTrouble, match=rf"不以 root 运行.*{hidden.name} 不能读取程序（.*），请让它能读取"
    ) as refusal:
        reach.surroundings(hidden)
    assert "\n" not in str(refusal.value)


def test_file_that_only_root_reads_becomes_a_readable_copy(tmp_path: Path) -> None:
    (tmp_path / "closed").write_text("x")
    (tmp_path / "closed").chmod(0o600)
    reach.in_reach(tmp_path / "closed", tmp_path / "open")
    assert (tmp_path / "closed").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "open").stat().st_mode & 0o444 == 0o444
