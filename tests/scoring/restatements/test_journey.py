"""A frozen month is put right in real Chromium: the township asks from the why page, the county office grants."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.roles import Role
from scoring.models import Adjustment
from tests.browsing import enter, faults
from tests.scoring.facts import score
from tests.scoring.restatements.adjusting import FIRST, ask_addition, frozen_with
from tests.world import MONTH, World, build

pytestmark = pytest.mark.browser


@pytest.fixture
def frozen(transactional_db: None) -> World:
    world = build()
    world.record(FIRST, "WR02")
    frozen_with(world)
    return world


def test_correction_goes_from_the_why_page_to_new_rankings(
    frozen: World, browser_page: Callable, artefacts: Path
) -> None:
    page = browser_page(1280)
    enter(page, frozen, Role.TOWNSHIP)
    page.goto(reverse("why", args=[MONTH, FIRST]))
    page.click("text=申请调整")
    page.check("input[name=withdraw] >> nth=1")
    page.fill("#id_reason", "现场复核，没有倾倒垃圾")
    page.screenshot(path=artefacts / "adjustment-ask-1280.jpg", full_page=True)
    page.click("button:has-text('申请撤回')")
    page.wait_for_selector("text=已经申请，等县六零办决定。")
    enter(page, frozen, Role.COUNTY_OFFICE)
    page.goto(reverse("adjustments"))
    page.click("main .btn-primary")
    page.wait_for_selector("#effects")
    page.screenshot(path=artefacts / "adjustment-1280.jpg", full_page=True)
    page.click("text=同意，重新计算")
    page.wait_for_selector("text=各级结果、积分和排名已重新计算")
    page.click("main a:has-text('第 2 版')")
    page.wait_for_selector("text=结果调整：复核后更正")
    assert score(FIRST) == 95


def test_pages_fit_a_phone_and_every_reader(frozen: World, browser_page: Callable, artefacts: Path) -> None:
    ask_addition(frozen)
    page = browser_page(360)
    found = {}
    ask = f"{reverse('adjustment-ask')}?month={MONTH}&code={FIRST}"
    one = reverse("adjustment", args=[Adjustment.objects.get().pk])
    for role, name, address in (
        (Role.COUNTY_OFFICE, "list", reverse("adjustments")),
        (Role.COUNTY_OFFICE, "one", one),
        (Role.TOWNSHIP, "ask", ask),
        (Role.TOWNSHIP, "place", reverse("adjustment-ask")),
    ):
        enter(page, frozen, role)
        page.goto(address)
        page.screenshot(path=artefacts / f"adjustment-{name}-360.jpg", full_page=True)
        found |= {name: faults(page)} if faults(page) else {}
    assert found == {}
