"""Data folders of every release, as `script/keep_release` kept them, come up under this program and say what they said."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dongkou import servers
from dongkou.database_roles import ADMINISTRATOR, DATABASE
from dongkou.layout import BASE_DIR, Layout
from dongkou.programs import find_programs, find_runner
from script.keep_release import RELEASES, TELL
from tests.dongkou.setup.folders import BOTH, ask

SCORES = "SELECT count(*) FROM scoring_householdscore"
KEPT = sorted(RELEASES.iterdir())


def restored(layout: Layout, folder: Path) -> None:
    """The release's rows and keys, in a data folder of their own."""
    servers.prepare(layout)
    shutil.copyfile(folder / "keys.json", layout.own_secrets)
    layout.own_secrets.chmod(0o600)
    with servers.using(layout, BOTH):
        tool = find_programs(find_runner(layout.postgresql)).postgresql / "pg_restore"
        where = [f"--host={layout.sockets}", f"--username={ADMINISTRATOR}", f"--dbname={DATABASE}"]
        subprocess.run([tool, *where, "--no-owner", "--exit-on-error", folder / "database.dump"], check=True)


def run(layout: Layout, *words: str) -> str:
    """As an operator does; what it says."""
    given = {**os.environ, "DONGKOU_DATA": str(layout.data), "DONGKOU_ROLE": "", "PYTHONPATH": str(BASE_DIR)}
    done = subprocess.run(
        [sys.executable, *words], env=given, cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_release_is_kept() -> None:
    assert KEPT


@pytest.mark.long
@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: folder.name)
def test_folder_of_a_release_says_what_it_said(folder: Path, empty_layout: Layout) -> None:
    restored(empty_layout, folder)
    with servers.using(empty_layout, BOTH):
        run(empty_layout, "manage.py", "migrate", "--verbosity", "0")
        told = json.loads(run(empty_layout, "-c", TELL))
        [households] = ask(empty_layout, "SELECT count(*) FROM households_household")
        [scores] = ask(empty_layout, SCORES)
        while ask(empty_layout, "SELECT scoring_lay_out()") != [None]:  # as the nights to come do
            pass
        assert ask(empty_layout, SCORES) == [scores] and ask(empty_layout, f"{SCORES}_rest") == [0] != [scores]
        run(empty_layout, "manage.py", "verify")
    before = json.loads(gzip.decompress((folder / "told.json.gz").read_bytes()))
    assert households > 800
    assert [name for name in before if told[name] != before[name]] == []
