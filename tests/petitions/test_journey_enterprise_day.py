"""An Enterprise Day is prepared, held without a line, and followed up until what was promised is fulfilled; in Chromium."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from petitions.models import Petition, Promise, Reception, ReceptionRecord
from tests.petitions.desk import LYJ, Desk
from tests.petitions.journeys import Desktop, Phone
from tests.petitions.receiving import Device
from tests.world import COUNTY, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE, PROMISED = "变压器容量不够", "月底前换成 400 千伏安变压器"
ENTERPRISE = {"enterprise": "丰茂竹木公司", "channel": "enterprise", "way": "enterprise"}


def test_enterprise_day_is_prepared_held_and_followed_up(
    live_site: str, browser_page: Callable[..., Any], artefacts: Path
) -> None:
    desk = Desk(build())
    filed = desk.filed(title=TITLE, **ENTERPRISE)
    first, second = desk.assign(desk.accept(filed.petition)), desk.assigned(title="厂门口的路断了", **ENTERPRISE)
    office = Desktop(browser_page(1280), artefacts, "enterprise-day", desk.world, desk.office)
    reception = prepared(office, first, second)

    device = Device(browser_page(360), desk, reception)
    device.offline()
    device.choose(first)
    device.promise(PROMISED, note="企业讲了停电的损失，供电所在场。", told="已经当面答应。")
    device.save()
    device.choose(second)
    device.say("absent")
    device.save()
    killed_while_sending(device)
    device.wait_for("sent", 2)
    assert list(ReceptionRecord.objects.order_by("id").values_list("petition", "outcome")) == [
        (first.pk, "promise"),
        (second.pk, "absent"),
    ]
    fulfilled_to_the_end(
        desk, office, Desktop(browser_page(1280), artefacts, "enterprise-day", desk.world, desk.handler)
    )
    filer = Phone(browser_page(360), artefacts, "enterprise-day")
    filer.follow(filed.petition.number, filed.code)
    filer.look("filer")
    assert PROMISED in filer.text() and "变压器已经换好" in filer.text()
    office.page.goto(f"/petitions/days/{reception.pk}/")
    office.press("都跟进完了")
    assert Reception.objects.get().state == "followed_up"


def prepared(office: Desktop, *petitions: Petition) -> Reception:
    """Planned for today, the cases put on its list by number, the briefing printed."""
    page = office.page
    page.goto(f"/petitions/days/new/?kind=enterprise_day&day={timezone.localdate()}")
    page.locator("[name=place]").select_option(COUNTY)
    page.locator("[name=leader]").fill("周一")
    page.locator("[name=post]").fill("副县长")
    page.locator("details:has([name=units]) summary").click()
    page.locator(f"[name=units][value='{LYJ}']").check()
    office.press("排定")
    page.get_by_label("按编号排入").fill(" ".join(petition.number for petition in petitions))
    office.press("排入")
    office.look("prepared")
    briefing = page.request.get(f"{page.url}briefing.pdf")
    assert briefing.status == 200 and briefing.body().startswith(b"%PDF")
    return Reception.objects.get()


def killed_while_sending(device: Device) -> None:
    """The records arrive, the answers are lost, and the browser dies before it knows."""
    arrived: list[int] = []

    def lose(route: Any) -> None:
        arrived.append(route.fetch().status)
        route.abort()

    page = device.page
    page.route("**/records/", lose)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/records/")):
        page.context.set_offline(False)
    assert arrived == [201] and ReceptionRecord.objects.count() == 1
    device.killed()


def fulfilled_to_the_end(desk: Desk, office: Desktop, unit: Desktop) -> None:
    """The unit reports, the petition office looks and accepts."""
    promise = Promise.objects.get()
    assert (promise.unit, promise.person, promise.what) == (LYJ, "陈股长", PROMISED)
    for who, act, words in ((unit, "report", "换好了，有照片。"), (office, "accept", "变压器已经换好。")):
        who.page.goto("/petitions/promises/")
        assert PROMISED in who.text() and "陈股长" in who.text()
        form = who.page.locator(f"form[action$='/{promise.pk}/{act}/']")
        who.page.locator("details", has=form).locator("summary").click()
        form.locator("textarea").first.fill(words)
        with who.page.expect_navigation():
            form.locator("button").click()
    promise.refresh_from_db()
    assert promise.state == "kept"
