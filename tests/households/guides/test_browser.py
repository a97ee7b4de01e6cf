"""The longest guide in Chromium, on a telephone and on a desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.roles import Role
from tests.browsing import enter, faults
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_guide_is_read_on_any_screen(
    browser_page: Callable[..., object], world: World, artefacts: Path, width: int
) -> None:
    page = browser_page(width)
    enter(page, world, Role.COUNTY_OFFICE)
    page.goto(reverse("own-guide"))
    assert faults(page) == []
    page.screenshot(path=artefacts / f"guide-{width}.jpg", full_page=True)
