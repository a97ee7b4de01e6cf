"""The two embedded servers as child processes: how each is prepared, started, asked whether it answers, and ended."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg2
import redis

from dongkou.children import dies_with_parent, open_log, turn_over
from dongkou.database_roles import (
    ADMINISTRATOR,
    APPLICATION,
    DATABASE,
    grant,
    hand_over,
    settle,
)
from dongkou.keys import VALKEY, KeyTrouble, read_or_make
from dongkou.layout import Layout
from dongkou.postgresql_files import configuration
from dongkou.programs import Programs, Runner, ServerTrouble

MAJOR = "18"
INITDB = (
    *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    *(f"--username={ADMINISTRATOR}", "--auth-local=peer", "--auth-host=reject", "--no-instructions"),
)
COMMANDS = "+@all -@admin -@dangerous +flushdb +info"  # what a broker and a cache need, and no way to reconfigure it
LEFTOVER_SECONDS = 30
KILLERS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)  # sent by somebody else
PREFIX = re.compile(r"^[^\]#*]*(\[\d+\]|[*#])\s*([A-Z]+:\s*)?")  # time stamp, process id, level
COMPLAINTS = ("invalid", "could not", "recovery ended", "No space left", "FATAL", "PANIC", "Fatal", "Can't", "Failed")


class Server:
    """One embedded server. Subclasses say how; the keeper says when."""

    name = ""
    last_signal = signal.SIGTERM
    disposable = False  # whether everybody can go on without it for a while

    def __init__(self, layout: Layout, programs: Programs, runner: Runner) -> None:
        self.layout, self.programs, self.runner = layout, programs, runner
        self.process: subprocess.Popen[bytes] | None = None
        self.log_begins = 0

    @property
    def folder(self) -> Path:
        raise LookupError(self.name)

    @property
    def log(self) -> Path:
        return self.layout.log / f"{self.name}.log"

    def prepare(self) -> None:
        """Make what the server needs before it starts."""
        raise LookupError(self.name)

    def command(self) -> list[str]:
        """The command line."""
        raise LookupError(self.name)

    def answers(self) -> bool:
        """Whether it serves requests."""
        raise LookupError(self.name)

    def start(self) -> None:
        """Begin; ``answers`` says when it is ready."""
        end_leftovers(self.folder)
        self.prepare()
        turn_over(self.log)
        with open_log(self.log) as log:
            self.log_begins = log.tell()
            self.process = subprocess.Popen(  # type: ignore[call-overload]
                self.command(),
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_parent(self.last_signal),  # noqa: PLW1509 (the keeper has one thread)
                **self.runner.popen_options(),
            )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def progress(self) -> int:
        """A number that grows as long as it works at its start."""
        return _work(self.process.pid) if self.process else 0

    def begin_anew(self) -> bool:
        """Put data that it could not start with out of its way; False where that would lose something."""
        return False

    def ask_to_stop(self) -> None:
        if self.process is not None and self.alive():
            self.process.send_signal(self.last_signal)

    def last_words(self) -> str:
        """The first line of complaint since this start, without its time stamp."""
        text = self.log.read_bytes()[self.log_begins :].decode("utf-8", "replace")
        lines = [PREFIX.sub("", line).strip() for line in text.splitlines() if line.strip()]
        telling = [line for line in lines if any(word in line for word in COMPLAINTS)]
        return (telling or lines or ["?"])[0]

    def write(self, name: str, text: str) -> None:
        """One of the server's own files, which nobody else reads."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        if self.runner.switched:
            os.chown(path, self.runner.uid, self.runner.gid)

    def run_tool(self, *command: str) -> None:
        """Run one of the server's tools as the server's user; ServerTrouble with its own words if it fails."""
        done = subprocess.run(command, check=False, capture_output=True, **self.runner.popen_options())  # type: ignore[call-overload]
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["?"]
            telling = [line for line in words if "error" in line or "could not" in line] or words
            if any("No space left" in line for line in words):
                raise ServerTrouble(f"磁盘已满，{self.name} 的数据没有建成，请先腾出空间。")
            raise ServerTrouble(f"{Path(command[0]).name} 失败：{telling[-1]}")


class PostgreSQL(Server):
    """PostgreSQL on a Unix socket; the system user decides who connects as which role (peer), there is no password."""

    name = "postgresql"
    last_signal = signal.SIGINT  # "fast": roll back, write everything, stop

    @property
    def folder(self) -> Path:
        return self.layout.postgresql

    def prepare(self) -> None:
        if not self.folder.exists():
            if self.layout.postgresql_upgraded.exists():
                raise ServerTrouble("上一次升级数据库没有做完，请再运行一次 manage.py upgrade_postgresql。")
            self._make_cluster()
        version = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != MAJOR:
            raise ServerTrouble(
                f"{self.folder} 是 PostgreSQL {version} 的数据，本程序需要 {MAJOR}，"
                "请运行 manage.py upgrade_postgresql，见 docs/operations.md。"
            )
        for name, text in configuration(self.layout, self.runner).items():
            self.write(name, text)
        if not (self.folder / "local.conf").exists():
            self.write("local.conf", "# Your own values; they win over those in postgresql.conf.\n")
        for stale in (self.folder / "postmaster.pid", *self.layout.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)  # end_leftovers saw that nobody lives behind them

    def _make_cluster(self) -> None:
        """initdb into a folder aside, then one rename: a crash half way leaves nothing that looks finished."""
        unfinished = self.folder.with_name("pg.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.runner.switched:
            os.chown(unfinished, self.runner.uid, self.runner.gid)
        self.run_tool(str(self.programs.postgresql / "initdb"), f"--pgdata={unfinished}", *INITDB)
        unfinished.rename(self.folder)

    def command(self) -> list[str]:
        return [str(self.programs.postgresql / "postgres"), "-D", str(self.folder)]

    def answers(self) -> bool:
        """Also sets up the roles, before anybody else connects: an older folder knew one role that was everybody."""
        try:
            with self._administrator("postgres") as cursor:
                settle(cursor)
            with self._administrator(DATABASE) as cursor:
                cursor.execute("BEGIN")
                hand_over(cursor)
                grant(cursor)
                cursor.execute("COMMIT")
        except psycopg2.OperationalError:
            return False
        return True

    @contextlib.contextmanager
    def _administrator(self, database: str) -> Iterator[Any]:
        address = str(self.layout.sockets)
        connection = psycopg2.connect(host=address, dbname=database, user=ADMINISTRATOR, connect_timeout=5)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            yield cursor

    def progress(self) -> int:
        """Of the process that replays the log: the others do something whenever they are asked whether they are ready."""
        children = _children(self.process.pid) if self.process else []
        return sum(_work(pid) for pid in children if _is_recovery(pid)) or super().progress()


class Valkey(Server):
    """Valkey on a Unix socket and behind a password, every message written to disk within a second."""

    name = "valkey"
    disposable = True

    @property
    def folder(self) -> Path:
        return self.layout.valkey

    def prepare(self) -> None:
        self._make_folder()
        self.layout.valkey_socket.unlink(missing_ok=True)
        password = sha256(valkey_password(self.layout).encode()).hexdigest()
        options = {
            "port": "0",
            "unixsocket": quoted(self.layout.valkey_socket),
            "unixsocketperm": "700",
            "dir": quoted(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": quoted(""),
            "maxmemory-policy": "noeviction",  # a broker must not forget messages
            "daemonize": "no",
            "user": f"default on #{password} ~* &* {COMMANDS}",
        }
        self.write("valkey.conf", "".join(f"{key} {value}\n" for key, value in options.items()))

    def _make_folder(self) -> None:
        """Also where somebody took it away while it ran."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.runner.switched:
            os.chown(self.folder, self.runner.uid, self.runner.gid)

    def begin_anew(self) -> bool:
        """Messages in flight and the cache are disposable: beat asks again, and all else lies in the database.

        Only when it ended by itself, some damage makes it crash: a full disk, and whoever killed it, are not the data's fault.
        """
        ended = self.process.poll() if self.process else None
        if not ended or -ended in KILLERS or "No space left" in self.last_words():
            return False
        aside = self.folder.with_name(f"{self.folder.name}.unreadable")  # one is enough to look at
        shutil.rmtree(aside, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            self.folder.rename(aside)
        return True

    def command(self) -> list[str]:
        return [str(self.programs.valkey), str(self.folder / "valkey.conf")]

    def answers(self) -> bool:
        return valkey_answers(self.layout)


def _children(pid: int) -> list[int]:
    """Its direct children."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _is_recovery(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"postgres: startup")
    except OSError:
        return False


def _work(pid: int) -> int:
    """Ticks of the processor and bytes read and written by a process so far; what cannot be known counts nothing."""
    done = 0
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        done += int(fields[11]) + int(fields[12])
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/io").read_text().splitlines()
        done += sum(int(line.split()[1]) for line in lines if line.startswith(("rchar", "wchar")))
    return done


def postgresql_answers(layout: Layout) -> bool:
    """Whether it takes connections of the application; its keeper has set up the roles by then."""
    try:
        psycopg2.connect(host=str(layout.sockets), dbname=DATABASE, user=APPLICATION, connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


def valkey_answers(layout: Layout) -> bool:
    """Whether it takes commands; not while it still reads its data from disk."""
    address, password = str(layout.valkey_socket), valkey_password(layout)
    with contextlib.closing(redis.Redis(unix_socket_path=address, password=password, socket_timeout=5)) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def quoted(value: Path | str) -> str:
    """A value as Valkey's configuration reads it, whatever signs a path has."""
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def valkey_password(layout: Layout) -> str:
    """What opens the embedded Valkey. ServerTrouble when the keys cannot be read."""
    try:
        return str(read_or_make(layout.own_secrets, VALKEY)[VALKEY[0]])
    except KeyTrouble as trouble:
        raise ServerTrouble(str(trouble)) from None


def end_leftovers(folder: Path) -> None:
    """End servers of this folder that outlived their keeper (both stand in their data folder), and wait until they are gone.

    Raises ServerTrouble when they do not go.
    """
    deadline = time.monotonic() + LEFTOVER_SECONDS
    for attempt in range(10_000):
        left = list(standing_in(folder))
        if not left:
            return
        late = time.monotonic() > deadline
        if late and attempt and time.monotonic() > deadline + 5:
            raise ServerTrouble(f"上次留下的数据库进程 {left[0]} 仍在使用 {folder}，请先结束它。")
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if late else signal.SIGINT)
        time.sleep(0.1)


def standing_in(folder: Path) -> Iterator[int]:
    """Process ids whose working folder is ``folder``."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == folder.resolve():
                    yield int(entry.name)
