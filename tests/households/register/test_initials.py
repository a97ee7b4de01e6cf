"""Pinyin initials of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.register.initials import LONGEST, initials_of_all


def initials_of(name: str) -> str:
    [initials] = initials_of_all([name])
    return initials


@pytest.mark.parametrize(
    ("name", "initials"),
    [("张三丰", "zsf"), ("欧阳修文", "oyxw"), ("王Ｂ2", "wb2"), ("艾力·买买提", "almmt"), ("", ""), ("?", "")],
)
def test_initials_of_usual_names(name: str, initials: str) -> None:
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    ("surname", "letter"),
    [
        ("单", "s"),
        ("曾", "z"),
        ("仇", "q"),
        ("解", "x"),
        ("查", "z"),
        ("区", "o"),
        ("翟", "z"),
        ("覃", "q"),
        ("祭", "z"),
        ("种", "c"),
        ("重", "c"),
        ("秘", "b"),
        ("繁", "p"),
        ("折", "s"),
        ("乐", "y"),
        ("阚", "k"),
        ("适", "k"),
        ("佴", "n"),
        ("不", "f"),
        ("任", "r"),
    ],
)
def test_surname_is_read_as_a_surname(surname: str, letter: str) -> None:
    assert initials_of(f"{surname}国") == f"{letter}g"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("尉迟恭", "ycg"), ("万俟明", "mqm"), ("长孙无", "zsw"), ("澹台明", "ttm"), ("乐正子", "yzz"), ("诸葛亮", "zgl")],
)
def test_compound_surname_is_read_as_one(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_given_name_has_its_common_reading() -> None:
    assert initials_of("王单") == "wd"


def test_initials_fit_their_column() -> None:
    assert initials_of("王" * 90) == initials_of("尉迟" + "王" * 90).replace("yc", "ww") == "w" * 30


@given(st.lists(st.text(max_size=40)))
def test_initials_of_many_are_those_of_each(names: list[str]) -> None:
    together = initials_of_all(names)
    assert together == [initials_of(name) for name in names]
    assert all(len(initials) <= LONGEST and initials == initials.lower() for initials in together)
