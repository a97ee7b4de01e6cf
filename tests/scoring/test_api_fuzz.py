"""The interface held against its own description with made-up requests: no crash, no answer that is not described."""

import pytest
import schemathesis

from households.roles import Role
from tests.api_fuzz import CHECKS, DESCRIBED, briefly, token_of
from tests.world import MONTH, VILLAGE, build

OURS = DESCRIBED.include(path_regex=r"/(sheets|reviews|me|auth)/")
SHEETS = OURS.include(path_regex=r"\{village\}")
BRIEFLY, AT_LENGTH = briefly(6), briefly(60)


@pytest.fixture
def headers(live_site: str) -> dict[str, str]:
    """A township's token: it sees sheets, writes to them and decides."""
    build()
    return token_of(Role.TOWNSHIP)


@OURS.parametrize()
@BRIEFLY
def test_made_up_requests_get_described_answers(
    case: schemathesis.Case, live_site: str, headers: dict[str, str]
) -> None:
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)


@pytest.mark.long
@OURS.parametrize()
@AT_LENGTH
def test_many_made_up_requests_get_described_answers(
    case: schemathesis.Case, live_site: str, headers: dict[str, str]
) -> None:
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)


@SHEETS.parametrize()
@BRIEFLY
def test_made_up_bodies_on_a_real_sheet_get_described_answers(
    case: schemathesis.Case, live_site: str, headers: dict[str, str]
) -> None:
    _on_a_real_sheet(case, live_site, headers)


@pytest.mark.long
@SHEETS.parametrize()
@AT_LENGTH
def test_many_made_up_bodies_on_a_real_sheet_get_described_answers(
    case: schemathesis.Case, live_site: str, headers: dict[str, str]
) -> None:
    _on_a_real_sheet(case, live_site, headers)


def _on_a_real_sheet(case: schemathesis.Case, live_site: str, headers: dict[str, str]) -> None:
    case.path_parameters = {"batch_no": 1, **(case.path_parameters or {}), "month": MONTH, "village": VILLAGE}
    case.call_and_validate(base_url=live_site, headers=headers, checks=CHECKS)
