"""Months, levels and codes in addresses: 404 for what is not written right, never an error."""

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from households.roles import Role
from scoring.addresses import code_of_address, month_of_address
from scoring.rankings.boards import ranked_level
from tests.answers import whole
from tests.world import MONTH, World


def test_what_is_written_right_is_taken_as_it_stands() -> None:
    assert month_of_address("2024-05") == "2024-05"
    assert ranked_level("village").label == "村"
    assert code_of_address("430525101201") == "430525101201"


@pytest.mark.parametrize("text", ["", "2024-5", "2024-13", "２０２４-05", " 2024-05", "2000-01", "1999-05", "x" * 999])
def test_month_that_is_none_is_not_found(text: str) -> None:
    with pytest.raises(Http404):
        month_of_address(text)


@pytest.mark.parametrize("text", ["", "household", "department", "Village", "村"])
def test_level_that_is_not_ranked_is_not_found(text: str) -> None:
    with pytest.raises(Http404):
        ranked_level(text)


@given(st.text(max_size=20))
def test_any_text_is_a_code_or_not_found(text: str) -> None:
    try:
        assert len(code_of_address(text)) in (6, 9, 12, 14, 18)
    except Http404:
        assert not (text.isascii() and text.isdecimal() and len(text) == 6 and text.strip("0"))


@pytest.mark.parametrize(
    "path",
    [
        f"/departments/%00/{MONTH}/",
        f"/rankings/{MONTH}/village/kept/99999999999999999999999/",
        f"/rankings/{MONTH}/village/?within=%00",
        f"/why/{MONTH}/%00/",
        "/rankings/2000-01/village/",
        f"/rankings/{MONTH}/%E6%9D%91/",
    ],
)
def test_strange_addresses_are_not_found_rather_than_an_error(world: World, path: str) -> None:
    world.declare()
    answer = world.client(Role.COUNTY_OFFICE).get(path)
    assert (answer.status_code, "东山村" in whole(answer)) == (404, False)


@pytest.mark.parametrize("query", ["q=%00", "q=" + "村" * 500, "page=-1", "page=x", "page=99999999999", "sort=%00"])
def test_strange_questions_are_answered(world: World, query: str) -> None:
    answer = world.client(Role.COUNTY_OFFICE).get(f"/rankings/{MONTH}/village/?{query}")
    assert (answer.status_code, "<h1>" in whole(answer)) == (200, True)
