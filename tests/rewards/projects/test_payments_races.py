"""Money asked for twice at once: one gets it, the other is told. Each guard has a twin that shows the fault without it."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.models import F

from households.roles import Role
from rewards.awards.actions import commitments
from rewards.awards.suspension import suspended_among
from rewards.models import Acceptance, Award, Payment, Project
from rewards.projects.actions import payments
from rewards.projects.actions.payments import allocate, pay
from rewards.projects.actions.projects import move_need
from rewards.projects.actions.works import judge_works
from scoring.models import RankingSnapshot
from tests.rewards.projects.at_once import at_once, outcome
from tests.rewards.projects.village_works import COST, YUAN, accepted, approved, award, bill, finished, fresh, listed
from tests.scoring.sessions_at_once import OtherSession, held_up
from tests.waiting import until
from tests.world import COUNTY, MONTH, World

pytestmark = pytest.mark.django_db(transaction=True)


def paid_twice(project: Project) -> list[object]:
    """Two payments at once, each of everything."""
    first, second = bill(COST), bill(COST)
    got = at_once(project, *(lambda bill=one: pay(project=project, bill=bill, by=None) for one in (first, second)))
    return ["paid" if isinstance(each, Payment) else each for each in got]


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Awards and projects are read and not held."""
    monkeypatch.setattr(payments, "locked", lambda project, _action: Project.objects.get(pk=project.pk))
    monkeypatch.setattr(commitments, "lock_open", lambda pk: Award.objects.select_related("run").get(pk=pk))


def test_of_two_payments_at_once_one_is_made(world: World) -> None:
    project = accepted(world)
    assert sorted(paid_twice(project)) == ["not_allocated", "paid"]
    assert fresh(project).paid_fen == COST
    assert Payment.objects.count() == 1


def test_without_the_lock_only_the_guarded_update_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    without_locks(monkeypatch)
    project = accepted(world)
    assert sorted(paid_twice(project)) == ["not_allocated", "paid"]


def test_without_lock_and_guard_only_the_constraint_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: both believe that the money is there, and the second meets the database instead of a sentence."""

    def unguarded(project: Project, fen: int) -> None:
        Project.objects.filter(pk=project.pk).update(paid_fen=F("paid_fen") + fen)

    without_locks(monkeypatch)
    monkeypatch.setattr(payments, "_move_paid", unguarded)
    project = accepted(world)
    assert sorted(paid_twice(project)) == ["IntegrityError", "paid"]
    assert fresh(project).paid_fen == COST


def allocated_twice(given: Award, projects: list[Project]) -> list[object]:
    acts = [lambda project=project: allocate(award=given, project=project, fen=COST, by=None) for project in projects]
    return ["given" if not isinstance(each, str) else each for each in at_once(given, *acts)]


def test_award_is_given_to_one_of_two_projects(world: World) -> None:
    projects, given = [approved(world, "路"), approved(world, "渠")], award(world)
    assert sorted(allocated_twice(given, projects)) == ["award_too_small", "given"]
    assert fresh(given).committed_fen == COST == sum(fresh(project).allocated_fen for project in projects)


def test_without_the_guard_the_award_meets_its_constraint(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what an award still has is read before it is locked, and only the constraint stops the second."""

    def unguarded(award: Award, fen: int) -> None:
        Award.objects.filter(pk=award.pk).update(committed_fen=F("committed_fen") + fen)

    monkeypatch.setattr(commitments, "lock_open", lambda pk: Award.objects.select_related("run").get(pk=pk))
    monkeypatch.setattr(commitments, "commit", unguarded)
    projects, given = [approved(world, "路"), approved(world, "渠")], award(world)
    assert sorted(allocated_twice(given, projects)) == ["IntegrityError", "given"]
    assert fresh(given).committed_fen == COST


def restated_meanwhile(given: Award, act: Callable[[], object]) -> object:
    """The request comes while the month is being archived again; what it gets."""
    with transaction.atomic():
        Award.objects.select_for_update(of=("self",)).get(pk=given.pk)
        session = OtherSession(act)
        until(lambda: session.pid and held_up(session))
        for version in (1, 2):
            RankingSnapshot.objects.create(
                month=MONTH, level="village", within=COUNTY, version=version, body="[]", digest="0" * 64
            )
    return outcome(session)


def test_allocation_that_waited_sees_the_suspension(world: World) -> None:
    project, given = approved(world), award(world)
    act = lambda: allocate(award=given, project=project, fen=YUAN, by=None)  # noqa: E731
    assert restated_meanwhile(given, act) == "award_suspended"
    assert fresh(project).allocated_fen == 0


def test_payment_that_waited_sees_the_suspension(world: World) -> None:
    project = accepted(world)
    given = Award.objects.get()
    act = lambda: pay(project=project, bill=bill(YUAN), by=None)  # noqa: E731
    assert restated_meanwhile(given, act) == "award_suspended"
    assert fresh(project).paid_fen == 0


def test_asked_before_the_lock_the_suspension_is_missed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: whether the award is suspended is asked first and the row locked afterwards."""

    def too_early(pk: int) -> Award:
        assert not suspended_among([Award.objects.select_related("run").get(pk=pk)])
        return commitments.lock(pk)

    monkeypatch.setattr(commitments, "lock_open", too_early)
    project, given = approved(world), award(world)
    act = lambda: allocate(award=given, project=project, fen=YUAN, by=None)  # noqa: E731
    assert not isinstance(restated_meanwhile(given, act), str)
    assert suspended_among([given])
    assert fresh(project).allocated_fen == YUAN


def test_two_words_of_one_supervisor_at_once_are_one(world: World) -> None:
    project = finished(world)
    act = lambda: judge_works(project=project, passed=True, remarks="同意", by=world.user(Role.SUPERVISOR))  # noqa: E731
    got = at_once(project, act, act)
    assert sorted("said" if not isinstance(each, str) else each for each in got) == ["judged_already", "said"]
    assert Acceptance.objects.count() == 1


def test_two_who_reorder_at_once_leave_a_whole_list(world: World) -> None:
    *_, last = projects = listed(world, "路", "渠", "灯")
    acts = [
        lambda: move_need(project=last, up=True, by=None),
        lambda: move_need(project=projects[0], up=False, by=None),
    ]
    at_once(world.village, *acts)
    assert sorted(Project.objects.values_list("priority", flat=True)) == [1, 2, 3]
