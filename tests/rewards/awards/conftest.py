"""A fund and two frozen months. Imports wait for the fixture: this file is read before Django is set up."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.rewards.awards.scene import FundScene


@pytest.fixture
def scene(db: None) -> "FundScene":
    """Nothing is awarded yet; modules that need more build on it."""
    from tests.rewards.awards.scene import fund_scene

    return fund_scene()
