"""A month that the county freezes while it is posted: the notice says so, on every way, and invites no objection that is too late."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from households.months import spoken
from households.roles import Role
from scoring.freezing import freeze, freeze_one
from scoring.models import Sheet
from scoring.notices.paper import PAPERS
from scoring.notices.reads import head_of
from tests.rewards.awards.pdf_text import read
from tests.scoring.notices.posting import POSTED, days_ago, posted
from tests.world import COUNTY, VILLAGE, World

PAGE = reverse("notice", args=[VILLAGE, POSTED])
OVER = "这个月由县里提前锁定，提异议的日子已经过了"


def text(page: str = PAGE, client: Client | None = None) -> str:
    return re.sub(r"\s+", " ", (client or Client()).get(page).content.decode())


def loudspeaker() -> str:
    found = re.search(r'<p class="spoken">(.*?)</p>', text())
    assert found
    return found[1]


@pytest.fixture
def sheet(world: World) -> Sheet:
    return posted(world)


@pytest.fixture
def forced(world: World, sheet: Sheet) -> Sheet:
    """东山村 frozen on the day it was posted; its neighbours are still posted."""
    freeze_one(month=POSTED, village=VILLAGE, by=world.user(Role.COUNTY_OFFICE))
    return world.sheet(month=POSTED)


def test_notice_in_time_invites_objections_on_every_way(sheet: Sheet) -> None:
    until = f"请在{spoken(head_of(sheet).days.objections_until)}（含）前提异议"
    assert until in loudspeaker() and "提前" not in text()
    assert until in "".join(read(Client().get(PAGE, {"paper": "a4"}).content))


def test_notice_of_a_forced_month_says_so_and_invites_nobody(forced: Sheet) -> None:
    page = text()
    assert "现在已经锁定，是县里提前锁定的" in page and OVER in page
    assert OVER in loudspeaker() and "前提异议" not in page and "原定公示到" in loudspeaker()


@pytest.mark.parametrize("paper", PAPERS)
def test_paper_of_a_forced_month_says_so_and_invites_nobody(forced: Sheet, paper: str) -> None:
    told = "".join(read(Client().get(PAGE, {"paper": paper}).content))
    assert OVER in told and "前提异议" not in told


def test_lists_tell_a_forced_month_from_a_posted_one(world: World, forced: Sheet) -> None:
    assert "提前锁定" in text(reverse("notice-list"))
    assert "县里提前锁定" in text(reverse("notices"), world.client(Role.CADRE))


def test_month_frozen_in_due_course_is_not_called_forced(sheet: Sheet) -> None:
    days = head_of(sheet).days
    days_ago(sheet, 10)
    freeze(month=POSTED, on=days.freeze_on)
    assert "现在已经锁定。" in text() and "提前" not in text()
    assert "提异议的日子已经过了" in loudspeaker() and "前提异议" not in loudspeaker()


def test_public_ranking_tells_cut_short_from_never_posted(world: World, forced: Sheet) -> None:
    Sheet.objects.filter(village=world.strange, period=POSTED).update(posted_at=None, state="reviewed")
    freeze_one(month=POSTED, village=world.strange.code, by=world.user(Role.COUNTY_OFFICE))
    freeze(month=POSTED, on=head_of(world.sheet(world.sister, POSTED)).days.freeze_on)
    page = text(f"/rankings/{POSTED}/village/?within={COUNTY}")
    assert "其中 1 个村由县里提前锁定，没有经过公示" in page
    assert "其中 1 个村公示过，没有走完就由县里提前锁定" in page


def test_interface_says_what_the_notice_shows(sheet: Sheet) -> None:
    answer = Client().get(reverse("api-notice", args=[POSTED, VILLAGE])).json()
    assert (answer["township"], answer["takes_objections"], answer["forced"]) == ("罗坪乡", True, False)
    assert answer["spoken"] == loudspeaker()


def test_interface_says_that_a_month_was_forced(forced: Sheet) -> None:
    answer = Client().get(reverse("api-notice", args=[POSTED, VILLAGE])).json()
    assert (answer["takes_objections"], answer["forced"]) == (False, True)
    assert answer["spoken"] == loudspeaker() and OVER in answer["spoken"]
