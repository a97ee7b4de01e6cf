"""A county's petitions of three years for the benchmark: a few thousand lives written down set by set, then multiplied.

Every one has a history that the table of states allows, sealed texts, words, assignments, ratings and the rows that the
board sums: `manage.py verify_petitions` finds nothing wrong. Copies differ in number, case and place and keep their dates,
so that clocks and working days stay right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from households import sql
from households.codes import Level, is_level, township_of
from households.models import Department, Division, Household, User
from households.register.phones import encrypt
from households.roles import Role
from petitions.demo import writing
from petitions.demo.lives import OFFICE, Life, LifeBatch, LifeStep, lives, workdays
from petitions.models import Channel, Content, Petition
from petitions.states import PetitionAction as Act
from petitions.states import PetitionState as State

SEED = 20260723
DEPARTMENTS, FILERS = 40, 600
LONG_AGO, LATELY = timedelta(days=3 * 365), timedelta(days=45)
SHARES = {Channel.PEOPLE: 0.62, Channel.NET: 0.28, Channel.ENTERPRISE: 0.10}
ELSEWHERE, OPEN, ACCUSING = 0.05, 0.12, 0.04
# Tables in the order in which they are copied, and the columns that differ in a copy; identity columns are left out.
COPIED: dict[str, dict[str, str]] = {
    "petitions_case": {"id": "id + %(offset)s"},
    "petitions_petition": {
        "id": "id + %(offset)s",
        "case_id": "case_id + %(offset)s",
        "number": "left(number, 12) || lpad((right(number, 6)::int + %(serial)s)::text, 6, '0')",
        "place_id": "(SELECT later.code FROM bench_place place JOIN bench_place later "
        "ON later.turn = (place.turn + %(shift)s) %% %(places)s "
        "WHERE place.code = place_id)",
        "follow_digest": "md5(number || %(offset)s) || md5(%(offset)s || number)",
    },
    "petitions_petitionevent": {"petition_id": "petition_id + %(offset)s"},
    "petitions_assignment": {"petition_id": "petition_id + %(offset)s"},
    "petitions_accused": {"petition_id": "petition_id + %(offset)s"},
    "petitions_rating": {"petition_id": "petition_id + %(offset)s"},
    "petitions_clockrun": {"petition_id": "petition_id + %(offset)s"},
    "petitions_answerrow": {"petition_id": "petition_id + %(offset)s"},
    "petitions_petitionwords": {"petition_id": "petition_id + %(offset)s"},
}


@dataclass(frozen=True)
class BenchCast(writing.PetitionCast):
    """The county's forty departments and its townships share the work, one matter in five to the township."""

    def unit(self, life: Life) -> str:
        codes, turn = list(self.departments.values()), life.person // 5
        return (
            f"division:{township_of(life.place)}" if life.person % 5 == 0 else f"department:{codes[turn % len(codes)]}"
        )


def cast() -> BenchCast:
    """The petition office, and somebody in every unit; whoever files is made up on the spot."""
    county = Division.objects.get(parent=None)
    codes = list(Department.objects.order_by("code").values_list("code", flat=True)[:DEPARTMENTS])
    places = Division.objects.order_by("code").values_list("code", "name")
    townships = [code for code, _ in places if is_level(code, Level.TOWNSHIP)]
    office = _user("bench-petitions", Role.PETITION_OFFICE, county)
    units = {f"department:{code}": _user(f"bench-{code}", Role.DEPARTMENT, Department(code)) for code in codes}
    units |= {f"division:{code}": _user(f"bench-{code}", Role.TOWNSHIP, Division(code)) for code in townships}
    return BenchCast(
        county=county.code,
        office=office,
        units=units,
        filers=[Household(head_name=f"户主{n}", phone=encrypt(f"139{n:08d}")) for n in range(FILERS)],
        names={code: name for code, name in places if is_level(code, Level.VILLAGE)},
        departments=dict(enumerate(codes)),  # type: ignore[arg-type]  # by turn, not by name
    )


def _user(username: str, role: Role, place: Division | Department) -> User:
    given: dict[str, Any] = {"department": place} if isinstance(place, Department) else {"division": place}
    found = User.objects.filter(username=username).first()
    return found or User.objects.create(username=username, display_name="测", role=role, is_demo=True, **given)


def plant(number: int, today: date, players: BenchCast) -> None:
    """Write down `number` petitions of the three years up to `today`."""
    rng = Random(SEED)  # noqa: S311  # the same petitions every time
    drawn = list(_drawn(number, today, sorted(players.names), rng))
    drawn = [_longer(life, rng) for life in sorted(drawn, key=lambda life: life.filed_at)]
    writing.write(drawn, players)
    _accuse()


def _drawn(number: int, today: date, places: Sequence[str], rng: Random) -> Iterator[Life]:
    long, lately = workdays(today - LONG_AGO, today - 2 * LATELY), workdays(today - LATELY, today - timedelta(days=2))
    for channel, share in SHARES.items():
        wanted = max(4, round(number * share))
        still = max(2, round(wanted * OPEN))
        elsewhere = max(1, round(wanted * ELSEWHERE))
        ended = LifeBatch(channel, long, solved=wanted - still - elsewhere, elsewhere=elsewhere)
        yield from map(_accusing, lives(ended, places, rng), (rng.random() for _ in count()))
        yield from (_unfinished(life, rng) for life in lives(LifeBatch(channel, lately, still, 0), places, rng))


MORE = (
    "这件事我们从去年三月就开始反映，找过村里，也找过乡镇。",
    "组里十几户人家都受影响，老人和孩子最不方便。",
    "希望派人来现场看一看，当面给个说法。",
    "以前答应过雨季以前解决，到现在还没有动静。",
    "有照片和收据可以提供，需要时请打电话。",
    "我们不是要闹事，只想知道什么时候能办好。",
    "隔壁组去年修好了，我们这边一直没有排上。",
    "下雨以后更严重，车子根本过不去，只好绕远路。",
    "听说经费已经拨下来了，不知道用到哪里去了。",
    "家里有病人，出门看病要靠这条路，实在等不起。",
    "村里开会讨论过两次，签了名，也按了手印。",
    "如果不归你们管，请告诉我们应该找哪个单位。",
    "已经误了一季收成，再拖下去损失更大。",
    "请不要把我的姓名告诉对方，怕以后不好相处。",
    "水泵、闸门和护栏都是二〇一五年装的，早就老化。",
    "上次来的工作人员态度很好，可是后来没有下文。",
    "合同和转账记录都在，可以随时查对。",
    "邻县同样的情况半个月就处理完了。",
    "恳请早日安排，大家都会感谢。",
    "问过窗口三次，每次说法都不一样。",
)


def _longer(life: Life, rng: Random) -> Life:
    """People write more than a line."""
    text = life.matter.text + "".join(rng.sample(MORE, rng.randrange(1, 6)))
    return replace(life, matter=replace(life.matter, text=text))


def _accusing(life: Life, chance: float) -> Life:
    return replace(life, content=Content.ACCUSATION) if chance < ACCUSING and life.channel is Channel.PEOPLE else life


def _unfinished(life: Life, rng: Random) -> Life:
    """The life as far as it has come: cut somewhere, some paused or with more time, some taken up again."""
    now = timezone.now()
    lines = [line for line in life.lines if line.at < now][: rng.randrange(1, 7)]
    last = lines[-1]
    told = "请补充材料，收到以后继续办理。"
    later = _between(last.at, now)
    if last.state is State.ASSIGNED and rng.random() < 0.2:
        lines.append(LifeStep(Act.PAUSE, State.ASSIGNED, later, OFFICE, told))
    elif last.state is State.ASSIGNED and rng.random() < 0.2:
        lines.append(LifeStep(Act.EXTEND, State.ASSIGNED, later, OFFICE, "情况复杂，延长十五天。", data={"days": 15}))
    elif last.state is State.ANSWERED and rng.random() < 0.3:
        lines.append(LifeStep(Act.REOPEN, State.ASSIGNED, later, OFFICE, note="来信人说还没有解决。"))
    return replace(life, lines=tuple(lines))


def _between(first: datetime, last: datetime) -> datetime:
    return first + (last - first) / 2


_ACCUSE = """
    INSERT INTO petitions_accused (petition_id, department_id)
    SELECT p.id, (SELECT min(code) FROM households_department) FROM petitions_petition p
    WHERE p.content = 'accusation' AND NOT EXISTS (SELECT FROM petitions_accused a WHERE a.petition_id = p.id)
"""


def _accuse() -> None:
    """Every accusation is about the first department, which finds none of them."""
    _run(_ACCUSE)


def multiply(times: int) -> None:
    """Make so many of every petition that is there, the one itself included."""
    if times == 1:
        return
    _run("SET CONSTRAINTS ALL IMMEDIATE")  # within a transaction an index waits for them
    _run("DROP INDEX petitionwords_by_word")
    places = list(Division.objects.order_by("code").values_list("code", flat=True).filter(code__regex="^.{12}$"))
    _run("CREATE TEMP TABLE bench_place (turn int PRIMARY KEY, code text UNIQUE)")
    _run(
        "INSERT INTO bench_place SELECT n - 1, code FROM unnest(%(codes)s::text[]) WITH ORDINALITY t(code, n)",
        codes=places,
    )
    _one_more_each(range(1, times), len(places))
    _run("DROP TABLE bench_place")
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    _run("CREATE INDEX petitionwords_by_word ON petitions_petitionwords USING gin (words)")
    settle()


def _one_more_each(rounds: Sequence[int], places: int) -> None:
    [(span, serials)] = sql.rows(
        "SELECT max(greatest(id, case_id)), max(right(number, 6)::int) FROM petitions_petition"
    )
    for round_ in rounds:
        for table, changed in COPIED.items():
            names = _columns(table, keeping="id" in changed)
            values = [changed.get(name, name) for name in names]
            own = "id" if "id" in changed else "petition_id"
            _run(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} WHERE {own} <= %(span)s",
                offset=span * round_,
                serial=serials * round_,
                span=span,
                shift=7 * round_,
                places=places,
            )
    for table in ("petitions_case", "petitions_petition"):
        _run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    _run("UPDATE petitions_numberseries SET last = last + %(serial)s", serial=serials * len(rounds))


def _columns(table: str, *, keeping: bool) -> list[str]:
    """The table's columns; without the identity column of rows that get numbers of their own."""
    with connection.cursor() as cursor:
        named = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    return [name for name in named if keeping or name != "id"]


def settle() -> None:
    """Statistics and visibility as they are after a quiet night."""
    how = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    for table in COPIED:
        _run(f"{how} {table}")


def _run(text: str, **params: Any) -> None:
    sql.run(text, params)


def size() -> int:
    """How many petitions there are."""
    return Petition.objects.count()
