"""Ready-made words and erasure in a browser: chosen by keyboard, asked for on a phone."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from households.roles import Role
from petitions.erasing import actions as erasing
from petitions.steps import closing
from tests.browsing import enter, faults, says
from tests.petitions.desk import Desk
from tests.petitions.ended_petitions import withdrawn
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_words_are_chosen_and_never_over_typed_ones(browser_page: Any, artefacts: Path) -> None:
    desk = Desk(build())
    petition = desk.handled()
    page = browser_page(1280)
    enter(page, desk.world, Role.DEPARTMENT)
    page.goto(reverse("petition", args=[petition.number]))
    choice, told = page.locator("#answer-told-reply"), page.locator("#answer-told")
    choice.focus()
    choice.select_option(label="答复：按规定办不了")
    assert f"（{petition.number}），林业局已经核实" in told.input_value()
    told.fill("我自己写的。")
    choice.select_option(label="答复：已经解决")
    assert told.input_value().startswith("我自己写的。\n您在")
    page.screenshot(path=artefacts / "petition-replies-1280.jpg", full_page=True)
    assert faults(page) == []


def test_pages_of_templates_and_erasures_fit_both_screens(browser_page: Any, artefacts: Path) -> None:
    desk = Desk(build())
    petition = withdrawn(desk)
    erasing.ask_erasure(op_id=uuid4(), petition=petition, note="不想留着")
    for width in (360, 1280):
        page = browser_page(width)
        enter(page, desk.world, Role.PETITION_OFFICE)
        places = {"templates": reverse("petition-templates"), "erasures": reverse("petition-erasures")}
        places |= {"template": reverse("petition-template", args=["answer-plan"])}
        places |= {"asked": reverse("petition", args=[petition.number])}
        for name, address in places.items():
            page.goto(address)
            page.screenshot(path=artefacts / f"petition-{name}-{width}.jpg", full_page=True)
            assert faults(page) == [], name


def test_filer_asks_for_erasure_on_a_phone(browser_page: Any, artefacts: Path) -> None:
    desk = Desk(build())
    filed = desk.filed()
    closing.withdraw(op_id=uuid4(), petition=filed.petition, note="不要了")
    page = browser_page(360)
    page.goto(reverse("petition-follow"))
    page.fill("#id_number", filed.petition.number)
    page.fill("#id_code", filed.code)
    page.locator("main form button").first.click()
    page.get_by_text("保存一份").click()
    page.get_by_text("清除我写的内容").click()
    page.fill("#ask_erasure-note", "不想留着")
    page.screenshot(path=artefacts / "petition-erase-360.jpg", full_page=True)
    assert faults(page) == []
    page.get_by_role("button", name="申请清除").click()
    says(page, "申请收到了", "body")
