"""Two people at one project at once: one does it, the other is told. With the twin where a lock is all there is."""

from collections.abc import Callable

import pytest

from households.roles import Role
from rewards.models import Project, ProjectStep
from rewards.projects.actions import projects as actions
from rewards.projects.actions import works
from rewards.projects.actions.payments import allocate
from rewards.projects.actions.projects import approve_project, close_project, drop_project, list_need
from rewards.projects.actions.works import finish_milestone
from tests.rewards.projects.at_once import at_once
from tests.rewards.projects.village_works import (
    COST,
    DAY,
    YEAR,
    accepted,
    approved,
    award,
    bill,
    building,
    chosen,
    fresh,
    need,
)
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def told(got: list[object]) -> list[str]:
    """What those were told who did not get their way."""
    return [each for each in got if isinstance(each, str)]


def approving(world: World, project: Project) -> list[Callable[[], object]]:
    return [
        lambda fen=fen: approve_project(
            project=project, budget_fen=fen, approval_no="1号", by=world.user(Role.TOWNSHIP)
        )
        for fen in (100, 200)
    ]


def test_project_is_approved_once(world: World) -> None:
    project = chosen(world)
    assert told(at_once(project, *approving(world, project))) == ["project_state"]
    assert ProjectStep.objects.filter(action="approve").count() == 1


def test_without_the_lock_it_is_approved_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: both see a chosen project, and the second budget replaces the first without a word."""
    monkeypatch.setattr(actions, "locked", lambda project, _action: Project.objects.get(pk=project.pk))
    project = chosen(world)
    assert told(at_once(project, *approving(world, project))) == []
    assert ProjectStep.objects.filter(action="approve").count() == 2


def test_milestone_is_finished_once(world: World) -> None:
    project, _ = building(world)
    milestone = project.milestones.get()
    act = lambda: finish_milestone(milestone=milestone, on=DAY, by=None)  # noqa: E731
    assert told(at_once(project, act, act)) == ["milestone_done"]


def test_milestone_is_finished_once_even_without_the_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guarded update is a second guard of its own."""
    monkeypatch.setattr(works, "locked", lambda project, _action: Project.objects.get(pk=project.pk))
    project, _ = building(world)
    milestone = project.milestones.get()
    act = lambda: finish_milestone(milestone=milestone, on=DAY, by=None)  # noqa: E731
    assert told(at_once(milestone, act, act)) == ["milestone_done"]


def test_money_and_dropping_never_meet(world: World) -> None:
    """Either the project is dropped and gets nothing, or it has money and stays."""
    project, given = approved(world), award(world)
    got = at_once(
        project,
        lambda: allocate(award=given, project=project, fen=COST, by=None),
        lambda: drop_project(project=project, reason="不要了", by=None),
    )
    row = fresh(project)
    assert (row.state, row.allocated_fen) in (("dropped", 0), ("approved", COST))
    assert told(got) in (["project_state"], ["money_in_it"])


def test_closing_and_paying_never_leave_money_behind(world: World) -> None:
    from rewards.projects.actions.payments import pay

    project = accepted(world)
    pay(project=project, bill=bill(COST - 100), by=None)
    last = bill(100)
    at_once(
        project,
        lambda: close_project(project=project, by=None),
        lambda: pay(project=project, bill=last, by=None),
    )
    row = fresh(project)
    assert row.unpaid_fen == 0
    assert row.state in ("accepted", "closed")


def test_two_needs_listed_at_once_stand_one_behind_the_other(world: World) -> None:
    acts = [
        lambda title=title: list_need(village=world.village, year=YEAR, need=need(title), by=None)
        for title in ("路", "渠")
    ]
    assert told(at_once(world.village, *acts)) == []
    assert sorted(Project.objects.values_list("priority", flat=True)) == [1, 2]


def test_without_the_lock_two_needs_want_one_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: both count the list before either is on it; the constraint stops one."""
    monkeypatch.setattr(actions, "lock_list", lambda _village: None)
    acts = [
        lambda title=title: list_need(village=world.village, year=YEAR, need=need(title), by=None)
        for title in ("路", "渠")
    ]
    assert told(at_once(world.village, *acts)) == ["IntegrityError"]
