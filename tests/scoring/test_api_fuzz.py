"""The interface held against its own description with made-up requests: no crash, no answer that is not described."""

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
from tests.world import MONTH, PASSWORD, VILLAGE, build

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
DESCRIBED = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
OURS = DESCRIBED.include(path_regex=r"/(sheets|reviews|me|auth)/")
BRIEFLY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def headers(live_site: str) -> dict[str, str]:
    """A township's token: it sees sheets, writes to them and decides."""
    build()
    sent = {"username": Role.TOWNSHIP, "password": PASSWORD}
    token = Client().post("/api/v1/auth/login/", sent, content_type="application/json").json()["token"]
    return {"Authorization": f"Token {token}"}


@OURS.parametrize()
@BRIEFLY
def test_made_up_requests_get_described_answers(
    case: schemathesis.Case, live_site: str, headers: dict[str, str]
) -> None:
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)


@OURS.include(path_regex=r"\{village\}").parametrize()
@BRIEFLY
def test_made_up_bodies_on_a_real_sheet_get_described_answers(
    case: schemathesis.Case, live_site: str, headers: dict[str, str]
) -> None:
    case.path_parameters = {"month": MONTH, "village": VILLAGE}
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)
