"""What followed a PIN just handed out stands on the supervisor's page, first what its giver recorded himself."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from households.models import Plate
from households.plates.actions.pins import renew_pin, used_before
from households.plates.actions.plates import issue_plate
from households.roles import Role
from rewards.shop.pin_watch import uses
from tests.plates import own_plate
from tests.rewards.shop_world import ShopWorld

pytestmark = pytest.mark.django_db


def renewed(shop: ShopWorld, by: object = None) -> tuple[Plate, str]:
    """The rich household's plate with a PIN that the cadre has just handed out, and the one set since."""
    plate, _ = own_plate(shop.rich)
    renew_pin(plate=plate, by=by or shop.cadre)
    plate.refresh_from_db()
    return plate, used_before(plate=plate)


def marks(shop: ShopWorld) -> list[tuple[str, bool]]:
    return [(use.what, use.same) for use in uses(shop.supervisor)]


def test_cadre_who_renewed_the_pin_and_hands_over_against_it_is_marked(shop: ShopWorld) -> None:
    reserved = shop.reserve()
    _plate, pin = renewed(shop)
    shop.hand_over(reserved, pin=pin)
    assert marks(shop) == [("凭户牌密码领取（20 积分）", True)]
    page = shop.world.client(shop.supervisor).get(reverse("pin-watch")).content.decode()
    assert "发密码的就是他" in page and shop.cadre.display_name in page and "张三丰" not in page
    assert reverse("pin-watch") in shop.world.client(shop.supervisor).get(reverse("home")).content.decode()
    assert uses(shop.world.stranger(Role.SUPERVISOR)) == []


def test_offline_hand_over_with_a_drawn_signature_is_marked_too(shop: ShopWorld) -> None:
    renewed(shop)
    (outcome,) = shop.offline(shop.offline_op(handed_at=timezone.now()))
    assert outcome.status == "recorded"
    assert marks(shop) == [("断网补录的领取（20 积分）", True)]


def test_what_the_page_did_after_a_new_pin_is_shown_unmarked(shop: ShopWorld) -> None:
    renewed(shop)
    shop.reserve()
    assert marks(shop) == [("在户牌页上预订（20 积分）", False)]


def test_first_plate_handed_out_to_everybody_is_nothing_to_look_at_unless_its_giver_acts(shop: ShopWorld) -> None:
    plate, _ = issue_plate(household=shop.rich, by=shop.cadre)
    pin = used_before(plate=plate)
    reserved = shop.reserve()
    assert marks(shop) == []
    shop.hand_over(reserved, pin=pin)
    assert marks(shop) == [("凭户牌密码领取（20 积分）", True)]


def test_signature_and_long_ago_and_another_cadre_are_not_marked(shop: ShopWorld, settings: Any) -> None:
    first, second = shop.reserve(), shop.reserve()
    _plate, pin = renewed(shop, by=shop.world.user(Role.TOWNSHIP))
    shop.hand_over(first)
    shop.hand_over(second, pin=pin)
    assert ("凭户牌密码领取（20 积分）", False) in marks(shop) and not any(same for _, same in marks(shop))
    settings.PIN_WATCH_DAYS = 0  # as if it were long ago
    assert marks(shop) == []
