"""Plates before the camera, one after another, become the list of households."""

from pathlib import Path
from typing import Any

import pytest

from households.files.qr import address, png
from households.roles import Role
from scoring.models import Clause, ScoreEvent
from tests.browsing import enter, faults, says
from tests.camera import camera_browser, filmed, page_of
from tests.plates import own_plate
from tests.scoring.batches.many import DEED, HOMES
from tests.world import DAY, MONTH, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_plates_are_scanned_one_after_another(
    world: World, _chromium: Any, live_site: str, tmp_path: Path, artefacts: Path
) -> None:
    film = tmp_path / "plates.y4m"
    plates = [png(address(own_plate(home)[0].token)) for home in world.households[:3]]
    filmed(film, [plates[0], plates[0], png("http://example.org/"), plates[1], plates[0], plates[2]])
    with camera_browser(_chromium, film) as browser, page_of(browser, live_site) as page:
        enter(page, world, Role.CADRE)
        page.goto(f"/village/sheet/{MONTH}/batches/many/")
        page.click("#plates-look")
        says(page, "扫到 3 块", "#plates-camera")
        assert faults(page) == []
        page.screenshot(path=artefacts / "plates-360.jpg", full_page=True)
        page.click("text=收起摄像头")
        page.get_by_role("combobox", name="条款").fill(Clause.objects.filter(code=DEED)[0].text)
        page.get_by_role("option").first.click()
        page.fill("[name=date]", str(DAY))
        page.click("button:has-text('先看会怎样')")
        says(page, "会登记 3 条")
        page.click("button:has-text('登记 3 条')")
        page.wait_for_url("**/batches/*/")
    assert sorted(ScoreEvent.objects.values_list("code", flat=True)) == HOMES[:3]
