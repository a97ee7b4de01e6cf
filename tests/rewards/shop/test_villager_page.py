"""The shop on a household's own pages: what it shows, reserving once, refusing kindly, cancelling."""

from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from households.drafts.rules_markup import FormPage
from households.models import Plate
from rewards.models import Redemption
from rewards.pictures.pictures import keep
from rewards.shop.actions.catalogue import Goods, change_item
from tests.plates import own_plate
from tests.rewards.pictures import photographs
from tests.rewards.shop_world import ShopWorld, standing
from tests.world import World


class Villager:
    """A browser behind the door of a household: plate and PIN."""

    def __init__(self, household: object) -> None:
        self.plate, self.pin = own_plate(household)
        self.client = Client()
        self.client.post(reverse("plate", args=[self.plate.token]), {"pin": self.pin})

    def get(self, name: str, *parts: object) -> object:
        return self.client.get(reverse(name, args=[self.plate.token, *parts]))

    def text(self, name: str, *parts: object) -> str:
        answer = self.get(name, *parts)
        assert answer.status_code == 200
        return answer.content.decode()

    def reserve(self, item: object, quantity: int = 1, op_id: object = None) -> object:
        sent = {"op_id": op_id or uuid4(), "quantity": quantity}
        return self.client.post(reverse("plate-shop-item", args=[self.plate.token, item.pk]), sent)


@pytest.fixture
def rich(shop: ShopWorld) -> Villager:
    return Villager(shop.rich)


def test_shelf_tells_points_prices_stock_and_days(shop: ShopWorld, rich: Villager) -> None:
    page = rich.text("plate-shop")
    assert "<b>100</b> 积分可用" in page
    assert "洗衣液" in page and "<b>20</b> 积分 / 瓶" in page and "有货，还有 10 瓶" in page
    assert "可以兑 5 瓶" in page
    assert "每天开门。" in page


def test_shelf_tells_what_is_missing(shop: ShopWorld) -> None:
    page = Villager(shop.poor).text("plate-shop")
    assert "还差 5 积分" in page and "还差 15 积分" in page
    assert "可以兑 1" not in page


def test_shelf_shows_pictures_by_their_digest(shop: ShopWorld, rich: Villager) -> None:
    picture = keep(photographs.photo(), by=shop.cadre)
    change_item(item=shop.soap, goods=Goods(name="洗衣液", unit="瓶", points=20, picture=picture), by=shop.cadre)
    assert f'src="/pictures/{picture.digest}/"' in rich.text("plate-shop")


def test_shelf_hides_what_is_not_on_sale(shop: ShopWorld, rich: Villager) -> None:
    change_item(item=shop.soap, goods=Goods(name="洗衣液", unit="瓶", points=20, on_sale=False), by=shop.cadre)
    assert "洗衣液" not in rich.text("plate-shop")
    assert rich.get("plate-shop-item", shop.soap.pk).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_shelf_costs_the_same_however_long(
    shop: ShopWorld, rich: Villager, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number - 1):
        shop.reserve()
    rich.get("plate-shop")  # reads what the county entered of holidays, and keeps it
    with django_assert_num_queries(7):
        rich.get("plate-shop")


@pytest.mark.parametrize("number", [1, 3])
def test_own_reservations_cost_the_same_however_many(
    shop: ShopWorld, rich: Villager, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        shop.reserve()
    with django_assert_num_queries(5):
        rich.get("plate-shop-mine")


def test_neighbours_session_does_not_open_this_shop(shop: ShopWorld, rich: Villager) -> None:
    other = Villager(shop.poor)
    answer = rich.client.get(reverse("plate-shop", args=[other.plate.token]))
    assert answer.status_code == 302 and answer["Location"] == reverse("plate", args=[other.plate.token])


def test_no_page_is_kept_by_others(shop: ShopWorld, rich: Villager) -> None:
    for name in ("plate-shop", "plate-shop-mine"):
        answer = rich.get(name)
        assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]


def test_reservation_holds_points_and_leads_to_the_list(shop: ShopWorld, rich: Villager) -> None:
    answer = rich.reserve(shop.soap, 2)
    assert answer.status_code == 302 and answer["Location"] == reverse("plate-shop-mine", args=[rich.plate.token])
    assert standing(shop.rich) == (100, 40, 0)
    page = rich.text("plate-shop-mine")
    assert "预订好了：洗衣液 2 瓶" in page and "占用 40 积分" in page and "以前来拿" in page


def test_double_tap_is_one_reservation(shop: ShopWorld, rich: Villager) -> None:
    op_id = uuid4()
    for _ in range(2):
        assert rich.reserve(shop.soap, 1, op_id).status_code == 302
    assert Redemption.objects.count() == 1


def test_each_page_brings_an_id_of_its_own(shop: ShopWorld, rich: Villager) -> None:
    pages = {rich.text("plate-shop-item", shop.soap.pk).split('name="op_id" value="')[1][:36] for _ in range(2)}
    assert len(pages) == 2


def test_chosen_quantity_survives_the_pin(shop: ShopWorld, rich: Villager) -> None:
    """The session is over when the household taps: after its PIN it finds what it chose, and that is what is reserved."""
    page = reverse("plate-shop-item", args=[rich.plate.token, shop.soap.pk])
    rich.client.get(page)
    sent = {"op_id": uuid4(), "quantity": 3, "csrfmiddlewaretoken": rich.client.cookies["dongkou_csrf"].value}
    Session.objects.all().delete()
    door = rich.client.post(page, sent, HTTP_REFERER=f"http://testserver{page}")
    assert "您选的还在" in rich.client.get(door["Location"]).content.decode()
    shown = rich.client.post(door["Location"], {"pin": rich.pin}, follow=True)
    assert shown.redirect_chain[-1][0] == page
    [form] = [form for form in FormPage(shown.content.decode()).forms if not form.action]
    [chosen] = [each.value for each in form.controls if "checked" in each.attributes]
    rich.client.post(page, {"op_id": uuid4(), "quantity": chosen})
    assert Redemption.objects.get().quantity == 3


def test_refusal_shows_the_nearest_thing_to_change(shop: ShopWorld, rich: Villager) -> None:
    answer = rich.reserve(shop.rice, 4)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "积分不够" in page and "可以选分值低一些的" in page
    assert 'value="3"' in page and 'value="4"' not in page  # what can be chosen instead
    assert not Redemption.objects.exists()


def test_sold_out_item_says_so_instead_of_a_form(shop: ShopWorld, rich: Villager) -> None:
    shop.rice = change_item(item=shop.rice, goods=Goods(name="大米", unit="袋", points=1), by=shop.cadre)
    shop.reserve(item=shop.rice, quantity=4)
    page = rich.text("plate-shop-item", shop.rice.pk)
    assert "暂时没有货" in page and '<form method="post" class="card"' not in page


def test_month_limit_is_told_before_and_after(shop: ShopWorld, rich: Villager) -> None:
    goods = Goods(name="洗衣液", unit="瓶", points=20, household_month_limit=2)
    change_item(item=shop.soap, goods=goods, by=shop.cadre)
    assert "这个月还可以兑 2 瓶" in rich.text("plate-shop-item", shop.soap.pk)
    rich.reserve(shop.soap, 2)
    assert "这个月已经兑满" in rich.text("plate-shop-item", shop.soap.pk)


def test_item_of_another_village_is_not_found(shop: ShopWorld, world: World) -> None:
    from households.models import Household
    from rewards.shop.actions.catalogue import ShopTerms, settle_shop

    settle_shop(village=world.strange, terms=ShopTerms(weekdays=(1,)), by=None)
    stranger = Villager(Household.objects.get(head_name="郑南坪"))
    assert stranger.get("plate-shop-item", shop.soap.pk).status_code == 404
    assert stranger.reserve(shop.soap).status_code == 404
    assert "洗衣液" not in stranger.text("plate-shop")


def test_village_without_a_shop_says_so(world: World) -> None:
    page = Villager(world.household).text("plate-shop")
    assert "还没有开积分超市" in page and "积分不会丢" in page


def test_cancelling_gives_points_back_once(shop: ShopWorld, rich: Villager) -> None:
    redemption, op_id = shop.reserve(), uuid4()
    address = reverse("plate-shop-cancel", args=[rich.plate.token, redemption.pk])
    for _ in range(2):
        assert rich.client.post(address, {"op_id": op_id}).status_code == 302
    assert standing(shop.rich) == (100, 0, 0)
    assert "已经取消，20 积分退回来了" in rich.text("plate-shop-mine")


def test_neighbours_reservation_cannot_be_cancelled(shop: ShopWorld, rich: Villager) -> None:
    other = Villager(shop.poor)
    redemption = shop.reserve()
    answer = other.client.post(
        reverse("plate-shop-cancel", args=[other.plate.token, redemption.pk]), {"op_id": uuid4()}
    )
    assert answer.status_code == 404
    redemption.refresh_from_db()
    assert redemption.state == "reserved"


def test_history_tells_who_fetched_what(shop: ShopWorld, rich: Villager) -> None:
    shop.hand_over(shop.reserve(), collected_by="王小五", relation="女婿", to_home=True)
    shop.void(shop.reserve(item=shop.rice), reason="东西没到")
    page = rich.text("plate-shop-mine")
    assert "领取，王小五（女婿）代领，送到家" in page
    assert "取消，积分已经退回（东西没到）" in page


def test_form_without_a_quantity_is_refused_in_plain_words(shop: ShopWorld, rich: Villager) -> None:
    answer = rich.client.post(reverse("plate-shop-item", args=[rich.plate.token, shop.soap.pk]), {"op_id": "x"})
    assert answer.status_code == 400 and "没有选好要几个" in answer.content.decode()


def test_household_page_leads_to_the_shop(shop: ShopWorld, rich: Villager) -> None:
    page = rich.client.get(reverse("plate", args=[rich.plate.token])).content.decode()
    assert f'href="{reverse("plate-shop", args=[rich.plate.token])}"' in page
    assert Plate.objects.count() == 1
