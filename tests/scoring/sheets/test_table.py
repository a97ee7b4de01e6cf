"""One table of states and moves: every state, action and post is tried through page and interface; what it forbids is refused by name."""

import pytest

from scoring.freezing import freeze, post
from scoring.states import SYSTEM, TABLE, SheetAction, SheetState, transition, why_not
from tests.scoring.sheets.moving import BY_COMMAND, DOORS, ROLES, WAYS, bring_to, state
from tests.world import LONG_AFTER, MONTH, World

NOT_YOURS = "只有本村村干部可以"
AUTHORITY = {403, 404}  # the door is closed to the post


def moves_by_door(action: SheetAction, source: SheetState, role: str) -> bool:
    return transition(action, source, role) is not None and (action, role) not in BY_COMMAND


def test_every_move_of_the_table_has_a_door_or_is_the_months_own() -> None:
    by_hand = {move.action for move in TABLE.moves if SYSTEM not in move.roles}
    assert by_hand == set(DOORS)


@pytest.mark.parametrize("source", SheetState)
def test_what_the_table_forbids_is_refused_at_every_door_by_name(world: World, source: SheetState) -> None:
    """By the post, or by the state, whose sentence is read."""
    bring_to(world, source)
    tried = 0
    for action, door in WAYS:
        for role in ROLES:
            if moves_by_door(action, source, role):
                continue
            told = door(world.client(role), world, action)
            tried += 1
            holds = any((action, role) not in BY_COMMAND and transition(action, at, role) for at in SheetState)
            if holds:
                assert told.status in (409, 422) and why_not(action, source) in told.words, (action, role, told)
            else:
                assert told.status in AUTHORITY or NOT_YOURS in told.words, (action, role, told)
            assert state() == source, (action, role)
    assert tried > 50


ALLOWED = [
    (move.source, move.action, door, role)
    for move in TABLE.moves
    for door in DOORS.get(move.action, ())
    for role in sorted(move.roles)
    if (move.action, role) not in BY_COMMAND
]


@pytest.mark.parametrize(
    "way", ALLOWED, ids=[f"{source}-{action}-{door.__name__}-{role}" for source, action, door, role in ALLOWED]
)
def test_what_the_table_allows_leads_where_it_says(world: World, way: tuple) -> None:
    source, action, door, role = way
    bring_to(world, source)
    told = door(world.client(role), world, action)
    move = transition(action, source, role)
    assert move and state() == move.target, told


@pytest.mark.parametrize(("action", "source"), [(move.action, move.source) for move in TABLE.moves][:5:2])
def test_neighbouring_township_moves_nothing(world: World, action: SheetAction, source: SheetState) -> None:
    bring_to(world, source)
    for stranger in world.strangers.values():
        for door in DOORS[action]:
            told = door(world.client(stranger), world, action)
            assert told.status in AUTHORITY or NOT_YOURS in told.words
    assert state() == source


@pytest.mark.parametrize("source", SheetState)
def test_days_move_what_the_table_lets_them_move(world: World, source: SheetState) -> None:
    """Posting and freezing are nobody's: the beat asks for both."""
    bring_to(world, source)
    moved = transition(SheetAction.POST, source, SYSTEM)
    assert bool(post(month=MONTH, on=LONG_AFTER)) is (moved is not None)
    assert state() == (moved.target if moved else source)


@pytest.mark.parametrize("source", [SheetState.OPEN, SheetState.DECLARED, SheetState.REVIEWED])
def test_nothing_is_frozen_that_was_not_posted(world: World, source: SheetState) -> None:
    bring_to(world, source)
    freeze(month=MONTH, on=LONG_AFTER)
    assert state() == source
