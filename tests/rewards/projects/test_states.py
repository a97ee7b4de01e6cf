"""The states, the money that may be paid, the acceptance and the count of a choice: pure rules."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards import project_states as rules
from rewards.project_states import Judgement, ProjectAction, ProjectState

STATES = st.sampled_from(ProjectState)
FEN = st.integers(0, 10**12)
ORDERS = st.lists(st.integers(1, 40), min_size=1, unique=True)


MOVES = {  # by action: the states in which it is possible, and where it leads
    ProjectAction.LIST: ("listed", None),
    ProjectAction.EDIT: ("listed", None),
    ProjectAction.MOVE: ("listed", None),
    ProjectAction.CHOOSE: ("listed", "chosen"),
    ProjectAction.APPROVE: ("chosen", "approved"),
    ProjectAction.RETURN: ("chosen", "listed"),
    ProjectAction.ALLOCATE: ("approved building", None),
    ProjectAction.RELEASE: ("approved building accepted", None),
    ProjectAction.PLAN: ("approved building", None),
    ProjectAction.START: ("approved", "building"),
    ProjectAction.PROGRESS: ("building", None),
    ProjectAction.PHOTO: ("listed chosen approved building accepted", None),
    ProjectAction.PAY: ("building accepted", None),
    ProjectAction.REVERSE: ("building accepted", None),
    ProjectAction.JUDGE: ("building", None),
    ProjectAction.ACCEPT: ("building", "accepted"),
    ProjectAction.CLOSE: ("accepted", "closed"),
    ProjectAction.DROP: ("listed chosen approved building", "dropped"),
}


@pytest.mark.parametrize(("action", "state"), list(product(ProjectAction, ProjectState)))
def test_every_pair_moves_as_agreed(action: ProjectAction, state: ProjectState) -> None:
    sources, leads = MOVES[action]
    assert rules.target(action, state) == ((leads or state) if state in sources.split() else None)


def test_every_state_and_action_has_a_word_of_its_own() -> None:
    assert len({state.label for state in ProjectState}) == len(ProjectState)
    assert len({action.label for action in ProjectAction}) == len(ProjectAction)


@given(st.sampled_from(ProjectAction), STATES)
def test_an_action_is_possible_or_says_why_not(action: ProjectAction, state: ProjectState) -> None:
    refused = rules.why_not(action, state)
    assert bool(refused) == (rules.target(action, state) is None)
    assert not refused or (state.label in refused and action.label in refused)


def test_every_state_is_reached_from_the_list_of_needs() -> None:
    seen = {ProjectState.LISTED}
    for _ in ProjectState:
        seen |= {to for action in ProjectAction for state in seen if (to := rules.target(action, state))}
    assert seen == set(ProjectState)


@pytest.mark.parametrize("state", [ProjectState.CLOSED, ProjectState.DROPPED])
def test_nothing_moves_at_the_end(state: ProjectState) -> None:
    assert [action for action in ProjectAction if rules.target(action, state)] == []
    assert not rules.is_open(state)
    assert state.waits_for == ""


def test_projects_are_open_until_closed_or_dropped() -> None:
    ends = {ProjectState.CLOSED, ProjectState.DROPPED}
    assert {state for state in ProjectState if rules.is_open(state)} == set(ProjectState) - ends


def test_open_states_say_whose_turn_it_is() -> None:
    assert all(state.waits_for for state in ProjectState if rules.is_open(state))


def test_sentence_names_where_it_would_be_possible() -> None:
    sentence = rules.why_not(ProjectAction.PAY, ProjectState.APPROVED)
    assert sentence == "项目现在是“已立项”，不能付款；“施工中”、“已验收”的项目才可以付款。"


@given(FEN, FEN, STATES)
def test_payable_never_exceeds_what_is_left(allocated: int, paid: int, state: ProjectState) -> None:
    paid = min(paid, allocated)
    assert 0 <= rules.payable(allocated, paid, state) <= allocated - paid


def test_one_fifth_waits_for_acceptance() -> None:
    assert rules.payable(100_00, 0, ProjectState.BUILDING) == 80_00
    assert rules.payable(100_00, 80_00, ProjectState.BUILDING) == 0
    assert rules.payable(100_00, 80_00, ProjectState.ACCEPTED) == 20_00
    assert rules.payable(100_00, 0, ProjectState.APPROVED) == 0


def judged(*words: tuple[int, bool, bool]) -> list[Judgement]:
    return [Judgement(*word) for word in words]


def test_two_supervisors_accept_when_the_village_has_two() -> None:
    assert rules.acceptance_lacks(judged((1, True, True)), 2) == "还差 1 名村务监督委员签字"
    assert rules.acceptance_lacks(judged((1, True, True), (9, False, True)), 2) != ""
    assert rules.acceptance_lacks(judged((1, True, True), (2, True, True)), 3) == ""


def test_same_supervisor_twice_is_one() -> None:
    assert rules.acceptance_lacks(judged((1, True, True), (1, True, True)), 2) == "还差 1 名村务监督委员签字"


def test_one_supervisor_needs_the_township() -> None:
    assert rules.acceptance_lacks([], 1) == "还差村务监督委员和乡镇签字"
    assert rules.acceptance_lacks(judged((1, True, True)), 1) == "还差乡镇签字"
    assert rules.acceptance_lacks(judged((9, False, True)), 0) == "还差村务监督委员签字"
    assert rules.acceptance_lacks(judged((1, True, True), (9, False, True)), 1) == ""


def test_a_no_accepts_nothing() -> None:
    assert rules.acceptance_lacks(judged((1, True, False), (2, True, True)), 2) == "还差 1 名村务监督委员签字"


@pytest.mark.parametrize(
    ("item", "up", "after"),
    [(2, True, [2, 1, 3]), (2, False, [1, 3, 2]), (1, True, [1, 2, 3]), (3, False, [1, 2, 3])],
)
def test_moving_up_is_towards_the_front(item: int, up: bool, after: list[int]) -> None:
    assert rules.moved([1, 2, 3], item, up) == after


@given(ORDERS, st.data(), st.booleans())
def test_moving_keeps_everything_and_moves_one_place(order: list[int], data: st.DataObject, up: bool) -> None:
    item = data.draw(st.sampled_from(order))
    after = rules.moved(order, item, up)
    assert sorted(after) == sorted(order)
    assert abs(after.index(item) - order.index(item)) <= 1
    if after != order:
        assert rules.moved(after, item, not up) == order


VOICES = st.lists(st.lists(st.integers(1, 6), max_size=3), max_size=30)


@given(VOICES)
def test_votes_add_up_and_name_every_option(voices: list[list[int]]) -> None:
    votes = rules.tally([1, 2, 3, 4], voices)
    assert list(votes) == [1, 2, 3, 4]
    assert sum(votes.values()) == sum(len({1, 2, 3, 4} & set(picks)) for picks in voices)


@given(VOICES, st.randoms())
def test_order_of_voices_does_not_matter(voices: list[list[int]], chance: object) -> None:
    shuffled = list(voices)
    chance.shuffle(shuffled)
    assert rules.tally([1, 2, 3], voices) == rules.tally([1, 2, 3], shuffled)


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 5)), st.integers(1, 4))
def test_winners_have_votes_and_nobody_outside_has_more(votes: dict[int, int], places: int) -> None:
    won = rules.winners(votes, places)
    assert len(won) <= places
    assert all(votes[option] for option in won)
    least = min((votes[option] for option in won), default=0)
    assert all(votes[option] <= least for option in set(votes) - set(won) if len(won) == places)


def test_more_urgent_need_wins_a_tie() -> None:
    assert rules.winners({7: 2, 3: 2, 5: 1}, 1) == [7]
    assert rules.winners({7: 0, 3: 0}, 1) == []
