"""Tables going out: every cell is guarded, columns of numbers stay numbers."""

import io

import pytest
from python_calamine import CalamineWorkbook

from households.files.exports import SheetLayout, csv_text, workbook, xlsx_bytes

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
        {"name": "名称", "rate": "率"}, [{"name": "村", "rate": 0.5}], [], SheetLayout(shares=frozenset({"rate"}))
    )
    assert sheet_of(book) == [["名称", "率"], ["村", 0.5]]


def test_nothing_is_an_empty_cell_in_both() -> None:
    row = {"name": None, "result": ""}
    assert csv_text(["name", "result"], [row]) == "name,result\r\n,\r\n"
    assert len(sheet_of(xlsx_bytes({"name": "名称", "result": "得分"}, [row], "排名"))) == 1
