"""The states of a sheet: only the moves of the table exist, and every lock explains itself."""

from collections.abc import Iterator

import pytest

from scoring.states import (
    REASON,
    SYSTEM,
    TRANSITIONS,
    AdjustmentState,
    EventState,
    SheetAction,
    SheetState,
    actions_for,
    event_state,
    lock_reason,
    transition,
    why_not,
    why_not_adjust,
    why_not_decide,
)


def everything() -> Iterator[tuple[SheetAction, SheetState]]:
    return ((action, state) for action in SheetAction for state in SheetState)


def test_the_month_walks_from_open_to_frozen():
    state, walk = SheetState.OPEN, [SheetState.OPEN]
    for action in (SheetAction.DECLARE, SheetAction.APPROVE, SheetAction.POST, SheetAction.FREEZE):
        state = transition(action, state).target
        walk.append(state)
    assert walk == list(SheetState)


def test_no_move_is_listed_twice():
    moves = [(move.action, move.source) for move in TRANSITIONS]
    assert len(moves) == len(set(moves))


def test_nothing_leaves_frozen():
    assert all(transition(action, SheetState.FROZEN) is None for action in SheetAction)


def test_nothing_goes_back_once_posted():
    order = list(SheetState)
    backward = [m.source for m in TRANSITIONS if order.index(m.target) < order.index(m.source)]
    assert SheetState.POSTED not in backward


def test_every_way_back_demands_a_reason():
    order = list(SheetState)
    for move in TRANSITIONS:
        assert (REASON in move.needs) == (order.index(move.target) < order.index(move.source))


@pytest.mark.parametrize(
    ("action", "source", "role"),
    [
        (SheetAction.DECLARE, SheetState.OPEN, "cadre"),
        (SheetAction.UNDECLARE, SheetState.DECLARED, "cadre"),
        (SheetAction.APPROVE, SheetState.DECLARED, "township"),
        (SheetAction.RETURN, SheetState.DECLARED, "township"),
        (SheetAction.RETURN, SheetState.REVIEWED, "township"),
        (SheetAction.POST, SheetState.REVIEWED, SYSTEM),
        (SheetAction.FREEZE, SheetState.POSTED, SYSTEM),
    ],
)
def test_who_moves_a_sheet(action, source, role):
    assert role in transition(action, source).roles


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("cadre", {SheetAction.DECLARE, SheetAction.UNDECLARE}),
        ("township", {SheetAction.APPROVE, SheetAction.RETURN}),
        ("county_office", {SheetAction.DECLARE, SheetAction.REVOKE, SheetAction.POST, SheetAction.FREEZE}),
        (SYSTEM, {SheetAction.POST, SheetAction.FREEZE}),
    ],
)
def test_each_role_has_its_moves_and_no_others(role, actions):
    assert {action for state in SheetState for action in actions_for(role, state)} == actions


@pytest.mark.parametrize("role", ["leader", "supervisor", "department", "petition_office", "system_admin", "auditor"])
def test_other_roles_move_nothing(role):
    assert all(actions_for(role, state) == [] for state in SheetState)


def test_a_cadre_never_reviews_his_own_sheet():
    assert actions_for("cadre", SheetState.DECLARED) == [SheetAction.UNDECLARE]


def test_a_township_approves_or_returns():
    assert actions_for("township", SheetState.DECLARED) == [SheetAction.APPROVE, SheetAction.RETURN]


def test_an_open_sheet_is_not_locked():
    assert lock_reason(SheetState.OPEN) == ""


@pytest.mark.parametrize("state", [state for state in SheetState if state is not SheetState.OPEN])
def test_a_lock_says_why_and_what_would_help(state):
    reason = lock_reason(state)
    assert "所以不能改动" in reason
    assert any(word in reason for word in ("可以", "请", "由"))
    assert reason.endswith("。")


@pytest.mark.parametrize(("action", "state"), list(everything()))
def test_why_not_is_silent_exactly_when_the_move_exists(action, state):
    assert (why_not(action, state) == "") == (transition(action, state) is not None)


def test_why_not_names_the_state_and_the_way():
    sentence = why_not(SheetAction.UNDECLARE, SheetState.REVIEWED)
    assert sentence == "现在是“已审核”，不能撤回申报；只有“已申报”时才可以撤回申报。"


def test_why_not_names_every_way():
    assert "“已申报”、“已审核”" in why_not(SheetAction.RETURN, SheetState.POSTED)


def test_households_are_scored_from_the_declaration_on():
    assert [state.is_scored for state in SheetState] == [False, True, True, True, True]


def test_labels_are_distinct_chinese():
    labels = [state.label for state in SheetState] + [action.label for action in SheetAction]
    assert len(set(labels)) == len(labels)
    assert not any(label.isascii() for label in labels)


@pytest.mark.parametrize(
    ("confirmed", "withdrawn", "state"),
    [
        (False, False, EventState.PENDING),
        (True, False, EventState.CONFIRMED),
        (True, True, EventState.WITHDRAWN),
        (False, True, EventState.WITHDRAWN),
    ],
)
def test_event_state_from_its_two_stamps(confirmed, withdrawn, state):
    assert event_state(confirmed=confirmed, withdrawn=withdrawn) is state


def test_only_confirmed_events_count():
    assert [state for state in EventState if state.counts] == [EventState.CONFIRMED]


def test_event_states_speak_chinese():
    assert [state.label for state in EventState] == ["待确认", "已确认", "已撤回"]


@pytest.mark.parametrize("state", [s for s in SheetState if s is not SheetState.FROZEN])
def test_only_a_frozen_sheet_takes_an_adjustment(state: SheetState) -> None:
    assert why_not_adjust(SheetState.FROZEN) == ""
    way = "请直接在台账上更正。" if state is SheetState.OPEN else lock_reason(state)
    assert why_not_adjust(state) == f"本月还没有锁定，不需要调整。{way}"


def test_adjustment_is_decided_once_and_by_another_person() -> None:
    assert why_not_decide(AdjustmentState.ASKED, own=False) == ""
    assert "另一个人" in why_not_decide(AdjustmentState.ASKED, own=True)
    for decided in (AdjustmentState.GRANTED, AdjustmentState.REFUSED):
        assert decided.label in why_not_decide(decided, own=False)
