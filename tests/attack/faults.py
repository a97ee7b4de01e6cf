"""Parts of an instance of our own are killed, one kind after the other, and its disk is filled: how long until it is well again.

Well is what `/healthz` says: the database takes a row, the broker answers, worker and beat gave signs. It must say so for
`STEADY` seconds on end, and whoever was killed must have a successor.
"""

import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dongkou import servers
from dongkou.layout import Layout
from dongkou.run import health
from tests.attack.visitor import Figure
from tests.processes import children_of, lives
from tests.waiting import PAUSE

TIMES = 3  # each kind
STEADY = 4.0  # seconds
PATIENCE = 120.0  # seconds until it counts as lost
LOOK = 0.05
DISK = "700m"  # of the data folder whose disk is filled
Find = Callable[[], list[int]]


class Instance:
    """A running `script/run`: its processes by what they are."""

    def __init__(self, pid: int, port: int, data: Path) -> None:
        self.pid, self.port, self.layout = pid, port, Layout(data)

    def kinds(self) -> dict[str, Find]:
        """What is killed, and how its processes are found now."""
        return {
            "database": lambda: self.below(servers.keeper_pid(self.layout) or 0, "postgres -D"),
            "broker": lambda: self.below(servers.keeper_pid(self.layout) or 0, "valkey-server"),
            "keeper of both": lambda: [servers.keeper_pid(self.layout) or 0],
            "web server": lambda: self.below(self.pid, "granian --interface")[:1],
            "one web process": lambda: self.below(self.pid, "granian --interface")[1:2],
            "worker": lambda: self.below(self.pid, "celery.* worker")[:1],
            "beat": lambda: self.below(self.pid, "celery.* beat"),
        }

    def below(self, pid: int, words: str = "") -> list[int]:
        """Processes below one whose command has the words, parents first."""
        found, level = [], [pid]
        while level:
            level = [child for parent in level if lives(parent) for child in children_of(parent)]
            found += level
        listed = subprocess.run(
            ["pgrep", "-f", "--", words], capture_output=True, text=True, check=False
        ).stdout.split()
        return [one for one in found if str(one) in listed]

    def well(self) -> bool:
        return health(self.port).startswith("200")


def killed(instance: Instance) -> list[Figure]:
    """Every kind in turn, some times each."""
    return [recovery(instance, kind, find) for kind, find in instance.kinds().items()]


def recovery(instance: Instance, kind: str, find: Find) -> Figure:
    """Kill it as a power cut would, again and again."""
    figure, taken = Figure(""), []
    for _ in range(TIMES):
        [victim, *_others] = find()
        begun = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        taken.append(until_well(instance, begun, lambda victim=victim: bool(set(find()) - {victim})))  # type: ignore[misc]
        figure.note("" if taken[-1] < PATIENCE else "not well again")
    figure.attack = f"{kind} killed: well again after {statistics.median(taken):.1f} s, at most {max(taken):.1f} s"
    return figure


def until_well(instance: Instance, begun: float, is_there: Callable[[], bool]) -> float:
    """Seconds from `begun` until all is well and stays so."""
    since: float | None = None
    while time.monotonic() - begun < PATIENCE:
        now = time.monotonic()
        if not (instance.well() and is_there()):
            since = None
        elif since is None:
            since = now
        elif now - since > STEADY:
            return since - begun
        PAUSE.wait(LOOK)
    return PATIENCE


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """The disk of this folder has no byte left for the length of a block."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            for piece in (1 << 20, 1 << 12):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(piece))
        yield
    finally:
        ballast.unlink()


def disk_full(instance: Instance) -> Figure:
    """The disk of the servers' data has no byte left for some seconds; nobody but the operator makes room."""
    figure, begun = Figure(""), time.monotonic()
    with filled(instance.layout.home):
        while instance.well() and time.monotonic() - begun < PATIENCE:
            PAUSE.wait(LOOK)
        noticed, said = time.monotonic() - begun, health(instance.port)
    back = until_well(instance, time.monotonic(), lambda: True)
    figure.note("" if max(noticed, back) < PATIENCE else said)
    figure.attack = f"disk full: told after {noticed:.1f} s, well again {back:.1f} s after there was room"
    return figure


@contextlib.contextmanager
def small_disk(size: str = DISK) -> Iterator[Path | None]:
    """A folder on a disk of its own that can be filled; None where we may not make one."""
    folder = Path(tempfile.mkdtemp(prefix="dongkou-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)
