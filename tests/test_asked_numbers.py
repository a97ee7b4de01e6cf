"""Numbers in an address that decide what is made: read whole, in plain digits, within their bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.fields import asked_within
from households.roles import Role
from tests.world import World

ODD = ["020269", "0" * 20 + "2024", "2024" * 1200, "２０２４", "20 24", "-2024", "1e3"]


@given(st.integers(1, 800))
def test_number_within_its_bounds_is_read(number: int) -> None:
    assert asked_within(str(number), 1, 800) == number


@given(st.one_of(st.integers(max_value=0), st.integers(min_value=801)).map(str) | st.text())
def test_anything_else_is_no_number(text: str) -> None:
    found = asked_within(text, 1, 800)
    assert found is None or (text.isascii() and len(text) <= 3 and found == int(text))


@pytest.mark.parametrize("asked", ODD)
@pytest.mark.parametrize("address", ["/api/v1/workdays/{}/", "/performance/?year={}", "/awards/public/430726/?year={}"])
def test_year_that_is_none_is_not_found(world: World, address: str, asked: str) -> None:
    answer = world.client(Role.COUNTY_OFFICE).get(address.format(asked))
    assert (answer.status_code, b"2024" in answer.content) == (404, False)
