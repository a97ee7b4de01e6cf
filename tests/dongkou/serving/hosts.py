"""Hosts of their own, played by data folders of their own: what `serve` starts there, against the session's database and broker."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from dongkou.layout import BASE_DIR
from tests import processes
from tests.waiting import until

STOP_SECONDS = 15


def environment(**named: str) -> dict[str, str]:
    """What an operator of several hosts sets: where database and broker are, and which keys the data have."""
    given = processes.environment() | {"REDIS_URL": settings.SIGNS_URL, "DONGKOU_SECRETS": str(settings.LAYOUT.secrets)}
    given.pop("DONGKOU_DATA")
    return {**given, **named}


@dataclass
class Host:
    """One host: its data folder, and what runs on it."""

    folder: Path
    named: dict[str, str] = field(default_factory=dict)
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(BASE_DIR / "manage.py"), "serve", *words]

    def environment(self) -> dict[str, str]:
        return environment(**self.named) | {"DONGKOU_DATA": str(self.folder)}

    def serve(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start one; what it says goes to a file of its own."""
        with (self.folder / f"{words[0]}-{len(self.running)}.out").open("wb") as said:
            process = subprocess.Popen(
                self.command(*words),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def said(self) -> str:
        """What all of them said."""
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.out")))

    def refused(self, *words: str) -> str:
        """The one sentence with which it does not start."""
        done = subprocess.run(
            self.command(*words), env=self.environment(), capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, done.stdout) == (1, ""), done.stdout + done.stderr
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr


@contextlib.contextmanager
def host(**named: str) -> Iterator[Host]:
    """A host that goes with everything that runs on it."""
    folder = Path(tempfile.mkdtemp(prefix="dk-host-"))
    folder.chmod(0o711)
    one = Host(folder, named)
    try:
        yield one
    finally:
        for process in one.running:
            kill(process)
        shutil.rmtree(folder, ignore_errors=True)


def end(process: "subprocess.Popen[bytes]") -> int:
    """Stop it as systemd does; its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(STOP_SECONDS)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End it with all it started, at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def comes_up(one: Host, question: object) -> None:
    """Wait for it; AssertionError with what was said when something has ended instead."""

    def alive() -> bool:
        assert all(process.poll() is None for process in one.running), one.said()
        return bool(question())

    until(alive, seconds=120)


def health(port: int) -> tuple[int, dict[str, Any]]:
    """Status and content of /healthz; 0 while nobody answers."""
    try:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException):
        return 0, {}


def asked(port: int, token: str, method: str, path: str, content: Any) -> tuple[int, Any]:
    """Status and content of one request, as the program with this token; JSON as what it says."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    named = {"Authorization": f"Token {token}", "Content-Type": "application/json"} if token else {}
    try:
        line.request(method, path, None if content is None else json.dumps(content), named)
        answer = line.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if "json" in answer.headers["Content-Type"] else body.decode()
    finally:
        line.close()


def listening_on(port: int) -> set[str]:
    """Addresses, in hexadecimal, on which somebody listens at the port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
