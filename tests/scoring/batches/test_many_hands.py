"""Many hands on one sheet (cadre, leader, department, file, paper), in any order: the sheet says what a pure model says."""

from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from households.refusals import Refused
from households.roles import Role
from scoring.batches.month_file import import_month
from scoring.findings.actions.filing import withdraw
from scoring.models import Finding, ScoreEvent, Sheet
from scoring.papers.actions import settle
from scoring.sheets.actions.sheets import apply_ops
from tests.scoring.batches.many import HOMES
from tests.scoring.findings.found import OWN, found
from tests.scoring.papers.papered import keyed, printed
from tests.world import DAY, MONTH, World, build

Fact = tuple[int, str]  # which household, under which clause
CLAUSES = ("WR02", "SG12")
OWN_HANDS = ("cadre", "leader")  # what a cadre may take back
facts = st.tuples(st.integers(0, 2), st.sampled_from(CLAUSES))
several = st.lists(facts, max_size=3, unique=True)
acts = st.one_of(
    st.tuples(st.just("cadre"), facts),
    st.tuples(st.just("leader"), facts),
    st.tuples(st.just("department"), st.integers(0, 2)),
    st.tuples(st.just("confirm"), st.integers(0, 5)),
    st.tuples(st.just("withdraw"), st.integers(0, 5)),
    st.tuples(st.just("leader_withdraws"), st.integers(0, 5)),
    st.tuples(st.just("department_withdraws"), st.integers(0, 2)),
    st.tuples(st.just("file"), several),
    st.tuples(st.just("paper"), several),
)


@dataclass
class SheetModel:
    """What stands: of each fact who recorded it and whether it waits for a second person."""

    standing: dict[Fact, tuple[str, bool]] = field(default_factory=dict)

    def act(self, what: str, given: object) -> None:
        getattr(self, what)(given)

    def cadre(self, fact: Fact) -> None:
        self.standing.setdefault(fact, ("cadre", False))

    def leader(self, fact: Fact) -> None:
        self.standing.setdefault(fact, ("leader", True))

    def department(self, home: int) -> None:
        self.standing.setdefault((home, OWN), ("department", True))

    def confirm(self, at: int) -> None:
        if (fact := self.nth(at)) and self.standing[fact][0] != "cadre":
            self.standing[fact] = (self.standing[fact][0], False)

    def withdraw(self, at: int) -> None:
        if (fact := self.nth(at)) and self.standing[fact][0] in OWN_HANDS:
            del self.standing[fact]

    def leader_withdraws(self, at: int) -> None:
        if (fact := self.nth(at)) and self.standing[fact][0] == "leader":
            del self.standing[fact]

    def department_withdraws(self, home: int) -> None:
        self.standing.pop((home, OWN), None)

    def file(self, wanted: list[Fact]) -> None:
        for fact in [one for one, (by, _) in self.standing.items() if by in OWN_HANDS and one not in wanted]:
            del self.standing[fact]
        for fact in wanted:
            self.cadre(fact)

    def paper(self, rows: list[Fact]) -> None:
        if not any(row in self.standing for row in rows):
            for row in rows:
                self.cadre(row)

    def nth(self, at: int) -> Fact | None:
        """The one that stands there, in the order of facts."""
        known = sorted(self.standing)
        return known[at] if at < len(known) else None


@dataclass
class SheetHands:
    """The same acts on the real sheet."""

    world: World

    def standing(self) -> dict[Fact, tuple[str, bool]]:
        events = ScoreEvent.objects.standing().select_related("clause", "recorded_by")
        return {
            (HOMES.index(event.code), event.clause.code): (event.recorded_by.role, event.confirmed_at is None)
            for event in events
        }

    def act(self, what: str, given: object) -> None:
        with suppress(Refused):
            getattr(self, what)(given)

    def send(self, role: str, **raw: object) -> None:
        apply_ops(
            month=MONTH,
            village=self.world.village,
            raws=[{"op_id": str(uuid4()), **raw}],
            base_version=None,
            by=self.world.user(role),
        )

    def add(self, role: str, fact: Fact) -> None:
        self.send(role, type="add", household=HOMES[fact[0]], clause=fact[1], date=str(DAY))

    def cadre(self, fact: Fact) -> None:
        self.add(Role.CADRE, fact)

    def leader(self, fact: Fact) -> None:
        self.add(Role.GROUP_LEADER, fact)

    def department(self, home: int) -> None:
        found(self.world, HOMES[home])

    def event(self, at: int) -> int:
        known = sorted(self.standing())
        home, clause = known[at] if at < len(known) else (0, "")
        event = ScoreEvent.objects.standing().filter(code=HOMES[home], clause__code=clause).first()
        return event.pk if event else 0

    def confirm(self, at: int) -> None:
        self.send(Role.CADRE, type="confirm", event=self.event(at))

    def withdraw(self, at: int) -> None:
        self.send(Role.CADRE, type="withdraw", event=self.event(at), reason="记错了")

    def leader_withdraws(self, at: int) -> None:
        self.send(Role.GROUP_LEADER, type="withdraw", event=self.event(at), reason="记错了")

    def department_withdraws(self, home: int) -> None:
        by = self.world.user(Role.DEPARTMENT)
        open_one = Finding.objects.filter(code=HOMES[home], event__withdrawn_at=None).first()
        if open_one:
            withdraw(op_id=uuid4(), finding=open_one.pk, reason="认错了", by=by)

    def file(self, wanted: list[Fact]) -> None:
        version = Sheet.objects.filter(village=self.world.village).values_list("version", flat=True).first() or 0
        rows = "".join(f"{HOMES[home]},{DAY},{clause},,,1/{version}\n" for home, clause in wanted)
        data = f"户编号或区划代码,日期,条款代码,文书号,说明,记录编号\n{rows}".encode()
        name = f"东山村{MONTH}台账-第{version}版.csv"
        report = import_month(name=name, data=data, by=self.world.user(Role.CADRE), month=MONTH)
        assert report.written or not wanted, [error.reason for error in report.errors]

    def paper(self, rows: list[Fact]) -> None:
        paper = printed(self.world)
        lines = [(HOMES[home], str(DAY), clause, "", "") for home, clause in rows]
        keyed(self.world, paper, *lines)
        keyed(self.world, paper, *lines, by=self.world.user(Role.CADRE))
        settle(op_id=uuid4(), paper=paper.pk, choices=[], by=self.world.user(Role.CADRE))


def check(sent: list[tuple[str, object]]) -> None:
    model, hands = SheetModel(), SheetHands(build())
    for what, given_to in sent:
        if what == "file" and not given_to:
            continue  # a file without a line says nothing about a month
        model.act(what, given_to)
        hands.act(what, given_to)
        assert hands.standing() == model.standing, (what, given_to)


class TestHands(TestCase):
    @settings(max_examples=6)
    @given(st.lists(acts, min_size=3, max_size=8))
    def test_sheet_equals_the_model(self, sent: list[tuple[str, object]]) -> None:
        check(sent)

    @pytest.mark.long
    @settings(max_examples=400)
    @given(st.lists(acts, min_size=5, max_size=25))
    def test_sheet_equals_the_model_over_many_seeds(self, sent: list[tuple[str, object]]) -> None:
        check(sent)
