"""Masks: what is hidden stays hidden, its length too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.masks import COMPOUND_SURNAMES, mask_name, mask_phone, surname_of

chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张*"),
        ("欧阳修文", "欧阳*"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("上官婉儿", "上官*"),
        ("诸葛亮", "诸葛*"),
        ("司马光", "司马*"),
        ("  李四 ", "李*"),
        ("王", "王*"),
        ("阿依古丽·买买提", "阿*"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_mask_name_keeps_the_surname_only(name, masked):
    assert mask_name(name) == masked


@given(chinese)
def test_mask_name_never_shows_the_given_name(name):
    masked = mask_name(name)
    assert masked.endswith("*")
    assert len(masked) < len(name) + 1
    assert name not in masked


@given(chinese, chinese)
def test_names_of_one_surname_look_alike(given_name, other):
    assert mask_name("刘" + given_name) == mask_name("刘" + other)


@pytest.mark.parametrize("surname", sorted(COMPOUND_SURNAMES))
def test_compound_surname_is_kept_whole(surname):
    assert mask_name(surname + "某") == surname + "*"


def test_compound_surnames_have_two_characters():
    assert {len(surname) for surname in COMPOUND_SURNAMES} == {2}


def test_surname_of_two_characters_is_the_first():
    assert surname_of("东方") == "东"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("138-1234-5678", "138****5678"),
        ("+8613812345678", "138****5678"),
        ("13 8123 4567 890", "138****7890"),
        ("86-123456789", "861****6789"),
        ("0739-7222222", "073****2222"),
        ("138123456", "****56"),
        ("1381234567", "****67"),
        ("7222245", "****45"),
        ("123456", "****"),
        ("没有电话", "****"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_mask_phone_hides_the_middle(phone, masked):
    assert mask_phone(phone) == masked


@given(mobiles)
def test_mask_phone_hides_four_digits_of_a_mobile(phone):
    masked = mask_phone(phone)
    assert masked == phone[:3] + "****" + phone[7:]


@given(st.text(max_size=30))
def test_mask_phone_never_shows_more_than_seven_digits(text):
    assert sum(sign.isdigit() for sign in mask_phone(text)) <= 7
