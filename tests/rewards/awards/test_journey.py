"""Two people of the county give awards in the browser, and everybody concerned reads them; on a phone and on a desk."""

import pytest

from rewards.awards.actions.performance import issue, set_grades
from rewards.models import Award, AwardRun
from tests.browsing import enter, faults
from tests.rewards.awards.scene import BEFORE, BY_GOAL, BY_POINTS, TOWNSHIPS, FundScene, fund_scene
from tests.world import COUNTY, MONTH, VILLAGE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WIDTHS = (360, 1280)


@pytest.fixture
def scene(live_site: str) -> FundScene:
    return fund_scene()


def look(page: object, path: str, name: str, artefacts: object) -> None:
    """Open, check by the rules of accessibility, keep a picture."""
    page.goto(path)
    assert page.url.endswith(path)
    width = page.viewport_size["width"]
    page.screenshot(path=artefacts / f"awards-{name}-{width}.jpg", full_page=True)
    assert faults(page) == []


def test_two_people_give_awards(scene: FundScene, browser_page: object) -> None:
    first, second = browser_page(1280), browser_page(1280)
    enter(first, scene.world, scene.first)
    enter(second, scene.world, scene.second)
    first.goto(f"/funds/{scene.fund.pk}/rules/comprehensive/")
    first.get_by_label("本项总额（元）").fill("40000")
    line = first.get_by_role("group", name="第 1 档")
    line.get_by_label("从第几名").fill("1")
    line.get_by_label("到第几名").fill("3")
    line.get_by_label("每个（元）").fill("10000")
    first.get_by_role("button", name="保存规则").click()
    first.get_by_label("起始月份").fill(BEFORE)
    first.get_by_label("截止月份").fill(MONTH)
    first.get_by_role("button", name="测算").click()
    first.get_by_text("等另一位管资金的人确认").wait_for()
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto(first.url)
    second.get_by_role("button", name="确认名单").click()
    second.get_by_text("3 个单位的通知书可以打印了").wait_for()
    assert Award.objects.count() == 3


def test_pages_of_funds_are_fit_to_read(scene: FundScene, browser_page: object, artefacts: object) -> None:
    scene.awarded()
    scene.awarded(BY_GOAL)
    scene.restate()
    scene.rule(BY_POINTS)
    scene.rule(TOWNSHIPS)
    run, waiting = AwardRun.objects.get(kind="comprehensive"), scene.preview(BY_POINTS.kind)
    set_grades(county=scene.world.county, year=2024, bands=[(1, 1, "优秀"), (2, 9, "合格")], by=scene.first)
    for width in WIDTHS:
        page = browser_page(width)
        enter(page, scene.world, scene.second)
        look(page, "/funds/", "funds", artefacts)
        look(page, f"/funds/{scene.fund.pk}/", "fund", artefacts)
        look(page, f"/funds/{scene.fund.pk}/rules/township/", "rule", artefacts)
        look(page, f"/funds/runs/{waiting.pk}/", "preview", artefacts)
        look(page, f"/funds/runs/{run.pk}/", "run", artefacts)
        look(page, f"/funds/runs/{run.pk}/review/", "review", artefacts)
        look(page, "/performance/?year=2024", "performances", artefacts)


def test_awards_are_read_by_those_who_got_them(scene: FundScene, browser_page: object, artefacts: object) -> None:
    scene.awarded()
    scene.awarded(TOWNSHIPS)
    set_grades(county=scene.world.county, year=2024, bands=[(1, 1, "优秀"), (2, 9, "合格")], by=scene.first)
    issue(county=scene.world.county, year=2024, first=BEFORE, last=MONTH, by=scene.first)
    scene.restate()
    for width in WIDTHS:
        page = browser_page(width)
        enter(page, scene.world, "cadre")
        look(page, "/awards/", "own", artefacts)
        assert page.get_by_text("暂停使用").count() == 1
        look(page, f"/awards/shared/{MONTH}/{VILLAGE}/", "shared", artefacts)
        enter(page, scene.world, "department")
        look(page, "/performance/LYJ/2024/", "statement", artefacts)
        page.context.clear_cookies()
        look(page, f"/awards/public/{COUNTY}/", "public", artefacts)
