"""Where backups lie: one folder a copy, the database's log beside them. Plain files, no Django.

``DIR/<name>/`` holds one copy: ``pg/`` as PostgreSQL's own tool wrote it, ``figures.json`` (what the database said of itself
just before), ``secrets.cms`` (the keys, sealed for whoever holds the private key) and ``copy.json``, which is written last. A
copy that is not whole has no such name yet: it ends with ``.unfinished``. ``DIR/wal/`` holds the log since, file by file, compressed.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from dongkou.layout import PLAIN
from dongkou.programs import Runner, ServerTrouble

UNFINISHED = ".unfinished"
SIDE_FILES = ("figures.json", "secrets.cms")


class CopyKind(StrEnum):
    """A copy of everything, or of what changed since another one."""

    FULL = "full"
    INCREMENTAL = "incremental"


@dataclass(frozen=True)
class BackupCopy:
    """What ``copy.json`` says. ``base`` is the copy that an incremental one needs; ``digests`` are SHA-256 in hex by file."""

    name: str
    kind: CopyKind
    base: str | None
    made_at: str  # UTC, ISO 8601: when it was whole
    seconds: float  # that making it took
    size: int  # bytes of its folder
    first_log: str  # the oldest file of the log that it needs
    schema: str  # newest migrations of all apps, digested
    digests: dict[str, str]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


class BackupStore:
    """The folder of all copies."""

    def __init__(self, folder: Path) -> None:
        if not PLAIN.fullmatch(str(folder)):
            raise ServerTrouble(f"备份文件夹 {folder} 的路径里只能有英文字母、数字、点、横线和下划线。")
        self.folder = folder

    @property
    def log(self) -> Path:
        return self.folder / "wal"

    @property
    def certificates(self) -> Path:
        return self.folder / "certificates"

    def path(self, name: str) -> Path:
        return self.folder / name

    def copies(self) -> list[BackupCopy]:
        """Those that are whole, oldest first."""
        found = [read_copy(path.parent) for path in self.folder.glob("*/copy.json") if path.parent.suffix != UNFINISHED]
        return sorted(found, key=lambda copy: copy.name)

    def chain(self, name: str | None = None) -> list[BackupCopy]:
        """The full copy and what stands on it, up to the named one or the newest. ServerTrouble where a link is missing."""
        known = {copy.name: copy for copy in self.copies()}
        if not known:
            raise ServerTrouble(f"{self.folder} 里没有完整的备份。")
        wanted = name or max(known)
        links: list[BackupCopy] = []
        while True:
            if wanted not in known:
                missing = "没有这一份备份" if not links else f"{links[-1].name} 要靠它，它不见了或不完整"
                raise ServerTrouble(f"{self.path(wanted)}：{missing}。")
            links.append(known[wanted])
            if links[-1].base is None:
                return links[::-1]
            wanted = links[-1].base

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One writer at a time. ServerTrouble when another one is at work."""
        with (self.folder / ".lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ServerTrouble(f"{self.folder} 里另一次备份或演练还没有做完。") from None
            yield

    def drop(self, copies: list[BackupCopy]) -> None:
        """Take copies away: the name goes first, so that half of one never looks whole."""
        for copy in copies:
            aside = self.path(copy.name + UNFINISHED)
            self.path(copy.name).rename(aside)
            shutil.rmtree(aside)


def open_store(folder: Path, runner: Runner) -> BackupStore:
    """The folder of copies, made if need be, writable for the servers' user and closed to others."""
    store = BackupStore(folder)
    try:
        for part in (store.folder, store.log, store.certificates):
            part.mkdir(parents=True, exist_ok=True, mode=0o700)
            if runner.switched:
                os.chown(part, runner.uid, runner.gid)
    except OSError as trouble:
        raise ServerTrouble(f"备份文件夹 {folder} 不能写（{trouble.strerror}）。") from None
    return store


def read_copy(folder: Path) -> BackupCopy:
    """ServerTrouble when what it says of itself cannot be read."""
    try:
        found = json.loads((folder / "copy.json").read_text(encoding="utf-8"))
        return BackupCopy(**{**found, "kind": CopyKind(found["kind"])})
    except (OSError, ValueError, TypeError, KeyError) as trouble:
        raise ServerTrouble(f"{folder} 的说明 copy.json 读不出（{trouble}），这份备份不能用。") from None


def write_copy(folder: Path, copy: BackupCopy) -> None:
    """The last file of a copy, on disk before anybody sees the folder's final name."""
    with (folder / "copy.json").open("w", encoding="utf-8") as file:
        json.dump(asdict(copy), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def digest(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Of what PostgreSQL's own list of files does not cover: that list, and our files beside it."""
    names = ("pg/backup_manifest", *SIDE_FILES)
    return {name: digest(folder / name) for name in names if (folder / name).exists()}


def size_of(folder: Path) -> int:
    """Bytes of all files below it."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def name_at(moment: datetime, kind: CopyKind) -> str:
    """Copies sort by their names as they were made."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{kind}"
