"""A restated month stops a project's money until the county has decided; with the awards' own doors, from run to decision."""

import pytest

from households.roles import Role
from rewards.awards.actions.decisions import Wish, confirm, propose
from rewards.models import AwardRun, Choice, Project
from rewards.projects.account import account_of
from rewards.projects.actions.payments import allocate, pay, release
from rewards.projects.actions.projects import start_project
from rewards.projects.actions.works import plan_milestone
from tests.refusals import refusal_code
from tests.rewards.awards.scene import BEFORE, TEN_THOUSAND, FundScene, funded
from tests.rewards.projects.village_works import DAY, approved, bill, fresh
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
HALF = TEN_THOUSAND // 2


@pytest.fixture
def scene(world: World) -> FundScene:
    """东山村 has an award of 10,000 yuan, half of it in a project under way."""
    world.frozen_month(BEFORE)
    world.frozen_month(MONTH)
    scene = funded(world)
    scene.awarded()
    project = approved(world, budget=TEN_THOUSAND)
    allocate(award=scene.award_of(VILLAGE), project=project, fen=HALF, by=world.user(Role.COUNTY_OFFICE))
    plan_milestone(project=project, title="路基", due=DAY, by=None)
    start_project(project=project, by=None)
    return scene


def project() -> Project:
    return Project.objects.get()


def decide(scene: FundScene, wish: Wish) -> None:
    award = scene.award_of(VILLAGE)
    run = AwardRun.objects.get(pk=award.run_id)
    review = propose(run=run, wishes={award.pk: wish}, reason="更正后复核", by=scene.first)
    confirm(review=review, by=scene.second)


def pay_something() -> object:
    return pay(project=project(), bill=bill(100), by=None)


def test_restated_month_stops_allocations_and_payments(scene: FundScene) -> None:
    pay_something()
    scene.restate()
    award = scene.award_of(VILLAGE)
    assert refusal_code(pay_something) == "award_suspended"
    assert refusal_code(lambda: allocate(award=award, project=project(), fen=1, by=None)) == "award_suspended"
    account = account_of(project())
    assert (account.suspended, account.payable_fen) == (True, 0)


def test_money_flows_again_when_the_county_keeps_the_award(scene: FundScene) -> None:
    scene.restate()
    decide(scene, Wish(Choice.KEEP))
    pay_something()
    assert project().paid_fen == 100


def test_restated_once_more_it_stops_once_more(scene: FundScene) -> None:
    scene.restate()
    decide(scene, Wish(Choice.KEEP))
    scene.restate()
    assert refusal_code(pay_something) == "award_suspended"


def test_award_is_not_withdrawn_under_a_project_that_holds_its_money(scene: FundScene) -> None:
    scene.restate()
    assert refusal_code(lambda: decide(scene, Wish(Choice.WITHDRAW))) == "award_committed"
    release(award=scene.award_of(VILLAGE), project=project(), fen=HALF, reason="奖励撤销", by=None)
    decide(scene, Wish(Choice.WITHDRAW))
    assert scene.award_of(VILLAGE).left_fen == 0
    assert project().allocated_fen == 0


def test_reduced_award_gives_only_what_is_left_of_it(scene: FundScene) -> None:
    scene.restate()
    decide(scene, Wish(Choice.REDUCE, HALF + 100))
    award = scene.award_of(VILLAGE)
    assert refusal_code(lambda: allocate(award=award, project=project(), fen=101, by=None)) == "award_too_small"
    allocate(award=award, project=project(), fen=100, by=None)
    assert fresh(award).left_fen == 0
