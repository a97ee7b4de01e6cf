"""Months that several subjects read. Imports wait for the fixtures: this file is read before Django is set up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture
def eventful(world: "World") -> "World":
    """The world after the month of ``tests.scoring.eventful_month``."""
    from tests.scoring.eventful_month import eventful_month

    return eventful_month(world)


@pytest.fixture
def rolled_up(world: "World") -> "World":
    """The world with the month's scores counted."""
    from scoring.rollup.rollup import roll_up
    from tests.world import MONTH

    roll_up(MONTH, full=True)
    return world


@pytest.fixture
def frozen(world: "World") -> "World":
    """The world with the month frozen."""
    world.frozen_once()
    return world
