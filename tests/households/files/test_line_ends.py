"""Where lines of Chinese text end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.files.line_ends import NEVER_FIRST, NEVER_LAST, ends


def lines(words: str, room: int, first: int = 0) -> list[str]:
    """With every sign one wide."""
    found = ends(words, [1] * len(words), [first or room, room])
    return [words[start:end] for start, end in pairwise([0, *found])]


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        ("一二三四五六", ["一二三四", "五六"]),
        ("一二三四。五六", ["一二三", "四。五六"]),
        ("一二三四）；五", ["一二三", "四）；五"]),
        ("一二三（四五", ["一二三", "（四五"]),
        ("一二“《三四", ["一二", "“《三四"]),
        ("一二AB3四", ["一二", "AB3四"]),
        ("一二34 元", ["一二", "34 元"]),
        ("一二34 元。", ["一二", "34 元", "。"]),
        ("一23 张三", ["一23 ", "张三"]),
        ("1234 元", ["1234 ", "元"]),
        ("ABCDEFGHIJ", ["ABCD", "EFGH", "IJ"]),
        ("。。。。。。", ["。。。。", "。。"]),
        ("一二三四  五", ["一二三四  ", "五"]),
        ("一二\n三", ["一二\n", "三"]),
        ("一二三四\n五", ["一二三四\n", "五"]),
        ("一二三四 \n五", ["一二三四 \n", "五"]),
        ("一二三四 ", ["一二三四 "]),
        ("", []),
    ],
)
def test_lines_of_four(words: str, broken: list[str]) -> None:
    assert lines(words, 4) == broken


def test_first_line_has_its_own_room() -> None:
    assert lines("一二三四五六七", 4, first=2) == ["一二", "三四五六", "七"]


@given(st.text("一二甲，。）；（“”《》Ab1 \n", max_size=60), st.integers(1, 12))
def test_nothing_is_lost_and_no_line_is_empty_or_too_wide(words: str, room: int) -> None:
    found = lines(words, room)
    assert "".join(found) == words and all(found)
    assert all(len(line.rstrip()) <= room for line in found)


@given(st.lists(st.sampled_from(["一", "二三", "甲，", "乙）；", "（丙", "“《丁"]), max_size=30), st.integers(8, 12))
def test_signs_stand_on_the_side_of_their_words(parts: list[str], room: int) -> None:
    found = lines("".join(parts), room)
    assert not any(line[0] in NEVER_FIRST for line in found[1:])
    assert not any(line[-1] in NEVER_LAST for line in found)
