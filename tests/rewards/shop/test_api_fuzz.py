"""The shop's interface held against its own description with made-up requests: no crash, no answer that is not described."""

from typing import Any

import pytest
import schemathesis
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from households.roles import Role
from tests.rewards.shop_world import ShopWorld, build_shop, give
from tests.world import PASSWORD, VILLAGE, World

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
DESCRIBED = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
OURS = DESCRIBED.include(path_regex=r"/(redemptions|shops)/")
BRIEFLY = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


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
    sent = {"username": Role.CADRE, "password": PASSWORD}
    token = Client().post("/api/v1/auth/login/", sent, content_type="application/json").json()["token"]
    return {"Authorization": f"Token {token}"}


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
