"""Money in and out of text: whole fen, no floats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.money import MAX_FEN, MoneyError, capital, in_wan, parse_yuan, wan, yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("50000000", 5_000_000_000),
        ("1,234.5", 123_450),
        ("１２３４．５０", 123_450),
        (" 0.01 元 ", 1),
        ("-12.30", -1230),
        ("0.29", 29),
    ],
)
def test_amount_is_read_to_the_fen(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "abc", "1.234", "1e5", "--1", "1.", ".5", "5 万", "12345678901234", "NaN"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        parse_yuan(text)


def test_amount_of_all_funds_is_the_most() -> None:
    assert parse_yuan("100,000,000,000") == 10_000_000_000_000
    with pytest.raises(MoneyError, match="太大"):
        parse_yuan("100000000000.01")


def test_amount_beyond_all_funds_is_refused() -> None:
    with pytest.raises(MoneyError, match="太大"):
        parse_yuan("9999999999999")


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_amount_written_is_read_back(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (5_000_000_000, "5,000 万元"),
        (734_500_000, "734.5 万元"),
        (3_857_000_000, "3,857 万元"),
        (408_000_000, "408 万元"),
        (-734_500_000, "-734.5 万元"),
        (123_456_789, "1,234,567.89 元"),
        (1_000_000, "1 万元"),
        (-1_000_000, "-1 万元"),
        (1_010_000, "1.01 万元"),
        (1_000_100, "10,001.00 元"),
        (1_000_200, "10,002.00 元"),
        (990_000, "9,900.00 元"),
        (0, "0.00 元"),
        (500_000, "5,000.00 元"),
    ],
)
def test_headline_amount_is_exact(fen: int, text: str) -> None:
    assert wan(fen) == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (5_000_000_000, "5,000 万元"),
        (4_999_500_000, "4,999.5 万元"),
        (500_000, "0.5 万元"),
        (1_525_837, "1.525837 万元"),
        (1, "0.000001 万元"),
        (-500_000, "-0.5 万元"),
        (0, "0 万元"),
    ],
)
def test_amounts_side_by_side_have_one_unit(fen: int, text: str) -> None:
    assert in_wan(fen) == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (150, "壹元伍角整"),
        (100_500, "壹仟零伍元整"),
        (1_000_000, "壹万元整"),
        (10_005_000, "壹拾万零伍拾元整"),
        (1_234_567_89, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        (5_000_000_000, "伍仟万元整"),
        (1_000_000_000_100, "壹佰亿零壹元整"),
        (1_100_000, "壹万壹仟元整"),
        (1_099_900, "壹万零玖佰玖拾玖元整"),
        (10_000_500_000, "壹亿零伍仟元整"),
        (10_000_000_000_000, "壹仟亿元整"),
        (100_000_000_000_000, "壹万亿元整"),
        (10_000_100_000_000, "壹仟亿零壹佰万元整"),
    ],
)
def test_amount_in_capitals(fen: int, text: str) -> None:
    assert capital(fen) == text


def test_capitals_know_no_debts() -> None:
    with pytest.raises(ValueError, match="no capitals"):
        capital(-1)


@given(st.integers(0, MAX_FEN))
def test_capitals_never_stutter(fen: int) -> None:
    text = capital(fen)
    assert "零零" not in text
    assert text.endswith(("整", "分"))
