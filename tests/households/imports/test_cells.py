"""What one cell of an import means, and why it cannot be taken."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.imports import cells
from households.imports.cells import CellFault


def why(reader: cells.Reader[object], cell: str) -> str:
    with pytest.raises(CellFault) as caught:
        reader(cell)
    return str(caught.value)


NAME = cells.text(30, required="户主")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("张三丰", "张三丰"),
        (" 张三 ", "张三"),
        ("张\u200b三", "张三"),
        ("３组１号", "3组1号"),
        ("３组：东头", "3组：东头"),
        ("买买提·艾力", "买买提·艾力"),
    ],
)
def test_text_is_trimmed_and_cleaned(cell: str, value: str) -> None:
    assert NAME(cell) == value


@pytest.mark.parametrize("start", list("=+-@\t＝＋－＠"))
def test_text_that_a_spreadsheet_would_run_is_refused(start: str) -> None:
    assert "当作公式执行" in why(NAME, f"{start}cmd|' /C calc'!A0")


def test_text_that_a_spreadsheet_would_run_is_refused_behind_blanks() -> None:
    assert "当作公式执行" in why(NAME, "  =1+1")


def test_text_may_be_as_long_as_its_limit() -> None:
    assert NAME("长" * 30) == "长" * 30
    assert NAME("长·" * 15) == "长·" * 15
    assert why(NAME, "长·" * 15 + "长") == "有 31 个字，最多 30 个字"


def test_text_too_long_is_refused_with_both_numbers() -> None:
    assert why(NAME, "长" * 10_000) == "有 10000 个字，最多 30 个字"


@pytest.mark.parametrize("cell", ["甲\n乙", "甲\x07", "甲\u202e乙", "甲\ufffd"])
def test_text_with_control_signs_is_refused(cell: str) -> None:
    assert "控制字符" in why(NAME, cell)


def test_text_that_is_required_may_not_be_empty() -> None:
    assert why(NAME, " \u3000") == "户主不能为空"
    assert cells.text(10)("  ") == ""


@pytest.mark.parametrize("cell", ["430525103001", "430525103001.0", "４３０５２５１０３００１", " 430525 103001 "])
def test_village_takes_every_dress_of_its_code(cell: str) -> None:
    assert cells.village(cell) == "430525103001"


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("430525103000", "乡镇代码"),
        ("43052510300", "11 位"),
        ("43052510300A", "只能由数字组成"),
        ("", "不能为空"),
        ("4.30525E+11", "科学计数法"),
        ("43052510300101", "组代码"),
    ],
)
def test_village_refuses_other_codes(cell: str, word: str) -> None:
    assert word in why(cells.village, cell)


@pytest.mark.parametrize(
    ("cell", "code"), [("430525000000", "430525"), ("430525500000", "430525500"), ("430525", "430525")]
)
def test_division_takes_official_and_significant_codes(cell: str, code: str) -> None:
    assert cells.division(cell) == code


@pytest.mark.parametrize("cell", ["3", "03", "3.0", "第3组", "3组", "第三组", "三", "３", "第3村民小组"])
def test_group_is_read_from_figures_and_words(cell: str) -> None:
    assert cells.group(cell) == "03"


@pytest.mark.parametrize(
    ("cell", "two"),
    [
        ("十", "10"),
        ("第十二组", "12"),
        ("二十组", "20"),
        ("九十九", "99"),
        ("99", "99"),
        ("一十一", "11"),
        ("000099", "99"),
    ],
)
def test_group_reads_tens(cell: str, two: str) -> None:
    assert cells.group(cell) == two


@pytest.mark.parametrize(
    "cell", ["0", "100", "", "大塘组", "1-2", "三五", "十三五", "三五十", "十十", "十十二", "-1", "0000003"]
)
def test_group_refuses_what_is_no_group(cell: str) -> None:
    assert "1 到 99 的组号" in why(cells.group, cell)


@pytest.mark.parametrize(
    ("cell", "four"), [("7", "0007"), ("0007", "0007"), ("7.0", "0007"), ("9999", "9999"), ("００１", "0001")]
)
def test_serial_has_four_digits(cell: str, four: str) -> None:
    assert cells.serial(cell) == four


def test_whole_number_may_have_zeros_in_front_up_to_twelve_figures() -> None:
    weight = cells.whole(9, "权重")
    assert weight("000000000007") == 7
    assert why(weight, "0000000000007") == "权重应是 1 到 9 的整数"


@pytest.mark.parametrize("cell", ["0", "0000", "10000", "", "7a", "1.5", "-3"])
def test_serial_refuses_what_is_no_number(cell: str) -> None:
    assert why(cells.serial, cell) == "户号应是 1 到 9999 的整数"


def test_phone_is_kept_in_one_spelling() -> None:
    assert {cells.phone(cell) for cell in ("0739-7221234", "（0739）7221234", "07397221234")} == {"0739-7221234"}
    assert cells.phone("无") == ""


def test_phone_that_is_none_says_why() -> None:
    assert "开头的 0 丢了" in why(cells.phone, "7397221234")


@pytest.mark.parametrize("cell", ["2026-10-05", "2026年10月5日 9时12分", "2026-10-05 00:00:00"])
def test_day_leaves_the_time_out(cell: str) -> None:
    assert cells.day(cell) == date(2026, 10, 5)


def test_day_takes_the_first_and_the_last_year() -> None:
    assert cells.day("2000-01-01") == date(2000, 1, 1)
    assert cells.day("2999-12-31") == date(2999, 12, 31)


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("1999-12-31", "年份应在 2000 到 2999"),
        ("3000-01-01", "年份"),
        ("2026-02-30", "没有这一天"),
        ("46300", "写成"),
        ("", "写成"),
        ("1026-01-01", "年份"),
        ("10/05/2026", "写成"),
    ],
)
def test_day_refuses_what_is_no_day(cell: str, word: str) -> None:
    assert word in why(cells.day, cell)


def test_or_empty_takes_nothing_as_empty_text() -> None:
    reader = cells.or_empty(cells.village)
    assert reader(" \u3000") == ""
    assert reader(" 430525103001 ") == "430525103001"
    assert "11 位" in why(reader, "43052510300")


def test_month_or_open_takes_nothing_as_open() -> None:
    assert cells.month_or_open(" ") == ""
    assert cells.month_or_open("２０２６-10") == "2026-10"
    assert "写成 2026-10 的样子" in why(cells.month_or_open, "10月")


@pytest.mark.parametrize("cell", ["0", "-1", "1.5", "", "1000001", "一"])
def test_weight_refuses_what_is_no_whole_number(cell: str) -> None:
    assert "权重应是 1 到 1000000 的整数" in why(cells.whole(cells.MAX_WEIGHT, "权重"), cell)


def test_department_keeps_leading_zeros() -> None:
    assert cells.department("007") == "007"
    assert "部门代码" in why(cells.department, "林业局")


def test_clause_is_taken_without_blanks() -> None:
    assert cells.clause(" ＷＪ 01 ") == "WJ01"
    assert cells.clause("零违建-1") == "零违建-1"
    assert cells.clause("x" * 20) == "x" * 20


@pytest.mark.parametrize("cell", ["", " ", "x" * 21, "a\x07"])
def test_clause_refuses_what_is_no_code(cell: str) -> None:
    assert "条款代码" in why(cells.clause, cell)


@given(st.text(max_size=40))
def test_no_reader_fails_otherwise_than_by_refusing(cell: str) -> None:
    readers = (NAME, cells.village, cells.anything, cells.group, cells.serial, cells.phone, cells.day, cells.month)
    for reader in readers:
        try:
            reader(cell)
        except CellFault as fault:
            assert str(fault)


@pytest.mark.parametrize("number", range(1, 100))
def test_group_reads_its_own_name(number: int) -> None:
    signs = "十一二三四五六七八九"
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{signs[tens]}十"
    numeral = f"{ten}{signs[ones] if ones else ''}"
    assert cells.group(f"第{number}组") == cells.group(f"{numeral}组") == f"{number:02d}"
