"""From an empty system to the first declared month, in Chromium alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from households.models import Household, Plate
from households.opening.actions import first_addresses
from households.roles import Role
from scoring.models import Declaration
from tests.browsing import faults, says
from tests.households.opening.first_day import FIRST, HILL, FirstDay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_county_that_nobody_has_seen_comes_to_its_first_declared_month(
    browser_page: Callable, artefacts: Path, tmp_path: Path
) -> None:
    given = {role: f"/{address.split('/', 3)[3]}" for role, address in first_addresses()}
    day = FirstDay(browser_page, tmp_path)
    office = day.come_in(given[Role.COUNTY_OFFICE], "liulingban", "郭开县", county=True)
    day.register(office)
    day.calendar(office)
    assert [len(papers) for papers in day.plates(office)] == [2, 2, 2]  # one of each for each village of the township
    assert Plate.objects.filter(revoked_at=None).count() == 12
    for width in (1280, 360):
        office.set_viewport_size({"width": width, "height": 900})
        office.goto("/setup/")
        office.screenshot(path=artefacts / f"opening-{width}.jpg", full_page=True)
        assert faults(office) == []
    admin = day.come_in(given[Role.SYSTEM_ADMIN], "guanliyuan", "管一")
    given = day.accounts_by_file(admin, {"ganbu": ("甘一", FIRST), "ganbu2": ("甘二", f"{HILL}202")})
    one_time = day.open_account(admin, "村务监督委员", FIRST, "简一", "jiandu")
    assert one_time not in given.values()
    day.declare("ganbu", given["ganbu"])
    office.goto("/setup/")
    says(office, "1 张台账已申报")
    says(office, "12 块户牌")
    says(office, "2 村干部")
    assert Household.objects.count() == 12
    assert len(Declaration.objects.get().households) == 3
