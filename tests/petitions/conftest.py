"""The desk, its days, and the petition office's browser; modules with a scene of their own have fixtures of their own.

Imports wait for the fixtures: this file is read before Django is set up.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.petitions.desk import Desk
    from tests.petitions.receptions.scene import Days
    from tests.world import World


@pytest.fixture
def desk(world: "World") -> "Desk":
    from tests.petitions.desk import Desk

    return Desk(world)


@pytest.fixture
def days(desk: "Desk") -> "Days":
    from tests.petitions.receptions.scene import Days

    return Days(desk)


@pytest.fixture
def office(desk: "Desk") -> "Client":
    return desk.world.client(desk.office)
