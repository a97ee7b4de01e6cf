"""The demo's projects: needs, a running ballot, and a project from the wish to the account."""

from random import Random

import pytest
from django.utils import timezone

from households.roles import Role
from rewards.demo.projects import People, tell
from rewards.demo.scenes import SCENES, photo
from rewards.models import Ballot, Project
from tests.rewards.projects.village_works import award
from tests.world import STRANGE, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world: World) -> World:
    award(world, 150_000_00)
    villages = {village.code: village for village in (world.village, world.sister, world.strange)}
    people = People(
        cadres={VILLAGE: world.user(Role.CADRE), STRANGE: world.stranger(Role.CADRE)},
        supervisors={VILLAGE: world.user(Role.SUPERVISOR)},
        townships={TOWNSHIP: world.user(Role.TOWNSHIP)},
        county=world.user(Role.COUNTY_OFFICE),
    )
    assert tell(villages, people, Random(5), timezone.localdate()) == Project.objects.count()
    return world


def test_one_project_is_finished_and_paid(told: World) -> None:
    project = Project.objects.get(state="closed")
    assert (project.village, project.unpaid_fen) == (told.village, 0)
    assert {photo.stage for photo in project.photos.all()} == {"before", "during", "after"}


def test_ballots_are_running_with_some_voices(told: World) -> None:
    running = Ballot.objects.filter(settled_at=None)
    assert {ballot.village_id for ballot in running} == {VILLAGE, STRANGE}
    assert not Ballot.objects.get(village=VILLAGE, settled_at=None).voices.filter(household=told.household).exists()


def test_villages_without_people_have_needs_too(told: World) -> None:
    assert Project.objects.filter(village=told.sister, state="listed").count() >= 2


@pytest.mark.parametrize("kind", SCENES)
def test_before_and_after_are_different_pictures(kind: str) -> None:
    pictures = {photo(kind, when, Random(1)) for when in ("before", "during", "after")}
    assert len(pictures) == 3
    assert all(picture.startswith(b"\xff\xd8\xff") for picture in pictures)
