"""Pages over fifty thousand petitions: statements sent, time taken, the whole searched by words; and how both grow."""

import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from households.codes import township_of
from households.models import User
from households.sql import counted, rows
from petitions.bench import importing, world
from petitions.clocks.deadlines import drifts
from petitions.filing.actions.filing import file
from petitions.filing.asked import Filing
from petitions.models import Channel, Content, Petition, Way
from petitions.search.indexing import unindexed
from petitions.worklist.views import PER_PAGE

MAX_QUERIES, P95 = 12, 0.2
MAX_OF_A_CASE = 24  # queries of one petition's page with the forms of every step


class PetitionBenchSize(NamedTuple):
    """How many petitions, multiplied how often; how many requests to each page, how many tickets of a list, and each how-manieth page."""

    base: int
    growth: tuple[int, ...]
    loads: int
    tickets: int
    every: int = 1


WHOLE, QUICK = PetitionBenchSize(3125, (1, 4, 16), 20, 20_000), PetitionBenchSize(40, (1, 2), 1, 200, every=8)
BARE = "SELECT * FROM petitions_petition ORDER BY due_on, id DESC LIMIT 25"
SEARCHES = (
    "邻居", "增容", "小学的路", "隔壁组去年修好了", "绕远路 看病", "gongqian", "gongqiantuole", "gqt", "shuibeng 闸门",
    "自来shui", "000123", "公司", "找不到的词", "的路",
)  # fmt: skip


class BenchLine(NamedTuple):
    """One line of the benchmark's table, as `scoring.bench.results.Result` has it."""

    job: str
    ours: str
    bare: str
    ratio: str
    target: str
    met: bool | None


class BenchDatabases(Protocol):
    """Databases of the benchmark's own. `copy(name, of=other)` makes a copy of a database, in use from then on."""

    copy: Callable[..., None]


@dataclass(frozen=True)
class Taken:
    """What the requests to one page took: statements, and seconds."""

    page: str
    queries: int
    times: list[float]

    @property
    def p95(self) -> float:
        """By nearest rank: of twenty the last but one."""
        return sorted(self.times)[math.ceil(len(self.times) * 0.95) - 1]


def jobs(stage: BenchDatabases, runs: int) -> list[BenchLine]:
    """Lists, searches, single pages and boards on 50,000 petitions, and the list and the search at a sixteenth of them."""
    size = WHOLE if runs > 1 else QUICK
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
    stage.copy("petitions-1", of="declared")
    players = world.cast()
    world.plant(size.base, timezone.localdate(), players)
    world.settle()
    grown: dict[int, list[Taken]] = {}
    lines: list[BenchLine] = []
    for times in size.growth:
        if times > 1:
            stage.copy(f"petitions-{times}", of="petitions-1")
            world.multiply(times)
        lines = list(_lines(players, size)) if times == size.growth[-1] else []
        grown[times] = _probes(players.office, size.loads)
    return [*lines, *_grown(grown), _imported(stage, size.tickets)]


def _imported(stage: BenchDatabases, tickets: int) -> BenchLine:
    taken = importing.measured(tickets, lambda: stage.copy("petitions-list", of="declared"))
    return BenchLine(
        f"导入 {tickets:,} 件信访清单",
        f"{_told(taken.ours)}（每秒 {tickets / taken.ours:,.0f} 件）",
        f"{_told(taken.bare)} bulk_create",
        f"{taken.ours / taken.bare:.2f}",
        "≤ 1",
        taken.ours <= taken.bare,
    )


def _lines(players: world.BenchCast, size: PetitionBenchSize) -> Iterator[BenchLine]:
    yield _sound()
    people = {"信访局": players.office, "承办单位": list(players.units.values())[1]}  # the first is accused
    lists = [*_lists(), {"page": str(world.size() // PER_PAGE)}][:: size.every]
    searches = [{"q": words} for words in SEARCHES][:: size.every]
    for job, pages in (("信访列表", lists), ("信访检索", searches)):
        for who, user in people.items():
            yield _line(f"{job}，{who}", [_asked(user, "petitions", query, size.loads) for query in pages])
    yield _line("信访件页面", [_case(players.office, size.loads)], most=MAX_OF_A_CASE)
    yield _line("来信人页面", [_followed(players, size.loads)])
    boards = [taken for address in BOARDS if (taken := _board(players.office, address, size.loads))]
    if boards:
        yield _line("信访统计、接访、承诺", boards)


BOARDS = ("/petitions/board/", "/petitions/days/", "/petitions/promises/")


def _sound() -> BenchLine:
    wrong = sum(1 for _ in drifts()) + unindexed().count()
    return BenchLine(f"{world.size():,} 件信访，与办理经过核对", f"{wrong} 处不符", "", "", "0 处", not wrong)


def _lists() -> list[dict[str, str]]:
    lamps = [{"lamp": lamp} for lamp in ("late", "soon", "running", "paused", "filer", "ended")]
    township = township_of(Petition.objects.values_list("place", flat=True).order_by("-pk")[0])
    narrow = [
        {"state": "assigned"}, {"channel": "net"}, {"content": "accusation"}, {"kind": "backlog"}, {"mine": "turn"},
        {"within": township}, {"unit": f"division:{township}"}, {"within": township, "kind": "first", "lamp": "ended"},
    ]  # fmt: skip
    return [{}, *lamps, *narrow]


def _client(user: User) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _asked(user: User, name: str, query: dict[str, str], loads: int, *parts: object) -> Taken:
    return _taken(_client(user), reverse(name, args=parts), query, loads)


def _taken(client: Client, address: str, query: dict[str, str], loads: int) -> Taken:
    """The first request begins the session; it is not counted."""
    _opened(client, address, query)
    with counted() as sent:
        _opened(client, address, query)
    times = [_seconds(lambda: _opened(client, address, query)) for _ in range(loads)]
    asked = " ".join([address, *query.values()])
    return Taken(asked, len(sent), times)


def _opened(client: Client, address: str, query: dict[str, str]) -> None:
    answer = client.get(address, query)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} 回答 {answer.status_code}")


def _case(office: User, loads: int) -> Taken:
    long = Petition.objects.visible_to(office).order_by("-seq")[0]
    return _asked(office, "petition", {}, loads, long.number)


def _followed(players: world.BenchCast, loads: int) -> Taken:
    place = next(iter(players.names))
    filing = Filing(
        channel=Channel.PEOPLE, way=Way.PAGE, content=Content.APPEAL, place=place, title="测一测", text="只是测一测。"
    )
    filed = file(op_id=uuid4(), filing=filing, by=None)
    client = Client(HTTP_HOST="127.0.0.1")
    answer = client.post(reverse("petition-follow"), {"number": filed.petition.number, "code": filed.code}, follow=True)
    return _taken(client, answer.request["PATH_INFO"], {}, loads)


def _board(office: User, address: str, loads: int) -> Taken | None:
    try:
        resolve(address)
    except Resolver404:
        return None
    return _taken(_client(office), address, {}, loads)


def _line(job: str, taken: list[Taken], most: int = MAX_QUERIES) -> BenchLine:
    """The slowest of several pages stands for them all."""
    worst, queries = max(taken, key=lambda one: one.p95), max(one.queries for one in taken)
    bare = statistics.median(_seconds(_bare) for _ in range(5))
    middle = statistics.median(seconds for one in taken for seconds in one.times)
    met = queries <= most and worst.p95 < P95
    return BenchLine(
        f"{job}（{len(taken)} 种）",
        f"最多 {queries} 次查询，p95 {_told(worst.p95)}（{worst.page}）",
        f"{_told(bare)} SELECT",
        f"{middle / bare:.1f}",
        f"≤ {most} 次，p95 < {P95 * 1000:.0f} ms",
        met,
    )


def _probes(office: User, loads: int) -> list[Taken]:
    """What is asked at every size: the list, a settled search and one that reads texts."""
    return [_asked(office, "petitions", query, loads) for query in ({}, {"q": "增容"}, {"q": "shuibeng 闸门"})]


def _grown(grown: dict[int, list[Taken]]) -> Iterator[BenchLine]:
    first, last = grown[min(grown)], grown[max(grown)]
    for small, big, name in zip(first, last, ("列表", "检索两个字", "检索拼音和词"), strict=True):
        before, after = statistics.median(small.times), statistics.median(big.times)
        sizes = f"{max(grown)} 倍的件数"
        yield BenchLine(
            f"{name}，{sizes}", _told(after), f"{_told(before)} 一倍", f"{after / before:.2f}", "仅供参考", None
        )


def _bare() -> None:
    rows(BARE)


def _seconds(act: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def _told(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"
