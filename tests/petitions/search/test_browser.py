"""Finding by pinyin, and joining a life story instead of filing anew, in a browser and by keyboard."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from petitions.models import Petition
from tests.browsing import enter
from tests.petitions.desk import Desk
from tests.petitions.pictures import look
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TITLE, TEXT = "一组到学校的路坏了", "一组到学校的路坏了半年，下雨天小孩上学摔跤，希望交通局派人修一修。"


@pytest.mark.parametrize("width", [360, 1280])
def test_matter_is_found_and_joined(
    world: World, browser_page: Callable[..., object], artefacts: Path, width: int
) -> None:
    desk = Desk(world)
    earlier = desk.file(title=TITLE, text=TEXT, at=timezone.now() - timedelta(days=500), way="letter")
    desk.file(title="水渠堵了", text="渠口堵了两年，田里没有水。", phone="13700000001")
    desk.file(title="学校门口太挤", text="放学时学校门口的路太挤，一组的小孩上学不安全。", phone="13700000002")
    page = browser_page(width)
    enter(page, world, desk.office)
    page.goto("/petitions/")
    page.get_by_role("searchbox", name="查找").fill("jiaotongju 摔跤")
    page.keyboard.press("Enter")
    page.locator("mark", has_text="交通局").wait_for()
    look(page, artefacts, "found", width)
    page.goto("/petitions/?q=没有的词")
    page.get_by_text("也可以打拼音").wait_for()
    look(page, artefacts, "not-found", width)

    page.goto("/petitions/file/")
    page.get_by_label("标题").fill("学校那条路")
    page.locator("#id_text").fill("到学校的路坏了半年，小孩上学摔跤，还是没有人来修一修。")
    page.get_by_label("联系电话").fill("13800000001")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("还没有登记").wait_for()
    look(page, artefacts, "likely", width)
    page.get_by_role("radio", name=TITLE).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="按所选登记").click()
    page.get_by_role("heading", name="信访回执").wait_for()
    joined = Petition.objects.latest("pk")
    assert (joined.case_id, joined.kind) == (earlier.case_id, "backlog")

    again = desk.file(title=TITLE, text=TEXT)
    page.goto(f"/petitions/{again.number}/")
    page.get_by_role("button", name="改为积案").wait_for()
    look(page, artefacts, "kind-hint", width)
    page.get_by_role("button", name="改为积案").click()
    page.get_by_text("分类已调整").wait_for()
    again.refresh_from_db()
    assert again.kind == "backlog"
