"""Random histories through the doors: the state that is stored is the one that the history gives, clocks included."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions.clocks import deadlines
from petitions.models import Petition, PetitionEvent
from petitions.states import PetitionState, replay
from tests.petitions.desk import LYJ, Desk
from tests.petitions.steps.random_steps import LIKELY, MOVES, step
from tests.world import World

pytestmark = pytest.mark.django_db


def check(petition: Petition) -> None:
    """History and row agree: state, number of lines, clocks; times never run backwards."""
    petition.refresh_from_db()
    lines = list(PetitionEvent.objects.filter(petition=petition).order_by("seq"))
    assert [line.seq for line in lines] == list(range(1, petition.seq + 1))
    assert replay(line.kind for line in lines) == petition.state == lines[-1].state
    assert deadlines.clock_columns_of(deadlines.history_of(petition)) == {
        "paused": petition.paused,
        "due_on": petition.due_on,
    }
    assert all(a.at <= b.at for a, b in pairwise(lines))
    assert petition.state != PetitionState.CLOSED or {"answer"} <= {line.kind for line in lines}


@given(moves=st.lists(MOVES, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replayed_history_is_the_stored_state(world: World, moves: list[Any]) -> None:
    desk = Desk(world)
    other, petition = desk.file(), desk.file()  # a merge happens after both were filed
    for move in moves:
        step(desk, petition, move, other)
    check(petition)
    check(other)


@given(between=st.lists(st.lists(MOVES, max_size=2), min_size=7, max_size=7))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_disturbed_main_path_stays_consistent(world: World, between: list[list[Any]]) -> None:
    desk = Desk(world)
    other, petition = desk.file(), desk.file()  # a merge happens after both were filed
    for (name, actor), disturbances in zip(LIKELY, between, strict=True):
        step(desk, petition, (name, actor, LYJ, 1), other)
        for move in disturbances:
            step(desk, petition, move, other)
    check(petition)
    check(other)


def test_undisturbed_path_is_walked_to_its_end(world: World) -> None:
    """So that the walks above are known to get somewhere."""
    desk = Desk(world)
    other, petition = desk.file(), desk.file()  # a merge happens after both were filed
    assert all(step(desk, petition, (name, actor, LYJ, 1), other) for name, actor in LIKELY)
    check(petition)
