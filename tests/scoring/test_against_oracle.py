"""The SQL against an independent calculation of section 5, on random small counties in the real database."""

import random

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.models import DivisionScore, ScoreEvent
from scoring.months.months import open_month, sheet_of
from scoring.rankings import rankings
from scoring.rollup import marks, rollup
from scoring.sheets.actions.signing import reopen
from scoring.states import SheetAction
from tests.scoring import oracle, small_counties
from tests.scoring.forgetting import forgotten
from tests.scoring.small_counties import MONTH, expected, load, stored, worlds

pytestmark = pytest.mark.django_db
exactly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@exactly
@given(worlds())
def test_full_roll_up_equals_oracle(world: dict) -> None:
    with forgotten():
        world = load(world)
        rollup.roll_up(MONTH, full=True)
        assert stored() == expected(world)


@exactly
@given(worlds())
def test_marked_roll_up_equals_oracle(world: dict) -> None:
    with forgotten():
        world = load(world)
        marks.touch(MONTH, [event["code"] for event in world["events"]])
        rollup.roll_up(MONTH)
        assert stored() == expected(world)


@exactly
@given(worlds(), st.randoms(use_true_random=False))
def test_rankings_equal_oracle_at_every_level(world: dict, rng: random.Random) -> None:
    with forgotten():
        world = load(world)
        rollup.roll_up(MONTH, full=True)
        lines = oracle.division_lines(world)
        within = rng.choice(["", "", *(d["code"] for d in world["divisions"] if len(d["code"]) in (6, 9))])
        for level in rankings.LEVELS:
            ranking = rankings.ranking(MONTH, level, within=within)
            assert {line.code: line.rank for line in ranking} == oracle.division_ranks(world, level.code_length, within)
            for line in ranking:
                assert line.shown_result == oracle.shown(lines[line.code])
                assert line.coverage == oracle.coverage(lines[line.code])
        assert {line.code: line.rank for line in rankings.department_ranking(MONTH)} == oracle.department_ranks(world)


@exactly
@given(worlds(), st.randoms(use_true_random=False))
def test_step_by_step_equals_full_equals_oracle(world: dict, rng: random.Random) -> None:
    """After any sequence of entries, withdrawals, confirmations, declarations and returns, each rolled up or not."""
    with forgotten():
        world = load(world)
        for _ in range(rng.randint(1, 6)):
            step = rng.choice([record, withdraw, confirm, declare, undeclare])
            step(world, rng)
            if rng.random() < 0.6:
                rollup.roll_up_marked()
        rollup.roll_up(MONTH)
        assert stored() == expected(world)
        before = list(DivisionScore.objects.order_by("code").values())
        assert rollup.roll_up(MONTH, full=True).households == 0
        assert list(DivisionScore.objects.order_by("code").values()) == before


def record(world: dict, rng: random.Random) -> None:
    households = [h["code"] for h in world["households"]]
    event = small_counties.event(rng, [d["code"] for d in world["divisions"]], households)
    small_counties.write_events(open_month(MONTH), [event])
    world["events"].append(event)
    marks.touch(MONTH, [event["code"]])


def withdraw(world: dict, rng: random.Random) -> None:
    standing = [e for e in world["events"] if not e["withdrawn"]]
    if standing:
        event = rng.choice(standing)
        event["withdrawn"] = True
        found = ScoreEvent.objects.filter(op_id=event["op_id"])
        found.update(withdrawn_at=timezone.now(), withdraw_reason="登记有误")
        marks.touch(MONTH, [event["code"]])


def confirm(world: dict, rng: random.Random) -> None:
    waiting = [e for e in world["events"] if not e["confirmed"]]
    if waiting:
        event = rng.choice(waiting)
        event["confirmed"] = True
        ScoreEvent.objects.filter(op_id=event["op_id"]).update(confirmed_at=timezone.now())
        marks.touch(MONTH, [event["code"]])


def declare(world: dict, rng: random.Random) -> None:
    small_counties.sign(world, rng.choice([d["code"] for d in world["divisions"] if len(d["code"]) == 12]))


def undeclare(world: dict, rng: random.Random) -> None:
    if world["declared"]:
        village = rng.choice(sorted(world["declared"]))
        reopen(sheet_of(month=MONTH, village=village), SheetAction.UNDECLARE, reason="漏登")
        marks.touch(MONTH, [village])
        del world["declared"][village]
