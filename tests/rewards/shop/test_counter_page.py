"""What the counter's page is made of: the package, one household, and the worker that stores the page."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.plates.actions.plates import issue_plate, revoke_plate
from households.roles import Role
from rewards.shop.actions.catalogue import Goods, change_item
from rewards.shop.package import DIGEST_LENGTH, digest_of
from scoring.ledger import door as ledger
from tests.answers import whole
from tests.rewards.shop.shop_pages import address, text
from tests.rewards.shop_world import ShopWorld
from tests.world import OTHER_TOWNSHIP, VILLAGE, World


def package(client: Client, query: str = "") -> dict[str, object]:
    answer = client.get(address("shop-package") + query)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return json.loads(answer.content)


def test_package_masks_names_and_holds_no_token(shop: ShopWorld, world: World, cadre: Client) -> None:
    plate, _pin = issue_plate(household=shop.rich, by=None)
    answer = cadre.get(address("shop-package")).content.decode()
    assert not [household.head_name for household in world.households if household.head_name in answer]
    assert plate.token not in answer and "1380000000" not in answer
    assert digest_of(plate.token) in answer and len(digest_of(plate.token)) == DIGEST_LENGTH


def test_package_holds_the_whole_village_and_nobody_else(shop: ShopWorld, world: World, cadre: Client) -> None:
    households = package(cadre)["households"]
    assert [one["code"] for one in households] == [one.code for one in world.households]
    assert {one["group"] for one in households} == {"第1组", "第2组"}


def test_free_points_are_those_of_the_ledger(shop: ShopWorld, world: World, cadre: Client) -> None:
    world.frozen_month()
    shop.reserve()
    free = {one["code"]: one["free"] for one in package(cadre)["households"]}
    assert free == {one.code: ledger.state_of(ledger.household(one.code)).free for one in world.households}
    assert free[shop.rich.code] == 90  # 100 and the month's 10, less 20 held


def test_reservations_and_what_the_month_has_taken_are_told(shop: ShopWorld, cadre: Client) -> None:
    change_item(
        item=shop.soap, goods=Goods(name="洗衣液", unit="瓶", points=20, household_month_limit=3), by=shop.cadre
    )
    redemption = shop.reserve(quantity=2)
    mine = package(cadre)["households"][0]
    assert [(one["id"], one["quantity"], one["points"]) for one in mine["reserved"]] == [(redemption.pk, 2, 40)]
    assert mine["taken"] == {str(shop.soap.pk): 2}
    assert package(cadre)["items"][0] | {"picture": ""} == {
        "id": shop.soap.pk, "name": "洗衣液", "unit": "瓶", "points": 20, "free": 8, "limit": 3, "picture": ""
    }  # fmt: skip


def test_revoked_plate_is_not_known(shop: ShopWorld, cadre: Client) -> None:
    plate, _pin = issue_plate(household=shop.rich, by=None)
    revoke_plate(plate=plate, by=None)
    assert package(cadre)["households"][0]["plate"] == ""


def test_one_household_comes_with_its_name(shop: ShopWorld, cadre: Client) -> None:
    found = package(cadre, f"?household={shop.rich.code}")["households"]
    assert [(one["code"], one["name"], one["free"]) for one in found] == [(shop.rich.code, "张三丰", 100)]


def test_household_elsewhere_is_not_found(shop: ShopWorld, cadre: Client) -> None:
    for code in (f"{OTHER_TOWNSHIP}201010001", "x", VILLAGE):
        for name in ("shop-package", "shop-counter"):
            answer = cadre.get(f"{address(name)}?household={code}")
            assert (answer.status_code, "洗衣液" in whole(answer)) == (404, False)


@pytest.mark.parametrize("number", [1, 3])
def test_package_costs_the_same_however_much(
    shop: ShopWorld, cadre: Client, number: int, django_assert_num_queries: object
) -> None:
    for household in shop.world.households[:number]:
        issue_plate(household=household, by=None)
        shop.reserve() if household == shop.rich else None
    package(cadre)  # the session is read and renewed once
    with django_assert_num_queries(9):
        package(cadre)


def test_limits_of_a_dead_line_are_told(shop: ShopWorld, cadre: Client) -> None:
    shop.settle(offline_points=30, offline_household_points=60)
    content = package(cadre)
    assert (content["most_points"], content["most_household_points"], content["open"]) == (30, 60, True)
    assert timezone.datetime.fromisoformat(content["as_of"]) <= timezone.now()


def test_page_names_everything_that_must_be_stored(shop: ShopWorld, cadre: Client) -> None:
    page = text(cadre, "shop-counter", query=f"?household={shop.rich.code}")
    assert f'data-household="{shop.rich.code}"' in page and "张三丰" not in page
    stored = set(re.findall(r'(?:href|src)="/static/js/([^"]*?)\.[0-9a-f]{12}\.js"', page))
    assert {"rewards/shop/counter", "page"} <= stored
    assert 'data-cache="counter-1"' in page
    assert "<script>" not in page and "style=" not in page


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_counter_is_the_cadres_alone(shop: ShopWorld, world: World, role: str) -> None:
    client = world.client(role)
    for name in ("shop-counter", "shop-package"):
        answer = client.get(address(name))
        assert (answer.status_code, "洗衣液" in whole(answer), shop.rich.code in whole(answer)) == (403, False, False)


def test_worker_lies_above_the_counters(db: None) -> None:
    answer = Client().get(reverse("shop-worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("shop-worker").rsplit("/", 1)[0] + "/" == "/shop/"
    assert b"caches.open" in answer.content
    assert b'"cache": "counter-1", "family": "counter-"' in answer.content
