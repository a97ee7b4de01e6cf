"""Load, strikes and judgement in one: what `script/chaos` does."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from django.db import connection
from django.utils import timezone

from dongkou.run import health
from households.months import month_of
from households.roles import Role
from scoring.models import Mark
from tests.attack.chaos import calm as watching
from tests.attack.chaos import clients, judge
from tests.attack.chaos.clients import Client, GivenUp, Work, Written
from tests.attack.chaos.strikes import Host, strike_until
from tests.attack.suite import PERSON
from tests.processes import manage
from tests.waiting import until

WORK: Mapping[Role, tuple[Work, ...]] = {
    Role.CADRE: (clients.entries, clients.counter),
    Role.PETITION_OFFICE: (clients.letters,),
    Role.SUPERVISOR: (clients.objections,),
}
MAX_CLIENTS = 10
AFTER = 180.0  # seconds after the last strike in which everybody gets their answer
MAX_TIMES = 4  # as long as was asked, for the operations that were asked


@dataclass(frozen=True)
class ChaosReport:
    """What was seen."""

    written: Written
    taken: Mapping[str, list[float]]
    wrong: list[str]
    seconds: float
    calm: str = ""  # the table of a run in which nothing was struck

    def table(self) -> str:
        """As docs print it."""
        rooms = sorted({one.room for one in self.written.sent})
        counts = ", ".join(f"{room} {sum(one.answer is not None for one in self.written.of(room))}" for room in rooms)
        again = sum(number for status, number in self.written.tries.items() if status in clients.NO_ANSWER)
        head = [
            f"{self.written.answered():,} operations acknowledged in {self.seconds:.0f} s ({counts}); {again:,} tries without an answer",
            "",
            "| struck | times | well again, median | at most |",
            "|---|---|---|---|",
        ]
        lines = [
            f"| {kind} | {len(times)} | {median(times):.1f} s | {max(times):.1f} s |"
            for kind, times in sorted(self.taken.items())
        ]
        if self.calm:
            head, lines = [head[0], ""], [self.calm]
        return "\n".join([*head, *lines, "", *(self.wrong or ["0 lost, 0 doubled, verify clean"])])


def chaos(host: Host, *, seconds: float, seed: int, operations: int, kinds: list[str]) -> ChaosReport:
    """Work and strikes for so many seconds, and on until so many operations were acknowledged; then everything is looked at."""
    rng, written, begun = Random(seed), Written(), time.monotonic()
    before = judge.standing()

    def struck_still() -> bool:
        spent = time.monotonic() - begun
        return spent < seconds or (written.answered() < operations and spent < MAX_TIMES * seconds)

    with _at_work(host, WORK, rng, written):
        taken = strike_until(host, rng, struck_still, kinds)
    spent = time.monotonic() - begun
    return ChaosReport(written, taken, _wrong(host, written, before), spent)


def calm(host: Host, *, seconds: float, seed: int) -> ChaosReport:
    """Work for so many seconds, with nothing struck; what the processes hold is watched meanwhile."""
    rng, written, begun = Random(seed), Written(), time.monotonic()
    before = judge.standing()
    cadres = (clients.a_months_entries, clients.counter, watching.pages)  # a sheet that grows for ever says nothing
    looked = {**WORK, Role.TOWNSHIP: (watching.pages,), Role.CADRE: cadres}
    with _at_work(host, looked, rng, written):
        looks, names = watching.watch(host, lambda: time.monotonic() - begun < seconds)
    spent = time.monotonic() - begun
    told, wrong = watching.table(written.times, written.tries, watching.held(looks, names))
    return ChaosReport(written, {}, _wrong(host, written, before) + wrong, spent, told)


@contextmanager
def _at_work(host: Host, work: Mapping[Role, tuple[Work, ...]], rng: Random, written: Written) -> Iterator[None]:
    """The demo's people work for the length of a block, and everybody gets their answer after it."""
    end, over = threading.Event(), threading.Event()
    workers = [
        threading.Thread(target=_work, args=(client, one, end), name=f"{client.name} {one.__name__}")
        for client, one in _people(host, work, rng, written, lambda: not over.is_set())
    ]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        end.set()
        patience = threading.Timer(AFTER, over.set)
        patience.start()
        for worker in workers:
            worker.join()
        patience.cancel()


def _wrong(host: Host, written: Written, before: dict[str, set[Any]]) -> list[str]:
    """What does not fit, once all is well and rolled up."""
    until(lambda: _settled(host), seconds=AFTER)
    wrong = judge.judge(written, before) + _verified(host.data)
    return wrong + [f"{one.room}: {one.op_id} never got an answer" for one in written.sent if one.answer is None][:5]


def _settled(host: Host) -> bool:
    """Whether all is well and rolled up; the line to the database, which was struck too, is a new one each time."""
    connection.close()
    return health(host.port).startswith("200") and not Mark.objects.exists()


def _work(client: Client, work: Work, end: threading.Event) -> None:
    try:
        for _ in work(client):
            if end.is_set():
                return
    except GivenUp as trouble:
        print(f"{client.name}: {trouble}", file=sys.stderr)


def _people(
    host: Host, work: Mapping[Role, tuple[Work, ...]], rng: Random, written: Written, goes_on: Callable[[], bool]
) -> list[tuple[Client, Work]]:
    """Those of the demo's people who have something to do, in an order that the seed gives."""
    paper, month = (host.data / "demo-accounts.txt").read_text("utf-8"), month_of(timezone.localdate())
    known = [(name, password) for _label, name, password in PERSON.findall(paper)]
    rng.shuffle(known)
    found: list[tuple[Client, Work]] = []
    for name, password in known:
        client = Client(host.base, name, password, month, Random(rng.random()), written, goes_on)
        role = Role(client.get("/api/v1/me/")["role"])
        for one in work.get(role, ()):
            if sum(each is one for _, each in found) < MAX_CLIENTS // len(WORK):
                found.append((Client(host.base, name, password, month, Random(rng.random()), written, goes_on), one))
    return found


def _verified(data: Path) -> list[str]:
    done = manage("verify", env=os.environ | {"DONGKOU_DATA": str(data)})
    return [] if done.returncode == 0 else [f"verify: {line}" for line in (done.stdout + done.stderr).splitlines()[-8:]]
