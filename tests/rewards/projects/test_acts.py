"""What can be done to a project by its page's forms, each from the click to the row; and what a repetition does."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from households.models import Operation
from households.roles import Role
from rewards.models import Payment
from rewards.pictures import pictures
from rewards.projects.actions.payments import pay
from rewards.projects.actions.works import add_photo, plan_milestone
from rewards.projects.views_acts import ACTS
from tests.rewards.pictures.photographs import photo
from tests.rewards.projects.project_pages import post
from tests.rewards.projects.village_works import (
    COST,
    DAY,
    accepted,
    approved,
    award,
    bill,
    building,
    chosen,
    finished,
    fresh,
    funded,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def upload(side: int = 64) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", photo(side, side), content_type="image/jpeg")


def test_every_act_has_words_and_an_address() -> None:
    assert all(act.label and act.done.endswith("。") for act in ACTS.values())
    assert all(reverse(f"project-{name}", args=[1]) == f"/projects/1/{name}/" for name in ACTS)


def test_township_returns_a_choice(world: World) -> None:
    project = chosen(world)
    assert post(world, Role.TOWNSHIP, project, "return", reason="选址不妥").status_code == 302
    assert fresh(project).state == "listed"


def test_county_may_approve_too(world: World) -> None:
    project = chosen(world)
    post(world, Role.COUNTY_OFFICE, project, "approve", budget="1,000", approval_no="县发1号")
    assert fresh(project).budget_fen == 1_000_00


@pytest.mark.parametrize("budget", ["", "0", "-1", "一万", "1e5"])
def test_budget_that_is_no_amount_comes_back(world: World, budget: str) -> None:
    project = chosen(world)
    answer = post(world, Role.TOWNSHIP, project, "approve", budget=budget, approval_no="1号")
    assert answer.status_code == 422
    assert fresh(project).state == "chosen"


def test_works_are_planned_and_begun(world: World) -> None:
    project, _ = funded(world)
    post(world, Role.CADRE, project, "plan", title="路基", due="2024-07-01")
    assert post(world, Role.CADRE, project, "start").status_code == 302
    assert fresh(project).state == "building"


def test_milestone_is_taken_out(world: World) -> None:
    project = approved(world)
    milestone = plan_milestone(project=project, title="路基", due=DAY, by=None)
    post(world, Role.CADRE, project, "unplan", milestone=milestone.pk)
    assert not project.milestones.exists()


def test_milestone_of_another_project_is_no_choice(world: World) -> None:
    project, _ = building(world)
    other = approved(world, "水渠")
    milestone = plan_milestone(project=other, title="清淤", due=DAY, by=None)
    answer = post(world, Role.CADRE, project, "finish", milestone=milestone.pk, done_on="2024-06-20")
    assert answer.status_code == 422
    assert fresh(milestone).done_on is None


def test_photo_of_the_place_is_put_up(world: World) -> None:
    project = chosen(world)
    post(world, Role.CADRE, project, "photo", stage="before", caption="坑洼", photo=upload())
    assert project.photos.get().caption == "坑洼"


def test_photo_act_without_a_photo_comes_back(world: World) -> None:
    project = chosen(world)
    answer = post(world, Role.CADRE, project, "photo", stage="before", caption="坑洼")
    assert (answer.status_code, "坑洼" in answer.content.decode(), project.photos.count()) == (422, True, 0)


def test_photo_of_another_project_is_not_taken_down(world: World) -> None:
    project, other = chosen(world), chosen(world, "水渠")
    kept = add_photo(project=other, picture=pictures.keep(photo(), by=None), stage="before", caption="渠", by=None)
    assert post(world, Role.CADRE, project, "unphoto", photo=kept.pk, reason="错").status_code == 422
    assert other.photos.exists()


def test_supervisor_asks_for_repairs_with_a_picture(world: World) -> None:
    project = finished(world)
    post(world, Role.SUPERVISOR, project, "accept", passed="no", remarks="边坡开裂", photo=upload())
    assert (fresh(project).round, fresh(project).state) == (2, "building")
    assert project.photos.get().stage == "acceptance"


def test_county_reverses_a_payment(world: World) -> None:
    project, _ = building(world)
    payment = pay(project=project, bill=bill(5_00), by=None)
    typed = {"payment": payment.pk, "voucher_no": "冲1", "reason": "付错账户"}
    assert post(world, Role.COUNTY_OFFICE, project, "reverse", **typed).status_code == 302
    assert fresh(project).paid_fen == 0


def test_county_takes_money_back_into_the_award(world: World) -> None:
    project, given = funded(world)
    post(world, Role.COUNTY_OFFICE, project, "release", award=given.pk, fen="100", reason="造价下降")
    assert fresh(given).left_fen == 100_00


def test_award_that_gave_nothing_is_no_choice_for_release(world: World) -> None:
    project, given = funded(world)
    other = award(world)
    answer = post(world, Role.COUNTY_OFFICE, project, "release", award=other.pk, fen="1", reason="多了")
    assert answer.status_code == 422
    assert [(fresh(one).left_fen, fresh(one).amount_fen) for one in (given, other)] == [(0, COST), (COST, COST)]


def test_award_of_the_next_village_is_no_choice(world: World) -> None:
    project = approved(world)
    other = award(world, village=world.sister)
    assert post(world, Role.COUNTY_OFFICE, project, "allocate", award=other.pk, fen="1").status_code == 422
    assert fresh(project).allocated_fen == 0


def test_county_closes_the_account(world: World) -> None:
    project = accepted(world)
    pay(project=project, bill=bill(COST), by=None)
    assert post(world, Role.COUNTY_OFFICE, project, "close").status_code == 302
    assert fresh(project).state == "closed"


def test_cadre_drops_a_project(world: World) -> None:
    project = approved(world)
    post(world, Role.CADRE, project, "drop", reason="并入高标准农田")
    assert fresh(project).state == "dropped"
    text = world.client(Role.CADRE).get(reverse("project", args=[project.pk])).content.decode()
    assert "已取消：并入高标准农田" in text
    for name, *more in (("public-projects",), ("public-project", project.pk)):
        shown = Client().get(reverse(name, args=[project.village_id, *more])).content.decode()
        assert "已取消" in shown and "高标准农田" not in shown


@pytest.mark.parametrize("op_id", ["", "x", "12"])
def test_form_without_its_id_does_nothing(world: World, op_id: str) -> None:
    project = approved(world)
    assert post(world, Role.CADRE, project, "drop", reason="不要了", op_id=op_id).status_code == 422
    assert fresh(project).state == "approved"


def test_refused_payment_stays_refused_under_its_id(world: World) -> None:
    """What failed once is not made later by a repetition that comes late."""
    project, given = funded(world)
    typed = {"payee_kind": "company", "payee": "建筑公司", "voucher_no": "付1", "paid_on": "2024-06-20", "fen": "5"}
    op_id = str(uuid4())
    assert post(world, Role.COUNTY_OFFICE, project, "pay", op_id=op_id, **typed).status_code == 409
    plan_milestone(project=project, title="路基", due=DAY, by=None)
    post(world, Role.CADRE, project, "start")
    assert post(world, Role.COUNTY_OFFICE, project, "pay", op_id=op_id, **typed).status_code == 409
    assert not Payment.objects.exists()
    assert given.committed_fen == COST


def test_id_used_for_another_amount_is_refused(world: World) -> None:
    project, _ = building(world)
    typed = {"payee_kind": "company", "payee": "建筑公司", "voucher_no": "付1", "paid_on": "2024-06-20"}
    op_id = str(uuid4())
    post(world, Role.COUNTY_OFFICE, project, "pay", op_id=op_id, fen="5", **typed)
    assert post(world, Role.COUNTY_OFFICE, project, "pay", op_id=op_id, fen="6", **typed).status_code == 409
    assert fresh(project).paid_fen == 5_00


def test_operation_is_the_persons_own(world: World) -> None:
    project = chosen(world)
    post(world, Role.TOWNSHIP, project, "return", reason="选址不妥")
    assert Operation.objects.get().actor == Role.TOWNSHIP
