"""The interface held against its own description with made-up requests: what the rooms' tests of it share."""

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

from tests.world import PASSWORD

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
DESCRIBED = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))


def briefly(examples: int) -> settings:
    """So many requests to each operation."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


def token_of(role: str) -> dict[str, str]:
    """The header of somebody who signed in."""
    sent = {"username": role, "password": PASSWORD}
    token = Client().post("/api/v1/auth/login/", sent, content_type="application/json").json()["token"]
    return {"Authorization": f"Token {token}"}
