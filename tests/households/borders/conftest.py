"""Who changes places."""

from typing import TYPE_CHECKING

import pytest

from households.roles import Role

if TYPE_CHECKING:
    from households.models import User
    from tests.world import World


@pytest.fixture
def office(world: "World") -> "User":
    return world.user(Role.COUNTY_OFFICE)
