"""A province from an empty machine to its ranking: what `script/province` does, step by step, and what was seen."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from dongkou.database_roles import DATABASE
from dongkou.layout import BASE_DIR
from dongkou.province.published import ROLE
from households.months import month_of, shift
from scoring.bench.world import FIRST_COUNTY
from tests.attack.province.cells import Cell, admit, cell, template
from tests.attack.province.net import Network
from tests.attack.province.overhear import said_of
from tests.waiting import until

PROVINCE = "43"
LONG = 900.0  # seconds for what a whole county does
SOON = 60.0  # seconds in which the province has what its last county wrote
_FIGURES = "active, households, total, six_zero, events"
_OWN = f"SELECT {_FIGURES} FROM scoring_divisionscore WHERE month = %s AND code = %s"
_ALL = f"""
    SELECT month, code, {_FIGURES} FROM scoring_divisionscore WHERE length(code) <= 12
    UNION ALL SELECT month, cell || ' ' || code, active, households, total, 0, 0 FROM dongkou_publisheddepartment
    UNION ALL SELECT month, cell || ' closed', version, 0, 0, 0, 0 FROM dongkou_closedmonth ORDER BY 1, 2
"""
_AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
# Codes of groups and households have 14 and 18 digits; their heads are called 户主 and a number.
_OF_HOUSEHOLDS = re.compile(rb"(?<!\d)(\d{14}|\d{18})(?!\d)|" + "户主".encode())


@dataclass
class ProvinceReport:
    """What was seen, line by line; `wrong` is what should have been otherwise."""

    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """At once, for whoever waits."""
        self.lines.append(text)
        print(text, flush=True)

    def expect(self, holds: bool, text: str) -> None:
        """One of the promises."""
        self.say(f"{'holds ' if holds else 'BROKEN'}  {text}")
        if not holds:
            self.wrong.append(text)


@dataclass
class Scene:
    """The province and its counties at work."""

    net: Network
    province: Cell
    counties: list[Cell]
    month: str
    report: ProvinceReport

    @property
    def next_month(self) -> str:
        return shift(self.month, 1)

    def line(self, one: Cell, month: str) -> tuple[int, ...] | None:
        """A cell's own line of a month."""
        found = one.ask(_OWN, month, one.county or PROVINCE)
        return tuple(map(int, found[0])) if found else None

    def sum_of_lines(self, month: str) -> tuple[int, ...]:
        """What the counties themselves say, added up."""
        lines = [line for one in self.counties if (line := self.line(one, month))]
        return tuple(map(sum, zip(*lines, strict=True)))

    def follows(self, month: str) -> bool:
        """Whether the province's line is that sum."""
        return self.line(self.province, month) == self.sum_of_lines(month)


def prove(folder: Path, counties: int, villages: int, households: int) -> ProvinceReport:
    """So many counties of so many villages with so many households each; an empty folder is theirs."""
    report, begun = ProvinceReport(), time.monotonic()
    month = shift(month_of(timezone.localdate()), -2)
    with Network() as net:
        made = template(folder)
        report.say(f"{time.monotonic() - begun:.0f} s: an empty installation")
        province = cell(net, made, "p", "", DONGKOU_PROVINCE=PROVINCE, DONGKOU_PROVINCE_NAME="某省")
        cells = [cell(net, made, f"c{n}", str(FIRST_COUNTY + n)) for n in range(counties)]
        scene = Scene(net, province, cells, month, report)
        with _running(scene, villages, households):
            for step in (_received, _closed, _followed, _cut_off, _begun_anew, _replicas, _costs):
                step(scene)
        _overheard(scene, folder)
    report.say(f"{time.monotonic() - begun:.0f} s in all")
    return report


@contextmanager
def _running(scene: Scene, villages: int, households: int) -> Iterator[None]:
    """All cells, filled; somebody overhears what the counties' databases say to the province."""
    province, report = scene.province, scene.report
    for number, one in enumerate([*scene.counties, province]):
        begun = time.monotonic()
        one.start_base()
        if one.county:
            words = [sys.executable, "-m", "tests.attack.province.fill", str(number), str(villages), str(households)]
            filled = one.work.start([*words, scene.month], _importing(one), (one.folder / "fill.out").open("ab"))
            assert filled.wait() == 0, (one.folder / "fill.out").read_text("utf-8", "replace")[-2000:]
            admit(one)
        one.start_replica()
        one.start_work()
        number_of = one.ask("SELECT count(*) FROM households_household")[0][0]
        report.say(f"{time.monotonic() - begun:.0f} s: {one.name} runs on three hosts, {number_of:,} households")
    province.told("province", "prepare")
    heard = province.folder.parent / "overheard"
    words = [sys.executable, "-P", str(BASE_DIR / "tests/attack/province/overhear.py"), str(heard), province.base.link]
    middle = ["ip", "netns", "exec", scene.net.middle, *words, *(one.base.address for one in scene.counties)]
    ear = _listening(middle)
    try:
        yield
    finally:
        ear.kill()
        ear.wait()


def _listening(command: list[str]) -> "subprocess.Popen[bytes]":
    ear = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert ear.stdout
    assert ear.stdout.readline() == b"listening\n"
    return ear


def _importing(one: Cell) -> dict[str, str]:
    return one.environment() | {"PYTHONPATH": str(BASE_DIR), "DJANGO_SETTINGS_MODULE": "dongkou.settings"}


def _taken(question: Callable[[], bool], seconds: float = LONG) -> float:
    """Seconds until it is true."""
    begun = time.monotonic()
    until(question, seconds=seconds)
    return time.monotonic() - begun


def _receive(scene: Scene, one: Cell) -> None:
    scene.province.told("province", "receive", one.county, f"postgresql://{ROLE}@{one.base.address}/{DATABASE}")


def _received(scene: Scene) -> None:
    """The counties' workers roll up what was declared; the province takes one after the other, and adds them up."""
    for one in scene.counties:
        households = one.ask("SELECT count(*) FROM households_household")[0][0]
        rolled = _taken(lambda one=one, all_=households: (scene.line(one, scene.month) or (0, 0))[1] == all_)
        _receive(scene, one)
        copied = _taken(lambda one=one: scene.line(scene.province, scene.month) is not None and _has(scene, one))
        scene.report.say(
            f"{rolled:.1f} s until {one.name}'s worker had rolled up, {copied:.1f} s until the province had it"
        )
    summed = _taken(lambda: scene.follows(scene.month))
    scene.report.say(f"{summed:.1f} s until the province's worker had added up {len(scene.counties)} counties")
    ranking = scene.province.told("province", "ranking", scene.month, "--format", "json")
    found = json.loads(ranking)
    scene.report.expect(
        sorted(line["code"] for line in found) == [one.county for one in scene.counties]
        and all(line["rank"] for line in found),
        f"one command prints the ranking of {len(found)} counties",
    )


def _has(scene: Scene, one: Cell) -> bool:
    found = scene.province.ask(_OWN, scene.month, one.county)
    return bool(found) and tuple(map(int, found[0])) == scene.line(one, scene.month)


def _closed(scene: Scene) -> None:
    """All freeze the month at once; the first one's database is killed while it is at it."""
    first, others = scene.counties[0], scene.counties[1:]
    freezing = {one.name: one.manage("freeze", scene.month, "--force") for one in scene.counties}
    until(lambda: _is_writing(first) or freezing[first.name].poll() is not None, seconds=LONG)
    first.kill_base()
    for one in others:
        out, trouble = freezing[one.name].communicate(timeout=LONG)
        assert freezing[one.name].returncode == 0, out + trouble
    freezing[first.name].communicate(timeout=LONG)
    until(lambda: _closed_at(scene) == {one.county for one in others}, seconds=LONG)
    scene.report.expect(
        True, f"{first.name}'s database was killed while the month closed; {len(others)} others closed it"
    )
    back = time.monotonic()
    first.start_base()
    first.told("freeze", scene.month, "--force")
    scene.report.say(f"{time.monotonic() - back:.1f} s until {first.name} was back and had frozen, too")
    took = _taken(lambda: _closed_at(scene) == {one.county for one in scene.counties} and scene.follows(scene.month))
    scene.report.expect(
        took <= SOON, f"{took:.1f} s after the last county the province's month is closed and its sum right"
    )


def _is_writing(one: Cell) -> bool:
    return bool(one.ask(_AT_WORK)[0][0])


def _closed_at(scene: Scene) -> set[str]:
    return {
        code for (code,) in scene.province.ask("SELECT cell FROM dongkou_closedmonth WHERE month = %s", scene.month)
    }


def _record(scene: Scene, one: Cell) -> None:
    """An exception in the open month, by the county's own file door; its worker rolls it up."""
    clauses = json.loads(one.told("clauses", scene.next_month, "--format", "json"))
    clause = next(
        each["code"]
        for each in clauses
        if each["kind"] == "deduct"
        and each["subject"] != "division"
        and not each["document_required"]
        and not each["second_person"]
    )
    known = {code for (code,) in one.ask("SELECT code FROM scoring_scoreevent WHERE period_id = %s", scene.next_month)}
    [code] = [
        found
        for (found,) in one.ask("SELECT code FROM households_household ORDER BY code LIMIT %s", len(known) + 1)
        if found not in known
    ][:1]
    file = one.folder / "events.csv"
    file.write_text(
        f"household_code,date,clause_code,document_no,note\n{code},{scene.next_month}-01,{clause},,\n", "utf-8"
    )
    before = scene.line(one, scene.next_month)
    one.told("import_events", str(file))
    until(lambda: scene.line(one, scene.next_month) not in (None, before), seconds=LONG)


def _followed(scene: Scene) -> None:
    """An entry in the last county until it is in the province's figure."""
    until(lambda: scene.follows(scene.next_month), seconds=LONG)
    _record(scene, scene.counties[-1])
    took = _taken(lambda: scene.follows(scene.next_month))
    scene.report.expect(
        took <= SOON, f"an entry of {scene.counties[-1].name} is in the province's figure {took:.1f} s after its own"
    )


def _cut_off(scene: Scene) -> None:
    """The line between the first county and the province is cut: everybody goes on, and it catches up alone."""
    first, last = scene.counties[0], scene.counties[-1]
    scene.net.cut(scene.province.base, first.base)
    _record(scene, first)
    _record(scene, last)
    told = _taken(lambda: _state(scene, first) == "断开")
    scene.report.expect(
        _state(scene, last) == "已连通", f"{told:.1f} s until {first.name} is told as cut off; the others go on"
    )
    until(lambda: _has_next(scene, last), seconds=LONG)
    scene.report.expect(
        not scene.follows(scene.next_month), "meanwhile the province has the older figure of one county, and says so"
    )
    scene.net.heal(scene.province.base, first.base)
    took = _taken(lambda: scene.follows(scene.next_month))
    scene.report.expect(took <= SOON, f"{took:.1f} s after the line was back the province's figure is right again")


def _state(scene: Scene, one: Cell) -> str:
    found = json.loads(scene.province.told("province", "links", "--format", "json"))
    return str(next(link["state"] for link in found if link["county"] == one.county))


def _has_next(scene: Scene, one: Cell) -> bool:
    found = scene.province.ask(_OWN, scene.next_month, one.county)
    return bool(found) and tuple(map(int, found[0])) == scene.line(one, scene.next_month)


def _begun_anew(scene: Scene) -> None:
    """Everything is forgotten, and received once more."""
    before, begun = scene.province.ask(_ALL), time.monotonic()
    for one in scene.counties:
        scene.province.told("province", "leave", one.county, "--forget")
        _receive(scene, one)
    with suppress(AssertionError):
        until(lambda: scene.province.ask(_ALL) == before, seconds=LONG / 3)
    taken = time.monotonic() - begun
    scene.report.expect(
        scene.province.ask(_ALL) == before,
        f"a node begun from nothing has the same {len(before):,} lines after {taken:.0f} s",
    )


def _replicas(scene: Scene) -> None:
    """Every replica has what its primary has; the province's figures are its counties'."""
    for one in (scene.province, *scene.counties):
        until(lambda one=one: one.ask(_ALL, kind="replica") == one.ask(_ALL), seconds=LONG)
    scene.report.expect(True, f"{len(scene.counties) + 1} replicas have their primaries' lines")
    for month in (scene.month, scene.next_month):
        told = scene.line(scene.province, month)
        scene.report.expect(scene.follows(month), f"{month}: {told} is the sum of what the counties say themselves")


def _costs(scene: Scene) -> None:
    """Per cell: processor, disk, and how many households they were for."""
    for one in (scene.province, *scene.counties):
        households = one.ask("SELECT count(*) FROM households_household")[0][0]
        size = one.ask("SELECT pg_database_size(current_database())")[0][0] / 1e6
        scene.report.say(f"{one.name}: {one.spent():.0f} s of one core, {size:,.0f} MB, {households:,} households")


def _overheard(scene: Scene, folder: Path) -> None:
    """Of all that the counties' databases said to the province, nothing is a group's or a household's."""
    said = said_of(folder / "overheard")
    whole = b"\0".join(said.values())
    heard = [one for one in scene.counties if f"村{one.county}".encode() in whole]
    scene.report.expect(
        len(heard) == len(scene.counties), f"{len(whole):,} bytes overheard; every county's villages are among them"
    )
    found = _OF_HOUSEHOLDS.search(whole)
    around = whole[max(0, found.start() - 60) : found.end() + 60] if found else b""
    scene.report.expect(
        found is None, f"no code or name of a household or a group went over the line {around!r}".removesuffix(" b''")
    )
