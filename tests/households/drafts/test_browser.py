"""A household writes on a phone, and the session ends under it: with scripts and without."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from tests.browsing import faults
from tests.petitions.filers import TEXT, TITLE, Filer
from tests.world import VILLAGE, World, build


def written(page: Any, world: World) -> Filer:
    """Somebody has come in and written."""
    filer = Filer(world.household)
    page.goto(f"/h/{filer.token}/")
    come_in(page, filer)
    page.goto(filer.url("new"))
    page.get_by_label("一句话说是什么事").fill(TITLE)
    page.get_by_label("详细情况").fill(TEXT)
    page.get_by_label("事情在哪里").select_option(VILLAGE)
    return filer


def come_in(page: Any, filer: Filer) -> None:
    page.get_by_label("6 位密码").fill(filer.pin)
    page.get_by_role("button", name="打开").click()


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_text_is_there_again_after_the_door(browser_page: Any, artefacts: Path, scripts: bool) -> None:
    world: World = build()
    page = browser_page(360, java_script_enabled=scripts)
    filer = written(page, world)
    Session.objects.all().delete()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("您写的内容还在").wait_for()
    come_in(page, filer)
    page.get_by_text("刚才没有交上去").wait_for()
    assert page.url.endswith(filer.url("new"))
    assert page.get_by_label("一句话说是什么事").input_value() == TITLE
    assert page.get_by_label("详细情况").input_value() == TEXT
    assert page.get_by_label("事情在哪里").input_value() == VILLAGE
    if scripts:
        page.screenshot(path=artefacts / "draft-back-360.jpg", full_page=True)
        assert faults(page) == []
    page.get_by_role("button", name="提交").click()
    page.locator("dd.number").wait_for()


@pytest.mark.browser
def test_end_is_told_before_it_comes(browser_page: Any, artefacts: Path) -> None:
    world: World = build()
    page = browser_page(360)
    page.clock.install()
    written(page, world)
    told = page.locator("main > [role=alert]")
    page.clock.fast_forward("20:00")
    assert told.count() == 0
    page.clock.fast_forward("08:00")
    told.get_by_text("系统会自动退出").wait_for()
    page.screenshot(path=artefacts / "draft-told-360.jpg")
    assert faults(page) == []
    page.get_by_role("button", name="接着写").click()
    told.wait_for(state="detached")
    page.clock.fast_forward("31:00")
    told.get_by_text("时间到了").wait_for()
