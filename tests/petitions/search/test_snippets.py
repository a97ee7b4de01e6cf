"""Why a petition was found: pieces of title and text with the hits marked. Without any database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.models import Petition
from petitions.search.index import Part
from petitions.search.search import Word
from petitions.search.snippets import AFTER, BEFORE, Pieces, marked, snippets

LONG = "我们组里十几户人家都靠这条路出门，下雨天车子过不去，请交通局早一点来修，" * 3


def word(typed: str, *parts: Part) -> Word:
    return Word(typed, parts or tuple(Part))


def shown(pieces: Pieces) -> str:
    """Hits in brackets."""
    return "".join(f"[{text}]" if hit else text for text, hit in pieces)


def of(title: str, text: str, *typed: str, enterprise: str = "") -> tuple[str, str]:
    petition = Petition(pk=1, title=title, text=text, enterprise=enterprise, seq=1)
    found = snippets([petition], [word(each) for each in typed])[1]
    return shown(found.title), shown(found.text)


@pytest.mark.parametrize(
    ("title", "typed", "wanted"),
    [
        ("门前的路坏了", "路坏", "门前的[路坏]了"),
        ("门前的路坏了", "lu", "门前的[路]坏了"),
        ("门前的路坏了", "mq", "[门前]的路坏了"),
        ("路，坏了", "路坏", "[路，坏]了"),
        ("ＡＢＣ公司", "abc", "[ＡＢＣ]公司"),
        ("路路路路", "路路", "[路路][路路]"),
        ("门前的路", "桥", "门前的路"),
        ("长期的路", "cq", "[长期]的路"),
    ],
)
def test_hits_in_a_title_are_marked_as_they_were_written(title: str, typed: str, wanted: str) -> None:
    assert shown(marked(title, [word(typed)])) == wanted


def test_every_word_is_marked() -> None:
    assert shown(marked("门前的路坏了三年", [word("路坏"), word("sannian")])) == "门前的[路坏]了[三年]"


def test_overlapping_words_are_marked_once() -> None:
    assert shown(marked("交通局长", [word("交通局"), word("通局长")])) == "[交通局]长"


def test_longer_hit_wins_where_two_begin() -> None:
    assert shown(marked("交通局长", [word("交通"), word("交通局")])) == "[交通局]长"


def test_text_begins_near_the_first_hit() -> None:
    title, text = of("路", LONG, "交通局")
    assert title == "路"
    assert text.startswith("…")
    assert text.index("[交通局]") == BEFORE + 1
    assert len(text) <= BEFORE + AFTER + len("[][][]交通局……")


def test_short_text_is_shown_whole() -> None:
    assert of("路", "请交通局来修。", "交通局")[1] == "请[交通局]来修。"


def test_word_of_the_title_alone_needs_no_text() -> None:
    assert of("门前的路", "请来修。", "门前")[1] == ""


def test_word_of_the_enterprise_needs_no_text() -> None:
    assert of("用电", "用电不稳。", "雪峰", enterprise="雪峰厂")[1] == ""


def test_single_sign_is_marked_in_the_title_alone() -> None:
    assert of("门前的路", "这条路坏了", "路") == ("门前的[路]", "")


def test_word_for_those_inside_is_not_shown_to_others() -> None:
    assert shown(marked("门前", [word("门前", Part.INSIDE)])) == "门前"


TEXTS = st.text("路坏了半年交通局长行，。aB1 ü％", max_size=30)


@given(TEXTS, st.lists(st.sampled_from(["路坏", "jiaotong", "jt", "了", "1", "ab", "banNian"]), max_size=3))
def test_pieces_make_the_title_again(title: str, typed: list[str]) -> None:
    pieces = marked(title, [word(each) for each in typed])
    assert "".join(text for text, _ in pieces) == title
    assert all(text for text, _ in pieces)


@given(TEXTS)
def test_nothing_is_marked_without_words(title: str) -> None:
    assert not any(hit for _, hit in marked(title, []))
