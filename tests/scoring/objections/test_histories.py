"""Random histories on the real database: entry, declaration, review, notice, objection, ruling, freezing, correction, in any order.

After each, every invariant of `verify` holds, and a full roll-up finds each live row as it is, byte for byte.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from households.refusals import Refused
from households.roles import Role
from scoring.checks.verify import verify
from scoring.freezing import freeze, post
from scoring.models import (
    Adjustment,
    DepartmentScore,
    DivisionScore,
    HouseholdScore,
    Objection,
    RankingSnapshot,
    ScoreEvent,
)
from scoring.months.months import calendar_of
from scoring.objections.actions import moving
from scoring.restatements import actions as restating
from scoring.reviews.actions.reviewing import return_sheet
from scoring.rollup.rollup import roll_up, roll_up_marked
from scoring.sheets.actions.sheets import apply_ops
from tests.scoring.notices.posting import DAY, POSTED
from tests.scoring.objections.objecting import objected, ruled
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db
CLAUSES = ("WR02", "WR09", "WJ02", "WJ01", "JL11")
PEOPLE = (Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.GROUP_LEADER)
STEPS = (
    *["record"] * 4,
    *["withdraw", "declare", "declare", "approve", "return", "post", "post"],
    *["object"] * 4,
    *["rule"] * 4,
    *[
        "appeal",
        "take back",
        "hand on",
        "days pass",
        "freeze",
        "freeze",
        "force",
        "correct",
        "grant",
        "grant",
        "roll up",
    ],
)
Given = tuple[str, int, int, bool]
STEP = st.tuples(st.sampled_from(STEPS), st.integers(0, 40), st.integers(0, 40), st.booleans())


class History:
    """The small world's three villages in POSTED, and what is tried in them."""

    def __init__(self, world: World) -> None:
        self.world, self.happened, self.on = world, Counter[str](), calendar_of(POSTED).post_from
        self.villages = (world.village, world.sister)

    def try_one(self, name: str, one: int, other: int, yes: bool) -> None:
        act: dict[str, Callable[[int, int, bool], Any]] = {
            "record": self._record,
            "withdraw": self._withdraw,
            "declare": lambda one, _other, _yes: self.world.declare(self.villages[one % 2], month=POSTED),
            "approve": lambda one, _other, _yes: self.world.approve(self.villages[one % 2], month=POSTED),
            "return": self._return,
            "post": lambda *_: post(month=POSTED, on=self.on),
            "object": self._object,
            "rule": self._rule,
            "appeal": self._appeal,
            "take back": self._take_back,
            "hand on": self._hand_on,
            "days pass": self._days_pass,
            "freeze": lambda *_: freeze(month=POSTED, on=self.on + timedelta(days=60)),
            "force": lambda _one, _other, yes: freeze(month=POSTED, on=self.on, force=True) if yes else None,
            "correct": self._correct,
            "grant": self._grant,
            "roll up": lambda *_: roll_up_marked(),
        }
        try:
            with transaction.atomic():
                if act[name](one, other, yes) is not False:
                    self.happened[name] += 1
        except Refused:
            self.happened["refused"] += 1

    def _person(self, number: int) -> Any:
        return self.world.user(PEOPLE[number % len(PEOPLE)])

    def _code(self, number: int) -> str:
        codes = [household.code for household in self.world.households]
        return (*codes, f"{VILLAGE}01", VILLAGE)[number % (len(codes) + 2)]

    def _record(self, one: int, other: int, yes: bool) -> object:
        clause = CLAUSES[other % len(CLAUSES)]
        return self._op(
            {"type": "add", "household": self._code(one % 8), "clause": clause, "date": f"{DAY}", "again": yes}, other
        )

    def _withdraw(self, one: int, other: int, _yes: bool) -> object:
        event = self._event(one)
        return event is not None and self._op({"type": "withdraw", "event": event.pk, "reason": "核查不属实"}, other)

    def _op(self, raw: dict[str, object], person: int) -> object:
        by = self._person(person)
        raws = [{"op_id": str(uuid4()), "document_no": "", "note": "", **raw}]
        batch = apply_ops(month=POSTED, village=self.world.village, raws=raws, base_version=None, by=by)
        return batch.outcomes[0].status == "applied"

    def _event(self, number: int) -> ScoreEvent | None:
        events = list(ScoreEvent.objects.filter(period=POSTED).order_by("pk"))
        return events[number % len(events)] if events else None

    def _return(self, one: int, _other: int, _yes: bool) -> None:
        sheet = self.world.sheet(self.villages[one % 2], POSTED)
        return_sheet(sheet=sheet, reason="请核对", by=self.world.user(Role.TOWNSHIP))

    def _object(self, one: int, other: int, yes: bool) -> object:
        event = self._event(one) if yes else None
        code = event.code if event else self._code(other % 8)
        by = (None, self.world.user(Role.SUPERVISOR), self.world.user(Role.CADRE))[other % 3]
        return objected(self.world, event.pk if event else None, by, month=POSTED, code=code)

    def _objection(self, number: int) -> int:
        found = list(Objection.objects.order_by("pk").values_list("pk", flat=True))
        return found[number % len(found)] if found else 0

    def _rule(self, one: int, other: int, yes: bool) -> object:
        return ruled(self._objection(one), self._person(other), upheld=yes, clause="WR09", day=DAY, again=True)

    def _appeal(self, one: int, _other: int, _yes: bool) -> object:
        number = self._objection(one)
        code = Objection.objects.filter(pk=number).values_list("code", flat=True).first() or ""
        return moving.appeal(op_id=uuid4(), objection=number, household=code)

    def _take_back(self, one: int, _other: int, _yes: bool) -> object:
        number = self._objection(one)
        code = Objection.objects.filter(pk=number).values_list("code", flat=True).first() or ""
        return moving.withdraw(op_id=uuid4(), objection=number, household=code)

    def _hand_on(self, one: int, other: int, _yes: bool) -> object:
        return moving.hand_on(op_id=uuid4(), objection=self._objection(one), by=self._person(other))

    def _days_pass(self, *_: object) -> object:
        return moving.move_on(month=POSTED, on=timezone.localdate() + timedelta(days=30)) > 0

    def _correct(self, one: int, other: int, yes: bool) -> object:
        event = self._event(one)
        if event is None:
            return False
        raw = {"withdraw": event.pk} if yes else {"household": self._code(other % 8), "clause": "WR02", "again": True}
        return restating.ask(
            op_id=uuid4(), month=POSTED, raw=raw | {"reason": "复核"}, by=self.world.user(Role.TOWNSHIP)
        )

    def _grant(self, one: int, _other: int, yes: bool) -> object:
        asked = list(Adjustment.objects.filter(state="asked").order_by("pk").values_list("pk", flat=True))
        if not asked:
            return False
        by, number = self.world.user(Role.COUNTY_OFFICE), asked[one % len(asked)]
        if yes:
            return restating.grant(op_id=uuid4(), adjustment=number, by=by)
        return restating.refuse(op_id=uuid4(), adjustment=number, reason="不够", by=by)


def rows() -> list[list[object]]:
    """Every live row of the month, but for when it was worked out."""
    models = (HouseholdScore, DivisionScore, DepartmentScore)
    listed = [list(model.objects.filter(month=POSTED).order_by("pk").values()) for model in models]
    return [[{key: value for key, value in row.items() if key != "as_of"} for row in found] for found in listed]


def live(world: World, steps: list[Given]) -> Counter[str]:
    """The steps one after the other; then everything must hold. Nothing of it stays."""
    with transaction.atomic():
        history, kept = History(world), {}
        for step in steps:
            history.try_one(*step)
            for one in RankingSnapshot.objects.filter(month=POSTED):
                assert kept.setdefault(one.pk, one.body) == one.body
        roll_up_marked()
        roll_up(POSTED)
        assert verify() == [], steps
        before = rows()
        assert roll_up(POSTED, full=True).households == 0
        assert rows() == before
        transaction.set_rollback(True)
    return history.happened


SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
PHASES = [Phase.explicit, Phase.generate]  # to make a failing history shorter would take many minutes
BEGUN: list[Given] = [
    *[("record", number, number, True) for number in range(8)],
    *[(name, number, 0, True) for name in ("declare", "approve") for number in (0, 1)],
    ("post", 0, 0, True),
]


@settings(max_examples=6, suppress_health_check=SUPPRESSED, phases=PHASES)
@given(steps=st.lists(STEP, min_size=15, max_size=40), begun=st.booleans())
def test_every_invariant_holds_whatever_happens_to_a_month(world: World, steps: list[Given], begun: bool) -> None:
    live(world, [*(BEGUN if begun else []), *steps])


@pytest.mark.long
@settings(max_examples=150, suppress_health_check=SUPPRESSED, phases=PHASES)
@given(steps=st.lists(STEP, min_size=30, max_size=90), begun=st.booleans())
def test_every_invariant_holds_in_long_histories(world: World, steps: list[Given], begun: bool) -> None:
    live(world, [*(BEGUN if begun else []), *steps])


def test_steps_of_a_history_do_happen(world: World) -> None:
    """What is tried at random is not refused each time."""
    happened = live(
        world,
        [
            *BEGUN,
            *[("object", number, number * 3, True) for number in range(5)],
            *[("rule", number, person, number % 2 == 0) for number in range(5) for person in (0, 1)],
            *[("appeal", number, 0, True) for number in range(5)],
            ("take back", 1, 0, True),
            *[("rule", number, 2, False) for number in range(5)],
            ("days pass", 0, 0, True),
            ("freeze", 0, 0, True),
            ("object", 2, 0, False),
            *[("rule", number, 2, True) for number in range(8)],
            ("correct", 6, 0, True),
            ("grant", 0, 0, True),
        ],
    )
    assert {"record", "declare", "approve", "post", "object", "rule", "freeze", "correct", "grant"} <= set(happened)
