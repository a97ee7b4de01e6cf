"""The interface against its own description."""

import json
import warnings
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from drf_spectacular.validation import validate_schema

from households.changes.actions.away import mark_away
from households.roles import Role
from tests.scoring.points.asking import add, asker, op
from tests.world import VILLAGE, World

SCHEMA = "/api/v1/schema/"


@pytest.fixture(scope="module")
def described() -> dict:
    response = Client().get(SCHEMA)
    assert response.status_code == 200
    return response.json()


def shape_of(described: dict, name: str) -> dict:
    return described["components"]["schemas"][name]["properties"]


def test_schema_is_valid_openapi(described: dict) -> None:
    validate_schema(described)


def test_schema_is_made_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())
    assert "Warning" not in capsys.readouterr().err


def test_schema_names_every_address_of_the_sheet(described: dict) -> None:
    paths = set(described["paths"])
    sheet = "/api/v1/sheets/{month}/{village}/"
    assert {"/api/v1/auth/login/", "/api/v1/me/", sheet, f"{sheet}ops/", "/api/v1/reviews/{month}/{village}/"} <= paths


def test_every_operation_describes_its_refusals(described: dict) -> None:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert any(status.startswith("4") for status in operation["responses"]) or "login" in path, (path, method)


def test_schema_can_be_had_as_yaml() -> None:
    response = Client().get(SCHEMA, headers={"accept": "application/yaml"})
    assert response.content.startswith(b"openapi:")


def test_sheet_has_exactly_the_described_parts(world: World, described: dict) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.record(f"{VILLAGE}010001")
    cadre.send(op("declare"))
    mark_away(household=world.household, since=timezone.localdate(), by=world.user(Role.CADRE))  # told where it is so
    data = cadre.read()
    for name, part in (
        ("Sheet", data),
        ("Household", data["households"][0]),
        ("Event", data["events"][0]),
        ("Declared", data["declared"]),
        ("Counts", data["counts"]),
        ("Clause", data["scheme"]["indicators"][0]["clauses"][0]),
        ("Indicator", data["scheme"]["indicators"][0]),
    ):
        assert set(part) == set(shape_of(described, name)), name


def test_answer_to_operations_has_exactly_the_described_parts(world: World, described: dict) -> None:
    answer = asker(world, Role.CADRE).send(add(f"{VILLAGE}010001"), add("x"))
    assert set(answer) == set(shape_of(described, "OpsAnswer"))
    for result in answer["results"]:
        assert set(result) == set(shape_of(described, "Outcome"))


def test_statuses_are_the_agreed_four_and_one_for_who_names_what_comes_first(described: dict) -> None:
    schemas = json.dumps(described["components"]["schemas"], ensure_ascii=False)
    assert '["applied", "exists", "conflict", "refused", "held"]' in schemas
