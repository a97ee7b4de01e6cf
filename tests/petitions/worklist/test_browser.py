"""The petition desk in a browser: the road of a petition by its forms, on a phone and on a wide screen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from petitions.models import Petition
from tests.browsing import enter
from tests.petitions.desk import SLJ, Desk
from tests.petitions.pictures import look
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WIDTHS = [360, 1280]
Browse = Callable[..., object]


def opened(browser_page: Browse, world: World, who: object, width: int) -> object:
    page = browser_page(width)
    enter(page, world, who)
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_list_and_page_keep_to_the_rules(world: World, browser_page: Browse, artefacts: Path, width: int) -> None:
    desk = Desk(world)
    desk.file(title="村口路灯不亮，夜里上学的孩子不好走")
    desk.answered(title="渠口堵塞两年")
    desk.closed(title="低保申请的事")
    accused = desk.assign(desk.accept(desk.accusation(title="采伐证收费的事")), SLJ)
    page = opened(browser_page, world, desk.office, width)
    for name, path in {"desk": "", "case": f"{accused.number}/", "file": "file/"}.items():
        page.goto(f"/petitions/{path}")
        look(page, artefacts, name, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_visit_is_written_down_and_accepted(world: World, browser_page: Browse, artefacts: Path, width: int) -> None:
    desk = Desk(world)
    page = opened(browser_page, world, desk.office, width)
    page.goto("/petitions/file/")
    page.get_by_label("标题").fill("水渠堵了")
    page.locator("#id_text").fill("渠口堵了两年，田里没有水。")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="信访回执").wait_for()
    look(page, artefacts, "receipt", width)
    page.get_by_role("link", name="看这一件").click()
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_text("已受理，办理期限从今天起算。").wait_for()
    assert Petition.objects.get().state == "accepted"


@pytest.mark.parametrize("width", WIDTHS)
def test_unit_reports_and_answers(world: World, browser_page: Browse, artefacts: Path, width: int) -> None:
    desk = Desk(world)
    petition = desk.assigned()
    page = opened(browser_page, world, desk.handler, width)
    page.goto(f"/petitions/{petition.number}/")
    look(page, artefacts, "unit", width)
    page.locator("#handle-note").fill("到现场看过，下周施工。")
    page.get_by_role("button", name="报告办理情况").click()
    page.locator("#answer-told").fill("路月底前修好。")
    page.get_by_role("button", name="答复", exact=True).click()
    page.get_by_text("已答复，等来信人确认。").wait_for()
    assert Petition.objects.get().state == "answered"
