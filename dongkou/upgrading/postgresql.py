"""``manage.py upgrade_postgresql``: PostgreSQL's own ``pg_upgrade`` over the data folder. No Django: there is no database to ask.

The old files are copied and never changed. The new ones take their place by a rename once they are whole, the old ones stand
beside them until somebody takes them away; a run that was killed is begun anew, or ended, by the next one.
"""

import argparse
import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dongkou import servers
from dongkou.database_roles import ADMINISTRATOR
from dongkou.embedded import INITDB, MAJOR, end_leftovers
from dongkou.layout import Layout, data_folder
from dongkou.programs import Programs, Runner, ServerTrouble, find_programs, find_runner

ROOM = 1.1  # of the old files' size, free on the disk
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_STATE = re.compile(r"^Database cluster state: +(.+)$", re.MULTILINE)
_CHECKSUMS = re.compile(r"^Data page checksum version: +([1-9])", re.MULTILINE)


@dataclass(frozen=True)
class Upgraded:
    """From which version, where the old files are now, the seconds it took."""

    before: str
    kept: Path
    seconds: float


@dataclass(frozen=True)
class _Clusters:
    """The old files with the programs they belong to, the new ones with ours, and whose they are."""

    layout: Layout
    version: str
    old_programs: Path
    programs: Programs
    runner: Runner

    @property
    def old(self) -> Path:
        return self.layout.postgresql

    @property
    def new(self) -> Path:
        return self.layout.postgresql_upgraded

    @property
    def kept(self) -> Path:
        return self.old.with_name(f"pg.{self.version}")

    def run(self, *command: str, folder: Path | None = None) -> str:
        """What it says; ServerTrouble with its last words."""
        options: dict[str, Any] = self.runner.popen_options() | ({"cwd": folder} if folder else {})
        done = subprocess.run(command, check=False, capture_output=True, **options)
        said = done.stdout.decode("utf-8", "replace")
        if done.returncode:
            words = (said + done.stderr.decode("utf-8", "replace")).strip().splitlines() or ["?"]
            telling = [line.strip() for line in words if re.search("fatal|error|could not", line, re.IGNORECASE)]
            raise ServerTrouble(f"{Path(command[0]).name} 没有做成：{(telling or words)[-1]}。原来的数据没有动。")
        return said


def upgrade(layout: Layout, old_programs: Path) -> Upgraded:
    """Raises ServerTrouble with one sentence; then everything is as before."""
    began = time.monotonic()
    if _ended_in_between(layout):
        layout.postgresql_upgraded.rename(layout.postgresql)
        version, kept = _newest_kept(layout)
        return Upgraded(version, kept, round(time.monotonic() - began, 1))
    version = _version_of(layout)
    with _alone(layout):
        runner = find_runner(layout.postgresql)
        both = _Clusters(layout, version, _fitting(old_programs, version, runner), find_programs(runner), runner)
        end_leftovers(both.old)
        _refuse_unsafe(both)
        try:
            _fill(both)
        except BaseException:
            shutil.rmtree(both.new, ignore_errors=True)
            raise
        both.old.rename(both.kept)
        both.new.rename(both.old)
    return Upgraded(version, both.kept, round(time.monotonic() - began, 1))


def _ended_in_between(layout: Layout) -> bool:
    return not layout.postgresql.exists() and layout.postgresql_upgraded.exists()


def _newest_kept(layout: Layout) -> tuple[str, Path]:
    kept = max(layout.home.glob("pg.[0-9]*"), key=lambda path: path.stat().st_mtime)
    return kept.suffix[1:], kept


def _version_of(layout: Layout) -> str:
    try:
        version = (layout.postgresql / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError:
        raise ServerTrouble(f"{layout.data} 里没有数据库，没有可升级的。") from None
    if version == MAJOR:
        raise ServerTrouble(f"{layout.data} 的数据库已经是 PostgreSQL {MAJOR}，不用升级。")
    if not version.isdecimal() or int(version) > int(MAJOR):
        raise ServerTrouble(f"{layout.data} 的数据库是 PostgreSQL {version}，比本程序的 {MAJOR} 新，不能往回升。")
    return version


@contextlib.contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """Nobody else uses the data folder, and nobody begins to."""
    with servers.lock_file(layout, "users") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerTrouble("系统或者别的命令还在用这份数据，请先停下再升级。") from None
        yield


def _fitting(folder: Path, version: str, runner: Runner) -> Path:
    """The old version's programs, if these are it."""
    if not (folder / "postgres").is_file() or not runner.reaches(folder):
        raise ServerTrouble(f"{folder} 里没有系统用户 {runner.name} 能运行的 postgres，请给出旧版程序的 bin 文件夹。")
    said = subprocess.run([folder / "postgres", "--version"], check=False, capture_output=True, text=True).stdout
    found = _VERSION.search(said)
    if found is None or found[1] != version:
        raise ServerTrouble(
            f"{folder} 里是 PostgreSQL {found[1] if found else '?'}，数据是 {version} 的，请给出 {version} 的。"
        )
    return folder


def _refuse_unsafe(both: _Clusters) -> None:
    if both.kept.exists():
        raise ServerTrouble(f"以前的数据还留在 {both.kept}，请先移走。")
    taken = sum(path.lstat().st_size for path in both.old.rglob("*") if path.is_file())
    free = shutil.disk_usage(both.old).free
    if free < ROOM * taken:
        raise ServerTrouble(
            f"升级要先抄一份，需要 {int(ROOM * taken) >> 20} MB，磁盘只剩 {free >> 20} MB，请先腾出空间。"
        )


def _fill(both: _Clusters) -> None:
    """The new cluster, aside."""
    shutil.rmtree(both.new, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="dk-upgrade-") as name:
        folder = Path(name)
        (folder / "pg_hba.conf").write_text("local all all trust\n", encoding="utf-8")  # in a folder nobody else enters
        for path in (folder, folder / "pg_hba.conf"):
            if both.runner.switched:
                os.chown(path, both.runner.uid, both.runner.gid)
        only_here = f"-c hba_file={folder / 'pg_hba.conf'} -c archive_mode=off"
        if "shut down" not in _control(both, _STATE):
            _settle(both, folder, only_here)
        sums = bool(_control(both, _CHECKSUMS))
        both.new.mkdir(mode=0o700)
        if both.runner.switched:
            os.chown(both.new, both.runner.uid, both.runner.gid)
        ours = both.programs.postgresql
        kind = "--data-checksums" if sums else "--no-data-checksums"
        both.run(str(ours / "initdb"), f"--pgdata={both.new}", *INITDB, kind)
        both.run(
            *(str(ours / "pg_upgrade"), f"--old-bindir={both.old_programs}", f"--new-bindir={ours}"),
            *(f"--old-datadir={both.old}", f"--new-datadir={both.new}", f"--username={ADMINISTRATOR}"),
            *(f"--socketdir={folder}", f"--old-options={only_here}", f"--new-options={only_here}"),
            folder=folder,
        )
        if not sums:
            both.run(str(ours / "pg_checksums"), "--enable", f"--pgdata={both.new}")
    (both.new / "local.conf").unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        shutil.copy2(both.old / "local.conf", both.new / "local.conf")
        if both.runner.switched:
            os.chown(both.new / "local.conf", both.runner.uid, both.runner.gid)


def _control(both: _Clusters, wanted: re.Pattern[str]) -> str:
    """What the old cluster's own file says; empty when it does not."""
    found = wanted.search(both.run(str(both.old_programs / "pg_controldata"), str(both.old)))
    return found[1] if found else ""


def _settle(both: _Clusters, folder: Path, options: str) -> None:
    """It was killed: let its own programs replay the log and end it in order."""
    control = (str(both.old_programs / "pg_ctl"), f"--pgdata={both.old}", "--wait", f"--log={folder / 'log'}")
    both.run(*control, f"--options={options} -c unix_socket_directories={folder} -c listen_addresses=''", "start")
    both.run(*control, "--mode=fast", "stop")


def main(words: Sequence[str]) -> int:
    """Before any settings are read, and without the servers. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="manage.py upgrade_postgresql", description="把数据文件夹里的数据库升到本程序的 PostgreSQL 版本"
    )
    parser.add_argument("programs", type=Path, metavar="BIN", help="旧版 PostgreSQL 的 bin 文件夹")
    parser.add_argument("--data", type=Path, default=data_folder(), help="数据文件夹，默认 DONGKOU_DATA 或 var/")
    chosen = parser.parse_args(words)
    try:
        done = upgrade(Layout(chosen.data.expanduser().absolute()), chosen.programs.expanduser().absolute())
    except ServerTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(f"数据库已从 PostgreSQL {done.before} 升到 {MAJOR}，用时 {done.seconds} 秒。旧的留在 {done.kept}，没有动过。")
    print("请运行 manage.py verify 核对，再运行 manage.py backup --full：旧的备份接不上新的。都好了再删掉旧的。")
    return 0
