"""What the shop's actions ask before they write, and how they say no: plain words and the nearest thing to change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dongkou.schedule import SCHEDULE
from households.audit_log.words import ACTIONS, KEYS
from households.models import AuditEvent
from households.permissions import Permission
from households.refusals import Refused
from households.roles import Role
from rewards import tasks
from rewards.models import Item, Redemption, Shop
from rewards.shop.actions.limits import changed, check_may, no_stock, number, over_floor, words
from tests.refusals import refusal
from tests.rewards.shop_world import build_shop, give
from tests.world import VILLAGE, World


def bottle(**figures: int) -> Item:
    return Item(name="洗衣液", unit="瓶", points=20, **figures)


@pytest.mark.parametrize("typed", ["", "  ", "\n\t"])
def test_nothing_typed_is_asked_for(typed: str) -> None:
    refused = refusal(lambda: words(typed, "reason", "原因", 10))
    assert (refused.code, refused.reason, refused.fields) == ("reason_missing", "请填写原因。", {"reason": "必填"})


def test_too_much_typed_says_how_much() -> None:
    assert refusal(lambda: words("长" * 11, "reason", "原因", 10)).reason == "原因最多 10 个字，现在 11 个。"


def test_typed_text_loses_its_blanks() -> None:
    assert words("  不要了 ", "reason", "原因", 10) == "不要了"


@pytest.mark.parametrize("value", [1, 10_000])
def test_number_within_its_bounds_is_taken(value: int) -> None:
    assert number(value, "quantity", "数量") == value


@pytest.mark.parametrize("value", [0, -1, 10_001])
def test_number_out_of_its_bounds_names_them(value: int) -> None:
    refused = refusal(lambda: number(value, "quantity", "数量"))
    assert refused.reason == f"数量应在 1 到 10000 之间，现在是 {value}。"


@pytest.mark.parametrize(
    ("left", "wanted", "told"),
    [
        (3, 5, "洗衣液只剩 3瓶可以兑换。请把数量改成 3 以内。"),
        (0, 1, "洗衣液已经兑完了。可以换别的物品，或等下次进货。"),
    ],
)
def test_short_stock_says_what_to_do(left: int, wanted: int, told: str) -> None:
    refused = no_stock(bottle(on_hand=left + 2, reserved=2), wanted)
    assert (refused.sentence, refused.status, refused.fields) == (told, 409, {"stock": str(left)})


def test_change_is_told_in_the_readers_words() -> None:
    before = {"points": 20, "low_stock": 0, "unit": "瓶"}
    assert changed(Item, before, before | {"points": 25, "unit": "桶"}) == "所需积分、单位"
    assert changed(Item, before, before) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_only_a_cadre_runs_a_shop_and_only_a_supervisor_witnesses(world: World, role: str) -> None:
    for permission, holder in ((Permission.RUN_SHOP, Role.CADRE), (Permission.WITNESS_STOCK, Role.SUPERVISOR)):
        try:
            check_may(world.user(role), permission, VILLAGE)
            allowed = True
        except Refused as refused:
            allowed = refused.status != 403
        assert allowed == (role == holder), (role, permission)


@pytest.mark.django_db
def test_operator_may_by_command(world: World) -> None:
    check_may(None, Permission.RUN_SHOP, VILLAGE)


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        ({"channel": "page"}, []),
        ({"channel": "counter"}, []),
        ({"channel": "offline"}, ["断网补录"]),
        ({"channel": "offline", "over_limit": True, "over_floor": True}, ["断网补录", "超过每月限额", "超过断网限额"]),
        ({"channel": "offline", "stock_short": 2, "points_short": 7}, ["断网补录", "库存少 2", "积分欠 7"]),
    ],
)
def test_flags_are_told_in_chinese(given: dict, flags: list[str]) -> None:
    assert Redemption(**given).flags == flags


@pytest.mark.parametrize(
    ("on_hand", "reserved", "threshold", "low"), [(5, 2, 3, True), (6, 2, 3, False), (0, 0, 0, False), (0, 0, 1, True)]
)
def test_low_stock_is_what_can_still_be_reserved(on_hand: int, reserved: int, threshold: int, low: bool) -> None:
    item = bottle(on_hand=on_hand, reserved=reserved, low_stock=threshold)
    assert (item.free, item.is_low) == (on_hand - reserved, low)


def test_retired_item_is_no_alarm() -> None:
    assert bottle(low_stock=3, retired_at=timezone.now()).is_low is False


def test_schedule_lets_reservations_go_in_the_queue_of_points() -> None:
    name = tasks.expire_reservations.name
    (entry,) = [one for one in SCHEDULE.values() if one["task"] == name]
    assert entry["schedule"] <= timedelta(minutes=10)
    assert entry["options"]["queue"] == "points"


@pytest.mark.django_db
def test_floor_counts_the_household_and_day(world: World) -> None:
    shop = build_shop(world)
    shop.offline(shop.offline_op(4, handed_at=timezone.now()))
    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    told = Shop.objects.get(pk=VILLAGE)
    asked = [
        over_floor(told, shop.rich.code, today, 20),
        over_floor(told, shop.rich.code, today, 21),
        over_floor(told, shop.rich.code, yesterday, 50),
        over_floor(told, shop.poor.code, today, 50),
        over_floor(told, shop.poor.code, today, 51),
    ]
    assert asked == [False, True, False, False, True]


@pytest.mark.django_db
def test_every_line_of_the_log_has_words(world: World) -> None:
    shop = build_shop(world)
    give(shop.rich, 500)
    shop.settle(reservation_days=3)
    shop.void(shop.reserve())
    shop.reverse(shop.hand_over(shop.reserve(by=shop.cadre)))
    shop.offline(shop.offline_op())
    prefixes = ("shop.", "item.", "stock.", "redemption.")
    lines = [line for line in AuditEvent.objects.all() if line.action.startswith(prefixes)]
    assert {line.action for line in lines} <= set(ACTIONS)
    assert {key for line in lines for key in line.detail} <= set(KEYS)
    assert all(line.place.startswith(VILLAGE) for line in lines)


@pytest.mark.django_db
def test_log_never_holds_a_name(world: World) -> None:
    shop = build_shop(world)
    shop.hand_over(shop.reserve(), collected_by="张小丰", relation="儿子")
    shop.offline(shop.offline_op(collected_by="张小丰", relation="儿子"))
    written = " ".join(str(line.detail) for line in AuditEvent.objects.all())
    assert "张" not in written
    assert "儿子" not in written


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [1, 3])
def test_reservation_and_hand_over_ask_little_for_any_quantity(
    world: World, quantity: int, django_assert_max_num_queries: object
) -> None:
    shop = build_shop(world)
    with django_assert_max_num_queries(13):
        one = shop.reserve(quantity=quantity)
    pin = shop.pin()
    with django_assert_max_num_queries(19):
        shop.hand_over(one, pin=pin)
