"""Building a data folder anew from a store of copies and the log beside them. No Django: there is no database yet to ask.

Every file is held against PostgreSQL's own list first, ``pg_combinebackup`` puts a full copy and what stands on it together, and
PostgreSQL replays the log up to its end or to a moment. The folder is new, or it is not touched at all.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2

from dongkou import servers
from dongkou.backup import kept_keys
from dongkou.backup.making import run_tool
from dongkou.backup.store import BackupCopy, BackupStore, digest, digests
from dongkou.database_roles import APPLICATION, DATABASE
from dongkou.layout import Layout, data_folder
from dongkou.programs import Programs, Runner, ServerTrouble, find_programs
from dongkou.servers import WantedServers

ZONE = ZoneInfo("Asia/Shanghai")
RECOVERY = "postgresql.auto.conf"
ONLY_DATABASE = WantedServers(postgresql=True, valkey=False)


@dataclass(frozen=True)
class RestoreWish:
    """What shall stand where. `until` is a moment, None for all that the log holds; `exact` stops at the copy's own end.

    `keys` is what the new folder's secrets file will hold; None when keys come from elsewhere (``DONGKOU_SECRETS``).
    """

    store: Path
    data: Path
    name: str | None = None
    until: datetime | None = None
    exact: bool = False
    keys: bytes | None = None


@dataclass(frozen=True)
class Restored:
    """How it went: which copy, the last change that is in it, the seconds it took."""

    copy: BackupCopy
    last_change: datetime | None
    seconds: float


def restore(wish: RestoreWish) -> Restored:
    """Make the data folder. Raises ServerTrouble with one sentence; what was begun is taken away again."""
    began = time.monotonic()
    if wish.data.exists() and any(wish.data.iterdir()):
        raise ServerTrouble(f"{wish.data} 里已有内容，只能恢复到空的文件夹，请另选一个。")
    store, layout = BackupStore(wish.store), Layout(wish.data)
    links = store.chain(wish.name)
    runner = servers.prepare(layout)
    try:
        programs = find_programs(runner)
        for copy in links:
            examine(store, copy)
        _combine(store, links, layout, programs, runner)
        if wish.keys is not None:
            _put_keys(layout, wish.keys, runner)
        _ask_for_recovery(store, layout, wish, runner)
        last = _replayed(layout, wish)
        (layout.postgresql / RECOVERY).write_text("", encoding="utf-8")
    except BaseException:
        clear_away(layout)
        raise
    return Restored(links[-1], last, round(time.monotonic() - began, 1))


def clear_away(layout: Layout) -> None:
    """Take a data folder away, also where its servers' part lies elsewhere."""
    home = layout.home
    for folder in (home, layout.data):
        shutil.rmtree(folder, ignore_errors=True)


def examine(store: BackupStore, copy: BackupCopy) -> None:
    """ServerTrouble unless every file of the copy is as it was written."""
    folder = store.path(copy.name)
    found = digests(folder)
    changed = [name for name in copy.digests.keys() | found.keys() if copy.digests.get(name) != found.get(name)]
    changed += changed_files(folder / "pg") if not changed else []
    if changed:
        few = "、".join(sorted(changed)[:3])
        raise ServerTrouble(f"备份 {copy.name} 不完整或被改动过（{few}），没有恢复。")


def changed_files(cluster: Path) -> list[str]:
    """Files that are not as PostgreSQL's own list (``backup_manifest``) says: missing, of another size, with another content.

    The log that lies in the copy is not on that list: a copy without it never becomes a database (recovery refuses it).
    """
    listed = json.loads((cluster / "backup_manifest").read_text(encoding="utf-8"))["Files"]
    return [entry["Path"] for entry in listed if not _as_listed(cluster / entry["Path"], entry)]


def _as_listed(path: Path, entry: dict[str, Any]) -> bool:
    if not path.is_file() or path.stat().st_size != entry["Size"]:
        return False
    return entry.get("Checksum-Algorithm") != "SHA256" or digest(path) == entry["Checksum"]


def _combine(store: BackupStore, links: list[BackupCopy], layout: Layout, programs: Programs, runner: Runner) -> None:
    """Aside, then in place: a folder that was killed half way does not look like a database."""
    aside = layout.postgresql.with_name("pg.new")
    shutil.rmtree(aside, ignore_errors=True)
    parts = [str(store.path(copy.name) / "pg") for copy in links]
    run_tool([str(programs.postgresql / "pg_combinebackup"), *parts, f"--output={aside}"])
    if runner.switched:
        for path in (aside, *aside.rglob("*")):
            os.chown(path, runner.uid, runner.gid, follow_symlinks=False)
    (aside / "local.conf").unlink(missing_ok=True)  # the other machine's own values
    aside.rename(layout.postgresql)


def _put_keys(layout: Layout, keys: bytes, runner: Runner) -> None:
    """Into the new folder itself: what ``DONGKOU_SECRETS`` names may be the live system's."""
    with os.fdopen(os.open(layout.own_secrets, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(keys)
    servers.hand_over(layout, runner)


def _ask_for_recovery(store: BackupStore, layout: Layout, wish: RestoreWish, runner: Runner) -> None:
    """Replay, refusing everybody until it is done; then go on as a database of its own."""
    lines = [
        f"restore_command = 'gzip -dc < {store.log}/%f.gz > \"%p\"'",
        "hot_standby = off",
        "recovery_target_action = promote",
    ]
    if wish.exact:
        lines.append("recovery_target = 'immediate'")
    elif wish.until is not None:
        lines.append(f"recovery_target_time = '{wish.until.astimezone(ZONE).isoformat(sep=' ')}'")
    for name, text in ((RECOVERY, "\n".join(lines) + "\n"), ("recovery.signal", "")):
        path = layout.postgresql / name
        path.write_text(text, encoding="utf-8")
        if runner.switched:
            os.chown(path, runner.uid, runner.gid)


def _replayed(layout: Layout, wish: RestoreWish) -> datetime | None:
    """Let PostgreSQL replay the log; the last change that it found. ServerTrouble when the log ends too early."""
    try:
        with not_archiving(), servers.using(layout, ONLY_DATABASE):
            return _last_change(layout)
    except ServerTrouble as trouble:
        if "recovery ended before configured recovery target" in str(trouble):
            raise ServerTrouble(f"日志还没有记到 {wish.until}，恢复不到这一刻，请选早一些的时间。") from None
        raise


@contextlib.contextmanager
def not_archiving() -> Iterator[None]:
    """Servers that begin here hand no log over: a branch that is only tried must not lie among what the live one keeps."""
    kept = os.environ.pop("DONGKOU_BACKUP", None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ["DONGKOU_BACKUP"] = kept


def _last_change(layout: Layout) -> datetime | None:
    """When the last transaction ended that was replayed; None when there was none."""
    connection = psycopg2.connect(host=str(layout.sockets), dbname=DATABASE, user=APPLICATION)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_last_xact_replay_timestamp()")
            row = cursor.fetchone()
    finally:
        connection.close()
    return row[0] if row else None


def main(words: Sequence[str]) -> int:
    """``manage.py restore``: before any settings are read, because reading them would make keys. Returns the exit code."""
    chosen = _arguments(words)
    try:
        done = restore(
            RestoreWish(
                store=chosen.store.absolute(),
                data=chosen.data.expanduser().absolute(),
                name=chosen.copy,
                until=chosen.until,
                exact=chosen.exact,
                keys=_keys(chosen),
            )
        )
    except ServerTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    last = done.last_change.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S") if done.last_change else "备份的那一刻"
    print(f"已恢复到 {chosen.data}：备份 {done.copy.name}，数据到 {last}，用时 {done.seconds} 秒。")
    print("请运行 manage.py verify 核对，再用 script/run --data 启动。")
    return 0


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py restore", description="从备份恢复到一个空的数据文件夹")
    parser.add_argument("store", type=Path, metavar="DIR", help="备份文件夹")
    parser.add_argument(
        "--data", type=Path, default=data_folder(), help="恢复到哪里（空文件夹），默认 DONGKOU_DATA 或 var/"
    )
    parser.add_argument("--copy", metavar="NAME", help="用哪一份，默认最新的")
    parser.add_argument(
        "--until", type=_moment, metavar="TIME", help="恢复到这一刻（北京时间），如 2026-11-30T08:30:00"
    )
    parser.add_argument("--exact", action="store_true", help="只恢复到这份备份做成的那一刻，不用后来的日志")
    parser.add_argument("--secrets", type=Path, metavar="FILE", help="另外保存的密钥文件 secrets.json")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="备份里的密钥是给哪张证书加密的")
    parser.add_argument("--private-key", type=Path, metavar="FILE", help="这张证书的私钥，用来打开备份里的密钥")
    return parser.parse_args(words)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"时间要写成 2026-11-30T08:30:00 的样子，现在是“{text}”") from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _keys(chosen: argparse.Namespace) -> bytes | None:
    """What the secrets file will hold. ServerTrouble when there is no way to it: without its keys nobody can read the data."""
    if chosen.secrets:
        try:
            return bytes(chosen.secrets.read_bytes())
        except OSError as trouble:
            raise ServerTrouble(f"密钥文件 {chosen.secrets} 读不出（{trouble.strerror}）。") from None
    if chosen.private_key and chosen.certificate:
        store = BackupStore(chosen.store.absolute())
        sealed = store.path(store.chain(chosen.copy)[-1].name) / "secrets.cms"
        if not sealed.exists():
            raise ServerTrouble("这份备份里没有密钥，请用 --secrets 给出另外保存的密钥文件。")
        return kept_keys.open_sealed(
            sealed.read_bytes(), certificate=chosen.certificate, private_key=chosen.private_key
        )
    if os.environ.get("DONGKOU_SECRETS") or os.environ.get("DONGKOU_FIELD_KEY"):
        return None
    raise ServerTrouble(
        "没有密钥，恢复出来的电话和文字谁也读不出：请用 --secrets 给出密钥文件，或用 --certificate 和 --private-key 打开备份里的。"
    )
