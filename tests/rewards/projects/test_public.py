"""What everybody may read about a village's projects: money and pictures, no persons."""

import pytest
from django.test import Client
from django.urls import reverse

from households.roles import Role
from rewards.pictures import pictures
from rewards.projects.actions.payments import pay, reverse_payment
from rewards.projects.actions.projects import drop_project
from rewards.projects.actions.works import add_photo, judge_works
from tests.answers import whole
from tests.rewards.pictures.photographs import photo
from tests.rewards.projects.village_works import COST, DAY, accepted, bill, building, finished, listed
from tests.world import COUNTY, SISTER, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db


def village(code: str = VILLAGE) -> str:
    return Client().get(reverse("public-projects", args=[code])).content.decode()


def account(project: object) -> str:
    return Client().get(reverse("public-project", args=[project.village_id, project.pk])).content.decode()


def test_village_shows_its_projects_by_how_far_they_are(world: World) -> None:
    building(world)
    _, dropped = listed(world, "路灯", "码头")
    drop_project(project=dropped, reason="水库蓄水后不再需要", by=None)
    text = village()
    assert text.index("正在办") < text.index("还没有办的需求") < text.index("已取消，原因请问村民委员会")
    assert "水库蓄水后不再需要" not in text
    assert "路灯" in text
    assert "路灯" not in village(SISTER)


@pytest.mark.parametrize("code", [COUNTY, TOWNSHIP, "430726201999", "x", f"{VILLAGE}01"])
def test_only_villages_have_a_page(world: World, code: str) -> None:
    listed(world)
    answer = Client().get(reverse("public-projects", args=[code]))
    assert (answer.status_code, "一组道路硬化" in whole(answer)) == (404, False)


def test_project_is_found_under_its_own_village_only(world: World) -> None:
    [project] = listed(world)
    answer = Client().get(reverse("public-project", args=[SISTER, project.pk]))
    assert (answer.status_code, project.title in whole(answer)) == (404, False)
    assert project.title in account(project)


def test_account_tells_money_and_who_was_paid(world: World) -> None:
    project = accepted(world)
    pay(project=project, bill=bill(COST), by=world.user(Role.COUNTY_OFFICE))
    text = account(project)
    assert "50,000.00</b> 元" in text
    assert "罗坪建筑公司" in text
    assert "出资部门：林业局" in text
    assert "村务监督委员 1 人，乡镇工作人员 1 人" in text


def test_account_shows_the_place_before_and_after(world: World) -> None:
    project, _ = building(world)
    for stage, side in (("before", 64), ("after", 72)):
        add_photo(
            project=project, picture=pictures.keep(photo(side, side), by=None), stage=stage, caption="水井旁", by=None
        )
    text = account(project)
    assert text.index("施工前</strong>") < text.index("完工后</strong>")
    digest = project.photos.first().picture_id
    assert Client().get(reverse("picture", args=[digest])).status_code == 200


def test_no_person_is_named_in_public(world: World) -> None:
    project = finished(world)
    judge_works(project=project, passed=False, remarks="边坡要补", by=world.user(Role.SUPERVISOR))
    judge_works(project=project, passed=True, remarks="好了", by=world.user(Role.SUPERVISOR))
    judge_works(project=project, passed=True, remarks="同意", by=world.user(Role.TOWNSHIP))
    payment = pay(project=project, bill=bill(100, payee_kind="labour", payee="李四光"), by=None)
    reverse_payment(payment=payment, voucher_no="冲字9号", reason="李四光的账号错了", on=DAY, by=None)
    text = account(project) + village()
    names = [user.display_name for user in world.people.values()]
    assert not [name for name in [*names, "李四光", "边坡要补"] if name in text]
    assert "务工人员" in text


def test_refused_works_show_no_acceptance(world: World) -> None:
    project = finished(world)
    judge_works(project=project, passed=True, remarks="好", by=world.user(Role.SUPERVISOR))
    assert "谁验收的" not in account(project)


def test_spending_of_the_village_adds_up(world: World) -> None:
    project = accepted(world)
    pay(project=project, bill=bill(12_345_67), by=None)
    assert "一共付了 <strong>12,345.67 元" in village()
