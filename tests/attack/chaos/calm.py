"""Nothing is struck: what people wait under a mixed load, and whether a process grows. What `script/chaos --calm` does."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import monotonic

from dongkou import servers
from tests.attack.chaos.clients import Client
from tests.attack.chaos.strikes import Host
from tests.attack.faults import Instance
from tests.waiting import PAUSE

EVERY = 5.0  # seconds between two looks at the processes
WARM = 0.2  # of the time, at the beginning: what is loaded once is loaded by then
ENDS = 0.1  # of the time, after warming up and at the end, whose medians are compared
MAX_GROWTH = 0.05
MEGABYTE = 1024**2
_PARTS = re.compile(r"[0-9a-f-]{36}|\d[\d-]*")
_NAMES = {
    "granian": "web",
    "celery.* worker": "worker",
    "celery.* beat": "beat",
    "valkey": "broker",
    "postgres": "database",
}

Memory = Mapping[int, int]  # bytes of its own that a process holds, by pid


@dataclass(frozen=True)
class Held:
    """What one process held after warming up and at the end, in bytes."""

    pid: int
    name: str
    before: float
    after: float

    @property
    def growth(self) -> float:
        """As a share of what it held; what is less than a megabyte counts as nothing."""
        more = self.after - self.before
        return more / self.before if self.before and more > MEGABYTE else 0.0


def watch(host: Host, goes_on: Callable[[], bool]) -> tuple[list[tuple[float, Memory]], dict[int, str]]:
    """Looks at all processes of an instance, each with its moment, and what each process is called."""
    looks, names = list[tuple[float, Memory]](), dict[int, str]()
    while goes_on():
        found = _processes(host.instance)
        names |= {pid: name for pid, name in found.items() if pid not in names}
        looks.append((monotonic(), {pid: held for pid in found if (held := own_memory(pid))}))
        PAUSE.wait(EVERY)
    return looks, names


def _processes(instance: Instance) -> dict[int, str]:
    """Every process of the product, by what it is; the connections of the database are those of a pool that changes."""
    keeper = servers.keeper_pid(instance.layout) or 0
    found = {instance.pid: "supervisor", keeper: "keeper"}
    for words, name in _NAMES.items():
        for pid in [*instance.below(instance.pid, words), *instance.below(keeper, words)]:
            found.setdefault(pid, name)
    return found


def own_memory(pid: int) -> int:
    """Bytes that a process holds for itself alone (RssAnon of proc(5)): not shared buffers, not files; 0 when it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def held(looks: Sequence[tuple[float, Memory]], names: Mapping[int, str]) -> list[Held]:
    """Every process that was there from warming up to the end."""
    if not looks:
        return []
    begun, length = looks[0][0], looks[-1][0] - looks[0][0]
    warm = [memory for at, memory in looks if WARM * length <= at - begun <= (WARM + ENDS) * length]
    last = [memory for at, memory in looks if at - begun >= (1 - ENDS) * length]
    there = [pid for pid in names if warm and last and all(pid in memory for memory in (*warm, *last))]
    return [
        Held(pid, names[pid], median(memory[pid] for memory in warm), median(memory[pid] for memory in last))
        for pid in there
    ]


def table(times: Iterable[tuple[str, float]], tries: Counter[int], held: Sequence[Held]) -> tuple[str, list[str]]:
    """What is printed, and what is wrong with it."""
    by_kind = defaultdict[str, list[float]](list)
    for asked, taken in times:
        by_kind[_PARTS.sub("…", asked)].append(taken * 1000)
    lines = ["| asked | times | p50 | p95 |", "|---|---|---|---|"]
    for asked, taken in sorted(by_kind.items()):
        lines.append(f"| {asked} | {len(taken):,} | {median(taken):.0f} ms | {_p95(taken):.0f} ms |")
    lines += ["", "| process | warm | at the end | growth |", "|---|---|---|---|"]
    for one in sorted(held, key=lambda one: (one.name, one.pid)):
        before, after = one.before / MEGABYTE, one.after / MEGABYTE
        lines.append(f"| {one.name} {one.pid} | {before:.1f} MB | {after:.1f} MB | {one.growth:.1%} |")
    wrong = [f"{one.name} {one.pid} grew by {one.growth:.1%}" for one in held if one.growth > MAX_GROWTH]
    wrong += [f"{number} answers of {status}" for status, number in sorted(tries.items()) if status >= 500]
    wrong += [] if held else ["no process was there from beginning to end"]
    return "\n".join(lines), wrong


def _p95(taken: Sequence[float]) -> float:
    return quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]


def pages(client: Client) -> Iterator[None]:
    """Somebody who looks: the front page, rankings of every level, a notice, the page where petitions are filed."""
    village = client.get("/api/v1/me/")["scope"][0]
    shown = ["/", f"/rankings/{client.month}/village/", f"/rankings/{client.month}/township/", "/petitions/file/"]
    shown += [f"/api/v1/sheets/{client.month}/{village}/", "/api/v1/me/"]
    while True:
        client.sure("GET", client.rng.choice(shown))
        yield
