"""Milestones, photos and acceptance: every exit."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from households.models import User
from households.roles import Role
from rewards.models import Milestone, Picture, Project, ProjectPhoto
from rewards.pictures import pictures
from rewards.projects.actions.works import (
    MAX_MILESTONES,
    add_photo,
    finish_milestone,
    judge_works,
    lacking,
    plan_milestone,
    remove_milestone,
    remove_photo,
)
from tests.colleagues import colleague
from tests.refusals import refused
from tests.rewards.pictures.photographs import photo
from tests.rewards.projects.village_works import DAY, accepted, approved, building, finished, fresh, listed
from tests.world import World

pytestmark = pytest.mark.django_db


def picture(side: int = 64) -> Picture:
    return pictures.keep(photo(side, side), by=None)


def agree(project: Project, by: User, passed: bool = True) -> object:
    return judge_works(project=project, passed=passed, remarks="现场看过。", by=by)


def test_milestone_is_planned_and_done_once(world: World) -> None:
    project, _ = building(world)
    milestone = project.milestones.get()
    done = finish_milestone(milestone=milestone, on=DAY, note=" 压实 ", by=world.user(Role.CADRE))
    assert (done.done_on, done.note, done.done_by) == (DAY, "压实", world.user(Role.CADRE))
    refused("milestone_done", lambda: finish_milestone(milestone=milestone, on=DAY, by=None))
    refused("milestone_done", lambda: remove_milestone(milestone=milestone, by=None))


def test_milestone_is_not_done_in_the_future(world: World) -> None:
    project, _ = building(world)
    tomorrow = timezone.localdate() + timedelta(days=1)
    refused("future", lambda: finish_milestone(milestone=project.milestones.get(), on=tomorrow, by=None))


def test_milestone_has_a_name_of_its_own(world: World) -> None:
    project = approved(world)
    plan_milestone(project=project, title="路基", due=DAY, by=None)
    refused("milestone_twice", lambda: plan_milestone(project=project, title=" 路基 ", due=DAY, by=None))
    refused("text_missing", lambda: plan_milestone(project=project, title="", due=DAY, by=None))


def test_milestones_are_as_many_as_one_can_read(world: World) -> None:
    project = approved(world)
    Milestone.objects.bulk_create(Milestone(project=project, title=str(n), due=DAY) for n in range(MAX_MILESTONES))
    refused("milestones_full", lambda: plan_milestone(project=project, title="再一个", due=DAY, by=None))


def test_open_milestone_is_taken_out_of_the_plan(world: World) -> None:
    project = approved(world)
    milestone = plan_milestone(project=project, title="路基", due=DAY, by=None)
    remove_milestone(milestone=milestone, by=None)
    assert not project.milestones.exists()
    assert project.steps.last().note == "去掉节点：路基"


def test_nothing_is_planned_before_approval(world: World) -> None:
    [project] = listed(world)
    refused("project_state", lambda: plan_milestone(project=project, title="路基", due=DAY, by=None))


def test_photo_of_a_need_and_of_a_milestone(world: World) -> None:
    project, _ = building(world)
    milestone = project.milestones.get()
    add_photo(project=project, picture=picture(), stage="before", caption="坑洼", by=None)
    kept = add_photo(project=project, picture=picture(), stage="during", caption="压实", milestone=milestone, by=None)
    assert list(milestone.photos.all()) == [kept]


@pytest.mark.parametrize(
    ("stage", "caption", "code"), [("castle", "坑", "photo_stage"), ("before", " ", "text_missing")]
)
def test_photo_that_says_nothing_is_refused(world: World, stage: str, caption: str, code: str) -> None:
    [project] = listed(world)
    refused(code, lambda: add_photo(project=project, picture=picture(), stage=stage, caption=caption, by=None))
    assert not ProjectPhoto.objects.exists()


def test_photo_of_a_milestone_is_of_its_own_project(world: World) -> None:
    project, _ = building(world)
    [other] = listed(world, "渠")
    mine = {"picture": picture(), "caption": "压实", "milestone": project.milestones.get(), "by": None}
    refused("photo_stage", lambda: add_photo(project=other, stage="during", **mine))
    refused("photo_stage", lambda: add_photo(project=project, stage="after", **mine))


def test_same_photo_twice_is_refused(world: World) -> None:
    [project] = listed(world)
    once = {"project": project, "picture": picture(), "stage": "before", "caption": "坑", "by": None}
    add_photo(**once)
    refused("photo_twice", lambda: add_photo(**once))


def test_photo_is_taken_down_with_a_reason_until_the_account_is_closed(world: World) -> None:
    [project] = listed(world)
    kept = add_photo(project=project, picture=picture(), stage="before", caption="坑", by=None)
    refused("text_missing", lambda: remove_photo(photo=kept, reason="", by=None))
    remove_photo(photo=kept, reason="拍到了人脸", by=None)
    assert not project.photos.exists()


def test_one_supervisor_and_the_township_accept(world: World) -> None:
    project = finished(world)
    agree(project, world.user(Role.SUPERVISOR))
    assert fresh(project).state == "building"
    agree(project, world.user(Role.TOWNSHIP))
    assert fresh(project).state == "accepted"
    assert project.steps.last().note == "验收意见齐全，验收合格"


def test_two_supervisors_accept_where_there_are_two(world: World) -> None:
    second, project = colleague(world, Role.SUPERVISOR), finished(world)
    agree(project, world.user(Role.SUPERVISOR))
    agree(project, world.user(Role.TOWNSHIP))
    assert lacking(fresh(project)) == "还差 1 名村务监督委员签字"
    agree(project, second)
    assert fresh(project).state == "accepted"


def test_refusal_begins_a_new_round(world: World) -> None:
    project = finished(world)
    agree(project, world.user(Role.SUPERVISOR))
    agree(project, world.user(Role.TOWNSHIP), passed=False)
    assert fresh(project).round == 2
    agree(fresh(project), world.user(Role.TOWNSHIP))
    assert fresh(project).state == "building"
    agree(fresh(project), world.user(Role.SUPERVISOR))
    assert fresh(project).state == "accepted"


def test_one_person_speaks_once_a_round(world: World) -> None:
    project = finished(world)
    agree(project, world.user(Role.SUPERVISOR))
    refused("judged_already", lambda: agree(project, world.user(Role.SUPERVISOR)))


def test_unfinished_works_are_not_judged(world: World) -> None:
    project, _ = building(world)
    refused("not_finished", lambda: agree(project, world.user(Role.SUPERVISOR)))


def test_word_has_remarks(world: World) -> None:
    project = finished(world)
    act = lambda: judge_works(project=project, passed=True, remarks=" ", by=world.user(Role.SUPERVISOR))  # noqa: E731
    refused("text_missing", act)


def test_accepted_project_is_not_judged_again(world: World) -> None:
    project = accepted(world)
    refused("project_state", lambda: agree(project, world.user(Role.SUPERVISOR)))


def test_supervisor_who_left_no_longer_counts(world: World) -> None:
    second, project = colleague(world, Role.SUPERVISOR), finished(world)
    User.objects.filter(pk=second.pk).update(is_active=False)
    agree(project, world.user(Role.SUPERVISOR))
    agree(project, world.user(Role.TOWNSHIP))
    assert fresh(project).state == "accepted"


@pytest.mark.parametrize("wrong", [{"stage": "castle"}, {"caption": ""}, {"stage": "before"}])
def test_database_refuses_what_no_photo_can_be(world: World, wrong: dict[str, str]) -> None:
    project, _ = building(world)
    milestone = project.milestones.get()
    add_photo(project=project, picture=picture(), stage="during", caption="压实", milestone=milestone, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectPhoto.objects.update(**wrong)
