"""Using the embedded PostgreSQL and Valkey of one data folder. No Django here.

Every process that wants the servers holds a shared lock on ``users.lock`` for as long as it lives. A process of its own, the
keeper (``dongkou.keeper``), is the servers' parent: it stops them when it gets that lock for itself, that is when the
last user has gone, however it went. Locks belong to the kernel, so a crash or a reboot leaves nothing stale behind.
"""

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from dongkou.children import open_log
from dongkou.embedded import postgresql_answers, valkey_answers
from dongkou.layout import BASE_DIR, Layout, fingerprint
from dongkou.programs import SYSTEM_HOME, Runner, ServerTrouble, find_runner

__all__ = ["ServerTrouble", "Use", "WantedServers", "keeper_pid", "lock_file", "needed", "use", "using"]


REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "文件系统只读",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已有同名文件",
    errno.ENOENT: "路径不存在",
}


PATIENCE_SECONDS = 120  # a database that replays its log after a crash


@dataclass(frozen=True)
class WantedServers:
    """Which embedded servers are wanted."""

    postgresql: bool
    valkey: bool

    def any(self) -> bool:
        return self.postgresql or self.valkey

    def names(self) -> list[str]:
        return [name for name, wanted in (("postgresql", self.postgresql), ("valkey", self.valkey)) if wanted]


def needed() -> WantedServers:
    """Those that no address in the environment stands in for."""
    return WantedServers(postgresql=not os.environ.get("DATABASE_URL"), valkey=not os.environ.get("REDIS_URL"))


class Use:
    """One process's hold on the servers of a data folder."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._keeper: subprocess.Popen[bytes] | None = None
        self._users = lock_file(layout, "users")
        fcntl.flock(self._users, fcntl.LOCK_SH)  # waits while a keeper is stopping

    def ensure(self, need: WantedServers) -> None:
        """Start the servers unless they run. Safe when several commands begin at once.

        A keeper that lives without servers that answer is stopping, or brings a crashed one back: wait for either.
        Raises ServerTrouble with one sentence when they cannot be started.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        with _locked(self.layout, "start"):
            while keeper_pid(self.layout) is not None:
                if _answer(self.layout, need):
                    return
                if time.monotonic() > deadline:
                    raise ServerTrouble(f"数据库服务没有应答，日志在 {self.layout.log}。")
                time.sleep(0.1)
            if self._keeper is not None:
                self._keeper.wait()  # it died: read its exit code
            self._keeper = _start_keeper(self.layout, need)

    def outlive(self) -> None:
        """Whatever this process becomes (``exec``) goes on holding it, with all its children, until the last one ends."""
        os.set_inheritable(os.dup(self._users.fileno()), True)

    def end(self) -> None:
        """Let go; the last user has the servers stopped and waits for that."""
        if self._users.closed:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # somebody else still works with them
        else:
            _stop_keeper(self.layout)
            if self._keeper is not None:
                self._keeper.wait()
        if self._keeper is not None and self._keeper.returncode is None:
            self._keeper.returncode = 0  # it outlives us on purpose; no "still running" warning
        self._users.close()


def use(layout: Layout, need: WantedServers) -> Use:
    """Take hold of the servers of a data folder, starting them if they do not run."""
    prepare(layout)
    hold = Use(layout)
    try:
        hold.ensure(need)
    except BaseException:
        hold.end()
        raise
    return hold


@contextlib.contextmanager
def using(layout: Layout, need: WantedServers) -> Iterator[Use]:
    """The servers for the length of a block; left running or stopped as they were found."""
    hold = use(layout, need)
    try:
        yield hold
    finally:
        hold.end()


def keeper_pid(layout: Layout) -> int | None:
    """Process id of the keeper when one is alive. The lock says so, never the number in the file."""
    with lock_file(layout, "keeper") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = handle.read().strip()
            return int(text) if text.isdigit() else 0
        return None


def prepare(layout: Layout) -> Runner:
    """Make the folders, with the servers' data where the servers' user can reach it.

    Raises ServerTrouble when the data folder cannot be made, entered or written.
    """
    try:
        if not layout.data.exists():
            layout.data.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        _try_writing(layout.data)
        runner = find_runner(layout.postgresql)
        _settle_home(layout, runner)
        layout.log.mkdir(exist_ok=True, mode=0o700)
        _settle_sockets(layout, runner)
        hand_over(layout, runner)
    except OSError as trouble:
        reason = REASONS.get(trouble.errno or 0, trouble.strerror or str(trouble))
        raise ServerTrouble(
            f"数据文件夹 {layout.data} 不能使用（{reason}），请检查磁盘空间和权限，或用 --data 另选一个。"
        ) from None
    return runner


def _try_writing(folder: Path) -> None:
    """A page of real bytes, because an empty file can be made on a full disk."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        probe.write_bytes(b"\0" * 65536)
    finally:
        probe.unlink(missing_ok=True)


def _settle_home(layout: Layout, runner: Runner) -> None:
    link = layout.data / "servers"
    if not link.is_symlink() and not layout.postgresql.exists() and not runner.reaches(layout.data):
        make_home(layout.data, link)
    layout.valkey.mkdir(parents=True, exist_ok=True, mode=0o700)
    _give(layout.valkey, runner)
    if link.is_symlink():
        for name in ("secrets.json", "log", "static"):
            _move_home(layout.data / name, layout.home / name)


def _move_home(old: Path, new: Path) -> None:
    """Leave a link in the data folder to what web, worker and beat must reach; what lay there goes along.

    Killed half way it goes on the next time: the old one is removed when the new one is whole.
    """
    if old.is_dir() and not old.is_symlink():
        shutil.copytree(old, new, dirs_exist_ok=True)
        shutil.rmtree(old)
    elif old.is_file() and not old.is_symlink():
        aside = new.with_name(f"{new.name}.{os.getpid()}")
        shutil.copy2(old, aside)
        aside.replace(new)
        old.unlink()
    with contextlib.suppress(FileExistsError):  # it stands, or another command was faster
        old.symlink_to(new)


def hand_over(layout: Layout, runner: Runner) -> None:
    """Give the keys and the logs to the user who reads and writes them, whoever made them."""
    if not runner.switched:
        return
    for path in (layout.secrets, layout.own_secrets, layout.log, *layout.log.rglob("*")):
        with contextlib.suppress(FileNotFoundError):
            found = path.lstat()
            if found.st_uid != runner.uid and (path == layout.log or found.st_nlink == 1):
                os.chown(path, runner.uid, runner.gid, follow_symlinks=False)


def make_home(data: Path, link: Path) -> None:
    """A folder for the servers of a data folder that their user cannot enter.

    Its name is never used twice: somebody who deleted a data folder and begins a new one must not get the old database.
    """
    before = sorted(str(path) for path in SYSTEM_HOME.glob(f"{fingerprint(data)}*"))
    home = SYSTEM_HOME / f"{fingerprint(data)}-{secrets.token_hex(3)}"
    home.mkdir(parents=True, mode=0o711)
    (home / "belongs-to.txt").write_text(f"{data}\n", encoding="utf-8")
    try:
        link.symlink_to(home)
    except FileExistsError:  # another command was faster
        shutil.rmtree(home)
    if before:
        print(f"{data} 以前的数据库还留在 {'、'.join(before)}，确认不用后可以删除。", file=sys.stderr)


def _settle_sockets(layout: Layout, runner: Runner) -> None:
    folder = layout.sockets
    folder.mkdir(exist_ok=True, mode=0o700)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in (os.geteuid(), runner.uid) or found.st_mode & 0o077:
        raise ServerTrouble(f"文件夹 {folder} 属于别人或对别人开放，不能放置数据库的连接文件，请删除它后重试。")
    _give(folder, runner)


def _give(folder: Path, runner: Runner) -> None:
    if runner.switched and folder.stat().st_uid != runner.uid:
        os.chown(folder, runner.uid, runner.gid)


def lock_file(layout: Layout, name: str) -> TextIO:
    """One of the data folder's lock files, open; its lock lasts until it is closed or the process ends."""
    path = layout.home / f"{name}.lock"
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+", encoding="utf-8")


@contextlib.contextmanager
def _locked(layout: Layout, name: str) -> Iterator[None]:
    with lock_file(layout, name) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _answer(layout: Layout, need: WantedServers) -> bool:
    """The database alone counts: without the broker every command works, and the keeper sees to it."""
    return postgresql_answers(layout) if need.postgresql else valkey_answers(layout)


def _start_keeper(layout: Layout, need: WantedServers) -> "subprocess.Popen[bytes]":
    """Start the keeper and wait for its word: ``ready``, or a sentence about what went wrong."""
    command = [sys.executable, "-m", "dongkou.keeper", str(layout.data), *need.names()]
    environment = {**os.environ, "PYTHONPATH": str(BASE_DIR)}
    with open_log(layout.log / "keeper.log") as log:
        keeper = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    assert keeper.stdout is not None
    with keeper.stdout:
        word = keeper.stdout.readline().decode("utf-8", "replace").strip()
    if word != "ready":
        keeper.wait()
        raise ServerTrouble(word or f"数据库服务没有启动，原因见 {layout.log / 'keeper.log'}。")
    return keeper


def _stop_keeper(layout: Layout) -> None:
    pid = keeper_pid(layout)
    if not pid:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    with lock_file(layout, "keeper") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # free once the keeper and its servers are gone
