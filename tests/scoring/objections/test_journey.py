"""From a paper slip to the restated county, in real Chromium: the cadre keys it in, the supervisor rules, the county is computed anew."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image

from households.roles import Role
from scoring.models import DivisionScore, Objection
from scoring.rollup.rollup import roll_up_marked
from tests.browsing import enter, faults
from tests.plates import own_plate
from tests.scoring.notices.posting import DAY, POSTED, posted
from tests.scoring.objections.objecting import ONE
from tests.world import COUNTY, VILLAGE, World, build

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db: None) -> World:
    made = build()
    made.record(ONE, "WR02", by=made.user(Role.GROUP_LEADER), day=DAY)
    posted(made)
    return made


def total() -> int:
    return DivisionScore.objects.get(month=POSTED, code=COUNTY).total


def test_paper_slip_changes_the_county(world: World, browser_page: Callable, artefacts: Path, tmp_path: Path) -> None:
    slip, before = tmp_path / "slip.jpg", total()
    Image.new("RGB", (400, 300), "white").save(slip)
    page = browser_page(360)
    enter(page, world, Role.CADRE)
    page.goto(reverse("objections"))
    page.click("text=提一件")
    page.fill("#id_month", POSTED)
    page.fill("#id_words", "张三丰")
    page.click("button:has-text('查找')")
    page.click(f"main a[href*='{ONE}']")
    page.check("input[name=about] >> nth=0")
    page.fill("#id_text", "那天全家在外打工，倒垃圾的不是我家。")
    page.set_input_files("#id_photo", slip)
    page.screenshot(path=artefacts / "objection-new-360.jpg", full_page=True)
    assert faults(page) == []
    page.click("button:has-text('提交')")
    page.wait_for_selector("text=已经收下，编号")
    enter(page, world, Role.SUPERVISOR)
    page.goto(reverse("home"))
    page.click("text=件异议等裁定")
    page.click("main li a >> nth=0")
    page.check("input[name=upheld] >> nth=0")
    page.select_option("#id_public_reason", "wrong_place")
    page.fill("#id_reason", "看了车票，确实不在家。")
    page.screenshot(path=artefacts / "objection-ruling-360.jpg", full_page=True)
    assert faults(page) == []
    page.click("button:has-text('裁定')")
    page.wait_for_selector("text=已裁定成立，记录已经更正")
    roll_up_marked()
    assert total() == before + 5


@pytest.mark.parametrize("width", [360, 1280])
def test_supervisor_says_whose_objection_it_is(
    world: World, browser_page: Callable, artefacts: Path, width: int
) -> None:
    page = browser_page(width)
    enter(page, world, Role.SUPERVISOR)
    page.goto(reverse("objection-new") + f"?month={POSTED}&code={ONE}")
    page.screenshot(path=artefacts / f"objection-own-or-paper-{width}.jpg", full_page=True)
    assert faults(page) == []
    page.check("input[name=way][value=paper]")
    page.check("input[name=about] >> nth=0")
    page.fill("#id_text", "那天全家在外打工。")
    page.click("button:has-text('提交')")
    page.wait_for_selector("text=书面异议要附一张照片")
    assert not Objection.objects.exists() and page.input_value("#id_text") == "那天全家在外打工。"


def test_public_and_household_pages_fit_every_width(world: World, browser_page: Callable, artefacts: Path) -> None:
    plate, pin = own_plate(world.household)
    found = {}
    for width in (320, 1280):
        page = browser_page(width)
        page.goto(reverse("plate", args=[plate.token]))
        page.fill("input[name=pin]", pin)
        page.click("main button")
        for name, address in {
            "notice": reverse("notice", args=[VILLAGE, POSTED]),
            "notices": reverse("notice-list"),
            "home": reverse("plate", args=[plate.token]) + f"?month={POSTED}",
            "objections": reverse("household-objections", args=[plate.token]),
            "new": reverse("household-objection-new", args=[plate.token, POSTED]),
        }.items():
            page.goto(address)
            page.screenshot(path=artefacts / f"objecting-{name}-{width}.jpg", full_page=True)
            found |= {(name, width): faults(page)} if faults(page) else {}
    assert found == {}
    assert not Objection.objects.exists()
