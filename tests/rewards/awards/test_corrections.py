"""A correction of a frozen month and the awards that rest on it: said before it is granted, true afterwards."""

from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from households.roles import Role
from rewards.awards.suspension import suspended_among
from rewards.models import Award
from scoring.models import Adjustment
from scoring.restatements.consequences import consequences_of
from tests.rewards.awards.scene import BY_RANK, TEN_THOUSAND, TOWNSHIPS, FundScene, fund_scene
from tests.scoring.restatements.adjusting import ask, grant
from tests.world import VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> FundScene:
    """An award to each of three villages and two townships, all of one class."""
    from rewards.awards.engine import Band

    scene = fund_scene()
    scene.rule(BY_RANK, bands=[Band(1, 3, TEN_THOUSAND)])
    scene.confirm(scene.preview())
    scene.rule(TOWNSHIPS, bands=[Band(1, 2, 100_000)])
    scene.confirm(scene.preview(TOWNSHIPS.kind))
    return scene


def asked(scene: FundScene) -> Adjustment:
    """罗坪乡 asks to add a deduction to one household of 东山村."""
    return ask(scene.world, household=f"{VILLAGE}010002", clause="WR04", date="2024-05-21")


def suspended() -> set[str]:
    awards = list(Award.objects.select_related("run"))
    stopped = suspended_among(awards)
    return {award.division_id for award in awards if award.pk in stopped}


def stored() -> dict[str, tuple[object, ...]]:
    """Every award that is payable, all that is stored of it."""
    held = suspended()
    return {row[4]: row for row in Award.objects.values_list() if row[4] not in held}


def test_awards_foreseen_are_the_awards_suspended(scene: FundScene) -> None:
    adjustment = asked(scene)
    [consequence] = consequences_of(adjustment)
    assert len(consequence.touched) == 2
    assert "2 笔奖励会暂停使用，共 11,000.00 元" in consequence.sentence
    assert suspended() == set()
    grant(scene.world, adjustment)
    assert suspended() == {VILLAGE, VILLAGE[:9]}


def test_awards_of_other_villages_stay_as_they_were(scene: FundScene) -> None:
    others = {code: row for code, row in stored().items() if not VILLAGE.startswith(code)}
    grant(scene.world, asked(scene))
    assert len(others) == 3
    assert stored() == others


def page(client: Client, adjustment: Adjustment) -> HttpResponse:
    return client.get(f"/adjustments/{adjustment.pk}/")


def test_page_says_before_the_second_key_which_awards_it_suspends(scene: FundScene) -> None:
    adjustment = asked(scene)
    html = page(scene.world.client(Role.COUNTY_OFFICE), adjustment).content.decode()
    assert "2 笔奖励会暂停使用，共 11,000.00 元" in html
    assert "罗坪乡东山村：综合奖" in html


def test_message_after_granting_and_the_home_of_who_decides_name_them(scene: FundScene) -> None:
    adjustment = asked(scene)
    client = scene.world.client(Role.COUNTY_OFFICE)
    assert "暂停使用的奖励" not in client.get("/").content.decode()
    sent = client.post(f"/adjustments/{adjustment.pk}/grant/", {"op_id": uuid4()}, follow=True).content.decode()
    assert "2 笔奖励会暂停使用" in sent
    home = client.get("/").content.decode()
    assert "暂停使用的奖励" in home
    assert "综合奖：1 笔，10,000.00 元" in home


def test_correction_without_awards_says_so(scene: FundScene) -> None:
    adjustment = ask(scene.world, household=f"{VILLAGE}010002", clause="WR01", date="2024-05-21")
    assert "没有奖励因此暂停使用" in page(scene.world.client(Role.COUNTY_OFFICE), adjustment).content.decode()
