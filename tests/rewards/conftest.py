"""The shop of 东山村. Imports wait for the fixture: this file is read before Django is set up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.rewards.shop_world import ShopWorld
    from tests.world import World


@pytest.fixture
def shop(world: "World") -> "ShopWorld":
    from tests.rewards.shop_world import shop_once

    return shop_once(world)
