"""The household's page, a change with its preview and the month's list in Chromium, on a telephone and on a desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from households.changes.actions.away import mark_away
from households.changes.actions.watching import answer_objection
from households.models import ChangeKind
from households.roles import Role
from tests.browsing import enter, faults, says
from tests.households.changes.histories import done
from tests.world import VILLAGE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"


@pytest.mark.parametrize("width", [360, 1280])
def test_change_is_looked_at_first_and_stands_in_the_list(
    browser_page: Callable[..., object], world: World, artefacts: Path, width: int
) -> None:
    cadre = world.user(Role.CADRE)
    done(cadre, ChangeKind.SPLIT, timezone.localdate(), SECOND, head_name="李小四", note="儿子结婚另住")
    mark_away(household=world.household, since=timezone.localdate(), by=cadre)
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    for name, address in (("household", f"{FIRST}/"), ("register", ""), ("list", "changes/")):
        page.goto(f"/village/households/{address}")
        assert faults(page) == []
        page.screenshot(path=artefacts / f"changes-{name}-{width}.jpg", full_page=True)
    page.goto(f"/village/households/{FIRST}/change/merge/")
    page.fill("[name=other]", "1-2")
    page.select_option("[name=reason]", "together")
    page.click("text=先看会怎样")
    says(page, f"并入 {SECOND}")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"changes-preview-{width}.jpg", full_page=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_township_objects_and_reads_the_answer(
    browser_page: Callable[..., object], world: World, artefacts: Path, width: int
) -> None:
    cadre = world.user(Role.CADRE)
    one = done(cadre, ChangeKind.SPLIT, timezone.localdate(), SECOND, head_name="李小四", note="儿子结婚另住")
    done(cadre, ChangeKind.CLOSE, timezone.localdate(), f"{VILLAGE}010005")
    page = browser_page(width)
    enter(page, world, Role.TOWNSHIP)
    page.goto("/village/households/changes/")
    assert faults(page) == []
    form = page.locator(f"form[action='{reverse('answer-change', args=[one.pk])}']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("[name=text]").fill("两家还住在一起，请核对")
    form.locator("button").click()
    says(page, "意见已记下")
    assert faults(page) == []
    page.screenshot(path=artefacts / f"changes-objected-{width}.jpg", full_page=True)
    answer_objection(objection=one.objection, answer="已另建新房", by=cadre)
    page.goto("/village/households/changes/")
    says(page, "已另建新房")
