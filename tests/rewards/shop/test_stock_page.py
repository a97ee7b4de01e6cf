"""Goods in, the count sheet with its two signatures, and the reconciliation."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from households.months import month_of, next_month, previous_month
from households.roles import Role
from rewards.models import Item, StockMove, Stocktake
from rewards.shop.actions.catalogue import ShopTerms, settle_shop
from rewards.shop.files import RECONCILIATION
from rewards.states import StocktakeState
from tests.answers import whole
from tests.downloads import rows_of
from tests.rewards.shop.shop_pages import address, text
from tests.rewards.shop_world import ShopWorld
from tests.world import World


@pytest.fixture
def supervisor(world: World) -> Client:
    return world.client(Role.SUPERVISOR)


def delivery(item: Item, **more: object) -> dict[str, object]:
    given = {"op_id": uuid4(), "item": item.pk, "quantity": 6, "unit_cost_fen": "9.20", "supplier": "县供销社"}
    return given | {"voucher_no": "GX-7", "note": ""} | more


def test_delivery_raises_the_stock_once(shop: ShopWorld, cadre: Client) -> None:
    sent = delivery(shop.soap)
    for _ in range(2):
        assert cadre.post(address("shop-purchase"), sent)["Location"] == address("shop-purchases")
    assert shop.soap_is() == (16, 0)
    page = text(cadre, "shop-purchases")
    assert "9.20" in page and "GX-7" in page and "已进货：洗衣液 6 瓶" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"voucher_no": ""}, "请填写这一项"),
        ({"unit_cost_fen": "九块"}, "不是金额"),
        ({"quantity": "20000"}, "进货数量应在"),
    ],
)
def test_delivery_that_cannot_be_is_refused(shop: ShopWorld, cadre: Client, wrong: dict[str, str], words: str) -> None:
    answer = cadre.post(address("shop-purchase"), delivery(shop.soap, **wrong))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert shop.soap_is() == (10, 0)


def test_supervisor_reads_deliveries_without_a_form(shop: ShopWorld, supervisor: Client) -> None:
    page = text(supervisor, "shop-purchases")
    assert "GX-001" in page and "登记进货" not in page
    assert supervisor.post(address("shop-purchase"), delivery(shop.soap)).status_code == 403


def test_alarm_leads_to_the_form_with_the_item_chosen(shop: ShopWorld, cadre: Client) -> None:
    page = text(cadre, "shop-purchases", query=f"?item={shop.rice.pk}")
    assert f'<option value="{shop.rice.pk}" selected>' in page


@pytest.mark.parametrize("number", [1, 3])
def test_deliveries_cost_the_same_however_many(
    shop: ShopWorld, cadre: Client, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        shop.buy(shop.soap, 1)
    cadre.get(address("shop-purchases"))  # the session is read and renewed once
    with django_assert_num_queries(7):
        cadre.get(address("shop-purchases"))


def begin(cadre: Client) -> Stocktake:
    cadre.post(address("shop-stocktake-open"))
    return Stocktake.objects.latest("id")


def counted(shop: ShopWorld, soap: object = 10, rice: object = 4, **more: object) -> dict[str, object]:
    given = {f"counted-{shop.soap.pk}": soap, f"counted-{shop.rice.pk}": rice}
    return given | {f"reason-{shop.soap.pk}": "", f"reason-{shop.rice.pk}": ""} | more


def test_beginning_twice_is_one_count(shop: ShopWorld, cadre: Client) -> None:
    assert begin(cadre) == begin(cadre)


def test_count_can_be_saved_half_done(shop: ShopWorld, cadre: Client) -> None:
    take = begin(cadre)
    cadre.post(address("shop-stocktake-count", take.pk), counted(shop, rice=""))
    assert "已点 1 / 2 种" in text(cadre, "shop-stocktake", take.pk)
    answer = cadre.post(address("shop-stocktake-count", take.pk), counted(shop, rice="") | {"sign": "1"})
    assert answer.status_code == 422 and "还有 1 种物品没有清点" in answer.content.decode()


def test_difference_needs_its_reason(shop: ShopWorld, cadre: Client) -> None:
    take = begin(cadre)
    answer = cadre.post(address("shop-stocktake-count", take.pk), counted(shop, soap=9))
    page = answer.content.decode()
    assert answer.status_code == 422 and "洗衣液的差异原因" in page
    assert 'value="9"' in page  # what was typed is still there


def test_two_signatures_post_the_difference(shop: ShopWorld, cadre: Client, supervisor: Client) -> None:
    take = begin(cadre)
    sent = counted(shop, soap=9) | {f"reason-{shop.soap.pk}": "摔破一瓶", "sign": "1"}
    cadre.post(address("shop-stocktake-count", take.pk), sent)
    assert shop.soap_is() == (10, 0)  # one signature changes nothing
    page = text(supervisor, "shop-stocktake", take.pk)
    assert "摔破一瓶" in page and "−1" in page and "核对无误，签名" in page
    supervisor.post(address("shop-stocktake-witness", take.pk))
    assert shop.soap_is() == (9, 0)
    take.refresh_from_db()
    assert (take.state, take.signed_by.role, take.witnessed_by.role) == ("posted", Role.CADRE, Role.SUPERVISOR)


def test_cadre_does_not_witness(shop: ShopWorld, cadre: Client) -> None:
    take = begin(cadre)
    cadre.post(address("shop-stocktake-count", take.pk), counted(shop) | {"sign": "1"})
    assert "您是清点人，不能自己核对" in text(cadre, "shop-stocktake", take.pk)
    assert cadre.post(address("shop-stocktake-witness", take.pk)).status_code == 403


def test_supervisor_sends_it_back_with_a_reason(shop: ShopWorld, cadre: Client, supervisor: Client) -> None:
    take = begin(cadre)
    cadre.post(address("shop-stocktake-count", take.pk), counted(shop) | {"sign": "1"})
    back = address("shop-stocktake-witness", take.pk)
    assert supervisor.post(back, {"back": "1", "reason": ""}).status_code == 422
    supervisor.post(back, {"back": "1", "reason": "大米少数了一袋"})
    page = text(cadre, "shop-stocktake", take.pk)
    assert "大米少数了一袋" in page and "点完了，签名" in page


def test_count_given_up_changes_nothing(shop: ShopWorld, cadre: Client) -> None:
    take = begin(cadre)
    cadre.post(address("shop-stocktake-cancel", take.pk), {"reason": "下雨了"})
    take.refresh_from_db()
    assert take.state == StocktakeState.CANCELLED and shop.soap_is() == (10, 0)
    assert "下雨了" in text(cadre, "shop-stocktakes")


def test_count_of_another_shop_is_not_found(shop: ShopWorld, cadre: Client) -> None:
    other = settle_shop(village=shop.world.sister, terms=ShopTerms(), by=None)
    take = Stocktake.objects.create(shop=other, opened_by=shop.cadre)
    for number in (take.pk, 999):
        assert cadre.get(address("shop-stocktake", number)).status_code == 404
        assert cadre.post(address("shop-stocktake-cancel", number), {"reason": "x"}).status_code == 404
    take.refresh_from_db()
    assert take.state == StocktakeState.COUNTING


@pytest.mark.parametrize("number", [1, 3])
def test_count_sheet_costs_the_same_however_long(
    shop: ShopWorld, cadre: Client, number: int, django_assert_num_queries: object
) -> None:
    from rewards.shop.actions.catalogue import Goods, add_item

    for extra in range(number - 1):
        add_item(shop=shop.shop, goods=Goods(name=f"物品{extra}", unit="个", points=1), by=shop.cadre)
    take = begin(cadre)
    cadre.get(address("shop-stocktake", take.pk))  # the session is read and renewed once
    with django_assert_num_queries(6):
        cadre.get(address("shop-stocktake", take.pk))


def busy_month(shop: ShopWorld) -> None:
    shop.hand_over(shop.reserve(quantity=2))
    shop.reverse(shop.hand_over(shop.reserve()))
    shop.offline(shop.offline_op(signature=b""))


@pytest.mark.parametrize("role", [Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_reconciliation_is_open_to_all_who_look_after_the_shop(shop: ShopWorld, world: World, role: str) -> None:
    busy_month(shop)
    page = text(world.client(role), "shop-reconciliation")
    assert "库存、积分和发放记录对得上" in page
    assert "断网补录" in page and "没有凭证" in page and "退货，瓶子漏了" in page


def test_reconciliation_names_what_does_not_agree(shop: ShopWorld, supervisor: Client) -> None:
    Item.objects.filter(pk=shop.soap.pk).update(on_hand=7)
    page = text(supervisor, "shop-reconciliation")
    assert "有 1 处对不上" in page and "洗衣液的库存：应为10瓶，实为7瓶" in page


def test_reconciliation_of_an_empty_month(shop: ShopWorld, cadre: Client) -> None:
    before = previous_month(month_of(timezone.localdate()))
    assert "这个月没有进出" in text(cadre, "shop-reconciliation", query=f"?month={before}")


@pytest.mark.parametrize("asked", ["2026-13", "foo", next_month(month_of(timezone.localdate()))])
def test_month_that_is_none_or_ahead_is_not_found(shop: ShopWorld, cadre: Client, asked: str) -> None:
    busy_month(shop)
    answer = cadre.get(f"{address('shop-reconciliation')}?month={asked}")
    assert (answer.status_code, "断网补录" in whole(answer)) == (404, False)


@pytest.mark.parametrize("number", [1, 3])
def test_reconciliation_costs_the_same_however_busy(
    shop: ShopWorld, cadre: Client, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        shop.hand_over(shop.reserve())
    cadre.get(address("shop-reconciliation"))  # the session is read and renewed once
    with django_assert_num_queries(11):
        cadre.get(address("shop-reconciliation"))


def test_file_of_the_reconciliation_is_what_the_screen_shows(shop: ShopWorld, cadre: Client) -> None:
    busy_month(shop)
    answer = cadre.get(f"{address('shop-reconciliation')}?format=csv")
    rows = {row["item"]: row for row in rows_of(answer, RECONCILIATION)}
    assert rows["洗衣液"]["closing"] == str(Item.objects.get(pk=shop.soap.pk).on_hand) == "7"
    assert rows["洗衣液"]["purchased_yuan"] == "85.00"
    moves = StockMove.objects.filter(item=shop.soap)
    assert sum(move.quantity for move in moves) == 7


def test_workbook_of_the_reconciliation(shop: ShopWorld, cadre: Client) -> None:
    answer = cadre.get(f"{address('shop-reconciliation')}?format=xlsx")
    assert answer.content.startswith(b"PK")
    assert cadre.get(f"{address('shop-reconciliation')}?format=pdf").status_code == 404
