"""The shop over HTTP: the same actions, the same scope, the same answer to the same id."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from households.roles import Role
from rewards.models import Redemption
from tests.answers import whole
from tests.rewards.shop_world import SIGNATURE, ShopWorld, give, standing
from tests.world import SISTER, STRANGE, VILLAGE

pytestmark = pytest.mark.django_db
BASE = "/api/v1/redemptions/"
SIGNED = base64.b64encode(SIGNATURE).decode()


def post(client: Client, path: str = "", **body: object) -> HttpResponse:
    sent = {"op_id": str(uuid4()), **body}
    return client.post(f"{BASE}{path}", sent, content_type="application/json")


def reserve(client: Client, shop: ShopWorld, **more: object) -> HttpResponse:
    return post(client, **{"household": shop.rich.code, "item": shop.soap.pk, "quantity": 2, **more})


def test_reservation_is_answered_201(shop: ShopWorld, cadre: Client) -> None:
    answer = reserve(cadre, shop)
    told = answer.json()
    assert (answer.status_code, told["state"], told["points"]) == (201, "reserved", 40)
    assert told["item"] == {"id": shop.soap.pk, "name": "洗衣液", "unit": "瓶"}
    assert Redemption.objects.get().pk == told["id"]


def test_same_id_again_is_answered_the_same(shop: ShopWorld, cadre: Client) -> None:
    op_id = str(uuid4())
    first, second = reserve(cadre, shop, op_id=op_id), reserve(cadre, shop, op_id=op_id)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert shop.soap_is() == (10, 2)


def test_too_few_points_are_409_with_balance(shop: ShopWorld, cadre: Client) -> None:
    answer = reserve(cadre, shop, household=shop.poor.code)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_enough_points")
    assert answer.json()["fields"] == {"balance": "15"}


def test_failed_id_keeps_its_fields(shop: ShopWorld, cadre: Client) -> None:
    op_id = str(uuid4())
    first = reserve(cadre, shop, household=shop.poor.code, op_id=op_id)
    give(shop.poor, 100)
    second = reserve(cadre, shop, household=shop.poor.code, op_id=op_id)
    assert (first.status_code, first.json()) == (second.status_code, second.json())


def test_too_little_stock_is_409_with_stock(shop: ShopWorld, cadre: Client) -> None:
    answer = reserve(cadre, shop, quantity=11)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_enough_stock")
    assert answer.json()["fields"] == {"stock": "10"}


def test_household_outside_the_scope_is_not_found(shop: ShopWorld, cadre: Client) -> None:
    for village in (SISTER, STRANGE):
        assert reserve(cadre, shop, household=f"{village}010001").status_code == 404
    assert not Redemption.objects.exists()


def test_item_of_another_shop_is_not_found(shop: ShopWorld) -> None:
    stranger = shop.world.client(shop.world.stranger(Role.CADRE))
    answer = reserve(stranger, shop, household=f"{STRANGE}010001")
    assert (answer.status_code, "洗衣液" in whole(answer)) == (404, False)
    assert (Redemption.objects.count(), shop.soap_is()) == (0, (10, 0))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_who_only_looks_may_not_reserve(shop: ShopWorld, role: str) -> None:
    answer = reserve(shop.world.client(role), shop)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")


@pytest.mark.parametrize(
    "body",
    [
        {"household": ""},
        {"item": "soap"},
        {"quantity": 0},
        {"quantity": 101},
        {"op_id": "7"},
        {"household": "4" * 19},
        {"household": "a\x00b"},
    ],
)
def test_request_that_cannot_be_read_is_400(shop: ShopWorld, cadre: Client, body: dict) -> None:
    answer = reserve(cadre, shop, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["fields"]) == set(body)


def test_hand_over_by_pin(shop: ShopWorld, cadre: Client) -> None:
    number, pin = reserve(cadre, shop).json()["id"], shop.pin()
    answer = post(cadre, f"{number}/hand-over/", pin=pin)
    assert (answer.status_code, answer.json()["state"], answer.json()["proof"]) == (200, "handed_over", "pin")
    assert standing(shop.rich) == (60, 0, 0)


@pytest.mark.parametrize("head", ["", "data:image/png;base64,"])
def test_hand_over_by_signature(shop: ShopWorld, cadre: Client, head: str) -> None:
    number = reserve(cadre, shop).json()["id"]
    answer = post(cadre, f"{number}/hand-over/", signature=head + SIGNED, collected_by="张小丰", relation="儿子")
    assert (answer.status_code, answer.json()["proof"], answer.json()["by_proxy"]) == (200, "signature", True)
    assert "张小丰" not in answer.content.decode()


def test_wrong_pin_is_403_and_stays_so_for_its_id(shop: ShopWorld, cadre: Client) -> None:
    number, pin, op_id = reserve(cadre, shop).json()["id"], shop.pin(), str(uuid4())
    answers = [post(cadre, f"{number}/hand-over/", pin=tried, op_id=op_id) for tried in ("000000", pin)]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "pin_wrong")] * 2
    assert post(cadre, f"{number}/hand-over/", pin=pin).status_code == 200


def test_signature_that_is_not_base64_is_400(shop: ShopWorld, cadre: Client) -> None:
    number = reserve(cadre, shop).json()["id"]
    answer = post(cadre, f"{number}/hand-over/", signature="签名")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"signature"})


def test_void_frees_what_was_held(shop: ShopWorld, cadre: Client) -> None:
    number = reserve(cadre, shop).json()["id"]
    answer = post(cadre, f"{number}/void/", reason="不要了")
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "voided", "不要了")
    assert post(cadre, f"{number}/void/", reason="不要了").status_code == 409


def test_void_without_a_reason_is_refused(shop: ShopWorld, cadre: Client) -> None:
    number = reserve(cadre, shop).json()["id"]
    answer = post(cadre, f"{number}/void/", reason="")
    assert (answer.status_code, answer.json()["fields"]) == (422, {"reason": "必填"})


def test_reverse_gives_back(shop: ShopWorld, cadre: Client) -> None:
    number = shop.hand_over(shop.reserve()).pk
    answer = post(cadre, f"{number}/reverse/", reason="瓶子漏了")
    assert (answer.status_code, answer.json()["state"]) == (200, "reversed")
    assert standing(shop.rich) == (100, 0, 0)


@pytest.mark.parametrize("step", ["hand-over", "void", "reverse"])
def test_neighbour_does_not_find_the_redemption(shop: ShopWorld, step: str) -> None:
    number = shop.reserve().pk
    stranger = shop.world.client(shop.world.stranger(Role.CADRE))
    assert post(stranger, f"{number}/{step}/", reason="x", signature=SIGNED).status_code == 404
    assert Redemption.objects.get().state == "reserved"


@pytest.mark.parametrize("step", ["hand-over", "void", "reverse"])
def test_supervisor_may_not_move_it(shop: ShopWorld, step: str) -> None:
    number = shop.reserve().pk
    answer = post(shop.world.client(Role.SUPERVISOR), f"{number}/{step}/", reason="x", signature=SIGNED)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert (Redemption.objects.get().state, standing(shop.rich)) == ("reserved", (100, 20, 0))


def test_list_is_the_scopes_newest_first(shop: ShopWorld, cadre: Client) -> None:
    first, second = shop.reserve(), shop.reserve(item=shop.rice)
    told = cadre.get(BASE).json()
    assert [one["id"] for one in told["results"]] == [second.pk, first.pk]
    assert told["next"] is None
    stranger = shop.world.client(shop.world.stranger(Role.CADRE))
    assert stranger.get(BASE).json()["results"] == []


def test_list_is_filtered_by_household_and_state(shop: ShopWorld, cadre: Client) -> None:
    give(shop.poor, 100)
    gone, mine = shop.void(shop.reserve()), shop.reserve(shop.poor)
    by_state = cadre.get(BASE, {"state": "voided"}).json()["results"]
    by_household = cadre.get(BASE, {"household": shop.poor.code}).json()["results"]
    assert ([one["id"] for one in by_state], [one["id"] for one in by_household]) == ([gone.pk], [mine.pk])


def test_list_goes_on_where_it_stopped(shop: ShopWorld, cadre: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("households.api.PAGE", 2)
    made = [shop.reserve().pk for _ in range(3)]
    first = cadre.get(BASE).json()
    second = cadre.get(BASE, {"before": first["next"]}).json()
    assert [one["id"] for one in first["results"] + second["results"]] == made[::-1]
    assert second["next"] is None


@pytest.mark.parametrize("query", [{"before": "x"}, {"household": "a\x00"}, {"state": "gone"}])
def test_list_refuses_what_it_cannot_read(shop: ShopWorld, cadre: Client, query: dict) -> None:
    shop.reserve()
    answer = cadre.get(BASE, query)
    assert answer.status_code == 400
    assert ("results" in answer.json(), "洗衣液" in whole(answer)) == (False, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_often_for_one_as_for_three(
    shop: ShopWorld, cadre: Client, rows: int, django_assert_num_queries: object
) -> None:
    for _ in range(rows):
        shop.reserve()
    with django_assert_num_queries(5):
        assert len(cadre.get(BASE).json()["results"]) == rows


def test_shop_says_what_it_offers(shop: ShopWorld, cadre: Client) -> None:
    shop.reserve(quantity=2)
    told = cadre.get(f"/api/v1/shops/{VILLAGE}/").json()
    assert (told["is_open"], told["open_today"]) == (True, True)
    shown = {item["name"]: (item["points"], item["free"]) for item in told["items"]}
    assert shown == {"洗衣液": (20, 8), "大米": (30, 4)}


def test_shop_elsewhere_or_not_opened_is_not_found(shop: ShopWorld, cadre: Client) -> None:
    elsewhere, not_opened = (
        client.get(f"/api/v1/shops/{SISTER}/") for client in (cadre, shop.world.client(Role.TOWNSHIP))
    )
    assert [(one.status_code, one.json()["code"]) for one in (elsewhere, not_opened)] == [(404, "not_found")] * 2
    assert "洗衣液" not in whole(elsewhere) + whole(not_opened)


def test_offline_batch_answers_each_by_itself(shop: ShopWorld, cadre: Client) -> None:
    at = (timezone.now() - timedelta(hours=2)).isoformat()
    good = {"op_id": str(uuid4()), "handed_at": at, "household": shop.rich.code, "item": shop.soap.pk, "quantity": 1}
    bad = {**good, "op_id": str(uuid4()), "household": f"{SISTER}010001"}
    sent = {"ops": [good | {"signature": SIGNED}, bad]}
    answers = [cadre.post(f"{BASE}offline/", sent, content_type="application/json").json() for _ in range(2)]
    assert [[one["status"] for one in told["results"]] for told in answers] == [
        ["recorded", "refused"],
        ["exists", "refused"],
    ]
    assert answers[0]["results"][0]["flags"] == ["断网补录"]
    assert Redemption.objects.count() == 1


def test_offline_batch_is_of_a_limited_size(shop: ShopWorld, cadre: Client) -> None:
    for ops in ([], [{}] * 51):
        answer = cadre.post(f"{BASE}offline/", {"ops": ops}, content_type="application/json")
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {"ops"})


def test_village_without_a_shop_says_so(shop: ShopWorld) -> None:
    stranger = shop.world.client(shop.world.stranger(Role.CADRE))
    op = {"op_id": str(uuid4()), "handed_at": timezone.now().isoformat()}
    answer = stranger.post(f"{BASE}offline/", {"ops": [op]}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_shop")
