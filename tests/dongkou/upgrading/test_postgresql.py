"""Files of an older PostgreSQL, Debian's, brought to ours: nothing is lost, the old ones stay, whatever ends the run."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest

from dongkou import servers
from dongkou.database_roles import ADMINISTRATOR, APPLICATION, DATABASE, settle
from dongkou.embedded import MAJOR
from dongkou.layout import BASE_DIR, Layout
from dongkou.programs import Runner, ServerTrouble, find_runner
from dongkou.upgrading import postgresql
from script.prepare import UNPACKED, unpack
from tests.dongkou.setup.folders import BOTH, ask
from tests.processes import environment

PLACES = ("/usr/lib/postgresql/*/bin", f"{UNPACKED}/usr/lib/postgresql/*/bin")
BEFORE = ("17", "15", "16")  # as Debian has them


def installed() -> list[Path]:
    return [folder for place in PLACES for folder in sorted(Path("/").glob(place[1:])) if (folder / "initdb").exists()]


def debian() -> Path:
    """The programs of an older version."""
    for version in BEFORE:
        if not installed():
            unpack(f"postgresql-{version}")
    found = [folder for folder in installed() if int(folder.parent.name) < int(MAJOR)]
    assert found, "Debian's PostgreSQL could not be fetched"
    return found[0]


@contextlib.contextmanager
def running(layout: Layout, programs: Path, runner: Runner) -> Iterator[None]:
    """The old server, as its own programs run it."""
    control = [str(programs / "pg_ctl"), f"--pgdata={layout.postgresql}", "--wait", f"--log={layout.postgresql}/log"]
    where = (
        f"--options=-c unix_socket_directories={layout.sockets} -c listen_addresses='' -c hba_file={layout.data}/hba"
    )
    subprocess.run([*control, where, "start"], check=True, capture_output=True, **runner.popen_options())
    try:
        yield
    finally:
        subprocess.run(
            [*control, "--mode=immediate", "stop"], check=True, capture_output=True, **runner.popen_options()
        )


@pytest.fixture
def old(empty_layout: Layout) -> Iterator[SimpleNamespace]:
    """A data folder with a database of the old version, in which something stands, and which was killed."""
    programs, layout = debian(), empty_layout
    servers.prepare(layout)
    runner = find_runner(layout.postgresql)
    (layout.data / "hba").write_text("local all all trust\n", encoding="utf-8")
    layout.postgresql.mkdir(mode=0o700)
    if runner.switched:
        os.chown(layout.postgresql, runner.uid, runner.gid)
    made = [str(programs / "initdb"), f"--pgdata={layout.postgresql}", "--encoding=UTF8", "--locale=C"]
    subprocess.run([*made, f"--username={ADMINISTRATOR}"], check=True, capture_output=True, **runner.popen_options())
    (layout.postgresql / "local.conf").write_text("max_connections = 77\n", encoding="utf-8")
    yield SimpleNamespace(layout=layout, programs=programs, runner=runner, version=programs.parent.name)


def fill(old: SimpleNamespace) -> None:
    with running(old.layout, old.programs, old.runner):
        address = {"host": str(old.layout.sockets), "user": ADMINISTRATOR}
        with contextlib.closing(psycopg2.connect(dbname="postgres", **address)) as one:
            one.autocommit = True
            settle(one.cursor())
        with contextlib.closing(psycopg2.connect(dbname=DATABASE, **address)) as one, one, one.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (name text PRIMARY KEY); INSERT INTO kept VALUES ('张*家'), ('李*家')")


def refused(old: SimpleNamespace, programs: Path | None = None) -> str:
    with pytest.raises(ServerTrouble) as trouble:
        postgresql.upgrade(old.layout, programs or old.programs)
    assert not old.layout.postgresql_upgraded.exists()
    return str(trouble.value)


@pytest.mark.long
def test_everything_is_there_afterwards_and_the_old_files_stay(old: SimpleNamespace) -> None:
    fill(old)
    with pytest.raises(ServerTrouble, match="upgrade_postgresql"), servers.using(old.layout, BOTH):
        pass
    done = subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), "upgrade_postgresql", str(old.programs)],
        env={**environment(), "DONGKOU_DATA": str(old.layout.data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    kept = old.layout.home / f"pg.{old.version}"
    assert f"从 PostgreSQL {old.version} 升到 {MAJOR}" in done.stdout
    assert (kept / "PG_VERSION").read_text().strip() == old.version
    with servers.using(old.layout, BOTH):
        assert ask(old.layout, "SELECT string_agg(name, ' ' ORDER BY name), count(*) FROM kept") == ["张*家 李*家", 2]
        assert ask(old.layout, "SHOW max_connections") == ["77"]
        assert ask(old.layout, "SHOW data_checksums") == ["on"]
        assert ask(old.layout, f"SELECT has_table_privilege('{APPLICATION}', 'kept', 'SELECT')") == [True]
    assert "不用升级" in refused(old)


@pytest.mark.long
def test_run_that_was_killed_is_begun_anew_or_ended(old: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(old)
    old.layout.postgresql_upgraded.mkdir()  # left by one that was killed before it was done
    renamed, really = [], Path.rename

    def rename(self: Path, to: Path) -> Path:
        renamed.append(to)
        really(self, to)
        if len(renamed) == 1:
            raise KeyboardInterrupt  # between the two
        return to

    with monkeypatch.context() as killed:
        killed.setattr(Path, "rename", rename)
        with pytest.raises(KeyboardInterrupt):
            postgresql.upgrade(old.layout, old.programs)
    with pytest.raises(ServerTrouble, match="没有做完"), servers.using(old.layout, BOTH):
        pass
    assert postgresql.upgrade(old.layout, old.programs).before == old.version
    with servers.using(old.layout, BOTH):
        assert ask(old.layout, "SELECT count(*) FROM kept") == [2]


@pytest.mark.long
def test_what_does_not_fit_is_one_sentence(old: SimpleNamespace, tmp_path: Path) -> None:
    assert "bin 文件夹" in refused(old, tmp_path)
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 9.6'\n", encoding="ascii")
    (tmp_path / "postgres").chmod(0o755)
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    assert "9" in refused(old, tmp_path)
    hold = servers.Use(old.layout)
    assert "还在用" in refused(old)
    hold.end()
    kept = old.layout.home / f"pg.{old.version}"
    kept.mkdir()
    assert "移走" in refused(old)
    kept.rmdir()
    with pytest.MonkeyPatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1 << 20))
        assert "腾出空间" in refused(old)


def test_folder_without_a_database_or_with_a_newer_one_is_told(empty_layout: Layout) -> None:
    one = SimpleNamespace(layout=empty_layout, programs=empty_layout.data)
    assert "没有数据库" in refused(one)
    empty_layout.postgresql.mkdir()
    for version, told in ((MAJOR, "不用升级"), ("99", "往回升")):
        (empty_layout.postgresql / "PG_VERSION").write_text(f"{version}\n", encoding="ascii")
        assert told in refused(one)
