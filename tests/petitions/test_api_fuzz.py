"""The interface held against its own description with made-up requests: no crash, no answer that is not described."""

from typing import Any

import pytest
import schemathesis

from households.roles import Role
from tests.api_fuzz import CHECKS, DESCRIBED, briefly, token_of
from tests.petitions.desk import Desk
from tests.world import VILLAGE, World

BRIEFLY = briefly(6)


@pytest.fixture
def desk(live_site: str, world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def headers(desk: Desk) -> dict[str, str]:
    """The token of the petition office."""
    return token_of(Role.PETITION_OFFICE)


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
