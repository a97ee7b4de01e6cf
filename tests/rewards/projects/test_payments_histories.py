"""Random histories of projects and awards against a model of plain numbers, over the real database.

At every step: allocated <= fund, paid <= allocated, every sum that of its rows, and each request does exactly what the model says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from households.refusals import Refused
from households.roles import Role
from rewards.models import Allocation, Award, Fund, Payment, Project
from rewards.project_states import ProjectState, payable
from rewards.projects.actions.payments import allocate, pay, release, reverse_payment
from rewards.projects.actions.projects import close_project, start_project
from rewards.projects.actions.works import finish_milestone, judge_works, plan_milestone
from scoring.models import RankingSnapshot
from tests.rewards.projects.village_works import DAY, approved, award, bill, fresh
from tests.world import COUNTY, MONTH, World

pytestmark = pytest.mark.django_db
AWARDS, BUDGETS = (700, 500), (600, 450)
FEN = st.integers(0, 800)
PICK = st.integers(0, 1)


@dataclass
class Books:
    """What should be there: in plain numbers, by position of award and project."""

    given: dict[tuple[int, int], int] = field(default_factory=lambda: {(a, p): 0 for a in (0, 1) for p in (0, 1)})
    paid: list[int] = field(default_factory=lambda: [0, 0])
    states: list[ProjectState] = field(default_factory=lambda: [ProjectState.APPROVED] * 2)
    payments: list[tuple[int, Payment]] = field(default_factory=list)
    suspended: bool = False  # the first award: the second stands on another month

    def allocated(self, project: int) -> int:
        return self.given[0, project] + self.given[1, project]

    def committed(self, award: int) -> int:
        return self.given[award, 0] + self.given[award, 1]


def done(act: Callable[[], object]) -> object:
    """What the request gives, None when it was refused."""
    try:
        return act()
    except Refused:
        return None


class Histories(RuleBasedStateMachine):
    """One history, in a transaction that is taken back."""

    world: World
    awards: list[Award]
    projects: list[Project]

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(award=PICK, project=PICK, fen=FEN)
    def allocates(self, award: int, project: int, fen: int) -> None:
        books = self.books
        allowed = (
            fen > 0
            and not (award == 0 and books.suspended)
            and books.states[project] in (ProjectState.APPROVED, ProjectState.BUILDING)
            and books.committed(award) + fen <= AWARDS[award]
            and books.allocated(project) + fen <= BUDGETS[project]
        )
        act = lambda: allocate(award=self.awards[award], project=self.projects[project], fen=fen, by=None)  # noqa: E731
        assert bool(done(act)) == allowed
        books.given[award, project] += fen if allowed else 0

    @rule(award=PICK, project=PICK, fen=FEN)
    def releases(self, award: int, project: int, fen: int) -> None:
        books = self.books
        spare = books.allocated(project) - books.paid[project]
        allowed = (
            0 < fen <= min(books.given[award, project], spare) and books.states[project] is not ProjectState.CLOSED
        )
        given, place = self.awards[award], self.projects[project]
        assert bool(done(lambda: release(award=given, project=place, fen=fen, reason="多了", by=None))) == allowed
        books.given[award, project] -= fen if allowed else 0

    @rule(project=PICK, fen=FEN)
    def pays(self, project: int, fen: int) -> None:
        books = self.books
        most = payable(books.allocated(project), books.paid[project], books.states[project])
        allowed = 0 < fen <= most and not (books.suspended and books.given[0, project])
        payment = done(lambda: pay(project=self.projects[project], bill=bill(fen), by=None))
        assert bool(payment) == allowed
        if payment:
            books.paid[project] += fen
            books.payments.append((project, payment))

    @rule(which=st.integers(0, 20))
    def reverses(self, which: int) -> None:
        if not self.books.payments:
            return
        project, payment = self.books.payments[which % len(self.books.payments)]
        before = self.books.paid[project]
        number = bill(1).voucher_no
        undone = done(lambda: reverse_payment(payment=payment, voucher_no=number, reason="付错", on=DAY, by=None))
        fair = self.books.states[project] is not ProjectState.CLOSED and fresh(project_of(payment)).paid_fen <= before
        assert not undone or fair
        self.books.paid[project] -= payment.fen if undone else 0

    @rule(project=PICK)
    def starts(self, project: int) -> None:
        allowed = self.books.states[project] is ProjectState.APPROVED and self.books.allocated(project) > 0
        assert bool(done(lambda: start_project(project=self.projects[project], by=None))) == allowed
        if allowed:
            self.books.states[project] = ProjectState.BUILDING

    @rule(project=PICK)
    def is_accepted(self, project: int) -> None:
        if self.books.states[project] is not ProjectState.BUILDING:
            return
        finish_milestone(milestone=self.projects[project].milestones.get(), on=DAY, by=None)
        for role in (Role.SUPERVISOR, Role.TOWNSHIP):
            judge_works(project=self.projects[project], passed=True, remarks="同意", by=self.world.user(role))
        self.books.states[project] = ProjectState.ACCEPTED

    @rule(project=PICK)
    def closes(self, project: int) -> None:
        books = self.books
        settled = 0 < books.paid[project] == books.allocated(project)
        allowed = settled and books.states[project] is ProjectState.ACCEPTED
        assert bool(done(lambda: close_project(project=self.projects[project], by=None))) == allowed
        if allowed:
            books.states[project] = ProjectState.CLOSED

    @rule()
    def month_is_restated(self) -> None:
        if not self.books.suspended:
            for version in (1, 2):
                RankingSnapshot.objects.create(
                    month=MONTH, level="village", within=COUNTY, version=version, body="[]", digest="0" * 64
                )
        self.books.suspended = True

    @invariant()
    def database_says_the_same(self) -> None:
        for number, project in enumerate(map(fresh, self.projects)):
            assert project.state == self.books.states[number]
            assert project.allocated_fen == self.books.allocated(number) == total(Allocation, project=project)
            assert project.paid_fen == self.books.paid[number] == total(Payment, project=project)
            assert 0 <= project.paid_fen <= project.allocated_fen <= project.budget_fen

    @invariant()
    def awards_and_funds_hold(self) -> None:
        for number, given in enumerate(map(fresh, self.awards)):
            assert given.committed_fen == self.books.committed(number) == total(Allocation, award=given)
            fund = Fund.objects.get(pk=given.fund_id)
            assert given.committed_fen <= given.net_fen <= fund.allocated_fen <= fund.total_fen


def total(model: type, **which: object) -> int:
    return model.objects.filter(**which).aggregate(fen=Sum("fen"))["fen"] or 0


def project_of(payment: Payment) -> Project:
    return Project.objects.get(pk=payment.project_id)


@pytest.mark.parametrize("many", [12, pytest.param(120, marks=pytest.mark.long)])
def test_random_histories_never_spend_more_than_there_is(world: World, many: int) -> None:
    class Here(Histories):
        pass

    Here.world = world
    Here.awards = [award(world, AWARDS[0]), award(world, AWARDS[1], month="2024-04")]
    Here.projects = [approved(world, title, budget) for title, budget in zip(("路", "渠"), BUDGETS, strict=True)]
    for project in Here.projects:
        plan_milestone(project=project, title="完工", due=DAY, by=None)
    how = settings(
        max_examples=many, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Here, settings=how)
