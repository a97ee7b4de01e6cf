"""Many web threads on three sessions of the database, each lent for one transaction: nothing is missed, mixed up or left behind."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from dongkou.limits import PAGES
from households.accounts.actions.tokens import issue
from households.plates.actions.pins import used_before
from households.plates.actions.plates import issue_plate
from households.sql import column
from scoring.checks.verify import verify
from scoring.models import ScoreEvent
from tests.dongkou.serving import pgbouncer
from tests.dongkou.serving.hosts import Host, asked, comes_up, health, host
from tests.processes import free_port
from tests.rewards.shop_world import ShopWorld, build_shop, give, standing
from tests.scoring.points.asking import add
from tests.waiting import PAUSE
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 8


@pytest.fixture
def one() -> Iterator[Host]:
    assert pgbouncer.fetched()
    with pgbouncer.pooler() as address, host(DATABASE_POOLER_URL=address) as found:
        yield found


@pytest.fixture
def shop(world: World) -> ShopWorld:
    return build_shop(world)


def test_shipped_pooler_sets_the_limits_of_pages() -> None:
    lines = re.findall(r"^dongkou.*connect_query='(.*)'$", pgbouncer.SHIPPED.read_text("utf-8"), re.MULTILINE)
    wanted = [f"SET {option.removeprefix('-c ')}" for option in re.findall(r"-c \S+", PAGES.options())]
    assert len(lines) == 2
    assert all(line.replace(" = ", "=").split("; ") == wanted for line in lines)


def sure(port: int, token: str, method: str, path: str, content: Any = None) -> tuple[int, Any]:
    """As a device asks: what is told to come again later does, under the same id."""
    while (answer := asked(port, token, method, path, content))[0] == 503:
        PAUSE.wait(0.2)
    return answer


def sessions() -> int:
    """How many of the database's sessions the pooler holds."""
    of_pooler = "SELECT pid FROM pg_stat_activity WHERE application_name = %(name)s"
    return len(column(of_pooler, {"name": pgbouncer.NAME}))


@pytest.mark.parametrize("rounds", [3, pytest.param(12, marks=pytest.mark.long)])
def test_web_server_works_through_a_pooler(one: Host, shop: ShopWorld, rounds: int) -> None:
    port, token = free_port(), issue(user=shop.cadre)[0]
    plate, _printed = issue_plate(household=shop.rich, by=None)
    pin, number = used_before(plate=plate), CLIENTS * rounds
    shop.buy(shop.soap, number)
    give(shop.rich, shop.soap.points * number)
    one.serve("web", "--listen", str(port), "--processes", "2")
    comes_up(one, lambda: health(port)[1].get("database"))
    before = standing(shop.rich)

    def work(client: int) -> list[int]:
        told = []
        for _ in range(rounds):
            entry = add(f"{VILLAGE}01000{client % 5 + 1}", again=True)
            wanted = {"op_id": str(uuid4()), "household": shop.rich.code, "item": shop.soap.pk, "quantity": 1}
            sent = {"base_version": None, "ops": [entry]}
            status, reserved = sure(port, token, "POST", "/api/v1/redemptions/", wanted)
            assert status == 201, (reserved, one.said())
            given = {"op_id": str(uuid4()), "pin": pin}
            told += [
                sure(port, token, "POST", f"/api/v1/redemptions/{reserved['id']}/hand-over/", given)[0],
                sure(port, token, "POST", f"/api/v1/sheets/{MONTH}/{VILLAGE}/ops/", sent)[0],
                sure(port, token, "GET", f"/api/v1/sheets/{MONTH}/{VILLAGE}/")[0],
                sure(port, "", "GET", f"/h/{plate.token}/")[0],
            ]
        return told

    with ThreadPoolExecutor(CLIENTS) as clients:
        statuses = [status for told in clients.map(work, range(CLIENTS)) for status in told]
    assert statuses == [200] * 4 * number, one.said()
    assert standing(shop.rich)[0] == before[0] - shop.soap.points * number
    assert ScoreEvent.objects.count() == number
    assert verify() == []
    assert 0 < sessions() <= pgbouncer.SESSIONS
