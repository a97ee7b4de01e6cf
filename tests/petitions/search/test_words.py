"""What it means that a text contains what somebody types: pure, without any database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.words.pinyin import divisions, initials, pinyin
from petitions.search.words import (
    LONGEST,
    Mode,
    contains,
    folded,
    grams,
    is_one_gram,
    needed,
    patterns,
    places,
    words_of,
)

TEXT = folded("洞口县高沙镇云峰村的路坏了半年，下雨天小孩上学摔跤；２０２４年 12 月问过交通局，Wi-Fi也没有。")
SIGNS = st.text("路坏了半年交通局长行重修水库石桥a1b2 ，。", max_size=24)


@pytest.mark.parametrize(
    "word",
    [
        "路坏了",
        "交通局",
        "2024年12月",
        "wifi",
        "jiaotong",
        "jiaotongju",
        "jtj",
        "高shazhen",
        "xiaohai",
        "YunFeng",
        "ｇａｏｓｈａ",
    ],
)
def test_word_is_found_however_it_is_typed(word: str) -> None:
    assert contains(TEXT, folded(word))


@pytest.mark.parametrize("word", ["路了", "交通部", "jiaotongbu", "jtb", "高xian", "2025", "wifij"])
def test_word_that_is_not_there_is_not_found(word: str) -> None:
    assert not contains(TEXT, folded(word))


@pytest.mark.parametrize("word", ["路", "lu", "jt"])
def test_shortest_words_are_looked_for_in_clear_text_alone(word: str) -> None:
    title = folded("交通和路")
    assert contains(title, word, clear=True)
    assert not contains(title, word)


def test_blanks_and_punctuation_do_not_matter() -> None:
    assert folded("《洞口县》 Ａ-1\n") == "洞口县a1"
    assert contains(folded("路坏\n了"), "路坏了")


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("jt", []),
        ("xian", [("xian",), ("xi", "an")]),
        ("lvdao", [("lv", "dao"), ("lv", "da", "o")]),
        ("quelue", [("que", "lve")]),
    ],
)
def test_letters_divide_into_syllables(letters: str, ways: list[tuple[str, ...]]) -> None:
    assert divisions(letters)[: len(ways)] == ways
    assert bool(divisions(letters)) is bool(ways)


def test_endless_letters_are_divided_quickly() -> None:
    assert len(divisions("a" * LONGEST)) <= 6
    assert len(patterns("xian" * 10)) <= 12


@pytest.mark.parametrize(("sign", "both"), [("长", ("zhang", "chang")), ("行", ("xing", "hang")), ("村", ("cun",))])
def test_signs_of_two_everyday_readings_have_both(sign: str, both: tuple[str, ...]) -> None:
    assert pinyin(sign) == both
    assert initials(sign) == tuple(dict.fromkeys(each[0] for each in both))


@pytest.mark.parametrize("sign", ["，", "1", "a", "", "の"])
def test_what_is_no_chinese_sign_has_no_reading(sign: str) -> None:
    assert pinyin(sign) == ()


def test_words_are_divided_at_blanks_each_once() -> None:
    assert words_of(" 路坏了　jt，路坏了 ... 12 ") == ["路坏了", "jt", "12"]


def test_query_is_read_up_to_its_fortieth_sign() -> None:
    assert words_of("路" * 38 + " 桥梁") == ["路" * 38, "桥"]


def test_word_is_read_in_a_dozen_ways_at_most() -> None:
    assert len(patterns("xian路xian")) == 12


def test_first_and_last_letter_begin_syllables_too() -> None:
    text = folded("安全在左边")
    assert all(contains(text, typed) for typed in ("anquan", "zuobian", "zaizuo"))


def test_no_more_words_are_looked_for_than_is_of_use() -> None:
    assert len(words_of(" ".join("路桥水电田林山土")) or []) == 6


def test_pair_is_settled_by_the_index_alone() -> None:
    assert [is_one_gram(pattern) for pattern in patterns("坏了")] == [True]
    assert [is_one_gram(pattern) for pattern in patterns("路坏了")] == [False]
    assert [needed(pattern, clear=True) for pattern in patterns("坏了")] == [{"c:坏了"}]


def test_single_sign_is_settled_by_the_index_of_titles_alone() -> None:
    (pattern,) = patterns("路")
    assert (is_one_gram(pattern, clear=True), is_one_gram(pattern)) == (True, False)


@pytest.mark.parametrize(("word", "sure"), [("jtj", True), ("jtjd", False), ("123", True), ("1234", False)])
def test_letters_and_digits_are_settled_up_to_three(word: str, sure: bool) -> None:
    assert any(is_one_gram(pattern) for pattern in patterns(word)) is sure


def test_digits_are_indexed_in_pairs_and_triples() -> None:
    assert grams("1234") == {"c:12", "c:23", "c:34", "c:123", "c:234"}
    assert grams("12", clear=True) == {"c:1", "c:2", "c:12"}


def test_repeated_sign_is_not_settled_by_its_one_pair() -> None:
    assert needed(patterns("路路路")[0]) == {"c:路路"}
    assert not is_one_gram(patterns("路路路")[0])


def test_sealed_text_has_no_single_signs_and_no_pairs_of_initials() -> None:
    sealed, clear = grams("交通局"), grams("交通局", clear=True)
    assert sealed == {"c:交通", "c:通局", "s:jiao tong", "s:tong ju", "i:j t j"}
    assert sealed <= clear
    assert clear - sealed == {"c:交", "c:通", "c:局", "s:jiao", "s:tong", "s:ju", "i:j t", "i:t j"}


@given(SIGNS, SIGNS, st.booleans())
def test_whatever_is_contained_has_its_grams_in_the_index(text: str, word: str, clear: bool) -> None:
    text, word = folded(text), folded(word)[:6]
    kept = grams(text, clear=clear)
    fitting = [pattern for pattern in patterns(word) if needed(pattern, clear=clear)] if word else []
    found = bool(word) and contains(text, word, clear=clear)
    assert not found or any(needed(pattern, clear=clear) <= kept for pattern in fitting)
    sure = [pattern for pattern in fitting if is_one_gram(pattern, clear=clear)]
    assert found or not any(needed(pattern, clear=clear) <= kept for pattern in sure)


@given(SIGNS.filter(lambda text: len(folded(text)) >= 4), st.integers(0, 20))
def test_piece_of_a_text_is_found_as_signs_syllables_and_initials(text: str, at: int) -> None:
    text = folded(text)
    piece = text[at % (len(text) - 3) :][:4]
    assert contains(text, piece)
    if all(pinyin(sign) for sign in piece):
        assert contains(text, "".join(pinyin(sign)[-1] for sign in piece))
        assert contains(text, "".join(initials(sign)[0] for sign in piece))


@given(SIGNS, SIGNS)
def test_places_are_where_the_word_stands(text: str, word: str) -> None:
    text, word = folded(text), folded(word)[:4]
    spots = [text[start:end] for start, end in places(word, text)] if word else []
    assert all(len(spot) <= len(word) for spot in spots)
    assert not (len(word) >= 2 and word in text) or word in spots


def test_manners_stand_in_the_index_and_never_change() -> None:
    assert [mode.value for mode in Mode] == ["c", "s", "i"]
