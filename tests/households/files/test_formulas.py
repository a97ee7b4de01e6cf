"""The guard against formulas: the same for files that come in and files that go out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.files.formulas import formula_sign, harmless
from households.imports import cells

LONG = cells.text(1000)
BLANKS = st.text(" \u3000\n\u200b\u200f\u2060\ufeff\u00ad")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\rx", "＝1", "＋1", "－1", "＠x", "  =1", "\n=1", "\ufeff=1"]
)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["东山村", "", " ", 5, -5, None, "43072620120101", "1=1", "'=1"])
def test_other_values_are_left_alone(value: object) -> None:
    assert harmless(value) == value


@given(BLANKS, st.sampled_from("=+-@＝＋－＠"), st.text())
def test_nothing_unseen_before_a_formula_hides_it(before: str, start: str, rest: str) -> None:
    assert formula_sign(f"{before}{start}{rest}")
    assert harmless(f"{before}{start}{rest}").startswith("'")


@given(st.text(max_size=40))
def test_what_is_taken_in_can_be_given_out_as_it_is(cell: str) -> None:
    try:
        kept = LONG(cell)
    except cells.CellFault:
        return
    assert harmless(kept) == kept
