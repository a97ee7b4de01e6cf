"""A county's cell, and the province's node: a host for the database, one for worker and beat, one for a streaming replica."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from dongkou.database_roles import ADMINISTRATOR, APPLICATION, BACKUP, DATABASE, OWNER, READER
from dongkou.layout import BASE_DIR, Layout
from dongkou.programs import Programs, Runner, find_programs, find_runner
from dongkou.province.published import ROLE
from tests.attack.province.net import PREFIX, NetHost, Network
from tests.processes import descendants
from tests.waiting import until

OWN = {
    "archive_mode": "off",
    "summarize_wal": "off",
    "fsync": "off",  # nobody cuts the power of the machine itself
    "shared_buffers": "64MB",
    "max_worker_processes": "64",
    "max_logical_replication_workers": "40",
    "max_replication_slots": "40",
    "max_wal_senders": "40",
    "wal_receiver_timeout": "10s",
    "wal_sender_timeout": "10s",
    "wal_retrieve_retry_interval": "1s",
}
WHO_COMES = f"""local all all trust
host replication {BACKUP} {PREFIX}.0.0/16 trust
host {DATABASE} all {PREFIX}.0.0/16 trust
"""


@dataclass
class Template:
    """An empty installation, made once by the product's own set-up, that every cell is a copy of."""

    folder: Path
    runner: Runner
    programs: Programs

    def make(self) -> None:
        """As `script/run` does before it serves."""
        env = os.environ | {"DONGKOU_DATA": str(self.folder / "made")}
        command = [sys.executable, str(BASE_DIR / "manage.py"), "set_up", "--demo", "none"]
        subprocess.run(command, env=env, check=True, capture_output=True)

    @property
    def cluster(self) -> Path:
        return Layout(self.folder / "made").postgresql

    @property
    def secrets(self) -> Path:
        return Layout(self.folder / "made").secrets


def template(folder: Path) -> Template:
    """In an empty folder."""
    folder.chmod(0o711)
    runner = find_runner(Layout(folder / "made").postgresql)
    one = Template(folder, runner, find_programs(runner))
    one.make()
    return one


@dataclass
class Cell:
    """One. `county` is empty for the province's node."""

    name: str
    county: str
    template: Template
    base: NetHost
    work: NetHost
    read: NetHost
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.template.folder / self.name

    @property
    def user(self) -> "tuple[int, int] | None":
        runner = self.template.runner
        return (runner.uid, runner.gid) if runner.switched else None

    def make(self) -> None:
        """Its folders, and its cluster as the template's is."""
        self.folder.mkdir(mode=0o711)
        (self.folder / "run").mkdir(mode=0o755)
        shutil.copytree(self.template.cluster, self.folder / "pg")
        (self.folder / "hba.conf").write_text(WHO_COMES, encoding="ascii")
        (self.folder / "hba.conf").chmod(0o644)
        for path in [self.folder / "run", *(self.folder / "pg").rglob("*"), self.folder / "pg"]:
            if self.user:
                os.chown(path, *self.user)

    def start_base(self) -> None:
        """The database's server."""
        self._postgres("base", self.base, self.folder / "pg", self.folder / "run")
        until(lambda: self.answers("base"), seconds=120)

    def start_replica(self) -> None:
        """A streaming replica, copied over the line."""
        copy = [str(self.template.programs.postgresql / "pg_basebackup"), "--checkpoint=fast", "--write-recovery-conf"]
        copy += [f"--host={self.base.address}", f"--username={BACKUP}", f"--pgdata={self.folder / 'replica'}"]
        (self.folder / "read").mkdir(mode=0o755)
        self.folder.chmod(0o777)
        if self.user:
            os.chown(self.folder / "read", *self.user)
        done = self.read.start(copy, {"PATH": os.environ["PATH"]}, self._said("copy"), self.user)
        assert done.wait() == 0, (self.folder / "copy.out").read_text("utf-8", "replace")
        self._postgres("replica", self.read, self.folder / "replica", self.folder / "read")
        until(lambda: self.answers("replica"), seconds=120)

    def start_work(self) -> None:
        """Worker and beat, with a broker beside them."""
        broker = [
            str(self.template.programs.valkey),
            "--bind",
            self.work.address,
            "--protected-mode",
            "no",
            "--save",
            "",
        ]
        self.running["broker"] = self.work.start([*broker, "--dir", "/"], {}, self._said("broker"), self.user)
        for kind in ("worker", "beat"):
            words = [sys.executable, str(BASE_DIR / "manage.py"), "serve", kind]
            self.running[kind] = self.work.start(words, self.environment(), self._said(kind))

    def _postgres(self, kind: str, host: NetHost, data: Path, sockets: Path) -> None:
        own = OWN | {"listen_addresses": host.address, "unix_socket_directories": str(sockets)}
        own |= {"hba_file": str(self.folder / "hba.conf"), "unix_socket_permissions": "0777"}
        words = [str(self.template.programs.postgresql / "postgres"), "-D", str(data)]
        words += [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "Asia/Shanghai"}
        self.running[kind] = host.start(words, env, self._said(kind), self.user)

    def _said(self, kind: str) -> Any:
        return (self.folder / f"{kind}.out").open("ab")

    def environment(self) -> dict[str, str]:
        """What an operator of several hosts sets, on the worker's host."""
        place = f"{self.base.address}/{DATABASE}"
        owner = OWNER if self.county else ADMINISTRATOR
        home = self.folder / "home"
        home.mkdir(exist_ok=True, mode=0o755)
        named = {
            "DONGKOU_DATA": str(home),
            "DONGKOU_SECRETS": str(self.template.secrets),
            "DATABASE_URL": f"postgresql://{APPLICATION}@{place}",
            "DATABASE_OWNER_URL": f"postgresql://{owner}@{place}",
            "DATABASE_READER_URL": f"postgresql://{READER}@{place}",
            "REDIS_URL": f"redis://{self.work.address}:6379/0",
        }
        return {**os.environ, **named, **self.settings}

    def manage(self, *words: str, **named: str) -> "subprocess.Popen[str]":
        """A command of the product on the worker's host."""
        return subprocess.Popen(
            self.work.command([sys.executable, str(BASE_DIR / "manage.py"), *words]),
            env=self.environment() | named,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def told(self, *words: str, **named: str) -> str:
        """What it prints; AssertionError with its own words when it is refused."""
        asked = self.manage(*words, **named)
        out, trouble = asked.communicate(timeout=900)
        assert asked.returncode == 0, f"{self.name}: {' '.join(words)}: {out}{trouble}"
        return out

    @contextlib.contextmanager
    def session(self, kind: str = "base") -> Iterator[Any]:
        """The administrator's, through the socket: a cut line does not matter."""
        place = self.folder / ("run" if kind == "base" else "read")
        own = psycopg2.connect(host=str(place), dbname=DATABASE, user=ADMINISTRATOR, connect_timeout=5)
        own.autocommit = True
        with contextlib.closing(own), own.cursor() as cursor:
            yield cursor

    def ask(self, sql: str, *params: object, kind: str = "base") -> list[tuple[Any, ...]]:
        """Rows of a question."""
        with self.session(kind) as cursor:
            cursor.execute(sql, params or None)
            return list(cursor.fetchall()) if cursor.description else []

    def answers(self, kind: str) -> bool:
        assert self.running[kind].poll() is None, (self.folder / f"{kind}.out").read_text("utf-8", "replace")[-2000:]
        try:
            return bool(self.ask("SELECT true", kind=kind))
        except psycopg2.OperationalError:
            return False

    def kill_base(self) -> None:
        """As a host that loses its power."""
        for pid in (self.running["base"].pid, *descendants(self.running["base"].pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.running["base"].wait()
        (self.folder / "pg" / "postmaster.pid").unlink(missing_ok=True)

    def spent(self) -> float:
        """Seconds of the processor that everything of it has taken so far, replica apart."""
        pids = [one.pid for kind, one in self.running.items() if kind != "replica" and one.poll() is None]
        return sum(_spent(pid) for one in pids for pid in (one, *descendants(one)))


def cell(net: Network, made: Template, name: str, county: str, **settings: str) -> Cell:
    """Its three hosts are added to the network; nothing runs yet."""
    hosts = [net.add(f"{name}{kind}") for kind in ("d", "w", "r")]
    one = Cell(name, county, made, *hosts, settings=settings)
    one.make()
    return one


def admit(one: Cell) -> None:
    """A county lets its province in: the role that the operator's manual names."""
    one.ask(f"CREATE ROLE {ROLE} LOGIN REPLICATION")
    one.told("province", "publish")


def _spent(pid: int) -> float:
    """Of one process and of its children that have ended."""
    with contextlib.suppress(OSError):
        ticks = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[11:15]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return 0.0
