"""Numbers of papers are compared folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.words.keys import key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SY20261120-0001", "sy20261120－0001"),
        ("石公〔2026〕12号", "石公（２０２６） 12 号"),
        ("石公[2026]12号", "石公【2026】12号"),
        ("ＡＢ—１", "ab–1"),
        ("12\u200b号", "12号"),
        ("12\t号\n", "12号"),
        ("12\u2028号\u2029", "12号"),
    ],
)
def test_spellings_of_one_number_are_equal(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("SY-1", "SY-11"), ("石公〔2026〕12号", "石公〔2026〕13号"), ("", "0")])
def test_other_numbers_stay_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(st.text(max_size=40))
def test_folding_again_changes_nothing(text: str) -> None:
    assert key(key(text)) == key(text)
