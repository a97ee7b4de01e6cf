"""Who reads a name in full: the household's own cadre and group leader, and nobody from elsewhere, wherever it stands."""

import pytest

from households.models import Household
from households.register.reads import knows_names_of, name_for
from households.roles import Role
from rewards.templatetags.shop import seen_by
from scoring.readers import Reader
from scoring.templatetags.reading import head_for
from tests.world import STRANGE, World


def test_names_are_read_by_the_own_cadre_and_leader(world: World) -> None:
    readers = {role for role in world.people if knows_names_of(world.user(role), world.household.code)}
    assert readers == {Role.CADRE, Role.GROUP_LEADER}


def test_name_is_masked_for_everybody_else(world: World) -> None:
    assert name_for(world.household, world.user(Role.CADRE)) == "张三丰"
    assert name_for(world.household, world.user(Role.COUNTY_OFFICE)) == "张*"


@pytest.mark.parametrize("role", [Role.CADRE, Role.GROUP_LEADER])
def test_cadre_and_leader_of_another_place_read_the_surname(world: World, role: str) -> None:
    stranger = world.stranger(role)
    assert name_for(world.household, stranger) == "张*"
    assert seen_by(world.household, stranger) == head_for(world.household, Reader(stranger)) == "张*"


def test_cadre_reads_the_surname_only_of_the_neighbouring_village(world: World) -> None:
    there = Household.objects.filter(code__startswith=STRANGE).first()
    assert name_for(there, world.user(Role.CADRE)) == f"{there.head_name[:1]}*"
