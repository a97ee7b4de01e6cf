"""A villager files by telephone, is answered, says that it is not solved, is answered again, and confirms; in Chromium."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from petitions.models import Petition, Rating
from petitions.states import PetitionState
from tests.petitions.desk import LYJ, Desk
from tests.petitions.journeys import Desktop, Phone
from tests.plates import own_plate
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE, TEXT = "组里的路坏了半年", "一组到学校的路坏了半年，下雨天小孩上学摔跤，希望修一修。"


def test_villager_follows_every_step_to_the_end(
    live_site: str, browser_page: Callable[..., Any], artefacts: Path
) -> None:
    desk = Desk(build())
    plate, pin = own_plate(desk.world.household)
    villager = Phone(browser_page(360), artefacts, "villager")
    office, unit = (
        Desktop(browser_page(1280), artefacts, "villager", desk.world, who) for who in (desk.office, desk.handler)
    )
    own = reverse("household-petitions", args=[plate.token])

    villager.page.goto(reverse("plate", args=[plate.token]))
    villager.page.locator("input[name=pin]").fill(pin)
    with villager.page.expect_navigation():
        villager.page.keyboard.press("Enter")
    villager.page.goto(own)
    villager.page.get_by_role("link", name="反映一件事").click()
    number, _code = villager.file(TITLE, TEXT, 您的姓名="张三丰", 联系电话="13800000001")

    office.find(TITLE)
    office.do("accept")
    office.do("assign", lead=LYJ)
    office.look("assigned")
    unit.find(TITLE)
    assert "张三丰" not in unit.text() and "张*" in unit.text()
    unit.do("handle", note="到现场量了，路基没坏，补路面就行。")
    unit.do("answer", told="路面已经补好 120 米。")

    villager.page.goto(own)
    villager.page.get_by_role("link", name=TITLE).click()
    villager.look("answered")
    assert "路面已经补好 120 米。" in villager.page.inner_text(".decision")
    villager.page.get_by_label("没有解决，哪里没有解决").fill("校门口那一段没有补。")
    villager.press("没有解决，请重新办理")
    assert "承办单位正在办" in villager.text()

    unit.find(TITLE)
    assert "校门口那一段没有补" in unit.text()
    unit.do("handle", note="校门口一段也补了。")
    unit.do("answer", told="校门口一段已经补好。")
    villager.page.reload()
    for group, judged in (("信访部门", "满意"), ("责任单位", "基本满意")):
        villager.page.get_by_role("group", name=group).get_by_label(judged, exact=True).check()
    villager.press("提交评价")
    villager.press("解决了")
    office.find(TITLE)
    office.do("close")
    villager.page.reload()
    assert villager.steps() == [
        "您提交了这件事",
        "信访局受理",
        "交给林业局办理",
        "承办单位报告已经办理，准备答复",
        "承办单位答复",
        "您说没有解决，重新办理",
        "承办单位报告已经办理，准备答复",
        "承办单位答复",
        "您评价信访部门：满意",
        "您评价责任单位：基本满意",
        "您确认已经解决",
        "办结",
    ]
    assert Petition.objects.get(number=number).state == PetitionState.CLOSED
    assert set(Rating.objects.values_list("round", "score")) == {(2, "satisfied"), (2, "fair")}


def test_nameless_filer_without_scripts_follows_by_code(
    live_site: str, browser_page: Callable[..., Any], artefacts: Path
) -> None:
    desk = Desk(build())
    phone = Phone(browser_page(360, java_script_enabled=False), artefacts, "nameless")
    phone.page.goto("/petitions/new/")
    number, code = phone.file(TITLE, TEXT)
    petition = Petition.objects.get(number=number)
    assert petition.is_nameless and petition.household is None
    desk.answer(desk.handle(desk.assign(desk.accept(petition))), told="下周开工。")
    phone.follow(number, code.lower())
    assert "下周开工。" in phone.page.inner_text(".decision")
    phone.press("解决了")
    assert phone.steps()[-1] == "您确认已经解决"
