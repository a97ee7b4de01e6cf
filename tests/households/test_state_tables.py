"""A table of states, shown on a gate: what it allows whom, what it says to others, and where a history leads."""

from enum import StrEnum

import pytest

from households.state_tables import BrokenHistory, Move, StateTable, moves


class GateState(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"

    @property
    def label(self) -> str:
        return {"open": "开着", "shut": "关着", "locked": "锁着"}[self.value]


class GateAction(StrEnum):
    BUILD = "build"
    SHUT = "shut"
    LOCK = "lock"
    OPEN = "open"
    PAINT = "paint"

    @property
    def label(self) -> str:
        return {"build": "建", "shut": "关", "lock": "锁", "open": "开", "paint": "刷"}[self.value]


S, A = GateState, GateAction
MOVES = (
    *moves(A.SHUT, (S.OPEN,), S.SHUT, ("guest", "keeper")),
    *moves(A.LOCK, (S.SHUT,), S.LOCKED, ("keeper",)),
    *moves(A.OPEN, (S.SHUT,), S.OPEN, ("guest",)),
    *moves(A.OPEN, (S.SHUT, S.LOCKED), S.OPEN, ("keeper",), "key"),
    *moves(A.PAINT, S, None, ("keeper",)),
)


@pytest.fixture
def gate() -> StateTable[GateAction, GateState, str]:
    return StateTable(GateAction, MOVES, start=S.OPEN, refusal="门{state}，不能{action}；{sources}才能{action}。")


@pytest.fixture
def built() -> StateTable[GateAction, GateState, str]:
    """One whose histories say how it began."""
    return StateTable(GateAction, MOVES, start=S.OPEN, begin=A.BUILD)


def test_one_step_from_several_states_is_a_move_from_each() -> None:
    assert list(moves(A.OPEN, (S.SHUT, S.LOCKED), S.OPEN, ("keeper",), "key")) == [
        Move(A.OPEN, S.SHUT, S.OPEN, frozenset({"keeper"}), frozenset({"key"})),
        Move(A.OPEN, S.LOCKED, S.OPEN, frozenset({"keeper"}), frozenset({"key"})),
    ]


def test_step_without_a_target_leaves_the_state_as_it_is() -> None:
    assert [(move.source, move.target) for move in moves(A.PAINT, S, None)] == [(state, state) for state in S]


def test_table_keeps_the_order_of_its_moves(gate) -> None:
    assert gate.moves == MOVES


@pytest.mark.parametrize(
    ("asked", "target", "needs"),
    [
        ((A.SHUT, S.OPEN, "guest"), S.SHUT, set()),
        ((A.SHUT, S.OPEN, None), S.SHUT, set()),
        ((A.OPEN, S.SHUT, "guest"), S.OPEN, set()),
        ((A.OPEN, S.SHUT, "keeper"), S.OPEN, {"key"}),
        ((A.PAINT, S.LOCKED, "keeper"), S.LOCKED, set()),
    ],
)
def test_step_of_a_role_is_its_own(gate, asked, target, needs) -> None:
    found = gate.transition(*asked)
    assert (found.target, found.needs) == (target, needs)


@pytest.mark.parametrize(
    ("action", "state", "role"),
    [(A.LOCK, S.SHUT, "guest"), (A.OPEN, S.LOCKED, "guest"), (A.SHUT, S.SHUT, "keeper"), (A.LOCK, S.OPEN, None)],
)
def test_step_that_a_role_has_not_is_none(gate, action, state, role) -> None:
    assert gate.transition(action, state, role) is None


def test_actions_of_a_role_come_in_the_table_s_order_each_once(gate) -> None:
    assert gate.actions_for("keeper", S.SHUT) == [A.LOCK, A.OPEN, A.PAINT]
    assert gate.actions_for("guest", S.SHUT) == [A.OPEN]
    assert gate.actions_for("guest", S.LOCKED) == []


def test_role_does_an_action_in_whatever_state(gate) -> None:
    assert [action for action in A if gate.may_act("guest", action)] == [A.SHUT, A.OPEN]
    assert not gate.may_act("stranger", A.PAINT)


def test_why_not_names_the_state_the_action_and_where_it_could_be(gate) -> None:
    assert gate.why_not(A.OPEN, S.OPEN) == "门开着，不能开；“关着”、“锁着”才能开。"
    assert gate.why_not(A.LOCK, S.LOCKED) == "门锁着，不能锁；“关着”才能锁。"


def test_why_not_says_nothing_of_what_somebody_can_do(gate, built) -> None:
    assert gate.why_not(A.OPEN, S.LOCKED) == ""
    assert built.why_not(A.LOCK, S.LOCKED) == ""


@pytest.mark.parametrize(
    ("history", "state"),
    [([], S.OPEN), (["shut"], S.SHUT), (["shut", "lock", "paint"], S.LOCKED), (["shut", "lock", "open"], S.OPEN)],
)
def test_history_leads_to_its_state(gate, built, history, state) -> None:
    assert gate.replay(history) is state
    assert built.replay(["build", *history]) is state


@pytest.mark.parametrize("history", [["lock"], ["shut", "shut"], ["build"]])
def test_history_that_the_table_does_not_allow_is_broken(gate, history) -> None:
    with pytest.raises(BrokenHistory, match=f"{history[-1]} after"):
        gate.replay(history)


@pytest.mark.parametrize("history", [[], ["shut"], ["build", "build"]])
def test_history_that_is_written_down_opens_with_its_beginning_once(built, history) -> None:
    with pytest.raises(BrokenHistory):
        built.replay(history)
