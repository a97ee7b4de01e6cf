"""What becomes of the demo's points, in a county cut down to two townships."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Sum

from households.models import AuditEvent, Division
from rewards.demo import story
from rewards.models import Channel, Item, Proof, Redemption, Shop, StockMove, Stocktake
from rewards.states import RedemptionState
from scoring.demo.story import STEP
from tests.scoring.small_demo import load_small


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
    villages = Division.objects.filter(code__regex="^.{12}$")
    assert Shop.objects.count() == villages.count()
    assert not Item.objects.filter(picture=None).exists()
    assert not Item.objects.filter(on_hand=0).exists()


def test_goods_were_handed_over_in_every_way(demo: None) -> None:
    given = Redemption.objects.filter(state=RedemptionState.HANDED_OVER)
    assert set(given.values_list("channel", flat=True)) == set(Channel.values)
    assert set(given.values_list("proof", flat=True)) == {Proof.SIGNATURE}
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
