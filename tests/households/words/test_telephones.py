"""Telephone numbers in the spellings that people use, and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.words.telephones import TelephoneFault, read


@pytest.mark.parametrize(
    "text",
    [
        "13800001111",
        "138-0000-1111",
        "138 0000 1111",
        "138.0000.1111",
        "138—0000－1111",
        "１３８００００１１１１",
        "+86 138 0000 1111",
        "（+86）13800001111",
        "0086-13800001111",
        "8613800001111",
        "\u202d13800001111\u202c",
        "13800001111.0",
    ],
)
def test_a_mobile_is_eleven_digits(text: str) -> None:
    assert read(text) == "13800001111"


@pytest.mark.parametrize(
    "text",
    [
        "0739-7221234",
        "07397221234",
        "(0739)7221234",
        "（0739）7221234",
        "（0739）722-1234",
        "0739—7221234",
        "0739–7221234",
        "0739 7221234",
        "+86 739 7221234",
        "0086-0739-7221234",
    ],
)
def test_a_landline_has_its_area_code_in_front(text: str) -> None:
    assert read(text) == "0739-7221234"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("010-88881234", "010-88881234"),
        ("0731 8888 1234", "0731-88881234"),
        ("7221234", "7221234"),
        ("0739-7221234-801", "0739-7221234-801"),
        ("0739-7221234转801", "0739-7221234-801"),
        ("400-123-4567", "4001234567"),
        ("+852 2123 4567", "+85221234567"),
    ],
)
def test_other_numbers_that_ring(text: str, kept: str) -> None:
    assert read(text) == kept


@pytest.mark.parametrize("text", ["", "  ", "无", "暂无", "没有", "无电话", "-", "—", "--", "/", "\\", "."])
def test_no_number_is_said_in_many_ways(text: str) -> None:
    assert read(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1380000111", "手机号是 11 位，这里有 10 位"),
        ("138000011112", "手机号是 11 位，这里有 12 位"),
        ("12800001111", "手机号以 13 到 19 开头"),
        ("7397221234", "开头的 0 丢了"),
        ("73188881234", "开头的 0 丢了"),
        ("12345678", "有 8 位数字，不是手机号"),
        ("0000000", "有 7 位数字，不是手机号"),
        ("1111111", "有 7 位数字，不是手机号"),
        ("13800001111/13900002222", "不止一个电话"),
        ("13800001111、13900002222", "不止一个电话"),
        ("13800001111 13900002222", "这里有 22 位"),
        ("13800001111转801", "不能有分机号"),
        ("13800001111（儿子）", "只能由数字"),
        ("138****0001", "只能由数字"),
        ("=13800001111", "只能由数字"),
        ("+85", "境外电话"),
        ("138123456", "这里有 9 位"),
    ],
)
def test_a_wrong_number_says_why(text: str, why: str) -> None:
    with pytest.raises(TelephoneFault) as caught:
        read(text)
    assert why in str(caught.value)
    assert text not in str(caught.value)


@given(st.text("0123456789+-()（） 转—", max_size=24))
def test_what_is_kept_is_read_as_itself(text: str) -> None:
    try:
        kept = read(text)
    except TelephoneFault as fault:
        assert str(fault)
    else:
        assert read(kept) == kept
