"""A village without a line for thirty days, in Chromium: its work goes out as a file, the receipts come back as one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from households.roles import Role
from scoring.models import ScoreEvent
from tests.browsing import enter, faults
from tests.scoring.sheets.phone import CODES, Phone
from tests.scoring.sheets.sheet_browser import reads
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_work_goes_out_as_a_file_and_the_receipts_come_back(
    world: World, browser_page: Callable[..., Any], artefacts: Path, tmp_path: Path
) -> None:
    phone = Phone(browser_page(360), world)
    phone.wait_for_way()
    phone.offline()
    phone.record(CODES[0])
    phone.record(CODES[1])
    phone.page.click("#sheet-sent")
    phone.page.wait_for_selector("#carry-out:enabled")
    assert faults(phone.page) == []
    with phone.page.expect_download() as coming:
        phone.page.click("#carry-out")
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    assert file.name.endswith("台账2条.dkt") and CODES[0] not in file.read_text()
    phone.page.screenshot(path=artefacts / "sheet-carry-360.jpg")

    office = browser_page(1280)
    enter(office, world, Role.TOWNSHIP)
    office.goto("/village/carried/")
    assert faults(office) == []
    office.set_input_files("#id_file", str(file))
    office.click("text=交上去")
    office.wait_for_selector("text=已登记 2 条")
    assert faults(office) == []
    office.screenshot(path=artefacts / "carried-1280.jpg", full_page=True)
    with office.expect_download() as coming:
        office.click("text=下载回执")
    receipts = tmp_path / "receipts.dkr"
    coming.value.save_as(receipts)
    assert {event.recorded_by for event in ScoreEvent.objects.all()} == {world.user(Role.CADRE)}

    phone.page.set_input_files("#carry-in", str(receipts))
    reads(phone.page, "#carry-said", "读好了：2 条有服务器的签收。")
    assert phone.page.locator("#sent-log >> text=已送达").count() == 2
    phone.page.keyboard.press("Escape")
    reads(phone.page, "#sheet-count", "已登记 2 条例外 · 其余 6 户六项为零")
    phone.says("记的先存在本机")
    phone.page.context.set_offline(False)
    phone.all_arrived()
    assert ScoreEvent.objects.count() == 2
