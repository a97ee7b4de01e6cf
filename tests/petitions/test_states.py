"""The one table: which step leads where, for whom. Everything that may not be is tried as well."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.roles import Role
from households.state_tables import BrokenHistory
from petitions.states import (
    FILER,
    MOVING,
    OPEN,
    SYSTEM,
    TRANSITIONS,
    WITH_FILER,
    Need,
    PetitionAction,
    PetitionState,
    action_to,
    actions_for,
    may_act,
    replay,
    transition,
    why_not,
)

A, S = PetitionAction, PetitionState
WORKERS = (Role.DEPARTMENT, Role.TOWNSHIP)
# The moves of design.md section 9, and the ways back.
MOVES = {
    (A.ACCEPT, S.FILED): S.ACCEPTED,
    (A.ACCEPT, S.REDIRECTED): S.ACCEPTED,
    (A.ACCEPT, S.NOT_ACCEPTED): S.ACCEPTED,
    (A.REDIRECT, S.FILED): S.REDIRECTED,
    (A.REDIRECT, S.ACCEPTED): S.REDIRECTED,
    (A.REDIRECT, S.CONTESTED): S.REDIRECTED,
    (A.NOT_ACCEPT, S.FILED): S.NOT_ACCEPTED,
    (A.ASSIGN, S.ACCEPTED): S.ASSIGNED,
    (A.ASSIGN, S.CONTESTED): S.ASSIGNED,
    (A.ASSIGN, S.ASSIGNED): S.ASSIGNED,
    (A.ASSIGN, S.HANDLED): S.ASSIGNED,
    (A.CONTEST, S.ASSIGNED): S.CONTESTED,
    (A.HANDLE, S.ASSIGNED): S.HANDLED,
    (A.RETURN, S.HANDLED): S.ASSIGNED,
    (A.ANSWER, S.HANDLED): S.ANSWERED,
    (A.CONFIRM, S.ANSWERED): S.CONFIRMED,
    (A.CONFIRM, S.REVIEWED): S.CONFIRMED,
    (A.CLOSE, S.CONFIRMED): S.CLOSED,
    (A.CLOSE, S.ANSWERED): S.CLOSED,
    (A.CLOSE, S.REVIEWED): S.CLOSED,
    (A.REOPEN, S.ANSWERED): S.ASSIGNED,
    (A.REOPEN, S.CONFIRMED): S.ASSIGNED,
    (A.REOPEN, S.CLOSED): S.ASSIGNED,
    (A.ASK_REVIEW, S.ANSWERED): S.REVIEWING,
    (A.ASK_REVIEW, S.CLOSED): S.REVIEWING,
    (A.REVIEW, S.REVIEWING): S.REVIEWED,
    (A.ASK_FINAL_REVIEW, S.REVIEWED): S.FINAL_REVIEWING,
    (A.FINAL_REVIEW, S.FINAL_REVIEWING): S.FINAL,
    (A.MERGE, S.FILED): S.MERGED,
    (A.MERGE, S.ACCEPTED): S.MERGED,
    (A.MERGE, S.ASSIGNED): S.MERGED,
    (A.UNMERGE, S.MERGED): S.FILED,
    **{(A.WITHDRAW, s): S.WITHDRAWN for s in (S.FILED, S.ACCEPTED, S.ASSIGNED, S.CONTESTED, S.HANDLED)},
}
ALL = [*Role, FILER, SYSTEM]


@pytest.mark.parametrize(("action", "state"), list(product(sorted(MOVING), PetitionState)))
def test_every_pair_moves_as_agreed_or_says_why_not(action: str, state: PetitionState) -> None:
    found = {t.target for t in TRANSITIONS if (t.action, t.source) == (action, state)}
    wanted = MOVES.get((PetitionAction(action), state))
    assert found == ({wanted} if wanted else set())
    assert bool(why_not(PetitionAction(action), state)) == (wanted is None)


def test_whose_turn_it_is() -> None:
    assert {state: state.waits_for for state in S if state.waits_for} == {
        S.FILED: "信访局登记受理",
        S.ACCEPTED: "信访局交办",
        S.ASSIGNED: "承办单位办理",
        S.CONTESTED: "信访局重新确定承办单位",
        S.HANDLED: "承办单位答复",
        S.ANSWERED: "来信人确认，或异议期满",
        S.CONFIRMED: "信访局办结",
        S.REVIEWING: "信访局答复复查",
        S.REVIEWED: "来信人确认，或复核申请期满",
        S.FINAL_REVIEWING: "信访局答复复核",
    }


def test_authorities_owe_the_next_step_until_they_have_answered() -> None:
    owing = [S.FILED, S.ACCEPTED, S.ASSIGNED, S.CONTESTED, S.HANDLED, S.REVIEWING, S.FINAL_REVIEWING]
    assert [state for state in S if state.is_open] == owing
    assert all(state.is_open is (state in OPEN) for state in S)
    assert WITH_FILER == (S.ANSWERED, S.REVIEWED)


def test_steps_beside_the_moves_leave_the_state_alone() -> None:
    staying = [t for t in TRANSITIONS if t.action not in MOVING]
    assert staying
    assert all(t.source is t.target for t in staying)


def test_no_step_stands_twice_for_one_role() -> None:
    for action, state, role in product(PetitionAction, PetitionState, ALL):
        rows = [t for t in TRANSITIONS if (t.action, t.source) == (action, state) and role in t.roles]
        assert len(rows) <= 1, (action, state, role)


def test_who_handles_never_closes_confirms_rates_or_extends() -> None:
    own = {A.CLOSE, A.CONFIRM, A.RATE, A.EXTEND, A.PAUSE, A.RESUME, A.REVIEW, A.FINAL_REVIEW, A.REOPEN}
    assert not [(role, action) for role, action in product(WORKERS, own) if may_act(role, action)]


def test_who_files_alone_confirms_and_withdraws() -> None:
    for action in (A.CONFIRM, A.WITHDRAW):
        assert {role for role in ALL if may_act(role, action)} == {FILER}


def test_every_step_of_a_unit_asks_whether_it_is_at_work() -> None:
    steps = [t for t in TRANSITIONS if t.roles & set(WORKERS)]
    assert steps
    assert all(t.needs & {Need.LEAD, Need.MEMBER} for t in steps)


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.CADRE, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_nobody_else_moves_anything(role: str) -> None:
    assert [action for action in PetitionAction if may_act(role, action)] == []


def test_county_office_supervises_and_does_nothing_else() -> None:
    assert [action for action in PetitionAction if may_act(Role.COUNTY_OFFICE, action)] == [A.SUPERVISE]


def test_closing_an_answer_waits_for_the_filer() -> None:
    for state, need in ((S.ANSWERED, Need.OBJECTION_TIME), (S.REVIEWED, Need.REVIEW_TIME_PASSED)):
        steps = [t for t in TRANSITIONS if (t.action, t.source) == (A.CLOSE, state)]
        assert steps
        assert all(need in t.needs for t in steps)


def test_whoever_is_waited_for_is_told() -> None:
    assert all(state.waits_for for state in OPEN)
    assert {state for state in PetitionState if not state.label} == set()
    assert {action for action in PetitionAction if not action.label} == set()


def test_only_moves_are_found_by_their_target() -> None:
    assert action_to(S.ACCEPTED, S.FILED, Role.PETITION_OFFICE) is A.ACCEPT
    assert action_to(S.ANSWERED, S.HANDLED, Role.DEPARTMENT) is A.ANSWER
    assert action_to(S.ANSWERED, S.HANDLED, Role.PETITION_OFFICE) is None
    assert action_to(S.FILED, S.FILED, Role.PETITION_OFFICE) is None


def test_end_of_a_final_review_is_the_end() -> None:
    moving = [a for role in ALL for a in actions_for(role, S.FINAL) if a in MOVING]
    assert moving == []


@given(st.data())
def test_walk_along_the_table_replays_to_where_it_ended(data: st.DataObject) -> None:
    state, walked = S.FILED, [A.FILE]
    for _ in range(data.draw(st.integers(0, 12))):
        step = data.draw(st.sampled_from([t for t in TRANSITIONS if t.source is state]))
        walked.append(step.action)
        state = step.target
    assert replay(walked) is state


@pytest.mark.parametrize("walked", [[], ["accept"], ["file", "file"], ["file", "answer"], ["file", "accept", "close"]])
def test_history_that_the_table_does_not_allow_is_broken(walked: list[str]) -> None:
    with pytest.raises(BrokenHistory):
        replay(walked)


def test_refusal_names_the_state_in_chinese() -> None:
    assert why_not(A.ANSWER, S.FILED) == "这件信访现在是“已提交”，不能答复。"
    assert transition(A.ANSWER, S.FILED, Role.DEPARTMENT) is None
