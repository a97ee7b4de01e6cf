"""How a due date came about, as the staff and the filer see it, on a telephone and on a desk."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from petitions.clocks import deadlines
from petitions.models import Petition
from petitions.steps import routing
from petitions.templatetags.clocks import pressing, settled
from tests.browsing import enter, faults
from tests.petitions.clocks.histories import at
from tests.petitions.desk import Desk
from tests.world import build

pytestmark = pytest.mark.browser


def long_one(desk: Desk) -> tuple[Petition, str]:
    """A hotline ticket over Spring Festival that was paused and extended, and its code."""
    given = {"channel": "net", "way": "hotline", "demand": "complaint", "external_no": "A20240201"}
    filed = desk.filed(at=at("2024-02-01"), **given)
    petition = desk.assign(desk.accept(filed.petition, at=at("2024-02-05")), at=at("2024-02-06"))
    more: dict[str, Any] = {"petition": petition, "by": desk.office}
    routing.pause(op_id=uuid4(), told="等待鉴定结果", at=at("2024-03-10"), **more)
    routing.resume(op_id=uuid4(), at=at("2024-03-20"), **more)
    routing.extend(op_id=uuid4(), days=20, told="要请专家", at=at("2024-04-02"), **more)
    return petition, filed.code


@pytest.mark.parametrize("width", [360, 1280])
def test_due_dates_are_explained(browser_page: Any, artefacts: Path, width: int) -> None:
    world = build()
    desk = Desk(world)
    petition, code = long_one(desk)
    page = browser_page(width)
    enter(page, world, desk.office)
    page.goto(f"/petitions/{petition.number}/")
    page.locator(".due-others summary").first.click()
    for why in page.locator(".due-why summary").all():
        why.click()
    shown = page.locator(".due-why li").all_inner_texts()
    told = deadlines.explained(petition)
    assert shown == [line.text for each in pressing(told) + settled(told) for line in each.lines]
    page.screenshot(path=artefacts / f"petitions-clock-{width}.jpg", full_page=True)
    assert faults(page) == []
    page.goto("/petitions/follow/")
    page.get_by_label("编号").fill(petition.number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查看").click()
    page.locator(".due-why summary").first.click()
    page.screenshot(path=artefacts / f"petitions-clock-filer-{width}.jpg", full_page=True)
    assert faults(page) == []
