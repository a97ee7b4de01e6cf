"""A sheet that was sent back, in a real browser: what was done to it since, and signing it again unchanged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from households.roles import Role
from scoring.models import Declaration
from scoring.reviews.actions.reviewing import return_sheet
from tests.browsing import faults, says
from tests.scoring.points.asking import asker, op
from tests.scoring.sheets.sheet_browser import enter, reads, record
from tests.world import VILLAGE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST = f"{VILLAGE}010001"


@pytest.fixture
def returned(world: World) -> World:
    asker(world, Role.CADRE).send(op("declare"))
    return_sheet(sheet=world.sheet(), reason="二组漏了一条", by=world.user(Role.TOWNSHIP))
    return world


def test_unchanged_sheet_is_signed_again_only_when_that_is_meant(
    returned: World, browser_page: Callable, artefacts: Path
) -> None:
    page = browser_page(360)
    enter(page, returned, Role.CADRE)
    says(page, "退回以后还没有改动")
    page.click("#sheet-sign")
    says(page, "退回以后没有任何改动", "#sign-words")
    page.click("#sign-go")
    says(page, "一处也没有改", "#sign-said")
    page.screenshot(path=artefacts / "sheet-unchanged-360.jpg")
    assert faults(page) == []
    assert Declaration.objects.filter(withdrawn_at=None).count() == 0
    page.check("#sign-same")
    page.click("#sign-go")
    page.wait_for_selector(".state-declared")
    assert Declaration.objects.filter(withdrawn_at=None).count() == 1


def test_changed_sheet_is_signed_at_once(returned: World, browser_page: Callable) -> None:
    page = browser_page(1280)
    enter(page, returned, Role.CADRE)
    record(page, FIRST, "pollution", "露天焚烧")
    page.click("#sheet-sign")
    assert page.locator("#sign-same").count() == 0
    page.click("#sign-go")
    page.wait_for_selector(".state-declared")


def test_home_leads_to_the_entries_that_wait(world: World, browser_page: Callable) -> None:
    asker(world, Role.CADRE).record(FIRST, "WJ04")
    page = browser_page(360)
    enter(page, world, Role.SUPERVISOR, "/village/sheet/2024-05/?show=pending")
    reads(page, '#sheet-filters [aria-pressed="true"]', "待确认 1")
    assert page.locator(".sheet-row:visible").count() == 1
