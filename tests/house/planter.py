"""A pytest plugin that plants faults, one at a time, and counts those that the tests notice.

Not mutmut: it leaves everything outside of functions alone (our tables of states), and would start our servers for each fault.
Not cosmic-ray: it starts the tests anew for each fault, some ten seconds with a database; here a fork takes a tenth of one.

The tests run once to learn which of them call which function. Then each fault gets a fork of its own, in which the tests
that call its function run, quickest first, until one fails. Examples of properties are the same in every run.
"""

import importlib
import json
import os
import pickle
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from pytest_django.plugin import blocking_manager_key

from script.imports import ROOMS, ROOT, distances, graph, importers, modules
from tests.house.planting import BreaksImport, Fault, Ground, NotPlanted, faults_in, have_told, made_while_read, plant

SLOW = {"live_site", "browser_page", "celery_workers", "celery_worker_process", "empty_layout", "ready_layout"}
MAX_SECONDS = 60.0  # of the tests that a fault is shown to
MEMORY = 3 * 2**30  # more than the fork had; a fault may ask for endless lists
# What would lead the run to the servers of the one that started it, or to its settings before it has any servers.
NOT_INHERITED = {"DONGKOU_DATA", "DONGKOU_ROLE", "DONGKOU_TEST_DATA", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"}
PASSED, FAILED, UNPLANTED = 0, 1, 4


@dataclass
class Outcome:
    """What became of the faults of one run, each as one line."""

    noticed: int = 0
    unnoticed: list[str] = field(default_factory=list)
    unplanted: list[str] = field(default_factory=list)
    red: list[str] = field(default_factory=list)  # tests that fail without any fault
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """Noticed of planted."""
        planted = self.noticed + len(self.unnoticed)
        return self.noticed / planted if planted else 0.0

    def told(self) -> str:
        """Figures, then the faults that nobody noticed."""
        planted = self.noticed + len(self.unnoticed)
        lines = [f"{self.noticed} of {planted} faults noticed ({self.share:.1%}) in {self.seconds:.0f} s"]
        lines += [f"unnoticed  {each}" for each in self.unnoticed]
        lines += [f"not planted  {each}" for each in self.unplanted]
        return "\n".join([*lines, *(f"red without a fault  {each}" for each in self.red)])


@dataclass(frozen=True)
class Plan:
    """What to plant where: module names, files of tests, and at most how many faults in how many seconds."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    seed: int
    most: int
    seconds: float
    waived: tuple[str, ...] = ()
    database: bool = True
    root: str = str(ROOT)


def carry_out(plan: Plan) -> Outcome:
    """Run the plan in a pytest of its own, with servers of its own."""
    with tempfile.TemporaryDirectory(prefix="dongkou-plan-") as folder:
        report = Path(folder) / "outcome.json"
        asked = Path(folder) / "plan.json"
        asked.write_text(json.dumps(asdict(plan)), encoding="utf-8")
        words = [
            "-p",
            "tests.house.planter",
            "-p",
            "no:randomly",
            "-p",
            "no:xdist",
            "-p",
            "no:cacheprovider",
            "-s",
            "-q",
        ]
        environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        command = [sys.executable, "-m", "pytest", *words, f"--plan={asked}", f"--outcome={report}", *plan.tests]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert report.exists(), done.stdout[-4000:] + done.stderr[-4000:]
        return Outcome(**json.loads(report.read_text(encoding="utf-8")))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--plan")
    parser.addoption("--outcome")


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    now = hypothesis.settings.get_profile(hypothesis.settings.get_current_profile_name())
    hypothesis.settings.register_profile("planted", parent=now, derandomize=True, database=None, phases=phases)
    hypothesis.settings.load_profile("planted")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    given = json.loads(Path(session.config.getoption("plan")).read_text(encoding="utf-8"))
    outcome = Planter(session, Plan(**given)).run()
    Path(session.config.getoption("outcome")).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    return True


@dataclass(frozen=True)
class Run:
    """How a test went without a fault: the functions it called by file and name."""

    seconds: float
    failure: str
    called: frozenset[tuple[str, str]]


class Planter:
    """One session's work."""

    def __init__(self, session: pytest.Session, plan: Plan) -> None:
        self.session, self.plan = session, plan
        files = {name: _file(name, Path(plan.root)) for name in plan.modules}
        self.paths = [*files.values()]
        self.faults = [each for name, path in files.items() for each in faults_in(name, path) if not self._waived(each)]
        self.items = [item for item in session.items if self._usable(item)]
        self.near = _near(plan.modules)
        self.dirty = False

    def _waived(self, fault: Fault) -> bool:
        return fault.what in self.plan.waived

    def _usable(self, item: pytest.Item) -> bool:
        if SLOW & set(item.fixturenames) or item.get_closest_marker("long"):
            return False
        return self.plan.database or not _needs_database(item)

    def run(self) -> Outcome:
        """Plant as many faults as the plan wants, in the order of its seed."""
        self._warm_up()
        ground = Ground().look()
        runs = self._recorded(ground)
        outcome = Outcome(red=sorted(f"{name}  {run.failure}" for name, run in runs.items() if run.failure))
        green = [item for item in self.items if not runs[item.nodeid].failure]
        random.Random(self.plan.seed).shuffle(self.faults)
        begun = time.monotonic()
        for fault in self.faults[: self.plan.most]:
            if time.monotonic() - begun > self.plan.seconds:
                break
            self._try(fault, list(self._showing(fault, green, runs)), ground, outcome)
        outcome.seconds = round(time.monotonic() - begun, 1)
        return outcome

    def _warm_up(self) -> None:
        """What lasts for a session is made before the forks: above all the database."""
        for name in self.plan.modules:
            importlib.import_module(name)
        first = next(filter(_needs_database, self.items), self.items[0])
        self._failure(first)
        from django.db import connections

        from tests import copies

        connections.close_all()
        self.copies = copies

    def _failure(self, item: pytest.Item) -> str:
        """Run a test, and what it fails with; empty if it passes. What lasts for the session stays."""
        stays = SimpleNamespace(listchain=lambda: [self.session])
        failed = [report for report in runtestprotocol(item, log=False, nextitem=stays) if report.failed]
        return " | ".join(f"{report.when}: {report.longreprtext[-600:]}" for report in failed)

    def _recorded(self, ground: Ground) -> dict[str, Run]:
        reading, writing = os.pipe()
        pid = self._fork(lambda: self._record(writing, ground), seconds=0)
        os.close(writing)
        with os.fdopen(reading, "rb") as told:
            found = told.read()
        assert os.waitpid(pid, 0)[1] == 0, "the tests could not be recorded"
        return pickle.loads(found)

    def _record(self, writing: int, ground: Ground) -> int:
        runs = {}
        called: set[tuple[str, str]] = set()
        for path in self.paths:
            have_told(path, called, ground)
        for item in self.items:
            called.clear()
            begun = time.monotonic()
            failure = self._failure(item)
            runs[item.nodeid] = Run(time.monotonic() - begun, failure, frozenset(called))
        with os.fdopen(writing, "wb") as told:
            pickle.dump(runs, told)
        return PASSED

    def _showing(
        self, fault: Fault, items: list[pytest.Item], runs: dict[str, Run]
    ) -> Iterator[tuple[pytest.Item, float]]:
        """Tests that would meet the fault as long as there is time: first those of its own subject, then those near it.

        They call its function; a table's, and a function's that makes tables, call something of its module or stand near.
        """
        file, place = str(fault.path), fault.site.place
        table = not place or place.partition(".")[0] in made_while_read(fault.module)
        own = ROOT.joinpath("tests", *fault.module.split(".")[:-1])
        left = MAX_SECONDS
        near = self.near[fault.module]
        for item in sorted(
            items, key=lambda it: (own not in it.path.parents, it.path not in near, runs[it.nodeid].seconds)
        ):
            run = runs[item.nodeid]
            makes = table and (item.path in near or any(one == file for one, _ in run.called))
            meets = makes or (file, place) in run.called
            if meets and (left := left - run.seconds) > 0:
                yield item, run.seconds

    def _try(self, fault: Fault, items: Sequence[tuple[pytest.Item, float]], ground: Ground, outcome: Outcome) -> None:
        seconds = 5 + 4 * sum(seconds for _, seconds in items)
        pid = self._fork(lambda: self._show(fault, [item for item, _ in items], ground), seconds=int(seconds))
        status = os.waitpid(pid, 0)[1]
        self.dirty = os.WIFSIGNALED(status)  # it never ended: somebody would notice
        match FAILED if self.dirty else os.waitstatus_to_exitcode(status):
            case 0:
                outcome.unnoticed.append(f"{fault.told(Path(self.plan.root))}  ({len(items)} tests)")
            case 4:
                outcome.unplanted.append(fault.told(Path(self.plan.root)))
            case _:
                outcome.noticed += 1

    def _show(self, fault: Fault, items: Iterable[pytest.Item], ground: Ground) -> int:
        self._clean()
        try:
            plant(fault, ground)
        except NotPlanted:
            return UNPLANTED
        except BreaksImport:
            return FAILED
        return FAILED if any(map(self._failure, items)) else PASSED

    def _clean(self) -> None:
        """Scenes are made anew, by what has the fault in it."""
        self.copies.SCENES.clear()
        if self.dirty and self.copies.TABLES:
            with self.session.config.stash[blocking_manager_key].unblock():
                self.copies.clear()

    def _fork(self, work: Callable[[], int], *, seconds: int) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = FAILED
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nothing, stream)
            signal.alarm(seconds)
            resource.setrlimit(resource.RLIMIT_AS, (_memory() + MEMORY, resource.RLIM_INFINITY))
            code = work()
        finally:
            os._exit(code)


def _memory() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _file(module: str, root: Path) -> Path:
    path = root.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _needs_database(item: pytest.Item) -> bool:
    return bool({"db", "transactional_db"} & set(item.fixturenames) or item.get_closest_marker("django_db"))


def _near(names: Iterable[str]) -> dict[str, set[Path]]:
    """Test files by module: those that import it, or import what imports it."""
    files = modules(*ROOMS, "tests")
    by = importers(graph(files))
    steps = {name: distances([name], by) for name in names}
    return {
        name: {files[one] for one, far in found.items() if far <= 2 and one in files} for name, found in steps.items()
    }
