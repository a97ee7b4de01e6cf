"""After the freezing, in real Chromium: a household objects late, two keys put it right, the county is restated, the old link stays."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from households.models import Plate
from households.roles import Role
from scoring.freezing import freeze
from scoring.models import DivisionScore, HouseholdScore, Objection, ScoreEvent
from scoring.notices.reads import head_of
from tests.browsing import enter, faults, says
from tests.plates import own_plate
from tests.scoring.notices.posting import DAY, POSTED, posted
from tests.scoring.objections.objecting import ONE
from tests.world import COUNTY, World, build

pytestmark = pytest.mark.browser
OLD = reverse("ranking-snapshot", args=[POSTED, "village", 1]) + f"?within={COUNTY}"


@pytest.fixture
def world(transactional_db: None) -> World:
    """The month is over: posted, nobody objected, frozen on its day."""
    made = build()
    made.record(ONE, "WR02", by=made.user(Role.GROUP_LEADER), day=DAY)
    sheet = posted(made)
    assert freeze(month=POSTED, on=head_of(sheet).days.freeze_on).villages == 3
    return made


def total() -> int:
    return DivisionScore.objects.get(month=POSTED, code=COUNTY).total


def own_score() -> int:
    return HouseholdScore.objects.get(month=POSTED, code=ONE).score


def rows(page: object) -> list[str]:
    return page.locator("main table tbody tr").all_inner_texts()


def test_late_objection_restates_the_county_and_the_old_link_keeps_its_bytes(
    world: World, browser_page: Callable, artefacts: Path
) -> None:
    page, before, door = browser_page(360), total(), own_plate(world.household)
    page.goto(OLD)
    shown, bytes_then = rows(page), page.request.get(f"{OLD}&format=json").body()
    assert shown and "已被第" not in page.inner_text("main")
    made = object_late(page, door, artefacts)
    uphold(page, world)
    assert total() == before and ScoreEvent.objects.get().withdrawn_at is None
    turn_second_key(page, world, artefacts)
    assert (total(), own_score()) == (before + 5, 100)
    page.context.clear_cookies()
    page.goto(OLD)
    says(page, "已被第 2 版取代")
    assert rows(page) == shown and page.request.get(f"{OLD}&format=json").body() == bytes_then
    page.screenshot(path=artefacts / "objection-late-old-link-360.jpg", full_page=True)
    assert faults(page) == []
    page.click("main a:has-text('看第 2 版')")
    says(page, "结果调整：登记对象有误")
    assert rows(page) != shown
    page.goto(reverse("public-restatements"))
    says(page, "涉及 1 个村、1 户")
    come_home(page, door)
    page.goto(reverse("household-objection", args=[door[0].token, made.pk]))
    says(page, "成立，已更正")


def come_home(page: object, door: tuple[Plate, str]) -> None:
    plate, pin = door
    page.goto(reverse("plate", args=[plate.token]))
    page.fill("input[name=pin]", pin)
    page.click("main button")


def object_late(page: object, door: tuple[Plate, str], artefacts: Path) -> Objection:
    """By the household, of a month that its page calls locked."""
    come_home(page, door)
    page.goto(reverse("plate", args=[door[0].token]) + f"?month={POSTED}")
    says(page, "已经锁定。确实记错了，仍然可以提异议")
    page.click("main a:has-text('对这一条提异议')")
    page.fill("#id_text", "那天全家在外打工，倒垃圾的不是我家。")
    page.screenshot(path=artefacts / "objection-late-household-360.jpg", full_page=True)
    assert faults(page) == []
    page.click("main button:has-text('提交')")
    says(page, "等乡镇复核")
    made = Objection.objects.get()
    assert (made.state, made.blocks) == ("second", False)
    return made


def uphold(page: object, world: World) -> None:
    """The first key: the township rules."""
    enter(page, world, Role.TOWNSHIP)
    page.goto(reverse("home"))
    page.click("text=件异议等裁定")
    page.click("main li a >> nth=0")
    says(page, "这一件不影响锁定")
    says(page, "如果成立，会变成这样")
    page.check("input[name=upheld] >> nth=0")
    page.select_option("#id_public_reason", "wrong_place")
    page.fill("#id_reason", "看了车票，确实不在家。")
    page.click("button:has-text('裁定')")
    says(page, "更正已经报县六零办，等第二个人批准")


def turn_second_key(page: object, world: World, artefacts: Path) -> None:
    """The county office grants."""
    enter(page, world, Role.COUNTY_OFFICE)
    page.goto(reverse("home"))
    page.click("text=件锁定后调整等批准")
    page.click("main .btn-primary")
    page.wait_for_selector("#effects")
    page.screenshot(path=artefacts / "objection-late-second-key-360.jpg", full_page=True)
    page.click("text=同意，重新计算")
    says(page, "各级结果、积分和排名已重新计算")
