"""What somebody records about their own or their kin's household counts only once another person has confirmed it."""

import pytest

from households.kin.actions import declare_kin
from households.models import Relation, User
from households.roles import Role
from scoring.models import ScoreEvent
from tests.scoring.points.asking import Asker, asker, op
from tests.world import World

pytestmark = pytest.mark.django_db


def kin_of(world: World, user: User) -> Asker:
    """The person's view of the sheet; the first household is their kin's."""
    declare_kin(user=user, household=world.household, relation=Relation.KIN, by=user)
    return asker(world, user)


def test_entry_about_kin_waits_for_a_second_person_and_a_neighbours_does_not(world: World) -> None:
    cadre = kin_of(world, world.user(Role.CADRE))
    numbers = [cadre.record(household.code) for household in world.households[:2]]
    counts = [ScoreEvent.objects.get(pk=number).confirmed_at is not None for number in numbers]
    assert counts == [False, True]
    assert asker(world, Role.SUPERVISOR).status(op("confirm", event=numbers[0])) == "applied"
    assert ScoreEvent.objects.get(pk=numbers[0]).confirmed_by == world.user(Role.SUPERVISOR)


def test_entry_about_kin_is_not_confirmed_by_them(world: World) -> None:
    supervisor = kin_of(world, world.user(Role.SUPERVISOR))
    number = asker(world, Role.CADRE).record(world.household.code, "WJ04")
    result = supervisor.result(op("confirm", event=number))
    assert (result["status"], "亲属" in result["reason"]) == ("refused", True)
    assert ScoreEvent.objects.get(pk=number).confirmed_at is None
