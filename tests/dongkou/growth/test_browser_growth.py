"""The growth of tables on 运行情况, in a real browser at 360 and 1280 px."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dongkou.growth.measuring import measure
from households.roles import Role
from tests.browsing import enter, faults, says
from tests.world import World, build

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
def test_administrator_reads_how_the_data_grow(
    transactional_db: None, browser_page: Callable, artefacts: Path, width: int
) -> None:
    world: World = build()
    measure()
    page = browser_page(width)
    enter(page, world, world.user(Role.SYSTEM_ADMIN))
    page.goto("/running/")
    says(page, "数据增长")
    assert faults(page) == []
    page.locator("section[aria-labelledby=growth]").screenshot(path=artefacts / f"growth-{width}.jpg")
