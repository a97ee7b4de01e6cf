"""The auditor's pages on a phone and on a desk."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from households.roles import Role
from scoring.ledger.publishing import publish_roots
from tests.browsing import enter, faults, says
from tests.world import COUNTY, World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_auditor_finds_out_where_a_line_came_from(
    live_site: str, browser_page: Callable[..., object], width: int, artefacts: object
) -> None:
    world: World = build()
    world.frozen_month()
    [daily] = publish_roots().days
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    page.goto("/audit/")
    page.context.clear_cookies()
    enter(page, world, Role.AUDITOR)
    page.goto("/audit/")
    says(page, "被拒绝的访问")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"audit-{width}.jpg")
    page.click("text=看地址")
    page.fill("input[name=reason]", "查异常访问")
    page.screenshot(path=artefacts / f"audit-address-{width}.jpg")
    page.click("button:has-text('看来源地址')")
    says(page, "127.0.0.1")
    assert faults(page) == []
    page.goto(reverse("ledger-day", args=[COUNTY, f"{daily.day:%Y-%m-%d}"]))
    says(page, "留痕指纹", "body")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"ledger-day-{width}.jpg")
