"""Many hands on one sheet in any order: what stands is what a pure model of the rules says.

Cadre, leader and department at their pages, a file, a paper, the signature and its taking back, and two telephones without a line whose
work arrives in order, backwards, twice, without its beginning, or carried by somebody else.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from households.refusals import Refused
from households.roles import Role
from scoring.batches.month_file import import_month
from scoring.carrying.actions import hand_in
from scoring.carrying.carried import proof_of
from scoring.findings.actions import filing
from scoring.models import Finding, ScoreEvent, Sheet
from scoring.papers.actions import settle
from scoring.sheets.actions.sheets import apply_ops
from scoring.states import SheetState
from tests.scoring.batches.hands_model import CADRE, LEADER, OWN, Fact, Jotted, SheetModel
from tests.scoring.batches.many import HOMES
from tests.scoring.carrying.envelopes import inside_of, sealed
from tests.scoring.findings.found import found
from tests.scoring.papers.papered import keyed, printed
from tests.world import DAY, MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
DAYS = (DAY - timedelta(days=1), DAY)
WAYS = ("in order", "backwards", "twice", "last alone", "carried")
homes, at, phone = st.integers(0, 2), st.integers(0, 5), st.integers(0, 1)
facts = st.tuples(homes, st.sampled_from(("WR02", "SG12")), st.integers(0, 1))
several = st.lists(facts, min_size=1, max_size=3, unique=True)
STEP = st.one_of(
    st.tuples(st.just("direct"), st.sampled_from((CADRE, LEADER)), facts),
    st.tuples(st.just("confirm"), at),
    st.tuples(st.just("withdraw"), st.sampled_from((CADRE, LEADER)), at),
    st.tuples(st.sampled_from(("find", "unfind")), homes),
    st.tuples(st.sampled_from(("declare", "undeclare", "undeclare", "download"))),
    st.tuples(st.just("file"), several),
    st.tuples(st.just("paper"), several),
    st.tuples(st.just("read"), phone),
    st.tuples(st.just("jot"), phone, facts, st.booleans()),
    st.tuples(st.just("jot"), phone, facts, st.booleans()),
    st.tuples(st.just("send"), phone, st.sampled_from(WAYS)),
    st.tuples(st.just("send"), phone, st.sampled_from(WAYS)),
)


@dataclass
class SheetHands:
    """The same acts on the real sheet, beside the model, which knows what the devices hold."""

    world: World
    model: SheetModel = field(default_factory=SheetModel)
    bases: list[int] = field(default_factory=lambda: [0, 0])
    base_of: dict[int, int] = field(default_factory=dict)
    ids: dict[int, UUID] = field(default_factory=dict)
    downloaded: int = 0

    def step(self, what: str, *given: Any) -> None:
        """On both sides. A refusal is an answer."""
        if what in ("jot", "read", "send"):
            getattr(self, what)(*given)
            return
        wanted = (*given[:-1], self.event(given[-1])) if what in ("withdraw", "confirm") else given
        with suppress(Refused), transaction.atomic():
            getattr(self, what)(*wanted)
        getattr(self.model, what)(*given)

    def said(self) -> object:
        events = ScoreEvent.objects.standing().select_related("clause", "recorded_by")
        standing = [
            (self.fact(one.code, one.clause.code, one.date), one.recorded_by.role, one.confirmed_at is None)
            for one in events.order_by("pk")
        ]
        sheet = self.sheet
        late = [self.fact(one.code, one.clause.code, one.date) for one in Finding.objects.unlanded()]
        return standing, sheet.state == SheetState.DECLARED, len(sheet.held), sorted(late)

    def fact(self, code: str, clause: str, day: object) -> Fact:
        return HOMES.index(code), clause, DAYS.index(day)

    @property
    def sheet(self) -> Sheet:
        return self.world.sheet()

    def event(self, at: int) -> int:
        numbers = list(ScoreEvent.objects.standing().order_by("pk").values_list("pk", flat=True))
        return numbers[at] if at < len(numbers) else 0

    def send_one(self, role: str, **raw: object) -> None:
        self.apply([{"op_id": str(uuid4()), **raw}], role, None)

    def apply(self, raws: Sequence[dict[str, object]], role: str, base: int | None) -> None:
        apply_ops(month=MONTH, village=self.world.village, raws=raws, base_version=base, by=self.world.user(role))

    def direct(self, by: str, fact: Fact) -> None:
        self.send_one(by, **said_of(fact))

    def confirm(self, event: int) -> None:
        self.send_one(CADRE, type="confirm", event=event)

    def withdraw(self, by: str, event: int) -> None:
        self.send_one(by, type="withdraw", event=event, reason="记错了")

    def declare(self) -> None:
        self.send_one(CADRE, type="declare")

    def undeclare(self) -> None:
        self.send_one(CADRE, type="undeclare", reason="漏了一户")

    def find(self, home: int) -> None:
        found(self.world, HOMES[home], OWN)

    def unfind(self, home: int) -> None:
        mine = Finding.objects.filter(code=HOMES[home], withdrawn_at=None, event__withdrawn_at=None).order_by("-pk")
        by = self.world.user(Role.DEPARTMENT)
        filing.withdraw(op_id=uuid4(), finding=mine[0].pk if mine else 0, reason="认错了", by=by)

    def download(self) -> None:
        self.downloaded = self.sheet.version

    def file(self, wanted: Sequence[Fact]) -> None:
        rows = [f"{HOMES[home]},{DAYS[day]},{clause},,,1/{self.downloaded}\n" for home, clause, day in wanted]
        data = f"户编号或区划代码,日期,条款代码,文书号,说明,记录编号\n{''.join(rows)}".encode()
        import_month(name="m.csv", data=data, by=self.world.user(CADRE), month=MONTH)

    def paper(self, rows: Sequence[Fact]) -> None:
        paper, cadre = printed(self.world), self.world.user(CADRE)
        lines = [(HOMES[home], str(DAYS[day]), clause, "", "") for home, clause, day in rows]
        keyed(self.world, paper, *lines)
        keyed(self.world, paper, *lines, by=cadre)
        settle(op_id=uuid4(), paper=paper.pk, choices=[], by=cadre)

    def read(self, which: int) -> None:
        self.model.read(which)
        self.bases[which] = self.sheet.version

    def jot(self, which: int, fact: Fact, again: bool) -> None:
        one = self.model.jot(which, fact, again)
        if one:
            self.ids[one.op], self.base_of[one.op] = uuid4(), self.bases[which]

    def send(self, which: int, way: str) -> None:
        queue = list(self.model.devices[which].queue)
        if way == "carried":
            self.carried(queue)
        else:
            for request in requests(queue, way):
                self.model.arrive(request)
                self.apply([self.raw(one) for one in request], request[0].by, self.base_of[request[0].op])
        self.model.settle(which)

    def carried(self, queue: list[Jotted]) -> None:
        """All of it in one file, claiming the oldest of what was seen."""
        if not queue:
            return
        seen = min(one.seen for one in queue)
        self.model.arrive([Jotted(one.op, one.fact, one.again, seen, one.by, one.after) for one in queue])
        proof = proof_of(self.world.user(queue[0].by))
        base = min(self.base_of[one.op] for one in queue)
        inside = inside_of(f"{MONTH} {VILLAGE}", proof, base, [self.raw(one) for one in queue])
        hand_in(data=sealed(inside), by=self.world.user(Role.TOWNSHIP))

    def raw(self, one: Jotted) -> dict[str, object]:
        after = {"after": str(self.ids[one.after])} if one.after else {}
        return {"op_id": str(self.ids[one.op]), **said_of(one.fact), "again": one.again, **after}


def said_of(fact: Fact) -> dict[str, object]:
    home, clause, day = fact
    return {"type": "add", "household": HOMES[home], "clause": clause, "date": str(DAYS[day])}


def requests(queue: list[Jotted], way: str) -> list[list[Jotted]]:
    """How a device's work comes in; one request holds what was made on one version."""
    if way == "backwards":
        return [[one] for one in reversed(queue)]
    if way == "last alone":
        return [[one] for one in queue[-1:]]
    groups: list[list[Jotted]] = []
    for one in queue:
        if groups and groups[-1][0].seen == one.seen:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [group for group in groups for _ in range(2 if way == "twice" else 1)]


def live(world: World, steps: Sequence[tuple[Any, ...]]) -> SheetHands:
    """The steps one after the other; after each both say the same. Nothing of it stays."""
    with transaction.atomic():
        hands = SheetHands(world)
        for at, step in enumerate(steps):
            hands.step(*step)
            assert hands.said() == hands.model.said(), steps[: at + 1]
        transaction.set_rollback(True)
    return hands


SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
PHASES = [Phase.explicit, Phase.generate]  # a history that fails says at which step


@settings(max_examples=10, suppress_health_check=SUPPRESSED, phases=PHASES)
@given(steps=st.lists(STEP, min_size=15, max_size=40))
def test_sheet_says_what_the_model_says(world: World, steps: list[tuple[Any, ...]]) -> None:
    live(world, steps)


@pytest.mark.long
@settings(max_examples=400, suppress_health_check=SUPPRESSED, phases=PHASES)
@given(steps=st.lists(STEP, min_size=30, max_size=80))
def test_sheet_says_what_the_model_says_over_many_seeds(world: World, steps: list[tuple[Any, ...]]) -> None:
    live(world, steps)
