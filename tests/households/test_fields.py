"""What texts from outside may name: the id of a row, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.fields import row_id


@given(st.integers(0, 10**18 - 1))
def test_id_of_a_row_comes_back(number: int) -> None:
    assert row_id(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", "x", "１２", "9" * 19, "1\0", " 1"])
def test_text_that_names_no_row_is_none(text: str) -> None:
    assert row_id(text) is None


@given(st.text(max_size=25))
def test_id_fits_the_column_whatever_was_sent(text: str) -> None:
    number = row_id(text)
    assert number is None or 0 <= number < 2**63
