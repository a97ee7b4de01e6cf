"""Made-up lives: each is one that the table allows, and the same seed gives the same ones."""

from datetime import date
from itertools import pairwise
from random import Random

import pytest

from petitions.demo.lives import Life, LifeBatch, lives, workdays
from petitions.demo.matters import MATTERS
from petitions.models import Channel
from petitions.states import PetitionAction, PetitionState, replay

FIRST, LAST = date(2022, 1, 4), date(2022, 3, 31)
PLACES = ["430726103001", "430726103002"]


def drawn(channel: Channel = Channel.PEOPLE, seed: int = 1) -> list[Life]:
    days = workdays(FIRST, LAST)
    return lives(LifeBatch(channel, days, solved=60, elsewhere=5), PLACES, Random(seed))


@pytest.fixture(params=list(Channel))
def some(request: pytest.FixtureRequest) -> list[Life]:
    return drawn(request.param)


def test_as_many_as_asked_for_are_solved(some: list[Life]) -> None:
    ends = [life.lines[-1].state for life in some]
    assert ends.count(PetitionState.CLOSED) == 60
    assert ends.count(PetitionState.NOT_ACCEPTED) == 5


def test_every_line_leaves_the_state_that_the_table_gives(some: list[Life]) -> None:
    for life in some:
        actions = [line.action for line in life.lines]
        for count, line in enumerate(life.lines, start=1):
            assert replay(actions[:count]) == line.state


def test_time_never_runs_backwards(some: list[Life]) -> None:
    for life in some:
        assert all(one.at <= other.at for one, other in pairwise(life.lines))


def test_earliest_comes_first(some: list[Life]) -> None:
    assert all(one.filed_at <= other.filed_at for one, other in pairwise(some))


def test_all_are_filed_on_the_days_given(some: list[Life]) -> None:
    assert {life.filed_at.date() for life in some} <= set(workdays(FIRST, LAST))


def test_same_seed_gives_the_same_lives() -> None:
    assert drawn(seed=7) == drawn(seed=7) != drawn(seed=8)


def test_some_say_what_they_think_and_some_say_nothing(some: list[Life]) -> None:
    rated = [life for life in some if any(line.action is PetitionAction.RATE for line in life.lines)]
    assert 0 < len(rated) < 60


@pytest.mark.parametrize("channel", list(Channel))
def test_words_of_matters_fit_into_a_petition(channel: Channel) -> None:
    for matter in MATTERS[channel]:
        assert len(matter.title.replace("{place}", "一" * 12)) <= 60
        assert matter.text and matter.answer


def test_workdays_leave_out_spring_festival_and_keep_make_up_days() -> None:
    days = workdays(date(2022, 1, 28), date(2022, 2, 8))
    assert date(2022, 1, 29) in days and date(2022, 1, 31) not in days
