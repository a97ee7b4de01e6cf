"""A county's own scheme in Chromium, on a telephone and on a desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.roles import Role
from tests.browsing import enter, faults
from tests.scoring.schemes.own_schemes import asked
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_own_scheme_is_read_on_any_screen(
    browser_page: Callable[..., object], world: World, artefacts: Path, width: int
) -> None:
    """Where it is handed in, and what it would change."""
    ask = asked(world)
    page = browser_page(width)
    enter(page, world, Role.COUNTY_OFFICE)
    for name, address in (("asks", reverse("scheme-asks")), ("ask", reverse("scheme-ask", args=[ask.pk]))):
        page.goto(address)
        assert faults(page) == []
        page.screenshot(path=artefacts / f"scheme-{name}-{width}.jpg", full_page=True)
