"""Enterprise Day in a browser: planned, filled from suggestions, written down, promised; and how the pages look."""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from petitions.cases.actions import ownership
from petitions.models import Promise, Reception
from tests.browsing import enter, faults
from tests.petitions.desk import LUOPING, LYJ, Desk
from tests.petitions.receptions.scene import Days
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
Browse = Callable[..., object]


def look(page: object, artefacts: Path, name: str, width: int) -> list[str]:
    """A picture to keep, and what every page must keep to."""
    page.screenshot(path=artefacts / f"petitions-{name}-{width}.jpg", full_page=True)
    return [f"{name}: {fault}" for fault in faults(page)]


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_days_keep_to_the_rules(world: World, browser_page: Browse, artefacts: Path, width: int) -> None:
    days = Days(Desk(world))
    desk, reception = days.desk, days.plan()
    road, lamp = desk.assigned(title="通组路塌方，下雨就断", kind="backlog"), desk.assigned(title="村口路灯不亮")
    desk.file(title="水渠三年不通水")
    days.put(reception, road, lamp)
    days.record(reception, lamp, outcome="promise", promise=days.promised(what="下个月前把路灯修好。"))
    due = days.today - timedelta(days=4)
    old = days.promise(
        road, promised=days.promised(due=due, what="把塌方的路基重做。"), said_on=due - timedelta(days=9)
    )
    days.report(days.promise(desk.assigned(LYJ, LUOPING), promised=days.promised(what="把树苗补齐。")))
    ownership.set_owner(op_id=uuid4(), petition=road, owner=desk.handler, by=desk.office, note="老案")
    days.plan(kind="enterprise_day", place="430726", starts=time(14), ends=time(16), day=days.today + timedelta(days=3))
    page = browser_page(width)
    enter(page, world, desk.office)
    pages = {
        "days": "days/",
        "reception": f"days/{reception.pk}/",
        "promises": "promises/",
    }
    narrow = {
        "day-plan": "days/new/",
        "reception-case": f"days/{reception.pk}/cases/{road.number}/",
        "reception-new": f"days/{reception.pk}/new-matter/",
        "owned": "owned/",
        "own": f"{road.number}/own/",
        "case-promised": f"{old.petition.number}/",
        "home": "../",
    }
    found = []
    for name, path in (pages | (narrow if width == 360 else {})).items():
        page.goto(f"/petitions/{path}")
        found += look(page, artefacts, name, width)
    assert found == []


def test_enterprise_day_is_prepared_held_and_followed_up(world: World, browser_page: Browse) -> None:
    """By keyboard and thumb, on a phone."""
    days = Days(Desk(world))
    petition = days.desk.assigned(channel="enterprise", way="enterprise", enterprise="示范茶厂", title="厂门口的路")
    page = browser_page(360)
    enter(page, world, days.desk.office)
    page.goto(f"/petitions/days/new/?kind=enterprise_day&day={days.today}&place=430726201")
    page.get_by_label("接访领导").fill("李三四")
    page.get_by_label("职务").fill("县长")
    page.get_by_role("button", name="排定").click()
    page.get_by_label("厂门口的路").check()
    page.get_by_role("button", name="排入勾选的").click()
    page.get_by_role("button", name="开始接访").click()
    page.get_by_role("link", name="记录", exact=True).click()
    page.get_by_label("结果").select_option("promise")
    page.get_by_label("说了什么").fill("县长答应月底前修好。")
    page.get_by_label("承诺什么").fill("月底前把厂门口的路修好。")
    page.get_by_label("责任单位").select_option(LYJ)
    page.get_by_label("哪天以前兑现").fill(f"{days.today + timedelta(days=9)}")
    page.get_by_role("button", name="记下").click()
    page.get_by_text("接访情况已记下").wait_for()
    assert Promise.objects.get().petition == petition
    days.report(Promise.objects.get())
    page.goto("/petitions/promises/?show=reported")
    page.get_by_text("核实已兑现").first.click()
    page.get_by_role("textbox", name="告知来信人").fill("路已修好。")
    page.get_by_role("button", name="核实已兑现").click()
    page.get_by_text("承诺已兑现").first.wait_for()
    page.goto(f"/petitions/days/{Reception.objects.get().pk}/")
    page.get_by_role("button", name="都跟进完了").click()
    page.get_by_text("这次接访都跟进完了").wait_for()
    assert Reception.objects.get().state == "followed_up"
