"""Debian's RabbitMQ, unpacked and not installed, on loopback for the length of a block."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kombu import Connection

from script.prepare import UNPACKED, unpack
from tests.dongkou.serving.hosts import listening_on
from tests.processes import free_port
from tests.waiting import until

ERLANG = ("base", "asn1", "crypto", "eldap", "inets", "mnesia", "os-mon", "parsetools", "public-key", "runtime-tools")
ERLANG = (*ERLANG, "ssl", "syntax-tools", "tools", "xmerl")
PACKAGES = ("rabbitmq-server", *(f"erlang-{name}" for name in ERLANG))
HOME = UNPACKED / "usr/lib/rabbitmq"
ROOT = UNPACKED / "usr/lib/erlang"
FILES = {
    "erl": """#!/bin/sh
export ROOTDIR={root} BINDIR={bin} EMU=beam PROGNAME=erl
exec "$BINDIR/erlexec" "$@"
""",
    "rabbitmq.conf": """listeners.tcp.1 = 127.0.0.1:{port}
disk_free_limit.absolute = 1MB
""",
    "advanced.config": "[{{kernel, [{{inet_dist_use_interface, {{127,0,0,1}}}}]}}].\n",
}


def fetched() -> bool:
    """Whether it lies on this machine by now."""
    for name in PACKAGES:
        if not (UNPACKED / "usr/share/doc" / name).exists():
            unpack(name)
    return bool(list(HOME.glob("lib/*/sbin/rabbitmq-server")) and list(ROOT.glob("erts-*/bin/erlexec")))


@contextlib.contextmanager
def rabbitmq() -> Iterator["Rabbit"]:
    """A node of its own that goes with all it keeps."""
    folder = Path(tempfile.mkdtemp(prefix="dk-rabbit-"))
    one = Rabbit(folder)
    try:
        until(lambda: listening_on(int(one.environment["ERL_EPMD_PORT"])))
        one.start()
        yield one
    finally:
        one.stop()
        one.names.kill()
        one.names.wait()
        shutil.rmtree(folder, ignore_errors=True)


class Rabbit:
    """One node; `stop` and `start` play a restart."""

    def __init__(self, folder: Path) -> None:
        [self.server] = HOME.glob("lib/*/sbin/rabbitmq-server")
        [self.bin] = ROOT.glob("erts-*/bin")
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        for name, text in FILES.items():
            (folder / name).write_text(text.format(root=ROOT, bin=self.bin, port=self.port), encoding="utf-8")
        (folder / "erl").chmod(0o755)
        self.environment = {
            "HOME": str(folder),
            "PATH": f"{folder}:{self.bin}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"county{os.getpid()}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        }

        # Finds nodes by their names; left to itself it would outlive the test.
        self.names = subprocess.Popen([self.bin / "epmd"], env=self.environment, stdout=subprocess.DEVNULL)

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Until it takes connections."""
        with (self.folder / "out").open("ab") as said:
            self.process = subprocess.Popen(
                [self.server],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        until(self.answers, seconds=120, pause=0.3)

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "out").read_text(encoding="utf-8")[:3000]
        try:
            with Connection(self.url, connect_timeout=2) as line:
                line.ensure_connection(max_retries=1)
        except Exception:
            return False
        return True

    def stop(self) -> None:
        """At once, as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, 9)
            self.process.wait()
