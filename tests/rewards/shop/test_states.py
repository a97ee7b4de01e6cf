"""Which move a redemption makes from which state, by whom: the whole table, and nothing beside it."""

from itertools import product

import pytest

from households.roles import Role
from rewards.states import (
    HOUSEHOLD,
    NEXT_STEPS,
    REASON,
    SYSTEM,
    RedemptionAction,
    RedemptionState,
    StocktakeState,
    actions_for,
    may_act,
    transition,
    why_not,
)

MOVES = {
    (RedemptionAction.HAND_OVER, RedemptionState.RESERVED): RedemptionState.HANDED_OVER,
    (RedemptionAction.VOID, RedemptionState.RESERVED): RedemptionState.VOIDED,
    (RedemptionAction.EXPIRE, RedemptionState.RESERVED): RedemptionState.EXPIRED,
    (RedemptionAction.REVERSE, RedemptionState.HANDED_OVER): RedemptionState.REVERSED,
}


@pytest.mark.parametrize(("action", "source"), list(product(RedemptionAction, RedemptionState)))
def test_every_pair_moves_as_agreed_or_says_why_not(action: RedemptionAction, source: RedemptionState) -> None:
    move = transition(action, source)
    assert (move.target if move else None) == MOVES.get((action, source))
    assert bool(why_not(action, source)) == (move is None)


@pytest.mark.parametrize("state", [RedemptionState.VOIDED, RedemptionState.EXPIRED, RedemptionState.REVERSED])
def test_nothing_leads_out_of_an_end(state: RedemptionState) -> None:
    assert [action for action in RedemptionAction if transition(action, state)] == []


def test_taking_back_and_giving_up_need_a_reason() -> None:
    moves = [transition(*pair) for pair in MOVES]
    assert {move.action for move in moves if REASON in move.needs} == {RedemptionAction.VOID, RedemptionAction.REVERSE}


def test_every_state_says_what_to_do_instead() -> None:
    assert set(NEXT_STEPS) == set(RedemptionState)


def test_no_way_leads_back_to_a_reservation() -> None:
    assert RedemptionState.RESERVED not in set(MOVES.values())


def test_cadre_household_and_schedule_have_their_own_moves() -> None:
    reserved = RedemptionState.RESERVED
    assert actions_for(Role.CADRE, reserved) == [RedemptionAction.HAND_OVER, RedemptionAction.VOID]
    assert actions_for(HOUSEHOLD, reserved) == [RedemptionAction.VOID]
    assert actions_for(SYSTEM, reserved) == [RedemptionAction.EXPIRE]
    assert actions_for(Role.CADRE, RedemptionState.HANDED_OVER) == [RedemptionAction.REVERSE]


def test_who_does_a_thing_at_all() -> None:
    able = {
        role: {action for action in RedemptionAction if may_act(role, action)} for role in (*Role, HOUSEHOLD, SYSTEM)
    }
    cadre = {RedemptionAction.HAND_OVER, RedemptionAction.VOID, RedemptionAction.REVERSE}
    assert able[Role.CADRE] == cadre
    assert (able[HOUSEHOLD], able[SYSTEM]) == ({RedemptionAction.VOID}, {RedemptionAction.EXPIRE})


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CADRE])
def test_nobody_else_moves_anything(role: str) -> None:
    assert [action for action in RedemptionAction if may_act(role, action)] == []


def test_refusal_names_the_state_in_chinese() -> None:
    told = why_not(RedemptionAction.VOID, RedemptionState.HANDED_OVER)
    assert told == "这笔兑换现在是“已领取”，不能再取消。"


def test_only_standing_ones_count_towards_limits() -> None:
    assert {state for state in RedemptionState if state.counts} == {"reserved", "handed_over"}
    assert {state for state in RedemptionState if state.is_open} == {"reserved"}


def test_stocktake_is_open_until_posted_or_given_up() -> None:
    assert {state for state in StocktakeState if state.is_open} == {"counting", "signed"}


def test_every_state_and_action_has_a_word() -> None:
    words = [word.label for word in [*RedemptionState, *RedemptionAction, *StocktakeState]]
    assert all(words)
    assert len(set(words)) == len(words)
