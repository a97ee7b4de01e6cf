"""What a redemption costs: statements counted, and the benchmark's bare side is a real one."""

from uuid import uuid4

import pytest
from django.db import connection

from households.sql import counted, rows, run
from rewards.bench import redeeming
from rewards.bench.redeeming import BenchCounter, NotRedeemed
from tests.rewards.shop_world import ShopWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(shop: ShopWorld) -> BenchCounter:
    run(redeeming._BARE)
    run("INSERT INTO bench_account (code, balance) VALUES (%(code)s, 25)", {"code": shop.rich.code})
    return BenchCounter(shop.cadre, shop.soap, shop.rich, shop.pin())


def test_reservation_takes_few_statements(shop: ShopWorld) -> None:
    shop.reserve(by=shop.cadre)  # the first one may prepare statements
    with counted() as sent:
        shop.reserve(by=shop.cadre, op_id=uuid4())
    assert len(sent) <= 12, sent


def test_hand_over_by_pin_takes_few_statements(shop: ShopWorld) -> None:
    pin = shop.pin()
    first, second = shop.reserve(), shop.reserve()
    shop.hand_over(first, pin=pin)
    with counted() as sent:
        shop.hand_over(second, pin=pin)
    assert len(sent) <= 18, sent


def test_both_sides_spend_the_same(counter: BenchCounter) -> None:
    counter.bare()
    counter.redeem()
    assert rows("SELECT balance, held FROM bench_account") == [(25 - redeeming.PRICE, 0)]
    assert rows("SELECT count(*), sum(amount) FROM bench_entry") == [(2, -redeeming.PRICE)]


def test_bare_side_that_finds_nothing_to_change_is_told(counter: BenchCounter) -> None:
    for _ in range(2):
        counter.bare()
    with pytest.raises(NotRedeemed):
        counter.bare()
    assert not connection.needs_rollback
