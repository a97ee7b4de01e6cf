"""The village's list of needs: order, what may be changed when, and the way to approval."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from households.models import AuditEvent
from households.roles import Role
from rewards.models import Project, ProjectStep
from rewards.project_states import ProjectState
from rewards.projects.actions.projects import (
    approve_project,
    close_project,
    drop_project,
    edit_need,
    list_need,
    move_need,
    return_project,
    start_project,
)
from rewards.projects.actions.works import plan_milestone
from tests.audit_failure import audit_down
from tests.refusals import refused
from tests.rewards.projects.village_works import (
    COST,
    DAY,
    YEAR,
    accepted,
    approved,
    asked,
    award,
    building,
    chosen,
    fresh,
    funded,
    listed,
    need,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def order(world: World) -> list[str]:
    found = Project.objects.filter(village=world.village, priority__isnull=False).order_by("priority")
    assert [project.priority for project in found] == list(range(1, len(found) + 1))
    return [project.title for project in found]


def test_needs_are_listed_in_order(world: World) -> None:
    listed(world, "路", "渠", "灯")
    listed(world, "井", village=world.sister)
    assert order(world) == ["路", "渠", "灯"]


def test_need_is_written_with_history_and_audit(world: World) -> None:
    [project] = listed(world)
    assert project.steps.get().label == "列入清单"
    assert AuditEvent.objects.get(action="project.list").place == world.village.code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": " "}, "text_missing"),
        ({"purpose": "长" * 301}, "text_too_long"),
        ({"place": ""}, "text_missing"),
        ({"estimate_fen": 0}, "estimate"),
        ({"kind": "castle"}, "project_kind"),
    ],
)
def test_need_that_lacks_something_is_refused(world: World, changed: dict[str, object], code: str) -> None:
    from dataclasses import replace

    wrong = replace(need(), **changed)
    refused(code, lambda: list_need(village=world.village, year=YEAR, need=wrong, by=None))
    assert not Project.objects.exists()


def test_need_belongs_to_a_village(world: World) -> None:
    refused("not_a_village", lambda: list_need(village=world.township, year=YEAR, need=need(), by=None))


def test_moving_up_and_down_keeps_the_numbers_whole(world: World) -> None:
    road, canal, lamp = listed(world, "路", "渠", "灯")
    assert move_need(project=lamp, up=True, by=None).priority == 2
    assert order(world) == ["路", "灯", "渠"]
    move_need(project=road, up=False, by=None)
    assert order(world) == ["灯", "路", "渠"]
    move_need(project=canal, up=False, by=None)
    assert order(world) == ["灯", "路", "渠"]


def test_dropping_closes_the_gap(world: World) -> None:
    road, canal, _ = listed(world, "路", "渠", "灯")
    dropped = drop_project(project=canal, reason="并入高标准农田", by=None)
    assert (dropped.state, dropped.priority) == (ProjectState.DROPPED, None)
    assert order(world) == ["路", "灯"]
    refused("project_state", lambda: move_need(project=dropped, up=True, by=None))
    assert fresh(road).priority == 1


def test_dropping_says_why(world: World) -> None:
    [project] = listed(world)
    refused("text_missing", lambda: drop_project(project=project, reason="  ", by=None))


def test_edited_need_says_what_changed(world: World) -> None:
    [project] = listed(world)
    edited = edit_need(project=project, need=need("二组道路硬化", 60_000_00), by=world.user(Role.CADRE))
    assert (edited.title, edited.estimate_fen) == ("二组道路硬化", 60_000_00)
    assert project.steps.last().note == "修改了项目名称、估算"


def test_saving_without_a_change_writes_nothing(world: World) -> None:
    [project] = listed(world)
    edit_need(project=project, need=need(), by=None)
    assert project.steps.count() == 1


def test_need_stays_as_it_is_while_residents_choose(world: World) -> None:
    projects = listed(world, "路", "渠")
    asked(world, projects)
    refused("project_being_chosen", lambda: edit_need(project=projects[0], need=need("桥"), by=None))
    refused("project_being_chosen", lambda: drop_project(project=projects[0], reason="不要了", by=None))
    move_need(project=projects[0], up=False, by=None)


def test_only_a_chosen_need_is_approved(world: World) -> None:
    [project] = listed(world)
    refusal = refused("project_state", lambda: approve_project(project=project, budget_fen=1, approval_no="1", by=None))
    assert refusal.status == 409


def test_approval_sets_budget_and_number(world: World) -> None:
    project = approved(world, budget=40_000_00)
    assert (project.state, project.budget_fen, project.approval_no) == ("approved", 40_000_00, "罗政发〔2024〕6号")
    assert "核定 40,000.00 元" in project.steps.last().note


@pytest.mark.parametrize(("budget", "number", "code"), [(0, "1", "budget"), (1, "", "text_missing")])
def test_approval_that_lacks_something_is_refused(world: World, budget: int, number: str, code: str) -> None:
    project = chosen(world)
    refused(code, lambda: approve_project(project=project, budget_fen=budget, approval_no=number, by=None))


def test_township_sends_a_choice_back(world: World) -> None:
    project = return_project(project=chosen(world), reason="选址占用基本农田", by=world.user(Role.TOWNSHIP))
    assert project.state == "listed"
    assert project.steps.last().note == "选址占用基本农田"


def test_works_begin_with_money_and_milestones(world: World) -> None:
    project = approved(world)
    refused("no_money", lambda: start_project(project=project, by=None))
    funded_project, _ = funded(world)
    refused("no_milestones", lambda: start_project(project=funded_project, by=None))
    plan_milestone(project=funded_project, title="路基", due=DAY, by=None)
    assert start_project(project=funded_project, by=None).state == "building"


def test_project_with_money_is_not_dropped(world: World) -> None:
    project, _ = building(world)
    refusal = refused("money_in_it", lambda: drop_project(project=project, reason="不做了", by=None))
    assert "50,000.00 元" in refusal.reason


def test_account_is_closed_when_everything_is_paid(world: World) -> None:
    from rewards.projects.actions.payments import pay
    from tests.rewards.projects.village_works import bill

    project = accepted(world)
    refused("nothing_paid", lambda: close_project(project=project, by=None))
    pay(project=project, bill=bill(COST - 1), by=None)
    assert "0.01 元" in refused("money_left", lambda: close_project(project=project, by=None)).reason
    pay(project=project, bill=bill(1), by=None)
    assert close_project(project=project, by=None).state == "closed"
    assert "决算 50,000.00 元" in project.steps.last().note


def moves(world: World) -> dict[str, Callable[[], object]]:
    one, two = listed(world, "甲", "乙")
    return {
        "list": lambda: list_need(village=world.village, year=YEAR, need=need(), by=None),
        "edit": lambda: edit_need(project=one, need=need("丙"), by=None),
        "move": lambda: move_need(project=two, up=True, by=None),
        "drop": lambda: drop_project(project=two, reason="不要了", by=None),
    }


@pytest.mark.parametrize("name", ["list", "edit", "move", "drop"])
def test_without_its_audit_line_nothing_is_written(world: World, name: str) -> None:
    act = moves(world)[name]
    before = list(Project.objects.order_by("pk").values())

    with audit_down():
        act()
    assert list(Project.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"estimate_fen": 0},
        {"state": "castle"},
        {"state": "dropped"},
        {"drop_reason": "为什么"},
        {"priority": None},
        {"budget_fen": 5},
        {"state": "building"},
        {"allocated_fen": 5},
        {"paid_fen": -1},
        {"paid_fen": 5},
        {"kind": "castle"},
        {"village_id": "430726201"},
    ],
)
def test_database_refuses_what_no_project_can_be(world: World, wrong: dict[str, object]) -> None:
    [project] = listed(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(**wrong)


def test_two_needs_never_share_a_place(world: World) -> None:
    listed(world, "路", "渠")
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(title="渠").update(priority=1)
        connection.check_constraints()


@pytest.mark.parametrize("statement", ["UPDATE rewards_projectstep SET note = '改'", "DELETE FROM rewards_project"])
def test_history_and_projects_stay(world: World, statement: str) -> None:
    listed(world)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ProjectStep.objects.exists()


def test_projects_of_other_years_have_a_list_of_their_own(world: World) -> None:
    listed(world, "路")
    next_year = list_need(village=world.village, year=YEAR + 1, need=need("渠"), by=None)
    assert next_year.priority == 1
    assert award(world).left_fen == COST
