"""A lawful petition never costs a point: whatever petitions do, every score, point and rank stays byte for byte as it was.

Random lives of petitions run against a county with a frozen month, points, a shop and an award. Each planted fault shows
that the test can fail.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from households.refusals import Refused
from petitions.erasing import actions as erasing
from petitions.models import Petition
from petitions.steps import closing
from tests.petitions.desk import LUOPING, LYJ, Desk
from tests.petitions.scored import Eyes, computed_anew, rewind, scored, sequences
from tests.petitions.steps.random_steps import MOVES
from tests.petitions.steps.random_steps import step as take
from tests.petitions.tables import joined, written
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
RUN = settings(
    max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
ONCE = settings(RUN, max_examples=3, phases=[Phase.generate])
WAYS = {"people": "page", "enterprise": "enterprise", "net": "hotline"}


class Lives(RuleBasedStateMachine):
    """Petitions are filed, worked on, judged and erased; what is scored is looked at after every step."""

    def __init__(self, world: World, eyes: Eyes, before: dict[str, str], fault: str = "") -> None:
        super().__init__()
        self.desk, self.eyes, self.before, self.fault = Desk(world), eyes, before, fault
        self.tables = joined()
        self.written = written(self.tables)
        self.filed: list[Petition] = []
        self.undone = transaction.atomic()
        self.undone.__enter__()

    @rule(channel=st.sampled_from(sorted(WAYS)), named=st.booleans())
    def file(self, channel: str, named: bool) -> None:
        given: dict[str, Any] = {"channel": channel, "way": WAYS[channel]}
        given |= {"name": "张三丰" if named else "", "household": self.desk.world.household if named else None}
        if channel == "enterprise":
            given["enterprise"] = "某某食品厂"
        self.filed.append(self.desk.file(**given))
        self._plant()

    @rule(accused=st.sampled_from([LYJ, LUOPING, f"division:{VILLAGE}", "user:cadre"]))
    def accuse(self, accused: str) -> None:
        self.filed.append(self.desk.accusation(accused))
        self._plant()

    @precondition(lambda self: self.filed)
    @rule(move=MOVES, which=st.integers(0, 9), other=st.integers(0, 9))
    def work(self, move: Any, which: int, other: int) -> None:
        take(self.desk, self._one(which), move, self._one(other))

    @precondition(lambda self: self.filed)
    @rule(which=st.integers(0, 9))
    def settle(self, which: int) -> None:
        """The whole road in one go: single steps seldom get that far."""
        for act in (self.desk.accept, self.desk.assign, self.desk.handle, self.desk.answer, self.desk.confirm):
            self._try(act, self._one(which))
        self._try(self.desk.close, self._one(which))

    @precondition(lambda self: self.filed)
    @rule(
        which=st.integers(0, 9),
        subject=st.sampled_from(["office", "unit"]),
        score=st.sampled_from(["satisfied", "unsatisfied"]),
    )
    def judge(self, which: int, subject: str, score: str) -> None:
        given = {"op_id": uuid4(), "petition": self._one(which), "by": None}
        self._try(closing.rate, **given, subject=subject, score=score)

    @precondition(lambda self: self.filed)
    @rule(which=st.integers(0, 9), extent=st.sampled_from(["all", "contact"]))
    def erase(self, which: int, extent: str) -> None:
        petition = self._one(which)
        self._try(erasing.ask_erasure, op_id=uuid4(), petition=petition, note="不想留着")
        self._try(erasing.erase, op_id=uuid4(), petition=petition, by=self.desk.office, extent=extent)

    @invariant()
    def nothing_scored_has_changed(self) -> None:
        """Cheap enough for every step: nothing there was so much as touched."""
        assert written(self.tables) == self.written

    def teardown(self) -> None:
        try:
            assert self.eyes.state() == self.before
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def _plant(self) -> None:
        """The fault, with whatever is filed: no life begins otherwise."""
        if self.fault:
            with connection.cursor() as cursor:
                cursor.execute(self.fault)

    def _one(self, which: int) -> Petition:
        return Petition.objects.get(pk=self.filed[which % len(self.filed)].pk)

    def _try(self, act: Callable[..., object], *args: Any, **given: Any) -> None:
        try:
            with transaction.atomic():
                act(*args, **given)
        except Refused:
            pass


@pytest.fixture
def county(world: World) -> World:
    return scored(world)


def test_no_life_of_petitions_changes_anything_scored(county: World) -> None:
    eyes = Eyes(county)
    before = eyes.state()
    run_state_machine_as_test(lambda: Lives(county, eyes, before), settings=RUN)


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE scoring_divisionscore SET total = total - 1",
        "UPDATE scoring_account SET balance = balance + 1",
        "UPDATE rewards_award SET amount_fen = amount_fen - 1",
        "UPDATE households_household SET head_name = head_name || '（信访）'",
    ],
)
def test_life_that_touches_a_score_is_noticed(county: World, fault: str) -> None:
    eyes = Eyes(county)
    before = eyes.state()
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # past the guards, as a careless program could not
    with pytest.raises(AssertionError):
        run_state_machine_as_test(lambda: Lives(county, eyes, before, fault), settings=ONCE)


def petitioned(desk: Desk) -> None:
    """What the harshest county might be tempted to count."""
    household = desk.world.household
    for _ in range(3):
        desk.file(household=household, kind="repeat")
    desk.accusation(f"division:{VILLAGE}")
    closing.rate(
        op_id=uuid4(), petition=desk.answered(household=household), by=None, subject="unit", score="unsatisfied"
    )
    desk.closed(household=household, channel="net", way="hotline")


def outcome(before: Callable[[], object], then: Callable[[], object]) -> dict[str, str]:
    """All tables after `before` and `then`; taken back together with the sequences."""
    stood = sequences()
    with transaction.atomic():
        before()
        then()
        found = computed_anew()
        transaction.set_rollback(True)
    rewind(stood)
    return found


@pytest.mark.parametrize("freezing", [False, True])
def test_month_comes_out_the_same_with_petitions_and_without(world: World, freezing: bool) -> None:
    """Declared and rolled up from nothing; and frozen, with its points, ranks and archived rankings."""
    world.record(world.household.code, "WJ02")
    month = world.frozen_month if freezing else world.declare
    without = outcome(lambda: None, month)
    assert outcome(lambda: petitioned(Desk(world)), month) == without
    assert outcome(lambda: None, lambda: None) != without


def test_recomputing_after_petitions_changes_nothing(county: World) -> None:
    first = computed_anew()
    petitioned(Desk(county))
    stripped = {name: text for name, text in computed_anew().items() if first[name] != text}
    assert stripped == {}


def test_scene_has_something_to_lose(county: World) -> None:
    shown, empty = Eyes(county).state(), "d41d8cd98f00b204e9800998ecf8427e"
    wanted = ("divisionscore", "householdscore", "pointentry", "rankingsnapshot", "departmentscore", "account")
    assert all(shown[f"scoring_{name}"] != empty for name in wanted)
    assert all(shown[f"rewards_{name}"] != empty for name in ("award", "redemption", "project"))
    assert "WJ02" in shown[f"api-why {[MONTH, county.household.code]}"]
