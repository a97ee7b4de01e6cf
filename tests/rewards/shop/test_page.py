"""The shop's staff pages: overview, list of shops, settings, catalogue, redemptions and their files."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from households.models import Household
from households.roles import Role
from rewards.models import Item, Picture, Redemption, Shop
from rewards.shop.actions.catalogue import ShopTerms, settle_shop
from rewards.shop.files import REDEMPTIONS
from tests.answers import whole
from tests.downloads import rows_of
from tests.rewards.pictures import photographs
from tests.rewards.shop.shop_pages import address, text
from tests.rewards.shop_world import ShopWorld, give, standing
from tests.world import STRANGE, World

TERMS = {
    "is_open": "on",
    "weekdays": ["1", "5"],
    "dates": "2026-10-01\n2026/10/8",
    "reservation_days": "5",
    "household_month_points": "",
    "offline_points": "30",
    "offline_household_points": "60",
}
GOODS = {"name": "毛巾", "unit": "条", "points": "8", "cost_fen": "3.50", "low_stock": "2", "on_sale": "on"}


@pytest.mark.parametrize("role", [Role.CADRE, Role.SUPERVISOR])
def test_village_people_are_led_to_their_shop(world: World, shop: ShopWorld, role: str) -> None:
    assert world.client(role).get("/shop/")["Location"] == address("shop")


def test_overview_names_what_waits_and_what_runs_out(shop: ShopWorld, cadre: Client) -> None:
    shop.reserve(quantity=4)
    shop.reserve(quantity=1)
    give(shop.rich, 200)
    shop.reserve(quantity=3)
    page = text(cadre, "shop")
    assert "张三丰" in page and "洗衣液 4 瓶" in page
    assert "只剩 2 瓶" in page and "登记进货" in page
    assert f"{address('shop-counter')}?household={shop.rich.code}" in page


def test_overview_masks_names_for_those_above(shop: ShopWorld, world: World) -> None:
    shop.reserve()
    for role in (Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE):
        page = text(world.client(role), "shop")
        assert "张*" in page and "张三丰" not in page
        assert "打开柜台" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_overview_costs_the_same_however_busy(
    shop: ShopWorld, cadre: Client, number: int, django_assert_num_queries: object
) -> None:
    give(shop.rich, 200)
    for _ in range(number):
        shop.hand_over(shop.reserve())
        shop.reserve()
    cadre.get(address("shop"))  # the session is read and renewed once
    with django_assert_num_queries(8):
        cadre.get(address("shop"))


def test_village_without_a_shop_is_told_how_to_open_one(world: World) -> None:
    assert "开超市" in text(world.client(Role.CADRE), "shop")
    assert "由本村村干部" in text(world.client(Role.SUPERVISOR), "shop")
    assert world.client(Role.CADRE).get(address("shop-items"))["Location"] == address("shop")
    assert world.client(Role.CADRE).post(address("shop-item-new"), GOODS).status_code == 404


def test_settings_open_the_shop(world: World, cadre: Client) -> None:
    answer = cadre.post(address("shop-settings"), TERMS)
    assert answer["Location"] == address("shop-items")
    shop = Shop.objects.get()
    assert shop.weekdays == [1, 5] and [f"{day:%m%d}" for day in shop.dates] == ["1001", "1008"]
    assert (shop.reservation_days, shop.household_month_points, shop.offline_points) == (5, None, 30)


def test_settings_show_what_is_in_force(shop: ShopWorld, cadre: Client) -> None:
    shop.settle(weekdays=(3,), reservation_days=9)
    page = text(cadre, "shop-settings")
    assert 'value="9"' in page and page.count("checked") == 2  # open, and one weekday


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"dates": "十月一日"}, "不是日期"),
        ({"dates": "2026-02-30"}, "不是日期"),
        ({"reservation_days": "0"}, "不能小于 1。"),
        ({"offline_points": "90"}, "断网时每次最多积分应在"),
    ],
)
def test_settings_that_cannot_be_are_refused(world: World, cadre: Client, wrong: dict[str, str], words: str) -> None:
    answer = cadre.post(address("shop-settings"), TERMS | wrong)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Shop.objects.exists()


def test_new_item_with_a_photo(shop: ShopWorld, cadre: Client) -> None:
    photo = SimpleUploadedFile("IMG.jpg", photographs.photo_with_location(), "image/jpeg")
    assert cadre.post(address("shop-item-new"), GOODS | {"photo": photo})["Location"] == address("shop-items")
    item = Item.objects.get(name="毛巾")
    assert (item.points, item.cost_fen, item.low_stock, item.household_month_limit) == (8, 350, 2, None)
    assert photographs.MAKER.encode() not in bytes(Picture.objects.get(pk=item.picture_id).content)
    assert f"/pictures/{item.picture_id}/" in text(cadre, "shop-items")


def test_photo_that_is_none_is_refused_and_nothing_is_kept(shop: ShopWorld, cadre: Client) -> None:
    photo = SimpleUploadedFile("x.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/jpeg")
    answer = cadre.post(address("shop-item-new"), GOODS | {"photo": photo})
    assert answer.status_code == 422 and "这是SVG 图形，不是照片" in answer.content.decode()
    assert not Item.objects.filter(name="毛巾").exists() and not Picture.objects.exists()


def test_change_without_a_photo_keeps_the_old_one(shop: ShopWorld, cadre: Client) -> None:
    photo = SimpleUploadedFile("IMG.jpg", photographs.photo(), "image/jpeg")
    cadre.post(address("shop-item", shop.soap.pk), GOODS | {"photo": photo})
    cadre.post(address("shop-item", shop.soap.pk), GOODS | {"points": "9"})
    item = Item.objects.get(pk=shop.soap.pk)
    assert item.points == 9 and item.picture_id


def test_name_that_is_taken_is_refused_on_the_page(shop: ShopWorld, cadre: Client) -> None:
    answer = cadre.post(address("shop-item-new"), GOODS | {"name": "大米"})
    assert answer.status_code == 422 and "超市里已经有“大米”" in answer.content.decode()


def test_item_in_stock_is_not_retired(shop: ShopWorld, cadre: Client) -> None:
    answer = cadre.post(address("shop-item-retire", shop.soap.pk), {"reason": "不要了"})
    assert "还有 10瓶库存" in answer.content.decode()
    assert Item.objects.get(pk=shop.soap.pk).retired_at is None


def test_item_of_another_shop_is_not_found(shop: ShopWorld, world: World, cadre: Client) -> None:
    other = settle_shop(village=world.strange, terms=ShopTerms(), by=None)
    foreign = Item.objects.create(shop=other, name="茶叶", unit="盒", points=1)
    for answer in (
        cadre.get(address("shop-item", foreign.pk)),
        cadre.post(address("shop-item-retire", foreign.pk), {"reason": "x"}),
    ):
        assert (answer.status_code, "茶叶" in whole(answer)) == (404, False)
    foreign.refresh_from_db()
    assert foreign.retired_at is None


def redeemed(shop: ShopWorld) -> list[Redemption]:
    """One of each: handed over, reserved, voided, off line."""
    done = [shop.hand_over(shop.reserve()), shop.reserve(item=shop.rice), shop.void(shop.reserve())]
    shop.offline(shop.offline_op())
    return done


@pytest.mark.parametrize(
    ("query", "number"),
    [("", 4), ("?state=reserved", 1), ("?flagged=on", 1), ("?words=zsf", 4), ("?words=lsg", 0), ("?words=010001", 4)],
)
def test_redemptions_by_filter(shop: ShopWorld, cadre: Client, query: str, number: int) -> None:
    redeemed(shop)
    page = text(cadre, "shop-redemptions", query=query)
    assert page.count('<th scope="row">') == number
    assert number == 0 or f"{number} 笔" in page


@pytest.mark.parametrize("number", [1, 3])
def test_redemptions_cost_the_same_however_many(
    shop: ShopWorld, cadre: Client, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        shop.hand_over(shop.reserve())
    cadre.get(address("shop-redemptions"))  # the session is read and renewed once
    with django_assert_num_queries(8):
        cadre.get(address("shop-redemptions"))


@pytest.mark.parametrize("query", ["", "&state=handed_over", "&flagged=on"])
def test_file_of_redemptions_is_what_the_screen_shows(shop: ShopWorld, cadre: Client, query: str) -> None:
    redeemed(shop)
    page = text(cadre, "shop-redemptions", query=f"?{query[1:]}")
    answer = cadre.get(f"{address('shop-redemptions')}?format=csv{query}")
    rows = rows_of(answer, REDEMPTIONS)
    assert len(rows) == page.count('<th scope="row">') > 0
    assert {row["name"] for row in rows} == {"张三丰"}
    assert sum(int(row["points"]) for row in rows) == int(page.split("共 ")[1].split(" 积分")[0])


def test_file_masks_names_as_the_screen_does(shop: ShopWorld, world: World) -> None:
    redeemed(shop)
    answer = world.client(Role.SUPERVISOR).get(f"{address('shop-redemptions')}?format=csv")
    assert "张*" in answer.content.decode() and "张三丰" not in answer.content.decode()


def test_workbook_of_redemptions(shop: ShopWorld, cadre: Client) -> None:
    redeemed(shop)
    answer = cadre.get(f"{address('shop-redemptions')}?format=xlsx")
    assert answer.content.startswith(b"PK") and "xlsx" in answer["Content-Disposition"]
    assert cadre.get(f"{address('shop-redemptions')}?format=exe").status_code == 404


def test_redemption_shows_its_signature(shop: ShopWorld, world: World) -> None:
    handed = shop.hand_over(shop.reserve(), collected_by="王小五", relation="女婿")
    page = text(world.client(Role.SUPERVISOR), "shop-redemption", handed.pk)
    assert f"/pictures/{handed.signature_id}/" in page and "王小五（户主的女婿）代领" in page
    assert "退货：" not in page  # a supervisor looks, they do not undo


def test_cadre_voids_with_a_reason(shop: ShopWorld, cadre: Client) -> None:
    redemption = shop.reserve()
    undo = address("shop-redemption-undo", redemption.pk)
    assert cadre.post(undo, {"op_id": uuid4(), "reason": ""}).status_code == 422
    assert standing(shop.rich) == (100, 20, 0)
    assert cadre.post(undo, {"op_id": uuid4(), "reason": "主人不要了"}).status_code == 302
    assert standing(shop.rich) == (100, 0, 0)


def test_cadre_takes_goods_back_once(shop: ShopWorld, cadre: Client) -> None:
    handed, op_id = shop.hand_over(shop.reserve()), uuid4()
    for _ in range(2):
        cadre.post(address("shop-redemption-undo", handed.pk), {"op_id": op_id, "reason": "瓶子漏了"})
    assert standing(shop.rich) == (100, 0, 0) and shop.soap_is() == (10, 0)
    assert "已退货" in text(cadre, "shop-redemption", handed.pk)


def test_what_cannot_be_undone_says_what_it_is_now(shop: ShopWorld, cadre: Client) -> None:
    voided = shop.void(shop.reserve())
    answer = cadre.post(address("shop-redemption-undo", voided.pk), {"op_id": uuid4(), "reason": "再来"})
    assert answer.status_code == 409 and "不能再退货" in answer.content.decode()


def test_shops_of_a_county_with_their_alarms(shop: ShopWorld, world: World) -> None:
    settle_shop(village=world.strange, terms=ShopTerms(is_open=False), by=None)
    shop.offline(shop.offline_op())
    page = world.client(Role.COUNTY_OFFICE).get("/shop/").content.decode()
    assert "东山村" in page and "1 笔要核对" in page
    assert "南坪村" in page and "暂停营业" in page
    only_own = world.client(Role.TOWNSHIP).get("/shop/").content.decode()
    assert "东山村" in only_own and "南坪村" not in only_own


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_shops_costs_the_same_however_many(
    shop: ShopWorld, world: World, number: int, django_assert_num_queries: object
) -> None:
    for village in (world.sister, world.strange)[: number - 1]:
        settle_shop(village=village, terms=ShopTerms(), by=None)
    client = world.client(Role.COUNTY_OFFICE)
    client.get("/shop/")  # the session is read and renewed once
    with django_assert_num_queries(3):
        assert client.get("/shop/").content.decode().count('scope="row"') == number


def test_shop_next_door_is_not_found(shop: ShopWorld, world: World) -> None:
    stranger = world.client(world.stranger(Role.CADRE))
    for name in ("shop", "shop-items", "shop-redemptions", "shop-settings", "shop-counter", "shop-package"):
        assert stranger.get(address(name)).status_code == 404
    assert not Household.objects.filter(code__startswith=STRANGE, redemptions__isnull=False).exists()
