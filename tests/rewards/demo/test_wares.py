"""The demo's goods and requests, and a database that has no demo."""

import io
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from rewards.demo import shops, story
from rewards.demo.wares import WARES, Ware
from rewards.models import Shop


@pytest.mark.django_db
def test_a_database_without_a_demo_gets_no_rewards(tmp_path: Path) -> None:
    assert not story.unfinished()
    story.load(paper=tmp_path / "paper", say=lambda text: None)
    assert not Shop.objects.exists()


@pytest.mark.parametrize("ware", WARES, ids=lambda ware: ware.name)
def test_ware_is_drawn_and_costs_about_a_yuan_a_point(ware: Ware) -> None:
    assert Image.open(io.BytesIO(ware.picture())).size == (480, 480)
    assert 60 <= ware.cost_fen / ware.points <= 110


def test_same_seed_draws_the_same_signature_and_request() -> None:
    first, second = Random(7), Random(7)
    assert shops.scribble(first) == shops.scribble(second)
    assert shops.op_id(first) == shops.op_id(second)
