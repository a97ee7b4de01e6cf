"""The inbox in Chromium, on a telephone and on a desk; the number arrives in the menu of a page that came without it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from households.roles import Role
from tests.browsing import enter, faults
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_inbox_is_read_on_any_screen(
    browser_page: Callable[..., object], world: World, artefacts: Path, width: int
) -> None:
    world.declare(world.village, world.sister)
    page = browser_page(width)
    enter(page, world, Role.TOWNSHIP)
    page.goto("/kin/")
    page.locator(".inbox-number", has_text="2").first.wait_for(state="attached")
    page.goto("/inbox/")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"inbox-{width}.jpg", full_page=True)
