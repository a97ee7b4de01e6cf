"""Tables going out: every cell is guarded, columns of numbers stay numbers."""

import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from households.files.exports import MONEY, SHARE, SheetLayout, csv_file, csv_text, workbook, xlsx_bytes

EVIL = '=HYPERLINK("http://x","东山村")'


def sheet_of(book: bytes, name: str = "数据") -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(name).to_python()


def test_negative_result_stays_a_number() -> None:
    assert csv_text(["name", "result"], [{"name": "-x", "result": "-3.50"}]) == "name,result\r\n'-x,-3.50\r\n"
    assert sheet_of(xlsx_bytes({"result": "得分"}, [{"result": "-3.50"}], "排名"))[1] == [-3.5]


@pytest.mark.parametrize("value", ["=1", "-1+cmd|' /C calc'!A0", "+1", "--1", "-1\n=1"])
def test_column_of_numbers_lets_nothing_but_numbers_through(value: str) -> None:
    assert f"'{value[:2]}" in csv_text(["result"], [{"result": value}])


def test_workbook_keeps_a_formula_as_text() -> None:
    book = workbook({"name": "名称"}, [{"name": EVIL}], [("内容", EVIL)])
    assert sheet_of(book)[1] == [EVIL] and sheet_of(book, "说明") == [["内容", EVIL]]


def test_share_is_a_number_of_its_own_look() -> None:
    book = workbook(
        {"name": "名称", "rate": "率"}, [{"name": "村", "rate": 0.5}], [], SheetLayout(formats={"rate": SHARE})
    )
    assert sheet_of(book) == [["名称", "率"], ["村", 0.5]]


def test_nothing_is_an_empty_cell_in_both() -> None:
    row = {"name": None, "result": ""}
    assert csv_text(["name", "result"], [row]) == "name,result\r\n,\r\n"
    assert len(sheet_of(xlsx_bytes({"name": "名称", "result": "得分"}, [row], "排名"))) == 1


def test_csv_for_people_has_the_mark_and_chinese_headings() -> None:
    rows = [{"code": "430525103204", "result": "-3.50"}]
    assert csv_file({"code": "代码", "result": "得分"}, rows) == "\ufeff代码,得分\r\n430525103204,-3.50\r\n"
    assert csv_text(["code", "result"], rows).startswith("code,result")


def test_money_and_shares_are_numbers_and_codes_are_text() -> None:
    columns = {"code": "代码", "amount": "金额（元）", "share": "占比", "coverage": "覆盖率"}
    rows = [
        {"code": "430525103204", "amount": "49,995,000.00", "share": "62.50%", "coverage": "0.9876"},
        {"code": "007", "amount": "-0.05", "share": "", "coverage": ""},
        {"code": "1e5", "amount": "没有", "share": "样本少", "coverage": "0"},
    ]
    book = xlsx_bytes(columns, rows, "名单", formats={"amount": MONEY, "share": SHARE})
    assert sheet_of(book)[1:] == [
        ["430525103204", 49_995_000, 0.625, 0.9876],
        ["007", -0.05, "", ""],
        ["1e5", "没有", "样本少", 0],
    ]


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    columns = {"code": "代码", "name": "名称", "note": "说明", "long": "长"}
    row = {"code": "430525103204010001", "name": "云峰村" * 5, "note": "", "long": "长" * 200}
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(columns, [row], "户册"))) as book:
        found = re.findall(r'<col min="\d" max="\d" width="([0-9.]+)"', book.read("xl/worksheets/sheet1.xml").decode())
    assert [int(float(width)) for width in found] == [19, 31, 9, 60]
