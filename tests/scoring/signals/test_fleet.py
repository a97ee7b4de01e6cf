"""Signals on a made-up fleet: careless villages are found, honest ones of every habit are left in peace."""

from collections import Counter

import pytest

from scoring.bench.world import FIRST_COUNTY
from scoring.signals.reads import signals_of
from scoring.signals.rules import SignalKind
from tests.scoring.signals.fleet import CARELESS, MONTH, Village, fill, fleet, signed_together

pytestmark = pytest.mark.django_db
KIND = {
    "silent": SignalKind.STREAK,
    "typed": SignalKind.SECONDS,
    "copied": SignalKind.COPY,
    "burst": SignalKind.BURST,
    "one browser": SignalKind.DEVICE,
}


@pytest.fixture
def found(db: None) -> tuple[list[Village], dict[str, set[SignalKind]]]:
    villages = fleet(20241, honest_ones=240, careless_ones=60)
    fill(villages)
    signed_together(villages)
    told = signals_of(MONTH, str(FIRST_COUNTY))
    return villages, {code: {one.kind for one in signals} for code, signals in told.items()}


def test_careless_villages_are_found_and_honest_ones_are_not(found) -> None:
    villages, told = found
    careless = [one for one in villages if one.careless]
    missed = Counter(one.habit for one in careless if KIND[one.habit] not in told.get(one.code, ()))
    falsely = {one.code: (one.habit, told[one.code]) for one in villages if not one.careless and one.code in told}
    assert len(careless) == 60 and set(KIND) == set(CARELESS)
    assert missed.total() <= 0.05 * len(careless), missed
    assert len(falsely) <= 0.02 * 240, falsely
