"""The shop's interface held against its own description with made-up requests: no crash, no answer that is not described."""

from typing import Any

import pytest
import schemathesis

from households.roles import Role
from tests.api_fuzz import CHECKS, DESCRIBED, briefly, token_of
from tests.rewards.shop_world import ShopWorld, build_shop, give
from tests.world import VILLAGE, World

OURS = DESCRIBED.include(path_regex=r"/(redemptions|shops)/")
BRIEFLY = briefly(6)


@pytest.fixture
def shop(live_site: str, world: World) -> ShopWorld:
    """Enough goods and points for every made-up request."""
    built = build_shop(world)
    built.buy(built.soap, 5000)
    give(built.rich, 100_000)
    return built


@pytest.fixture
def headers(shop: ShopWorld) -> dict[str, str]:
    """The token of the cadre who runs the shop."""
    return token_of(Role.CADRE)


@OURS.parametrize()
@BRIEFLY
def test_made_up_requests_get_described_answers(
    case: schemathesis.Case, live_site: str, headers: dict[str, str]
) -> None:
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)


@DESCRIBED.include(path_regex=r"/redemptions/\{redemption\}/").parametrize()
@BRIEFLY
def test_made_up_bodies_about_a_real_redemption_get_described_answers(
    case: schemathesis.Case, live_site: str, shop: ShopWorld, headers: dict[str, str]
) -> None:
    case.path_parameters = {"redemption": shop.reserve().pk}
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)


@DESCRIBED.include(path_regex=r"/redemptions/$", method="POST").parametrize()
@BRIEFLY
def test_made_up_reservations_of_real_goods_get_described_answers(
    case: schemathesis.Case, live_site: str, shop: ShopWorld, headers: dict[str, str]
) -> None:
    body: Any = case.body
    if isinstance(body, dict):
        case.body = body | {"household": f"{VILLAGE}010001", "item": shop.soap.pk}
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)
