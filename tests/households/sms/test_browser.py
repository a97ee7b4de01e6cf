"""发出的消息 and its slips in Chromium, on a telephone and on a desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.outbox.actions import put
from households.plates.actions.pins import used_before
from households.plates.actions.plates import issue_plate
from households.roles import Role
from tests.browsing import enter, faults
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_outbox_is_read_and_printed_on_any_screen(
    browser_page: Callable[..., object], world: World, artefacts: Path, width: int
) -> None:
    for kind in ("correction.answered", "event.posted", "goods.void"):
        put(kind, key=1, households=[one.code for one in world.households[:3]])
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    for name in ("outbox", "outbox-slips"):
        page.goto(reverse(name))
        assert faults(page) == []
        page.screenshot(path=artefacts / f"{name}-{width}.jpg", full_page=True)


def test_household_reads_its_messages_on_a_narrow_screen(
    browser_page: Callable[..., object], world: World, artefacts: Path
) -> None:
    put("objection.ruled", key=1, households=[world.household.code])
    plate, _printed = issue_plate(household=world.household, by=None)
    pin, page = used_before(plate=plate), browser_page(320)
    page.goto(reverse("plate", args=[plate.token]))
    page.fill("#pin", pin)
    page.click("main form button")
    page.click("text=给我家的消息")
    page.wait_for_selector("#said")
    assert faults(page) == []
    page.screenshot(path=artefacts / "household-messages-320.jpg", full_page=True)
