"""An instance on one host whose parts are struck, one at a time, and how long each kind takes until all is well again."""

import os
import re
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from dongkou import servers
from dongkou.layout import BASE_DIR
from tests.attack import faults
from tests.processes import free_port
from tests.waiting import PAUSE, until

READY = re.compile(r"ready: http://127\.0\.0\.1:\d+/")
HALTED = (3.0, 8.0)  # seconds that a part stands still
QUIET = (2.0, 8.0)  # seconds between two strikes
SECONDS_TO_LOAD = 900.0
HOST, DISK, HALT = "host (power cut)", "disk full", "database halted"


@dataclass
class Host:
    """`script/run` in a folder, with the small demo, under a port that stays when it is started again."""

    data: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def instance(self) -> faults.Instance:
        assert self.process is not None
        return faults.Instance(self.process.pid, self.port, self.data)

    def start(self) -> None:
        """And wait until it says that it is ready."""
        said = self.data / "said.out"
        known = {name: value for name, value in os.environ.items() if name != "DONGKOU_DATA"}
        command = [str(BASE_DIR / "script/run"), "--port", str(self.port), "--data", str(self.data), "--demo", "small"]
        with said.open("wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=known)
        until(lambda: self._ready(said), seconds=SECONDS_TO_LOAD)

    def _ready(self, said: Path) -> bool:
        text = said.read_text("utf-8", "replace")
        assert self.process is not None
        assert self.process.poll() is None, text[-1000:]
        return bool(READY.search(text))

    def power_cut(self) -> None:
        """Everything ends at once; then it is started again."""
        below, keeper = self.instance.below, servers.keeper_pid(self.instance.layout) or 0
        pids = [self.instance.pid, *below(self.instance.pid), *([keeper, *below(keeper)] if keeper else [])]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.process is not None
        self.process.wait()
        self.start()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(90)


def strike_until(host: Host, rng: Random, goes_on: Callable[[], bool], kinds: list[str]) -> dict[str, list[float]]:
    """Strike, wait until all is well, rest, and so on; seconds until it was, by kind. Each kind once before any twice."""
    taken: dict[str, list[float]] = defaultdict(list)
    row: list[str] = []
    while goes_on():
        row = row or rng.sample(kinds, len(kinds))
        kind = row.pop()
        taken[kind].append(struck(host, kind, rng))
        PAUSE.wait(rng.uniform(*QUIET))
    return taken


def struck(host: Host, kind: str, rng: Random) -> float:
    """One strike; seconds until all was well, `faults.PATIENCE` when it was not."""
    begun = time.monotonic()
    if kind == HOST:
        host.power_cut()
        return faults.until_well(host.instance, begun, lambda: True)
    if kind == DISK:
        with faults.filled(host.data):
            PAUSE.wait(rng.uniform(*HALTED))
        return faults.until_well(host.instance, time.monotonic(), lambda: True)
    if kind == HALT:
        return _halted(host, rng)
    find = host.instance.kinds()[kind]
    victims = find()
    if not victims:
        return faults.until_well(host.instance, begun, lambda: bool(find()))
    os.kill(victims[0], signal.SIGKILL)
    return faults.until_well(host.instance, begun, lambda: bool(set(find()) - {victims[0]}))


def _halted(host: Host, rng: Random) -> float:
    """The database's first process and all of its own stand still, then go on as if nothing had been."""
    [first, *_] = host.instance.kinds()["database"]()
    pids = [first, *host.instance.below(first)]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    PAUSE.wait(rng.uniform(*HALTED))
    begun = time.monotonic()
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    return faults.until_well(host.instance, begun, lambda: True)
