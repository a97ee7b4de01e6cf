"""Needs on the list and a ballot between them. Imports wait for the fixtures: this file is read before Django is set up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rewards.models import Ballot, Project
    from tests.world import World


@pytest.fixture
def needs(world: "World") -> "list[Project]":
    from tests.rewards.projects.village_works import listed

    return listed(world, "一组修路", "二组水渠", "三组路灯")


@pytest.fixture
def ballot(world: "World", needs: "list[Project]") -> "Ballot":
    from tests.rewards.projects.village_works import asked

    return asked(world, needs)
