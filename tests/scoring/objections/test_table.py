"""One table of states and moves: every pair of state and post is tried through the doors, and what it forbids is refused by name."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from households.models import User
from households.roles import Role
from scoring.models import Objection, Sheet
from scoring.objection_states import HOUSEHOLD, KEYS_IN, TABLE, ObjectionAction, ObjectionState, due_on
from scoring.objections.actions import moving
from scoring.states import SYSTEM
from tests.refusals import refusal_code
from tests.scoring.notices.posting import DAY, POSTED, posted_event
from tests.scoring.objections.objecting import ONE, objected, ruled, state
from tests.world import World

_S, _A = ObjectionState, ObjectionAction
ROLES = (HOUSEHOLD, Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.DEPARTMENT)
BY_HAND = (_A.UPHOLD, _A.REJECT, _A.HAND_ON, _A.APPEAL, _A.WITHDRAW)
CLOSED = [one for one in _S if not one.is_open]


def test_table_ends_and_leaves_nothing_behind() -> None:
    assert {move.source for move in TABLE.moves} == {one for one in _S if one.is_open}
    reached = {move.target for move in TABLE.moves} | {_S.FIRST}
    assert reached == set(_S)


def test_system_alone_ends_what_nobody_took_further() -> None:
    assert TABLE.actions_for(SYSTEM, _S.ANSWERED) == [_A.HAND_ON, _A.LAPSE]
    assert not any(TABLE.may_act(role, _A.LAPSE) for role in ROLES)


def test_last_day_is_a_working_day_and_nothing_is_due_when_it_is_over() -> None:
    friday = date(2026, 11, 27)
    assert due_on(_S.FIRST, friday) == date(2026, 11, 30)
    assert [due_on(one, friday) for one in CLOSED] == [None, None, None]


@pytest.fixture
def scene(world: World) -> tuple[World, int]:
    """A posted month, a deduction that the leader recorded, and the household's objection."""
    world.people[HOUSEHOLD] = None  # type: ignore[assignment]
    event = posted_event(world, ONE, by=Role.GROUP_LEADER)
    return world, int(objected(world, event.pk, month=POSTED)["id"])


def _recorded(world: World) -> int:
    return world.record(ONE, "WR02", by=world.user(Role.GROUP_LEADER), day=DAY).pk


def bring_to(world: World, number: int, wanted: ObjectionState) -> None:
    """Through the doors."""
    supervisor, township = world.user(Role.SUPERVISOR), world.user(Role.TOWNSHIP)
    way = {
        _S.FIRST: [],
        _S.ANSWERED: [lambda: ruled(number, supervisor, upheld=False)],
        _S.SECOND: [lambda: moving.hand_on(op_id=uuid4(), objection=number, by=supervisor)],
        _S.UPHELD: [lambda: ruled(number, supervisor)],
        _S.DISMISSED: [
            lambda: moving.hand_on(op_id=uuid4(), objection=number, by=supervisor),
            lambda: ruled(number, township, upheld=False),
        ],
        _S.WITHDRAWN: [lambda: moving.withdraw(op_id=uuid4(), objection=number, household=ONE)],
    }
    for step in way[wanted]:
        step()
    assert state(number) == wanted


def attempt(number: int, action: ObjectionAction, by: User | None) -> object:
    if action in (_A.UPHOLD, _A.REJECT):
        return ruled(number, by, upheld=action is _A.UPHOLD)  # type: ignore[arg-type]
    if action is _A.HAND_ON:
        return moving.hand_on(op_id=uuid4(), objection=number, by=by)  # type: ignore[arg-type]
    act = moving.appeal if action is _A.APPEAL else moving.withdraw
    return act(op_id=uuid4(), objection=number, by=by, household="" if by else ONE)


@pytest.mark.parametrize("source", _S)
def test_every_move_of_every_post_is_as_the_table_says(scene: tuple[World, int], source: ObjectionState) -> None:
    """What it forbids is refused: by the state (409), for the post, or because the objection is somebody else's."""
    world, number = scene
    bring_to(world, number, source)
    allowed = set()
    for action in BY_HAND:
        for role in ROLES:
            by = world.people[role]
            if by is None and action not in (_A.APPEAL, _A.WITHDRAW):
                continue
            move = TABLE.transition(action, source, role)
            if move and not _somebody_elses(role, action):
                allowed.add((action, role))
            else:
                code = refusal_code(attempt, number, action, by)
                wanted = (
                    {"objection_state"}
                    if TABLE.why_not(action, source)
                    else {"not_yours", "left_out", "objection_unknown"}
                )
                assert code in wanted, (action, role, code)
            assert state(number) == source
    assert bool(allowed) == source.is_open


def _somebody_elses(role: str, action: ObjectionAction) -> bool:
    """The household's own: taken back by it alone, taken further by it or with its paper; the county office hears no such matter."""
    if action is _A.WITHDRAW:
        return role != HOUSEHOLD
    if action is _A.APPEAL:
        return role not in (HOUSEHOLD, *KEYS_IN)
    return role == Role.COUNTY_OFFICE


BY_SOMEBODY = [move for move in TABLE.moves if move.roles != {SYSTEM}]


@pytest.mark.parametrize("move", BY_SOMEBODY, ids=lambda move: f"{move.action}-{move.source}")
def test_every_allowed_move_leads_where_the_table_says(scene: tuple[World, int], move: object) -> None:
    world, number = scene
    bring_to(world, number, move.source)  # type: ignore[attr-defined]
    roles = [role for role in ROLES if role in move.roles and not _somebody_elses(role, move.action)]  # type: ignore[attr-defined]
    if move.action in (_A.UPHOLD, _A.REJECT, _A.HAND_ON) and move.source is _S.FIRST:  # type: ignore[attr-defined]
        roles = [Role.CADRE]
    attempt(number, move.action, world.people[roles[0]])  # type: ignore[attr-defined]
    assert state(number) == move.target  # type: ignore[attr-defined]
    steps = Objection.objects.get(pk=number).steps.all()
    assert TABLE.replay(step.action for step in steps) == move.target  # type: ignore[attr-defined]


def test_days_hand_on_what_the_village_forgot_and_end_what_nobody_took_further(scene: tuple[World, int]) -> None:
    _world, number = scene
    due = Objection.objects.get(pk=number).due_on
    assert moving.move_on(month=POSTED, on=due) == 0
    assert moving.move_on(month=POSTED, on=due + timedelta(days=1)) == 1 and state(number) == _S.SECOND
    assert moving.move_on(month=POSTED, on=due + timedelta(days=90)) == 0


def test_answer_that_nobody_took_further_is_over(scene: tuple[World, int]) -> None:
    world, number = scene
    bring_to(world, number, _S.ANSWERED)
    due = Objection.objects.get(pk=number).due_on
    assert moving.move_on(month=POSTED, on=due + timedelta(days=1)) == 1 and state(number) == _S.DISMISSED
    assert Sheet.objects.get(period=POSTED, village=world.village).state == "posted"
