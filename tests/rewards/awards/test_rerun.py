"""A run worked out again gives what was given, or nothing at all."""

import pytest

from rewards.awards.rerun import rerun
from rewards.models import AwardRun
from tests.rewards.awards.scene import BY_POINTS, TEN_THOUSAND, FundScene, fund_scene, restated_scene
from tests.world import SISTER, STRANGE, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> FundScene:
    return restated_scene()


def test_same_rankings_give_the_same_again(scene: FundScene) -> None:
    assert rerun(AwardRun.objects.get()) == {SISTER: TEN_THOUSAND, STRANGE: TEN_THOUSAND, VILLAGE: 500_000}


def test_points_that_an_award_cost_are_not_missing_in_a_rerun() -> None:
    scene = fund_scene()
    scene.awarded(BY_POINTS)
    run = AwardRun.objects.get()
    assert rerun(run) == dict(run.awards.values_list("division_id", "amount_fen"))


def test_what_cannot_be_worked_out_is_not_guessed(scene: FundScene) -> None:
    run = AwardRun.objects.get()
    run.rule.pool_fen = 5
    assert rerun(run) is None
