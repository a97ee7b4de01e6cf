"""练习村 in a real browser: at 360 and 1280 px, outside and inside."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dongkou.training.state import PREFIX
from dongkou.training.villages import make_village
from households.roles import Role
from tests.browsing import enter, faults, says
from tests.world import World, build

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
def test_a_cadre_goes_in_and_out(
    transactional_db: None, training_database: None, browser_page: Callable, artefacts: Path, width: int
) -> None:
    world: World = build()
    make_village(township=world.township, by=None)
    page = browser_page(width)
    enter(page, world, world.user(Role.CADRE))
    page.goto("/training/")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"training-page-{width}.jpg", full_page=True)
    page.get_by_role("button", name="进入练习村").click()
    says(page, "这里的分数不计入任何统计", "body")
    assert page.url.endswith(f"{PREFIX}/")
    for name, path in (("home", "/"), ("sheet", "/village/sheet/"), ("rules", "/rules/")):
        page.goto(f"{PREFIX}{path}")
        assert faults(page) == []
        page.screenshot(path=artefacts / f"training-{name}-{width}.jpg", full_page=True)
    page.get_by_role("link", name="换岗位、结束练习").click()
    page.get_by_role("button", name="结束练习").click()
    says(page, "东山村", "body")
