"""The county board, the redaction and the public list in a browser, on a phone and on a wide screen."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction

from households.roles import Role
from petitions.models import Petition
from petitions.publishing.actions import Redacted, publish
from petitions.steps.closing import rate
from tests.browsing import enter
from tests.petitions.desk import Desk
from tests.petitions.pictures import look
from tests.petitions.thousands import plant
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WIDTHS = [360, 1280]
Browse = Callable[..., object]
ROAD = "张三丰家12号门前的路断了三个月，下雨天小孩上学要绕行，打13800000001可以问我。"


def scene(desk: Desk) -> Petition:
    """A busy county, suspicious ratings, something public, and one waiting to be redacted."""
    with transaction.atomic():
        plant(400)
    for _ in range(5):
        rate(op_id=uuid4(), petition=desk.answered(), by=None, subject="unit", score="satisfied")
    texts = {
        "title": "村道损坏，出行不便",
        "text": "村里一段路坏了，下雨天不好走。",
        "answer": "路面已经修复，请监督。",
    }
    publish(op_id=uuid4(), petition=desk.closed(), by=desk.office, redacted=Redacted(**texts))
    return desk.answered(text=ROAD)


@pytest.mark.parametrize("width", WIDTHS)
def test_board_redaction_and_public_list(world: World, browser_page: Browse, artefacts: Path, width: int) -> None:
    desk = Desk(world)
    petition = scene(desk)
    page = browser_page(width)
    enter(page, world, desk.office)
    page.goto("/petitions/board/")
    page.wait_for_selector("#board-chart canvas")
    page.wait_for_selector("#raised .flag")
    look(page, artefacts, "board", width)
    page.goto(f"/petitions/{petition.number}/publish/")
    page.fill("#id_text", ROAD)
    page.click("button[value=look]")
    assert "来信人的姓名" in page.inner_text("[role=alert]")
    look(page, artefacts, "redact-refused", width)
    page.fill("#id_text", "门前的路断了三个月，出行不便。")
    page.click("button[value=look]")
    page.click("button[value=publish]")
    look(page, artefacts, "redacted", width)
    page.goto("/petitions/publishing/")
    look(page, artefacts, "publishing", width)
    enter(page, world, Role.DEPARTMENT)
    page.goto("/petitions/board/")
    look(page, artefacts, "board-own", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_finds_an_answer(world: World, browser_page: Browse, artefacts: Path, width: int) -> None:
    scene(Desk(world))
    page = browser_page(width)
    page.goto("/petitions/public/")
    page.fill("#q", "路面")
    page.keyboard.press("Enter")
    page.click("summary")
    assert "路面已经修复" in page.inner_text(".open-list")
    look(page, artefacts, "public", width)
    page.goto("/petitions/new/")
    look(page, artefacts, "new-private", width)
