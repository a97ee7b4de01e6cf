"""Long lists are searched: by keyboard and letters, with the select behind them that is sent; without scripts they are as before."""

from pathlib import Path
from typing import Any

import pytest

from households.models import Department, Division
from petitions.models import Petition
from tests.browsing import enter, faults
from tests.petitions.desk import Desk
from tests.world import TOWNSHIP, World, build

pytestmark = pytest.mark.browser
FENG = f"{TOWNSHIP}230"


@pytest.fixture
def world(live_site: str) -> World:
    """With more villages and departments than one takes in at a glance."""
    world = build()
    for number in range(210, 230):
        Division.objects.create(code=f"{TOWNSHIP}{number}", name=f"新{number}村", parent=world.township)
        Department.objects.create(code=f"D{number}", name=f"县第{number}局")
    Division.objects.create(code=FENG, name="云峰村", parent=world.township)
    return world


def fill(page: Any) -> None:
    page.goto("/petitions/new/")
    page.get_by_label("一句话说是什么事").fill("组里的路坏了半年")
    page.get_by_label("详细情况").fill("下雨天小孩上学摔跤。")


def refused(page: Any, world: World) -> None:
    """The office's form, sent empty."""
    enter(page, world, Desk(world).office)
    page.goto("/petitions/file/")
    page.evaluate("document.querySelector('.file-form').noValidate = true")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("处没有填好，没有提交。").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_place_is_found_by_letters_and_keyboard(browser_page: Any, world: World, artefacts: Path, width: int) -> None:
    page = browser_page(width)
    fill(page)
    box = page.get_by_role("combobox", name="事情在哪里")
    box.fill("yfc")
    page.screenshot(path=artefacts / f"find-{width}.jpg")
    assert page.get_by_role("option").all_inner_texts() == ["罗坪乡 云峰村"]
    assert faults(page) == []
    box.press("Enter")
    assert box.input_value() == "罗坪乡 云峰村"
    page.get_by_role("button", name="提交").click()
    page.locator("dd.number").wait_for()
    assert Petition.objects.get().place_id == FENG


def test_half_a_word_is_no_choice_and_escape_keeps_what_was_chosen(browser_page: Any, world: World) -> None:
    page = browser_page(1280)
    fill(page)
    box = page.get_by_role("combobox", name="事情在哪里")
    box.fill("云峰")
    box.press("ArrowDown")
    box.press("Enter")
    box.fill("新2")
    box.press("Escape")
    assert box.input_value() == "罗坪乡 云峰村"
    box.fill("没有这里")
    assert page.get_by_text("没有找到，请换一个词").is_visible()
    page.get_by_label("详细情况").focus()
    assert box.input_value() == "罗坪乡 云峰村"


def test_place_is_chosen_without_scripts(browser_page: Any, world: World) -> None:
    page = browser_page(360, java_script_enabled=False)
    fill(page)
    page.get_by_label("事情在哪里").select_option(FENG)
    page.get_by_role("button", name="提交").click()
    page.locator("dd.number").wait_for()
    assert Petition.objects.get().place_id == FENG


@pytest.mark.parametrize("width", [360, 1280])
def test_units_are_ticked_in_a_searched_list(browser_page: Any, world: World, artefacts: Path, width: int) -> None:
    desk = Desk(world)
    petition = desk.accepted()
    page = browser_page(width)
    enter(page, world, desk.office)
    page.goto(f"/petitions/{petition.number}/")
    page.get_by_role("combobox", name="主办单位").fill("slj")
    page.keyboard.press("Enter")
    page.get_by_text("协办单位（可以不选）").click()
    search = page.get_by_role("searchbox", name="协办单位（可以不选）：查找")
    search.fill("ly")
    group = page.get_by_role("group", name="协办单位（可以不选）")
    group.get_by_label("林业局").check()
    assert page.get_by_text("已选 1 个：林业局").is_visible()
    search.fill("新2")
    assert group.get_by_role("checkbox").count() == 1
    page.screenshot(path=artefacts / f"find-units-{width}.jpg", full_page=True)
    assert faults(page) == []
    page.get_by_role("button", name="交办", exact=True).click()
    page.get_by_text("已交办，承办单位的列表里可以看到。").wait_for()
    lead, joint = petition.assignments.order_by("-lead")
    assert (lead.department_id, joint.department_id) == ("SLJ", "LYJ")


def test_page_after_a_fault_survives_going_on_and_back(browser_page: Any, world: World) -> None:
    page = browser_page(1280)
    refused(page, world)
    page.get_by_role("link", name="不登记了").click()
    page.wait_for_url("**/petitions/")
    page.go_back()
    page.get_by_role("heading", name="登记一件信访").wait_for()


def test_summary_of_faults_has_the_focus_and_leads_to_the_field(
    browser_page: Any, world: World, artefacts: Path
) -> None:
    page = browser_page(360)
    refused(page, world)
    assert page.evaluate("document.activeElement.className") == "notice notice-error faults"
    page.screenshot(path=artefacts / "faults-360.jpg")
    page.get_by_role("link", name="标题").click()
    assert page.evaluate("document.activeElement.id") == "id_title"
    assert faults(page) == []
