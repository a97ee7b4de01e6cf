"""A restated village against an independent calculation, and against freezing the same facts in the first place."""

import random

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.checks.verify import verify
from scoring.freezing import freeze
from scoring.models import ScoreEvent, Sheet
from scoring.months.months import open_month
from scoring.rollup import marks, rollup
from scoring.states import SheetState
from tests.scoring import small_counties
from tests.scoring.forgetting import forgotten
from tests.scoring.restatements.adjusting import FIRST, ask_addition, ask_withdrawal, frozen_with, grant
from tests.scoring.small_counties import MONTH, expected, load, stored, worlds
from tests.world import LONG_AFTER, World

pytestmark = pytest.mark.django_db
exactly = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
in_many = settings(exactly, max_examples=120)


def frozen_villages() -> list[str]:
    frozen = Sheet.objects.filter(period=MONTH, state=SheetState.FROZEN)
    return sorted(frozen.values_list("village_id", flat=True))


def change(world: dict, village: str, rng: random.Random) -> None:
    """An event inside the village is added, or one is withdrawn."""
    inside = [e for e in world["events"] if e["code"].startswith(village) and not e["withdrawn"]]
    if inside and rng.random() < 0.5:
        event = rng.choice(inside)
        event["withdrawn"] = True
        found = ScoreEvent.objects.filter(op_id=event["op_id"])
        found.update(withdrawn_at=timezone.now(), withdraw_reason="更正")
        return
    divisions = [d["code"] for d in world["divisions"] if d["code"].startswith(village)]
    households = [h["code"] for h in world["households"] if h["code"].startswith(village)]
    event = small_counties.event(rng, divisions, households)
    small_counties.write_events(open_month(MONTH), [event])
    world["events"].append(event)


@exactly
@given(worlds(), st.randoms(use_true_random=False))
def test_restated_village_equals_the_oracle(world: dict, rng: random.Random) -> None:
    restated(world, rng)


@pytest.mark.long
@in_many
@given(worlds(), st.randoms(use_true_random=False))
def test_restated_village_equals_the_oracle_in_many_counties(world: dict, rng: random.Random) -> None:
    restated(world, rng)


def restated(world: dict, rng: random.Random) -> None:
    with forgotten():
        world = load(world)
        marks.touch(MONTH, [event["code"] for event in world["events"]])
        freeze(month=MONTH, on=LONG_AFTER, force=True)
        for village in frozen_villages():
            for _ in range(rng.randint(1, 3)):
                change(world, village, rng)
            rollup.restate(MONTH, village)
        rollup.roll_up(MONTH)
        assert stored() == expected(world)


def test_restated_to_and_fro_is_what_was_frozen(world: World) -> None:
    event = frozen_with(world)
    before = stored()
    grant(world, ask_withdrawal(world, event))
    assert stored() != before
    grant(world, ask_addition(world, FIRST))
    assert stored() == before


def test_restated_once_more_writes_nothing(world: World) -> None:
    grant(world, ask_withdrawal(world, frozen_with(world)))
    before = stored()
    rollup.restate(MONTH, FIRST[:12])
    assert (stored(), verify()) == (before, [])
