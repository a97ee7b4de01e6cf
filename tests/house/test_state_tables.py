"""Every table of states keeps what all of them promise: no state out of reach, and a history replays to where it led."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.state_tables import BrokenHistory, Move, StateTable, moves
from petitions import states as petitions
from petitions.promise_states import PROMISE_STEPS, PromiseState
from petitions.reception_states import RECEPTION_MOVES, ReceptionState
from rewards import project_states as projects
from rewards import states as redemptions
from scoring import states as sheets

Table = StateTable[Any, Any, Any]
TABLES: dict[str, tuple[Table, type]] = {
    "petitions": (petitions.TABLE, petitions.PetitionState),
    "receptions": (RECEPTION_MOVES, ReceptionState),
    "promises": (PROMISE_STEPS, PromiseState),
    "redemptions": (redemptions.TABLE, redemptions.RedemptionState),
    "projects": (projects.TABLE, projects.ProjectState),
    "sheets": (sheets.TABLE, sheets.SheetState),
}
ALL = st.sampled_from([table for table, _ in TABLES.values()])


@pytest.mark.parametrize("name", TABLES)
def test_every_state_is_the_first_or_can_be_reached(name: str) -> None:
    table, states = TABLES[name]
    reached = {table.start}
    for _ in states:
        reached |= {move.target for move in table.moves if move.source in reached}
    assert reached == set(states)


@pytest.mark.parametrize("name", TABLES)
def test_action_leads_from_a_state_to_one_other_alone(name: str) -> None:
    table, _ = TABLES[name]
    targets: dict[Any, set[Any]] = {}
    for move in table.moves:
        targets.setdefault((move.action, move.source), set()).add(move.target)
    assert {pair: found for pair, found in targets.items() if len(found) > 1} == {}


def opening(table: Table) -> list[Any]:
    """What a history of the table begins with."""
    return [table.begin] if table.begin else []


def walk(table: Table, data: st.DataObject) -> tuple[list[Any], Any]:
    state, walked = table.start, opening(table)
    for _ in range(data.draw(st.integers(0, 8))):
        onwards = [move for move in table.moves if move.source is state]
        if onwards:
            move = data.draw(st.sampled_from(onwards))
            walked.append(move.action)
            state = move.target
    return walked, state


@given(ALL, st.data())
def test_history_along_the_table_replays_to_where_it_led(table: Table, data: st.DataObject) -> None:
    walked, state = walk(table, data)
    assert table.replay(action.value for action in walked) is state


@given(ALL, st.data())
def test_step_beside_the_table_breaks_the_history_and_says_why_not(table: Table, data: st.DataObject) -> None:
    walked, state = walk(table, data)
    for action in {move.action for move in table.moves}:
        known = {move.target for move in table.moves if (move.action, move.source) == (action, state)}
        if known:
            assert table.transition(action, state).target in known and not table.why_not(action, state)
        else:
            assert table.transition(action, state) is None
            with pytest.raises(BrokenHistory):
                table.replay([*walked, action])


@given(ALL, st.data())
def test_role_does_what_its_moves_say_and_nothing_else(table: Table, data: st.DataObject) -> None:
    roles = sorted({role for move in table.moves for role in move.roles}) or [""]
    role, state = data.draw(st.sampled_from(roles)), data.draw(st.sampled_from([m.source for m in table.moves]))
    offered = table.actions_for(role, state)
    assert offered == list(dict.fromkeys(m.action for m in table.moves if m.source is state and role in m.roles))
    assert all(table.transition(action, state, role) and table.may_act(role, action) for action in offered)
    others = {move.action for move in table.moves} - set(offered)
    assert all(table.transition(action, state, role) is None for action in others)


def test_moves_without_a_target_stay() -> None:
    state, action = sheets.SheetState, sheets.SheetAction
    assert list(moves(action.POST, (state.OPEN, state.POSTED), None, ("cadre",), "reason")) == [
        Move(action.POST, each, each, frozenset({"cadre"}), frozenset({"reason"}))
        for each in (state.OPEN, state.POSTED)
    ]


@pytest.mark.parametrize("walked", [[], ["accept"], ["file", "file"]])
def test_history_that_does_not_begin_as_it_must_is_broken(walked: list[str]) -> None:
    with pytest.raises(BrokenHistory):
        petitions.TABLE.replay(walked)


def test_history_of_what_begins_by_itself_may_be_empty() -> None:
    assert sheets.TABLE.replay([]) is sheets.SheetState.OPEN


def test_refusal_names_every_state_from_which_it_could_be_done_once() -> None:
    told = sheets.why_not(sheets.SheetAction.RETURN, sheets.SheetState.FROZEN)
    assert told == "现在是“已锁定”，不能退回；只有“已申报”、“已审核”时才可以退回。"
