"""The interface held against its own description with made-up requests: no crash, no answer that is not described."""

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
from tests.petitions.desk import Desk, build_desk
from tests.world import PASSWORD, VILLAGE, World

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
DESCRIBED = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
BRIEFLY = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def desk(live_site: str, world: World) -> Desk:
    return build_desk(world)


@pytest.fixture
def headers(desk: Desk) -> dict[str, str]:
    """The token of the petition office."""
    sent = {"username": Role.PETITION_OFFICE, "password": PASSWORD}
    token = Client().post("/api/v1/auth/login/", sent, content_type="application/json").json()["token"]
    return {"Authorization": f"Token {token}"}


@DESCRIBED.include(path_regex=r"/petitions/").parametrize()
@BRIEFLY
def test_made_up_requests_get_described_answers(
    case: schemathesis.Case, live_site: str, headers: dict[str, str]
) -> None:
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)


@DESCRIBED.include(path_regex=r"/petitions/\{number\}/").parametrize()
@BRIEFLY
def test_made_up_bodies_about_a_real_petition_get_described_answers(
    case: schemathesis.Case, live_site: str, desk: Desk, headers: dict[str, str]
) -> None:
    case.path_parameters = {"number": desk.assigned().number}
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)


@DESCRIBED.include(path_regex=r"/petitions/$", method="POST").parametrize()
@BRIEFLY
def test_made_up_filings_about_a_real_place_get_described_answers(
    case: schemathesis.Case, live_site: str, desk: Desk, headers: dict[str, str]
) -> None:
    body: Any = case.body
    if isinstance(body, dict):
        case.body = body | {"place": VILLAGE}
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)
