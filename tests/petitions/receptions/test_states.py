"""The two tables: every pair that is not in them is refused, and no promise is fulfilled by whoever made it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.roles import Role
from households.state_tables import BrokenHistory
from petitions.promise_states import OPEN_PROMISES, PROMISE_STEPS, PromiseState, PromiseStep, promise_after, steps_for
from petitions.reception_states import RECEPTION_MOVES, ReceptionMove, ReceptionState, reception_after
from petitions.states import FILER, SYSTEM

P, S, M, R = PromiseState, PromiseStep, ReceptionMove, ReceptionState
ALL = [*Role, FILER, SYSTEM]


@pytest.mark.parametrize("each", [*PromiseState, *PromiseStep, *ReceptionState, *ReceptionMove])
def test_every_word_has_its_chinese(each: PromiseState | PromiseStep | ReceptionState | ReceptionMove) -> None:
    assert each.label and not each.label.isascii()


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        (["plan"], R.PLANNED),
        (["plan", "move", "move", "hold"], R.HELD),
        (["plan", "hold", "follow_up"], R.FOLLOWED_UP),
        (["plan", "cancel"], R.CANCELLED),
    ],
)
def test_reception_ends_where_its_moves_lead(moves: list[str], state: R) -> None:
    assert reception_after(moves) is state


@pytest.mark.parametrize(
    "moves",
    [[], ["hold"], ["plan", "plan"], ["plan", "follow_up"], ["plan", "cancel", "hold"], ["plan", "hold", "move"]],
)
def test_reception_takes_no_other_road(moves: list[str]) -> None:
    with pytest.raises(BrokenHistory):
        reception_after(moves)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (["made"], P.MADE),
        (["made", "moved", "reminded", "moved"], P.MADE),
        (["made", "reported"], P.REPORTED),
        (["made", "reported", "returned", "reported", "kept"], P.FULFILLED),
        (["made", "kept"], P.FULFILLED),
        (["made", "reported", "given_up"], P.GIVEN_UP),
    ],
)
def test_promise_ends_where_its_steps_lead(steps: list[str], state: P) -> None:
    assert promise_after(steps) is state


@pytest.mark.parametrize("steps", [[], ["kept"], ["made", "made"], ["made", "kept", "moved"], ["made", "returned"]])
def test_promise_takes_no_other_road(steps: list[str]) -> None:
    with pytest.raises(BrokenHistory):
        promise_after(steps)


@given(st.lists(st.sampled_from(list(PromiseStep))))
def test_promise_that_has_ended_stays_as_it_is(steps: list[PromiseStep]) -> None:
    for end in (["made", "kept"], ["made", "given_up"]):
        if steps:
            with pytest.raises(BrokenHistory):
                promise_after([*end, *steps])


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.TOWNSHIP])
def test_unit_only_reports(role: str) -> None:
    assert {step for state in P for step in steps_for(role, state)} == {S.REPORTED}


def test_keeping_is_for_the_office_after_a_report_and_for_the_filer() -> None:
    keepers = {(state, role) for state, role in product(P, ALL) if S.FULFILLED in steps_for(role, state)}
    assert keepers == {(P.REPORTED, Role.PETITION_OFFICE), (P.REPORTED, FILER), (P.MADE, FILER)}


def test_giving_up_and_moving_are_the_offices_alone() -> None:
    for step in (S.GIVEN_UP, S.MOVED, S.RETURNED):
        assert {role for state, role in product(P, ALL) if step in steps_for(role, state)} == {Role.PETITION_OFFICE}


def test_nobody_else_touches_a_promise() -> None:
    others = set(ALL) - {Role.PETITION_OFFICE, Role.DEPARTMENT, Role.TOWNSHIP, FILER, SYSTEM}
    assert [steps_for(role, state) for role, state in product(others, P) if steps_for(role, state)] == []


def test_tables_lead_only_to_known_states() -> None:
    assert {move.target for move in PROMISE_STEPS.moves} <= set(P)
    assert {move.target for move in RECEPTION_MOVES.moves} <= set(R)
    assert {state for state in P if state.is_open} == OPEN_PROMISES


def test_promise_is_open_until_it_was_checked_or_given_up() -> None:
    assert [state for state in PromiseState if state in OPEN_PROMISES] == [PromiseState.MADE, PromiseState.REPORTED]
