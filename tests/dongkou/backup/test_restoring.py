"""Copies of a real database that is written to meanwhile, and databases made of them."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from dongkou import servers
from dongkou.backup import making, restoring
from dongkou.backup.restoring import RestoreWish, restore
from dongkou.backup.store import BackupStore, CopyKind, digests, read_copy, write_copy
from dongkou.keys import read_or_make
from dongkou.layout import Layout
from dongkou.programs import ServerTrouble
from tests.dongkou.setup.folders import BOTH, ask, clear, data_folder
from tests.waiting import until


@dataclass(frozen=True)
class KeptCopies:
    """A store with a full copy holding 1, an incremental one holding 2 as well, and a log that knows 3 and 4."""

    store: BackupStore
    keys: bytes
    between: datetime  # after 3, before 4


@pytest.fixture(scope="module")
def copies(_cluster: Path) -> Iterator[KeptCopies]:
    with data_folder() as layout, data_folder() as elsewhere, pytest.MonkeyPatch.context() as patch:
        subprocess.run(["cp", "--archive", _cluster, layout.data], check=True)
        patch.setenv("DONGKOU_BACKUP", str(elsewhere.data / "copies"))
        folder = elsewhere.data / "copies"
        with servers.using(layout, BOTH):
            read_or_make(layout.secrets)
            ask(layout, "CREATE TABLE kept AS SELECT 1 AS n")
            ask(layout, "GRANT SELECT ON kept TO PUBLIC")
            assert making.take(layout, folder, {}).kind is CopyKind.FULL
            ask(layout, "INSERT INTO kept VALUES (2)")
            assert making.take(layout, folder, {}).kind is CopyKind.INCREMENTAL
            ask(layout, "INSERT INTO kept VALUES (3)")
            (between,) = ask(layout, "SELECT clock_timestamp()")
            ask(layout, "INSERT INTO kept VALUES (4)")
            (finished,) = ask(layout, "SELECT pg_walfile_name(pg_switch_wal())")
            store = BackupStore(folder)
            until((store.log / f"{finished}.gz").exists)
        yield KeptCopies(store, layout.secrets.read_bytes(), between)


@pytest.fixture
def target(copies: KeptCopies) -> Iterator[Layout]:
    """Where to restore to: nothing is there yet."""
    with data_folder() as around:
        layout = Layout(around.data / "new")
        yield layout
        clear(layout)


def held(layout: Layout) -> list[int]:
    """What the restored database knows, started once more as anybody would."""
    with servers.using(layout, BOTH):
        return ask(layout, "SELECT array_agg(n ORDER BY n) FROM kept")[0]


def test_newest_copy_and_all_the_log_since_come_back(copies, target):
    done = restore(RestoreWish(copies.store.folder, target.data, keys=copies.keys))
    assert done.copy.kind is CopyKind.INCREMENTAL
    assert done.last_change > copies.between
    assert held(target) == [1, 2, 3, 4]
    assert target.secrets.read_bytes() == copies.keys
    assert not (target.postgresql / "recovery.signal").exists()


def test_database_goes_back_to_a_moment(copies, target):
    done = restore(RestoreWish(copies.store.folder, target.data, until=copies.between, keys=copies.keys))
    assert done.last_change < copies.between
    assert held(target) == [1, 2, 3]


def test_older_copy_alone_is_the_database_of_its_hour_and_keys_elsewhere_stay(copies, target, tmp_path, monkeypatch):
    live, oldest = tmp_path / "live.json", copies.store.copies()[0]
    live.write_bytes(b"the live system's")
    with monkeypatch.context() as patch:
        patch.setenv("DONGKOU_SECRETS", str(live))
        restore(RestoreWish(copies.store.folder, target.data, name=oldest.name, exact=True, keys=copies.keys))
    assert live.read_bytes() == b"the live system's"
    assert target.own_secrets.read_bytes() == copies.keys
    assert held(target) == [1]


def test_moment_that_the_log_has_not_reached_is_refused(copies, target):
    late = copies.between.replace(year=copies.between.year + 1)
    with pytest.raises(ServerTrouble, match="日志还没有记到"):
        restore(RestoreWish(copies.store.folder, target.data, until=late, keys=copies.keys))
    assert not target.data.exists()


def test_folder_with_anything_in_it_is_left_alone(copies, target):
    target.data.mkdir()
    (target.data / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ServerTrouble, match="已有内容"):
        restore(RestoreWish(copies.store.folder, target.data, keys=copies.keys))
    assert [path.name for path in target.data.iterdir()] == ["notes.txt"]


@pytest.fixture
def own(copies: KeptCopies) -> Iterator[BackupStore]:
    """The same copies under further names, to be damaged: see `changed`."""
    folder = copies.store.folder.with_name("own")
    shutil.copytree(copies.store.folder, folder, symlinks=True, copy_function=os.link)
    yield BackupStore(folder)
    shutil.rmtree(folder)


def changed(path: Path, content: bytes) -> None:
    """Another file by the same name: the one that was there belongs to the other tests, too."""
    path.unlink()
    path.write_bytes(content)


def _tear(store: BackupStore, at: int) -> str:
    """Change one byte of the largest file of a copy; its path."""
    cluster = store.path(store.copies()[at].name) / "pg"
    path = max((one for one in (cluster / "base").rglob("*") if one.is_file()), key=lambda one: one.stat().st_size)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    changed(path, content)
    return str(path.relative_to(cluster))


@pytest.mark.parametrize("at", [0, 1])
def test_one_changed_byte_anywhere_in_the_chain_is_noticed(own, target, at):
    torn = _tear(own, at)
    with pytest.raises(ServerTrouble, match=f"不完整或被改动过（{torn}"):
        restore(RestoreWish(own.folder, target.data, keys=b"{}"))
    assert not target.data.exists()


def test_missing_file_is_noticed(own, target):
    cluster = own.path(own.copies()[0].name) / "pg"
    (cluster / "global/pg_control").unlink()
    with pytest.raises(ServerTrouble, match="global/pg_control"):
        restore(RestoreWish(own.folder, target.data, keys=b"{}"))


@pytest.mark.parametrize("name", ["figures.json", "pg/backup_manifest"])
def test_what_lies_beside_the_files_is_noticed_too(own, target, name):
    path = own.path(own.copies()[1].name) / name
    changed(path, path.read_bytes() + b" ")
    with pytest.raises(ServerTrouble, match=name):
        restore(RestoreWish(own.folder, target.data, keys=b"{}"))


def test_copy_whose_own_log_is_gone_becomes_no_database(own, target):
    newest = own.copies()[1]
    shutil.rmtree(own.log)
    for path in (own.path(newest.name) / "pg/pg_wal").glob("0*"):
        path.unlink()
    with pytest.raises(ServerTrouble, match="postgresql 没有启动"):
        restore(RestoreWish(own.folder, target.data, keys=b"{}"))
    assert not target.data.exists()


def test_without_keys_nothing_is_restored(copies, target, monkeypatch, capsys):
    for name in ("DONGKOU_SECRETS", "DONGKOU_FIELD_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert restoring.main([str(copies.store.folder), "--data", str(target.data)]) == 1
    assert "没有密钥" in capsys.readouterr().err
    assert not target.data.exists()


def test_copy_says_itself_what_it_is(copies, tmp_path):
    newest = copies.store.copies()[-1]
    assert newest.digests == digests(copies.store.path(newest.name))
    assert json.loads((copies.store.path(newest.name) / "figures.json").read_text(encoding="utf-8")) == {}
    write_copy(tmp_path, newest)
    assert read_copy(tmp_path) == newest
