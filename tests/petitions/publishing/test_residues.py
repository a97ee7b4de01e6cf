"""What patterns find of a person in a text: names, numbers, doors, plates; and what they let through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.publishing.residues import Known, refused, residues, squeezed, suggested

ZHANG = Known(name="张三丰", phone="13800000001", neighbours=("李四光", "张三丰"))


def sorts(text: str, known: Known = ZHANG) -> set[str]:
    return {one.sort for one in residues(text, known)}


def stops(text: str, known: Known = ZHANG) -> bool:
    return bool(refused(residues(text, known)))


@pytest.mark.parametrize("text", ["张三丰家门前", "张 三 丰", "张\u3000三\n丰", "张\u200b三丰"])
def test_name_is_found_however_it_is_spaced(text: str) -> None:
    assert stops(text)
    assert "来信人的姓名" in sorts(text)


@pytest.mark.parametrize(
    "text",
    [
        "打13800000001",
        "打138 0000 0001",
        "打138-0000-0001",
        "打１３８００００００01",
        "座机0739-7221234",
        "电话 7221234",
        "一三八零零零零零零零一",
        "幺三八〇〇〇〇一二三四",
        "43052519800101123X",
        "户码430726201201010001",
        "(0739)7221234",
    ],
)
def test_long_numbers_stop_publishing(text: str) -> None:
    assert stops(text)
    assert "电话、证件或户码" in sorts(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-12 报修，2026年5月20日修好",
        "2026.05.12至2026.06.01",
        "花了 12000 元，长 350 米",
        "拨打 12345 热线",
        "第 123456 号文件",
        "共三百二十一户",
        "路修好了。",
    ],
)
def test_dates_sums_and_hotlines_are_let_through(text: str) -> None:
    assert not stops(text)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("一组12号门前", "门牌"),
        ("十二号旁边", "门牌"),
        ("3栋2单元501室", "门牌"),
        ("湘E12345的货车", "车牌"),
        ("湘E·D12345", "车牌"),
        ("王主任说的", "像是某个人"),
        ("刘建国书记来过", "像是某个人"),
        ("李四光家也有", "本村户主的姓名"),
        ("有小孩摔伤", "未成年人、病情或家庭隐私"),
        ("三丰家的路", "来信人的名"),
    ],
)
def test_what_may_point_to_a_person_is_a_warning(text: str, sort: str) -> None:
    assert sort in sorts(text)
    assert not stops(text)


def test_neighbour_of_two_signs_is_a_warning_and_one_sign_is_none() -> None:
    found = residues("李四和王家都看见了", Known(name="张三丰", neighbours=("李四", "王")))
    assert [(one.sort, one.words) for one in found] == [("本村户主的姓名", "李四")]


@pytest.mark.parametrize(("name", "found"), [("丰", False), ("张丰", True)])
def test_name_of_the_filer_has_two_signs_at_least(name: str, found: bool) -> None:
    assert stops("张丰家门前", Known(name=name)) is found


@pytest.mark.parametrize(
    ("name", "text", "warned"),
    [
        ("张三丰", "找到三丰家", ["三丰"]),
        ("欧阳三丰", "找到阳三丰家", ["阳三丰"]),
        ("张三丰", "张三丰家", []),
        ("张三丰", "找到丰家", []),
        ("张丰", "找到丰家", []),
    ],
)
def test_given_name_alone_is_a_warning(name: str, text: str, warned: list[str]) -> None:
    assert [one.words for one in residues(text, Known(name=name)) if one.sort == "来信人的名"] == warned


@pytest.mark.parametrize(("enterprise", "found"), [("米", False), ("米业", True)])
def test_name_of_an_enterprise_has_two_signs_at_least(enterprise: str, found: bool) -> None:
    assert stops("雪峰米业的用电", Known(enterprise=enterprise)) is found


def test_number_that_is_half_spoken_is_found_whole() -> None:
    assert [one.words for one in residues("打138一234五678", Known())] == ["13812345678"]


DELICATE = "未成年 孩子 小孩 儿童 学生 女儿 儿子 病 残疾 精神 离婚 家暴 低保 服刑"


@pytest.mark.parametrize("word", DELICATE.split())
def test_delicate_matters_are_a_warning(word: str) -> None:
    assert word in {one.words for one in residues(f"村里{word}的事", ZHANG)}


@pytest.mark.parametrize("text", ["3号线", "五号令", "12号文"])
def test_numbers_of_lines_and_orders_are_no_doors(text: str) -> None:
    assert "门牌" not in sorts(text)


@pytest.mark.parametrize(("agreed", "stopped"), [(False, True), (True, False)])
def test_enterprise_is_named_only_when_it_agreed(agreed: bool, stopped: bool) -> None:
    known = Known(enterprise="雪峰米业", enterprise_agreed=agreed)
    assert stops("雪峰米业的用电", known) is stopped


def test_filer_among_the_neighbours_is_told_once() -> None:
    assert sorts("张三丰") == {"来信人的姓名"}


def test_what_is_refused_comes_first_and_each_once() -> None:
    found = residues("12号的张三丰，张三丰，12号", ZHANG)
    assert [one.refused for one in found] == sorted((one.refused for one in found), reverse=True)
    assert len(found) == len(set(found))


def test_nameless_petition_has_no_name_to_find() -> None:
    assert not stops("路坏了", Known())
    assert residues("", Known()) == []


@pytest.mark.parametrize(
    ("text", "general"),
    [
        ("张三丰家门前", "来信人家门前"),
        ("打13800000001", "打（电话略）"),
        ("身份证43052519800101123X", "身份证（号码略）"),
        ("李四光家", "李某家"),
        ("湘E12345撞的", "（车牌略）撞的"),
        ("住12号", "住（门牌略）"),
    ],
)
def test_suggestion_puts_it_into_general_words(text: str, general: str) -> None:
    assert suggested(text, ZHANG) == general


@pytest.mark.parametrize(
    ("known", "general"),
    [
        (Known(name="李"), "李四和王五"),
        (Known(name="李四"), "来信人和王五"),
        (Known(neighbours=("王",)), "李四和王五"),
        (Known(neighbours=("王五",)), "李四和王某"),
    ],
)
def test_suggestion_puts_names_of_two_signs_into_general_words(known: Known, general: str) -> None:
    assert suggested("李四和王五", known) == general


def test_suggestion_names_the_enterprise_that_agreed() -> None:
    assert suggested("雪峰米业", Known(enterprise="雪峰米业")) == "某企业"
    assert suggested("雪峰米业", Known(enterprise="雪峰米业", enterprise_agreed=True)) == "雪峰米业"


@settings(max_examples=30)
@given(st.text(max_size=200), st.text("张李王三四五", min_size=2, max_size=4), st.text(max_size=200))
def test_a_name_anywhere_stops_publishing(before: str, name: str, after: str) -> None:
    assert stops(before + name + after, Known(name=name))


@settings(max_examples=30)
@given(st.text("零〇一二三四五六七八九幺0123456789 -.·组号栋", max_size=300))
def test_suggestion_of_digits_leaves_little_to_stop(text: str) -> None:
    assert isinstance(suggested(text, ZHANG), str)
    assert all(one.words for one in residues(text, ZHANG))


@settings(max_examples=30)
@given(st.integers(10**6, 10**12), st.sampled_from(["", " ", "-", "·", "\u3000"]))
def test_any_long_number_stops_publishing(number: int, between: str) -> None:
    assert stops(between.join(str(number)), Known())


@settings(max_examples=30)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert not any(sign.isspace() for sign in squeezed(text))
    assert all(one.words and one.sort for one in residues(text, ZHANG))
