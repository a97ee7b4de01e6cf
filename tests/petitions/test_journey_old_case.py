"""An old case that came three ways becomes one life story; everybody who filed is told, and the filer closes it; in Chromium."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from households.roles import Role
from petitions.filing.lists import COLUMNS
from petitions.models import Petition
from petitions.states import PetitionState
from tests.petitions.desk import Desk
from tests.petitions.journeys import Desktop, Phone
from tests.world import VILLAGE, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OLD, BY_CADRE, BY_PHONE = "占地补偿差二万多", "修路占田没有补齐", "补偿款三年没有到"
TEXT = "修村道占了半亩水田，补偿款差二万多。"
ROW = f"12345,R-88,{timezone.localdate() - timedelta(days=1)},{VILLAGE},{BY_PHONE},{TEXT},张三丰,13800000001,投诉,"


def test_old_case_is_merged_and_closed_by_the_filer(
    live_site: str, browser_page: Callable[..., Any], artefacts: Path
) -> None:
    desk = Desk(build())
    old = desk.filed(title=OLD, text=TEXT, kind="backlog", at=timezone.now() - timedelta(days=30))
    desk.assign(desk.accept(old.petition))
    people = (desk.office, desk.handler, desk.world.user(Role.CADRE))
    office, unit, cadre = (Desktop(browser_page(1280), artefacts, "old-case", desk.world, person) for person in people)
    filer = Phone(browser_page(360), artefacts, "old-case")

    cadre.page.goto("/petitions/file/")
    cadre.page.get_by_label("标题").fill(BY_CADRE)
    cadre.page.locator("#id_text").fill(TEXT)
    cadre.page.get_by_label("来信人姓名").fill("张三丰")
    cadre.page.get_by_label("联系电话").fill("13800000001")
    cadre.page.locator("#id_place").select_option(VILLAGE)
    cadre.press("登记")
    number, code = cadre.page.inner_text("#number"), cadre.page.inner_text("#code")
    office.page.goto("/petitions/import/")
    listed = "\n".join([",".join(COLUMNS), ROW]).encode()
    office.page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": listed})
    office.press("正式导入")

    for title in (BY_CADRE, BY_PHONE):
        office.find(title)
        office.do("merge", into=old.petition.number)
    office.find(OLD)
    assert BY_CADRE in office.text() and BY_PHONE in office.text()
    office.look("life-story")

    filer.follow(number, code)
    filer.look("merged-filer")
    assert "和另一件相同的事一起办" in filer.text() and "交给林业局办理" in filer.text()
    unit.find(OLD)
    unit.do("handle", note="镇里核了账。")
    unit.do("answer", told="差的 23000 元已经打到折子上。")
    filer.page.reload()
    assert "差的 23000 元已经打到折子上。" in filer.text()  # who filed the merged one is answered too

    filer.follow(old.petition.number, old.code)
    assert "另一件相同的事并进来，一起办" in filer.steps()
    filer.press("解决了")
    office.find(OLD)
    office.do("close")
    filer.page.reload()
    assert filer.steps()[-2:] == ["您确认已经解决", "办结"]
    one_case = Petition.objects.filter(case=Petition.objects.get(number=number).case_id)
    assert sorted(one_case.values_list("state", flat=True)) == [PetitionState.CLOSED, *[PetitionState.MERGED] * 2]
