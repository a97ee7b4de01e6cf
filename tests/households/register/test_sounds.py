"""What a name is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.register.sounds import WHOLE, readings_of, typed_as_stored, words_of


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("张三丰", "zhangsanfeng"),
        ("单七星", "shanqixing"),
        ("仇英", "qiuying"),
        ("解红", "xiehong"),
        ("查明", "zhaming"),
        ("尉迟恭", "yuchigong"),
        ("单于宾", "chanyubin"),
        ("万俟明", "moqiming"),
        ("欧阳九州", "ouyangjiuzhou"),
        ("曾八方", "zengbafang"),
        ("吕布", "lvbu"),
        ("吕布", "lubu"),
        ("王乐", "wangle"),
        ("王乐", "wangyue"),
        ("𠮷野䶮", "jiyeyan"),
        ("田\ue863", "tianyan"),
        ("阿卜杜拉·买买提", "abodulamaimaiti"),
        ("王Ｂ2", "wangb2"),
    ],
)
def test_name_is_found_by_its_pinyin(name: str, sound: str) -> None:
    assert WHOLE + sound in words_of(name)


@pytest.mark.parametrize(
    ("name", "wrong"), [("单七星", "dan"), ("仇英", "chou"), ("解红", "jie"), ("查明", "cha"), ("尉迟恭", "wei")]
)
def test_surname_is_read_in_no_other_way(name: str, wrong: str) -> None:
    assert not any(word.lstrip(WHOLE).startswith(wrong) for word in words_of(name))


def test_name_of_many_ways_is_read_in_the_four_usual_ones() -> None:
    ways = readings_of("王乐行重")
    assert len(ways) == 4
    assert {way[:2] for way in ways} == {("wang", "le")}


def test_name_is_found_from_any_of_its_signs_on() -> None:
    assert set(words_of("张三丰")) == {
        *("^张三丰", "三丰", "丰"),
        *("^zhangsanfeng", "sanfeng", "feng"),
        *("^zsf", "sf", "f"),
    }


@given(st.text(max_size=30))
def test_every_name_is_found_by_itself(name: str) -> None:
    signs = typed_as_stored(name)
    assert not signs or WHOLE + signs in words_of(name)
    assert len(words_of(name)) <= 400
