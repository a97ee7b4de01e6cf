"""What a redemption costs: statements counted, and the benchmark's bare side is a real one."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from households.accounts.actions.tokens import issue
from households.sql import rows, run
from rewards.bench import redeeming
from rewards.bench.redeeming import BenchCounter, NotRedeemed
from tests.rewards.shop_world import ShopWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(shop: ShopWorld) -> BenchCounter:
    run(redeeming._BARE)
    run("INSERT INTO bench_account (code, balance) VALUES (%(code)s, 25)", {"code": shop.rich.code})
    return BenchCounter(shop.cadre, shop.soap, shop.rich, shop.pin())


def test_two_requests_of_a_redemption_take_few_statements(shop: ShopWorld) -> None:
    """As a system asks with its token, what opens and closes transactions counted in."""
    client, pin = Client(headers={"Authorization": f"Token {issue(user=shop.cadre)[0]}"}), shop.pin()

    def redeem() -> None:
        wanted = {"op_id": str(uuid4()), "household": shop.rich.code, "item": shop.soap.pk, "quantity": 1}
        reserved = client.post("/api/v1/redemptions/", wanted, content_type="application/json")
        assert reserved.status_code == 201, reserved.content
        address = f"/api/v1/redemptions/{reserved.json()['id']}/hand-over/"
        given = client.post(address, {"op_id": str(uuid4()), "pin": pin}, content_type="application/json")
        assert given.json()["state"] == "handed_over", given.content

    redeem()  # the first one prepares statements
    with CaptureQueriesContext(connection) as sent:
        redeem()
    assert len(sent) <= 24, [one["sql"][:80] for one in sent]


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
