"""The list of points without an heir, on a phone and on a desk."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from households.models import ChangeKind
from households.roles import Role
from scoring.ledger import door as ledger
from tests.browsing import enter, faults
from tests.households.changes.histories import done
from tests.world import VILLAGE, World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ONE = f"{VILLAGE}010001"


@pytest.fixture
def world(live_site: str) -> World:
    made = build()
    with transaction.atomic():
        ledger.adjust(ledger.household(ONE), 7, key="given", text="发放")
    done(made.user(Role.CADRE), ChangeKind.CLOSE, date(2024, 5, 10), ONE)
    return made


@pytest.mark.parametrize("width", [360, 1280])
def test_cadre_comes_from_home_to_naming_somebody(
    world: World, browser_page: Callable, width: int, artefacts: object
) -> None:
    page = browser_page(width)
    enter(page, world, Role.CADRE)
    page.goto(reverse("home"))
    page.click("text=个注销户的积分等指定去向")
    page.screenshot(path=artefacts / f"heirless-{width}.jpg", full_page=True)
    assert faults(page) == []
    page.click(f"main a[href*='{ONE}']")
    page.fill("#id_other", f"{VILLAGE}010002")
    assert page.url.endswith(reverse("change-household", args=[ONE, "heir"]))
