"""What becomes of the demo's points, in a county cut down to two townships."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Sum

from households.models import AuditEvent, Division, User
from households.roles import Role
from rewards.demo import funds, story
from rewards.models import (
    Award,
    AwardKind,
    AwardRun,
    Fund,
    Item,
    Project,
    Proof,
    Redemption,
    RedemptionChannel,
    RunState,
    Shop,
    StockMove,
    Stocktake,
)
from rewards.shop.pin_watch import uses
from rewards.states import RedemptionState
from scoring.demo.story import STEP
from scoring.models import DailyRoot, PointAdjustment, PointEntry
from tests.scoring.demo.small_demo import load_small


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A demo with its rewards, loaded once for all tests of this module."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        load_small(folder)
        story.load(paper=folder / "demo-accounts.txt", say=lambda text: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: None, db: None) -> None:
    """The same, for one test."""


def test_every_village_has_a_shop_with_pictures_and_stock(demo: None) -> None:
    villages = Division.objects.filter(code__regex="^.{12}$", valid_to=None)
    assert Shop.objects.count() == villages.count()
    assert not Item.objects.filter(picture=None).exists()
    assert not Item.objects.filter(on_hand=0).exists()


def test_supervisor_has_new_pins_to_look_at(demo: None) -> None:
    supervisor = User.objects.get(username="jiandu")
    found = uses(supervisor)
    assert [use.same for use in found][:2] == [True, False]  # what one person did alone stands first
    assert {use.what.partition("（")[0] for use in found} >= {"凭户牌密码领取", "在户牌页上预订"}


def test_roots_of_all_points_are_published(demo: None) -> None:
    assert DailyRoot.objects.get().entries == PointEntry.objects.count()


def test_goods_were_handed_over_in_every_way(demo: None) -> None:
    given = Redemption.objects.filter(state=RedemptionState.HANDED_OVER)
    assert set(given.values_list("channel", flat=True)) == set(RedemptionChannel.values)
    assert set(given.values_list("proof", flat=True)) == {Proof.SIGNATURE, Proof.PIN}
    assert given.exclude(collected_by="").exists()
    assert given.filter(delivered_to_home=True).exists()


def test_redemptions_are_in_every_state_that_people_bring_about(demo: None) -> None:
    states = set(Redemption.objects.values_list("state", flat=True))
    assert states >= {"reserved", "handed_over", "voided", "reversed"}


def test_stock_equals_its_moves(demo: None) -> None:
    moves = dict(StockMove.objects.values_list("item").annotate(total=Sum("quantity")))
    assert moves == dict(Item.objects.values_list("pk", "on_hand"))
    assert not Item.objects.filter(reserved__gt=F("on_hand")).exists()


def test_shelf_is_counted_and_signed_by_two(demo: None) -> None:
    counted = Stocktake.objects.get()
    assert counted.signed_by_id != counted.witnessed_by_id
    assert [line.variance for line in counted.lines.all() if line.variance] == [-1]


def test_each_step_is_written_down_once_and_a_second_load_does_nothing(demo: None, tmp_path: Any) -> None:
    assert not story.unfinished()
    moves = StockMove.objects.count()
    story.load(paper=tmp_path / "paper", say=lambda text: None)
    call_command("load_rewards_demo")
    assert StockMove.objects.count() == moves
    for step in story.STEPS:
        assert AuditEvent.objects.filter(action=STEP, subject=step).count() == 1


def test_fund_of_fifty_million_is_given_within_its_pools(demo: None) -> None:
    fund = Fund.objects.get()
    assert fund.total_fen == fund.sources.aggregate(fen=Sum("amount_fen"))["fen"] == 50_000_000_00
    given = dict(Award.objects.values_list("kind").annotate(fen=Sum("amount_fen")))
    assert set(given) == {AwardKind.COMPREHENSIVE, AwardKind.POINTS}
    assert all(fen <= fund.rules.get(kind=kind).pool_fen for kind, fen in given.items())


def test_one_run_waits_for_the_second_key(demo: None) -> None:
    waiting = AwardRun.objects.get(state=RunState.PREVIEWED)
    assert waiting.kind == AwardKind.GOAL
    others = User.objects.filter(role=Role.COUNTY_OFFICE, is_demo=True).exclude(pk=waiting.proposed_by_id)
    assert others.count() == 1


def test_one_project_is_finished_and_others_are_on_their_way(demo: None) -> None:
    finished = Project.objects.get(state="closed")
    assert finished.paid_fen == finished.allocated_fen > 0
    assert {photo.stage for photo in finished.photos.all()} == {"before", "during", "after"}
    assert Project.objects.exclude(pk=finished.pk).filter(state="listed").exists()


def test_points_were_given_by_hand_and_are_asked_for(demo: None) -> None:
    assert set(PointAdjustment.objects.values_list("state", flat=True)) == {"asked", "granted"}


def test_a_demo_of_an_earlier_version_without_a_second_key_is_supplemented(demo: None) -> None:
    [first, _] = User.objects.filter(role=Role.COUNTY_OFFICE, is_demo=True).order_by("username")
    fund = funds.fill(Fund.objects.get().county, 2031, first)
    assert funds.award(fund, list(AwardRun.objects.first().months), [first]) == 0
