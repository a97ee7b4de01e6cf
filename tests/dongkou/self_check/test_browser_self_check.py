"""安全自查 in a real browser at 360 and 1280 px."""

from collections.abc import Callable
from pathlib import Path

import pytest

from households.roles import Role
from tests.browsing import enter, faults, says
from tests.world import World, build

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
def test_security_administrator_reads_the_sheet(
    transactional_db: None, browser_page: Callable, artefacts: Path, width: int
) -> None:
    world: World = build()
    page = browser_page(width)
    enter(page, world, world.user(Role.SECURITY_ADMIN))
    page.goto("/self-check/")
    says(page, "政务应用程序规范")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"self-check-{width}.jpg", full_page=True)
