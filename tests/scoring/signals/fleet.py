"""A made-up fleet of villages, the same for the same seed: honest ones of every habit, and careless ones of every kind.

Each village has a way to fill in its months; what it writes goes into the tables as the product writes it.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from households.accounts.lockout import mark_of
from households.models import User
from households.months import Month, first_day, last_day, shift
from households.sql import column, run
from scoring.bench.world import Shape, add_cadres, add_divisions
from scoring.models import Clause, Declaration
from scoring.months.months import open_month
from scoring.signals.rules import MONTHS

MONTH: Month = "2024-09"
ZONE = ZoneInfo("Asia/Shanghai")
RATE = 0.015  # entries a household a month
Entry = tuple[str, int, date, datetime]  # code, number of the clause, day, moment at which it reached the server


@dataclass
class Village:
    """`habit` says how its months are filled in; `marks` whose browsers signed."""

    code: str
    households: int
    habit: str
    chance: random.Random
    last: list[tuple[str, int]] = field(default_factory=list)

    @property
    def careless(self) -> bool:
        return self.habit in CARELESS

    def month(self, month: Month) -> Iterator[Entry]:
        """What it writes down: found in everyday life, or made up."""
        found = CARELESS.get(self.habit, honest)(self, month) if month == MONTH or self.habit == "silent" else None
        entries = list(found if found is not None else honest(self, month))
        self.last = [(code, clause) for code, clause, _, _ in entries]
        yield from entries

    def household(self) -> str:
        return f"{self.code}{self.chance.randint(1, 9):02}{self.chance.randint(1, max(1, self.households // 9)):04}"

    def number(self) -> int:
        """How many things happen in a month: each household has its chance."""
        return sum(self.chance.random() < RATE for _ in range(self.households))

    def day(self, month: Month) -> date:
        return first_day(month) + timedelta(days=self.chance.randrange(28))


def honest(village: Village, month: Month) -> Iterator[Entry]:
    """Things happen on their days, to one household in seven again; they reach the server as the village is used to."""
    evening = datetime.combine(last_day(month), datetime.min.time(), ZONE) + timedelta(hours=19)
    inspected = village.day(month) if village.habit == "inspection" else None
    for number in range(village.number()):
        again = village.last and village.chance.random() < 0.15
        code, clause = (
            village.chance.choice(village.last) if again else (village.household(), village.chance.randrange(6))
        )
        day = inspected or village.day(month)
        at = datetime.combine(day, datetime.min.time(), ZONE) + timedelta(
            hours=9, minutes=village.chance.randrange(500)
        )
        if village.habit == "evening":
            at = evening + timedelta(seconds=number * village.chance.randint(25, 90))
        elif village.habit == "offline":
            at = evening
        yield code, clause, day, at


def silent(village: Village, month: Month) -> Iterator[Entry]:
    """Month after month nothing: 其余各户六项为零."""
    yield from ()


def typed(village: Village, month: Month) -> Iterator[Entry]:
    """A list of invented entries, one after the other without looking up."""
    at = datetime.combine(village.day(month), datetime.min.time(), ZONE) + timedelta(hours=15)
    for _ in range(max(8, village.number())):
        at += timedelta(seconds=village.chance.randint(2, 7))
        yield village.household(), village.chance.randrange(6), village.day(month), at


def copied(village: Village, month: Month) -> Iterator[Entry]:
    """Last month's entries once more, one left out and one made up."""
    at = datetime.combine(last_day(month), datetime.min.time(), ZONE) + timedelta(hours=10)
    entries = [*village.last[1:], (village.household(), 1)] if len(village.last) > 8 else village.last
    for number, (code, clause) in enumerate(entries):
        yield code, clause, village.day(month), at + timedelta(minutes=number)


def burst(village: Village, month: Month) -> Iterator[Entry]:
    """Everything on the last afternoon, dated that day."""
    at = datetime.combine(last_day(month), datetime.min.time(), ZONE) + timedelta(hours=16)
    for number in range(max(9, village.number())):
        yield village.household(), village.chance.randrange(6), last_day(month), at + timedelta(seconds=20 * number)


CARELESS: dict[str, Callable[[Village, Month], Iterator[Entry]]] = {
    "silent": silent,
    "typed": typed,
    "copied": copied,
    "burst": burst,
    "one browser": honest,
}
HONEST = ("daily", "daily", "evening", "offline", "inspection", "two in an office")


def fleet(seed: int, *, honest_ones: int, careless_ones: int) -> list[Village]:
    """Villages of 90 to 900 households, a tenth of the honest ones hamlets of under 60; every habit in turn."""
    chance = random.Random(seed)
    villages = []
    habits = [HONEST[n % len(HONEST)] for n in range(honest_ones)]
    habits += [list(CARELESS)[n % len(CARELESS)] for n in range(careless_ones)]
    add_divisions(Shape(villages=len(habits)), 0, 1, groups=0)
    add_cadres()
    codes = column("SELECT code FROM households_division WHERE length(code) = 12 ORDER BY code")
    for number, (code, habit) in enumerate(zip(codes, habits, strict=True)):
        hamlet = habit in HONEST and number % 10 == 0
        size = chance.randint(20, 60) if hamlet else chance.randint(700 if habit == "copied" else 300, 900)
        villages.append(Village(code, size, habit, random.Random(chance.random())))
    return villages


_SHEETS = """
    WITH given AS (SELECT * FROM unnest(%(villages)s::text[], %(sizes)s::int[]) AS v (code, size)),
    made AS (
        INSERT INTO scoring_sheet (period_id, village_id, state, version)
        SELECT %(month)s, code, 'declared', 1 FROM given RETURNING id, village_id
    )
    INSERT INTO scoring_declaration (sheet_id, households, exceptions, signed_at, signed_by_id, browser, withdraw_reason)
    SELECT m.id, array_fill('x'::text, ARRAY[g.size]), 0, now(), NULL, '{}', ''
    FROM made m JOIN given g ON g.code = m.village_id
"""
_EVENTS = """
    INSERT INTO scoring_scoreevent (op_id, period_id, code, clause_id, indicator, kind, points, date, document_no, note,
                                    source, sheet_version, recorded_at, confirmed_at, withdraw_reason)
    SELECT gen_random_uuid(), %(month)s, e.code, c.id, 1, c.kind, c.points, e.day, '', '', 'sheet', 1, e.at, e.at, ''
    FROM unnest(%(codes)s::text[], %(clauses)s::int[], %(days)s::date[], %(moments)s::timestamptz[]) AS e (code, clause, day, at)
    JOIN scoring_clause c ON c.id = e.clause
"""


def fill(villages: list[Village]) -> None:
    """Write the fleet's months into the tables, the oldest first."""
    for month in (shift(MONTH, -back) for back in reversed(range(MONTHS))):
        scheme = open_month(month).scheme
        clauses = list(Clause.objects.filter(scheme=scheme, kind="deduct").values_list("pk", flat=True)[:6])
        sizes = [one.households for one in villages]
        run(_SHEETS, {"month": month, "villages": [one.code for one in villages], "sizes": sizes})
        entries = [entry for one in villages for entry in one.month(month)]
        codes, numbers, days, moments = (list(part) for part in zip(*entries, strict=True))
        given = {"codes": codes, "clauses": [clauses[number] for number in numbers], "days": days, "moments": moments}
        run(_EVENTS, given | {"month": month})


def signed_together(villages: list[Village]) -> None:
    """The villages of the habit "one browser" sign in fours in one browser; those of "two in an office" in pairs."""
    for habit, size in (("one browser", 4), ("two in an office", 2)):
        those = [one for one in villages if one.habit == habit]
        for start in range(0, len(those) - len(those) % size, size):
            marks: list[str] = []
            for one in those[start : start + size]:
                marks = [mark_of(cadre_of(one.code)), *marks]
                _sign(one.code, marks)


def _sign(village: str, marks: list[str]) -> None:
    """A declaration never changes: the one without a browser is withdrawn, and signed again by the village's cadre."""
    standing = Declaration.objects.get(sheet__village=village, sheet__period=MONTH, withdrawn_at=None)
    Declaration.objects.filter(pk=standing.pk).update(withdrawn_at=timezone.now(), withdraw_reason="x")
    by = User.objects.get(username=cadre_of(village))
    again = {"sheet": standing.sheet, "households": standing.households, "exceptions": 0}
    Declaration.objects.create(**again, signed_by=by, browser=marks)


def cadre_of(village: str) -> str:
    return f"bench-{village}"
