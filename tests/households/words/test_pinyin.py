"""Pinyin of signs, and typed letters as syllables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.words import pinyin as module
from households.words.pinyin import MAX_DIVISIONS, SYLLABLES, divisions, initials, pinyin

SIGN = st.integers(0x4E00, 0x9FA5).map(chr)


@given(SIGN)
def test_every_reading_is_a_syllable_that_can_be_typed(sign: str) -> None:
    assert all(each.isascii() and each.isalpha() and each.islower() for each in pinyin(sign))
    assert len(pinyin(sign)) <= 2


@given(SIGN)
def test_initials_are_those_of_the_pinyin(sign: str) -> None:
    assert set(initials(sign)) == {each[0] for each in pinyin(sign)}


@given(st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=1, max_size=4))
def test_whole_syllables_are_divided_again(syllables: list[str]) -> None:
    found = divisions("".join(syllables))
    assert 1 <= len(found) <= MAX_DIVISIONS
    assert all("".join(way) == "".join(syllables) or "ue" in "".join(syllables) for way in found)
    assert len(found[0]) <= len(syllables)


def test_ways_of_fewest_syllables_are_taken_and_no_more_than_six() -> None:
    assert divisions("xianxianxian") == [
        ("xian", "xian", "xian"),
        ("xian", "xian", "xi", "an"),
        ("xian", "xi", "an", "xian"),
        ("xi", "an", "xian", "xian"),
        ("xian", "xi", "an", "xi", "an"),
        ("xi", "an", "xian", "xi", "an"),
    ]


def test_ways_are_looked_for_among_the_first_two_dozen() -> None:
    """The twenty-fifth way of these letters would be shorter than the last that is taken."""
    assert divisions("lianaotianaoao")[-1] == ("lian", "a", "o", "tian", "ao", "ao")


@pytest.mark.parametrize(("letters", "way"), [("nuedai", ("nve", "dai")), ("lueduo", ("lve", "duo"))])
def test_ue_is_typed_for_ve_too(letters: str, way: tuple[str, ...]) -> None:
    assert divisions(letters)[0] == way


@pytest.mark.parametrize("letters", ["jt", "v", "uu", "zhh", "q", "bcd"])
def test_letters_that_are_no_syllables_are_not_divided(letters: str) -> None:
    assert divisions(letters) == []


@pytest.mark.parametrize("sign", sorted(module.SECOND))
def test_second_reading_differs_from_the_first(sign: str) -> None:
    first, second = pinyin(sign)
    assert first != second
    assert {first, second} <= SYLLABLES


@pytest.mark.parametrize(
    ("signs", "typed"),
    [
        ("银行", "yin hang"),
        ("重建", "chong jian"),
        ("长期", "chang qi"),
        ("村长", "cun zhang"),
        ("调解", "tiao jie"),
        ("音乐", "yin yue"),
    ],
)
def test_everyday_words_are_read_as_people_say_them(signs: str, typed: str) -> None:
    assert all(syllable in pinyin(sign) for sign, syllable in zip(signs, typed.split(), strict=True))


@pytest.mark.parametrize(("sign", "reading"), [("绿", "lv"), ("女", "nv"), ("略", "lve"), ("虐", "nve")])
def test_u_with_dots_is_typed_v(sign: str, reading: str) -> None:
    assert reading in pinyin(sign)


def test_common_signs_are_read_by_known_syllables() -> None:
    """The 3,755 signs of GB 2312's first level; 嗯 alone is read ng, which nobody types."""
    places = [(row, cell) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    common = [bytes(place).decode("gb2312", "ignore") for place in places]
    odd = [sign for sign in common if sign and not set(pinyin(sign)) & SYLLABLES]
    assert len(odd) <= 1
