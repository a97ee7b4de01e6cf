"""A streaming replica of the session's database: copied from it, following it, and stopped at will."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from django.conf import settings
from django.db import connection

from dongkou.backup.making import run_tool
from dongkou.database_roles import ADMINISTRATOR, APPLICATION, BACKUP
from dongkou.layout import Layout
from dongkou.programs import Programs, Runner, find_programs, find_runner
from dongkou.replicas.replica import written
from tests.waiting import until

OWN = {"listen_addresses": "", "archive_mode": "off", "shared_buffers": "64MB", "summarize_wal": "off"}


@dataclass
class Standby:
    """One; its socket lies in a folder of its own."""

    folder: Path
    programs: Programs
    runner: Runner
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """As an operator names it."""
        return f"postgresql://{APPLICATION}@{quote(str(self.folder), safe='')}/{connection.settings_dict['NAME']}"

    @property
    def named(self) -> dict[str, Any]:
        """As the settings have it."""
        return {"HOST": str(self.folder), "PORT": "", "USER": APPLICATION, "NAME": connection.settings_dict["NAME"]}

    def ask(self, sql: str) -> Any:
        """What its administrator is told: the first column of the first row."""
        with contextlib.closing(self._connect()) as own, own.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    def _connect(self) -> Any:
        return psycopg2.connect(host=str(self.folder), dbname=connection.settings_dict["NAME"], user=ADMINISTRATOR)

    def answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "said").read_text(encoding="utf-8")
        try:
            return bool(self.ask("SELECT pg_is_in_recovery()"))
        except psycopg2.OperationalError:
            return False

    def stand_still(self) -> None:
        """It has all that was written until now, and replays nothing more."""
        self.catch_up()
        self.ask("SELECT pg_wal_replay_pause()::text")
        until(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def catch_up(self) -> None:
        """Go on until everything is there that the primary has written by now."""
        self.ask("SELECT pg_wal_replay_resume()::text")
        until(self._is_level)

    def _is_level(self) -> bool:
        return bool(self.ask(f"SELECT pg_last_wal_replay_lsn() >= '0/0'::pg_lsn + {written()}"))

    def kill(self) -> None:
        """Gone without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def standby() -> Iterator[Standby]:
    """A replica that has everything written until now, for the length of a block."""
    layout: Layout = settings.LAYOUT
    runner = find_runner(layout.postgresql)
    programs = find_programs(runner)
    folder = Path(tempfile.mkdtemp(prefix="dk-standby-"))
    if runner.switched:
        os.chown(folder, runner.uid, runner.gid)
    one = None
    try:
        one = _started(folder, programs, runner)
        yield one
    finally:
        if one and one.process.poll() is None:
            one.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, programs: Programs, runner: Runner) -> Standby:
    copy = [str(programs.postgresql / "pg_basebackup"), f"--host={settings.LAYOUT.sockets}", f"--username={BACKUP}"]
    run_tool([*copy, "--checkpoint=fast", "--write-recovery-conf", f"--pgdata={folder / 'pg'}"], runner)
    own = OWN | {"unix_socket_directories": str(folder)}
    command = [str(programs.postgresql / "postgres"), "-D", str(folder / "pg")]
    command += [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
    with (folder / "said").open("wb") as said:
        options: dict[str, Any] = runner.popen_options() | {"stdout": said, "stderr": said, "start_new_session": True}
        one = Standby(folder, programs, runner, subprocess.Popen(command, **options))
    until(one.answers)
    return one
