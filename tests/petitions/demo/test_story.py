"""The demo's petitions in the small world: the article's figures, and something in every state on today's desks."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from households.models import User
from households.roles import Role
from petitions.demo import story
from petitions.house import checks
from petitions.models import (
    Channel,
    Content,
    NumberSeries,
    Petition,
    PetitionEvent,
    Promise,
    Publication,
    Rating,
    Reception,
    ReceptionKind,
)
from petitions.promise_states import PromiseState
from petitions.states import PetitionState
from tests import world
from tests.petitions.desk import Desk

LATER = {PetitionState.REVIEWED, PetitionState.FINAL_REVIEWING, PetitionState.FINAL}


def once(step: str, act: Callable[[Random], None]) -> None:
    """Remembers nothing: each step is made whenever it is asked for."""
    act(Random(step))


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The small world as a demo: its petition office, one unit and its households take part."""
    with django_db_blocker.unblock(), transaction.atomic():
        Desk(world.build()).body()
        User.objects.filter(username__in=[Role.PETITION_OFFICE, Role.DEPARTMENT]).update(is_demo=True)
        story.load(story.PetitionLoad(timezone.localdate(), once, say=str))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: None, db: None) -> None:
    """The same, for one test."""


def solved(channel: Channel, year: int) -> int:
    filed = Petition.objects.filter(channel=channel, filed_at__year=year)
    return filed.filter(state=PetitionState.CLOSED).count()


def test_years_of_the_article_have_its_figures(demo: None) -> None:
    assert (solved(Channel.ENTERPRISE, 2022), solved(Channel.ENTERPRISE, 2023)) == (61, 50)
    assert (solved(Channel.PEOPLE, 2022), solved(Channel.PEOPLE, 2023)) == (596, 116)
    assert solved(Channel.NET, 2022) == Petition.objects.filter(channel=Channel.NET, filed_at__year=2022).count() == 176


def test_histories_and_copies_agree(demo: None) -> None:
    assert not [finding for finding in checks.examine() if finding.wrong]


def test_numbers_run_without_gaps_in_each_year(demo: None) -> None:
    for series in NumberSeries.objects.all():
        numbers = Petition.objects.filter(number__startswith=f"{series.county}-{series.year}-").values_list(
            "number", flat=True
        )
        assert sorted(int(number[-6:]) for number in numbers) == list(range(1, series.last + 1))


def test_todays_desks_hold_something_in_every_state_on_the_way(demo: None) -> None:
    assert set(Petition.objects.values_list("state", flat=True)) >= set(PetitionState) - LATER


def test_one_matter_came_through_two_channels(demo: None) -> None:
    merged = Petition.objects.filter(state=PetitionState.MERGED)
    assert {one.case.petitions.count() for one in merged} == {2}


def test_unit_that_shows_the_demo_finds_no_trace_of_the_accusation(demo: None) -> None:
    accusations = Petition.objects.filter(content=Content.ACCUSATION, against_office=False)
    assert accusations.exists()
    for user in User.objects.filter(is_demo=True, role=Role.DEPARTMENT, is_active=True):
        assert not Petition.objects.visible_to(user).filter(pk__in=accusations).exists()


def test_accusation_against_the_office_is_read_by_the_named_body_alone(demo: None) -> None:
    petition = Petition.objects.get(against_office=True)
    people = User.objects.filter(is_active=True)
    readers = [user.username for user in people if petition in Petition.objects.visible_to(user)]
    assert (readers, len(people) > 5) == (["jijian"], True)


def test_ratings_have_their_lines(demo: None) -> None:
    lines = PetitionEvent.objects.filter(kind="rate").count()
    assert Rating.objects.count() == lines > 100


def test_people_of_past_years_cannot_sign_in(demo: None) -> None:
    former = User.objects.filter(username__startswith="wangnian-")
    assert former.exists() and not former.filter(is_active=True).exists()
    assert not any(user.has_usable_password() for user in former)


def test_last_enterprise_day_was_held_and_the_next_is_being_prepared(demo: None) -> None:
    days = Reception.objects.filter(kind=ReceptionKind.ENTERPRISE_DAY)
    assert set(days.values_list("state", flat=True)) == {"held", "planned"}
    assert all(day.items.exists() for day in days)


def test_promises_are_fulfilled_open_and_overdue(demo: None) -> None:
    today = timezone.localdate()
    assert Promise.objects.filter(state=PromiseState.FULFILLED).exists()
    standing = Promise.objects.filter(state=PromiseState.MADE)
    assert standing.filter(due_on__lt=today).exists() and standing.filter(due_on__gte=today).exists()


def test_an_old_case_has_an_owner(demo: None) -> None:
    assert Petition.objects.filter(case__owner__isnull=False, kind="backlog").exists()


def test_some_answers_are_public(demo: None) -> None:
    assert Publication.objects.count() == story.PUBLIC
