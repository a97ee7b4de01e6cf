"""The demo's contacts: party members for nearly every household, micro-grids, visits, and a linkage changed in mid-year."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID

from households.codes import group_of
from households.contacts.actions.visits import record_visit
from households.contacts.importing import NAMES, import_contacts
from households.imports.problems import ImportReport
from households.models import Household, Linkage, User, VisitOutcome
from households.months import Month
from households.paging import batched
from households.roles import Role
from scoring.demo.people import name_of, phone_of
from scoring.linkages.actions import WantedLinkage, set_linkage

LEFT_OUT = 0.06  # of households nobody looks after yet
MEMBERS, GRID = 4, 10  # party members of a village, households of a micro-grid
VISITED = 6
_NOTES = ("老人身体还好", "想装一盏路灯，已告诉村里", "孩子上学的事问清楚了", "", "", "田边水沟要清")
Line = tuple[str, ...]


def load_contacts(villages: Sequence[str], shown: Sequence[str], since: date, rng: Random) -> ImportReport:
    """Party members in `villages`, micro-grids in those that are shown besides: through the import."""
    codes: dict[str, list[str]] = {village: [] for village in villages}
    for code in Household.objects.order_by("code").values_list("code", flat=True):
        if code[:12] in codes:
            codes[code[:12]].append(code)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows(_lines(codes, shown, since, rng))
    return import_contacts(name="demo-contacts.csv", data=buffer.getvalue().encode())


def _lines(codes: Mapping[str, list[str]], shown: Sequence[str], since: date, rng: Random) -> Iterator[Line]:
    day = since.isoformat()
    for village, households in codes.items():
        named: set[str] = set()
        people = [(_new_name(named, rng), phone_of(rng)) for _ in range(MEMBERS)]
        for position, code in enumerate(households):
            if rng.random() >= LEFT_OUT:
                yield code, "党员联系", *people[position * MEMBERS // len(households)], day, "", "", ""
        if village in shown:
            yield from _grids(households, day, named, rng)


def _grids(households: Sequence[str], day: str, named: set[str], rng: Random) -> Iterator[Line]:
    for group in sorted({group_of(code) for code in households}):
        inside = [code for code in households if group_of(code) == group]
        for number, some in enumerate(batched(inside, GRID), start=1):
            head = (_new_name(named, rng), phone_of(rng))
            for code in some:
                yield code, "微网格长", *head, day, "", f"第{number}微网格", ""


def _new_name(named: set[str], rng: Random) -> str:
    """A name that nobody in `named` has yet: people of a village are told apart by it."""
    while (name := name_of(rng)) in named:
        pass
    named.add(name)
    return name


def visits(today: date, rng: Random) -> int:
    """The group leader of the demo has called on some of the households."""
    leader = User.objects.filter(is_demo=True, role=Role.GROUP_LEADER).order_by("pk").first()
    if leader is None:
        return 0
    households = list(Household.objects.within(leader.scope).active(today).order_by("code")[:VISITED])
    for household, note in zip(households, _NOTES, strict=False):
        given = {"day": today - timedelta(days=rng.randint(1, 40)), "note": note, "by": leader}
        outcome = rng.choice([VisitOutcome.WELL, VisitOutcome.TOLD, VisitOutcome.HELPED])
        record_visit(op_id=UUID(int=rng.getrandbits(128)), household=household, outcome=outcome, **given)
    return len(households)


def change_one_linkage(month: Month, rng: Random, *, spared: str) -> Linkage:
    """One department answers more for its first village from `month` on; not the department whose account is shown."""
    row = Linkage.objects.exclude(department=spared).select_related("department", "division").order_by("pk")[0]
    wanted = WantedLinkage(row.department, row.division, row.weight + 1, month, leader="县领导甲（虚构）")
    return set_linkage(op_id=UUID(int=rng.getrandbits(128)), wanted=wanted, by=None)
