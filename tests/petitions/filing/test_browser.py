"""A villager files from a phone without scripts, keeps the receipt, is answered and says what they think of it."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from petitions.models import Petition, Rating
from petitions.states import PetitionState
from tests.browsing import faults
from tests.petitions.filers import answered
from tests.rewards.pictures.photographs import photo
from tests.world import VILLAGE, World, build

pytestmark = pytest.mark.browser


def file_on_a_phone(page: Any) -> tuple[str, str]:
    """Number and code as the receipt shows them."""
    page.goto("/petitions/new/")
    page.get_by_label("一句话说是什么事").fill("组里的路坏了半年")
    page.get_by_label("详细情况").fill("下雨天小孩上学摔跤，希望修一修。")
    page.get_by_label("事情在哪里").select_option(VILLAGE)
    photograph = {"name": "road.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    page.get_by_label("照片或 PDF").set_input_files([photograph])
    page.get_by_role("button", name="提交").click()
    return page.locator("dd.number").inner_text(), page.locator("dd.code").inner_text()


def look(page: Any, artefacts: Path, name: str) -> None:
    page.screenshot(path=artefacts / f"petitions-{name}.jpg", full_page=True)
    assert faults(page) == []


@pytest.mark.parametrize("width", [360])
def test_villager_files_and_is_answered(browser_page: Any, artefacts: Path, width: int) -> None:
    world: World = build()
    page = browser_page(width, java_script_enabled=True)
    page.goto("/petitions/new/")
    look(page, artefacts, "new")
    number, code = file_on_a_phone(page)
    look(page, artefacts, "receipt")
    answered(world, Petition.objects.get(number=number))
    page.context.clear_cookies()
    page.goto("/petitions/follow/")
    look(page, artefacts, "follow")
    page.get_by_label("编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查看").click()
    look(page, artefacts, "answered")
    page.get_by_role("group", name="责任单位").get_by_label("满意", exact=True).check()
    for button in ("提交评价", "解决了"):
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).click()
    look(page, artefacts, "confirmed")
    petition = Petition.objects.get(number=number)
    assert petition.state == PetitionState.CONFIRMED and petition.attachments.count() == 1
    assert Rating.objects.get().score == "satisfied"


def test_code_on_the_receipt_leads_to_the_petition_and_stays_nowhere(browser_page: Any) -> None:
    build()
    page = browser_page(360)
    number, code = file_on_a_phone(page)
    picture = base64.b64decode(page.locator(".receipt img").get_attribute("src").partition(",")[2])
    [scanned] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    other = browser_page(360)
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(scanned.text)
    filled = [other.get_by_label(name).input_value() for name in ("编号", "查询码")]
    assert filled == [number, code.replace(" ", "")]
    assert other.url.endswith("/petitions/follow/") and not any(number in url for url in asked)
    other.get_by_role("button", name="查看").click()
    other.get_by_role("heading", name="组里的路坏了半年").wait_for()
