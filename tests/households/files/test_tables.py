"""Reading tables: what is accepted in every disguise, and what is refused by name."""

import gc
import io
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from households.files.bounds import COMMAND, COUNTY, PAGE, Bounds
from households.files.tables import EXAMPLE, Table, TableFault, raw_rows, read, shorten

LAYOUT = ("code", "name")
PLAIN = "code,name\n430726,石门县\n430726201,罗坪乡\n"


def columns(data: bytes | str) -> dict[str, list[str]]:
    return read(data.encode() if isinstance(data, str) else data, LAYOUT).columns


def faults(data: bytes | str, *layouts: tuple[str, ...]) -> list[tuple[int, str, str]]:
    with pytest.raises(TableFault) as caught:
        read(data.encode() if isinstance(data, str) else data, *(layouts or (LAYOUT,)))
    return [(problem.line, problem.column, problem.reason) for problem in caught.value.problems]


def workbook(*rows: list[object], formulas: bool = False, sheets: int = 1) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": formulas, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("户册")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for number in range(1, sheets):
            book.add_worksheet(f"说明{number}")
    return buffer.getvalue()


def rewritten(data: bytes, part: str, before: str, after: str) -> bytes:
    """A workbook as another program would have written it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for each in old.infolist():
            text = old.read(each)
            assert each.filename != part or before.encode() in text
            new.writestr(each, text.replace(before.encode(), after.encode()) if each.filename == part else text)
    return buffer.getvalue()


EXPECTED = {"code": ["430726", "430726201"], "name": ["石门县", "罗坪乡"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_read_takes_encodings_and_line_ends(encoding: str, ends: str) -> None:
    assert columns(PLAIN.replace("\n", ends).encode(encoding)) == EXPECTED


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_read_takes_the_delimiter_of_the_header(delimiter: str) -> None:
    assert columns(PLAIN.replace(",", delimiter)) == EXPECTED


def test_read_keeps_a_comma_in_a_semicolon_file() -> None:
    assert columns("code;name\n1;甲,乙\n")["name"] == ["甲,乙"]


def test_read_takes_columns_in_any_order_and_header_in_any_dress() -> None:
    assert columns("Ｎａｍｅ , CODE\n石门县,430726\n") == {"name": ["石门县"], "code": ["430726"]}


def test_read_skips_blank_lines_and_keeps_line_numbers() -> None:
    table = read("code,name\n\n1,甲\n,\n2,乙\n\n".encode(), LAYOUT)
    assert (table.columns["code"], table.lines) == (["1", "2"], [3, 5])


def test_read_counts_lines_inside_quotes() -> None:
    table = read('code,name\n1,"甲\n乙"\n2,丙\n'.encode(), LAYOUT)
    assert table.lines == [2, 4]
    assert table.columns["name"][0] == "甲\n乙"


def test_read_chooses_among_layouts() -> None:
    assert read(b"a|b,c\n1,2\n", ("a", "b", "c"), ("a|b", "c")).columns == {"a|b": ["1"], "c": ["2"]}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"   \r\n"])
def test_read_refuses_an_empty_file(data: bytes) -> None:
    assert faults(data) == [(1, "文件", "文件是空的")]


def test_read_refuses_a_header_alone() -> None:
    assert faults("code,name\n") == [(1, "文件", "文件只有表头，没有一行数据")]


def test_read_names_missing_and_extra_columns() -> None:
    assert faults("code,title\n1,2\n") == [
        (1, "name", "表头缺少这一列"),
        (1, "title", "表头多出这一列，应为 code,name"),
    ]


def test_read_names_columns_of_the_nearest_layout() -> None:
    assert faults("a,b,x\n1,2,3\n", ("a", "b", "c"), ("d", "e"))[0] == (1, "c", "表头缺少这一列")
    assert faults("a,b,x\n1,2,3\n", ("d", "e"), ("a", "b", "c"))[0] == (1, "c", "表头缺少这一列")


def test_read_names_a_double_column() -> None:
    assert (1, "code", "表头里这一列出现了两次") in faults("code,name,code\n1,2,3\n")


def test_read_names_a_column_without_a_name() -> None:
    assert (1, "文件", "表头第 2 列没有列名") in faults("code,,name\n1,2,3\n")


def test_read_refuses_a_file_without_a_header() -> None:
    reasons = faults("430726,石门县\n430726201,罗坪乡\n")
    assert [column for _, column, _ in reasons[:2]] == ["code", "name"]


def test_read_refuses_ragged_rows_naming_each() -> None:
    found = faults("code,name\n2,乙\n3,丙,丁\n4,戊,,己\n")
    assert [(line, reason[:9]) for line, _, reason in found] == [(3, "这一行有 3 格，"), (4, "这一行有 4 格，")]


def test_read_takes_empty_cells_at_the_end_that_are_missing_or_too_many() -> None:
    table = read("code,name,,\n1,甲,,,\n2\n3,丙,\u3000\n".encode(), LAYOUT)
    assert table.columns == {"code": ["1", "2", "3"], "name": ["甲", "", "丙"]}


@pytest.mark.parametrize("blank", [",", " , ", "\u3000,", ",,,", '"\u200b",""'])
def test_read_skips_rows_of_blanks(blank: str) -> None:
    assert read(f"code,name\n{blank}\n1,甲\n".encode(), LAYOUT).lines == [3]


@pytest.mark.parametrize("told", ["sep=;", '"sep=;"', "SEP=;"])
def test_read_takes_the_delimiter_that_excel_tells(told: str) -> None:
    table = read(f"{told}\r\ncode;name\r\n1;甲,乙,丙\r\n".encode("utf-8-sig"), LAYOUT)
    assert (table.lines, table.columns["name"]) == ([3], ["甲,乙,丙"])


@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!"])
def test_read_refuses_errors_of_a_spreadsheet_by_line(shown: str) -> None:
    [(line, column, reason)] = faults(f"code,name\n1,甲\n2,{shown}\n")
    assert (line, column) == (3, "name")
    assert f"错误值 {shown}" in reason


@pytest.mark.parametrize("shown", ["TRUE", "FALSE"])
def test_read_refuses_truth_values_by_line(shown: str) -> None:
    reason = f"单元格里是逻辑值 {shown}，不是文字，请改成正确的内容"
    assert [(line, told) for line, _, told in faults(f"code,name\n1,{shown}\n")] == [(2, reason)]


@pytest.mark.parametrize("start", ["<html><table>", "\ufeff<!DOCTYPE html>", "<?xml version='1.0'?>"])
def test_read_names_a_page_that_is_called_a_table(start: str) -> None:
    assert "网页" in faults(start)[0][2]


def test_read_refuses_nul_bytes_with_their_line() -> None:
    assert faults(b"code,name\n1,a\n2,\x00b\n") == [(3, "文件", "文件里有空字符（NUL），不是文本文件")]


def test_read_refuses_a_broken_byte_in_utf8_with_its_line() -> None:
    data = PLAIN.encode().replace("罗坪".encode(), "罗".encode() + b"\xe5\x9d")
    assert faults(data) == [(3, "文件", "文字编码有损坏，既不是完整的 UTF-8，也不是 GB18030")]


def test_read_takes_a_file_with_the_mark_of_utf8_for_nothing_else() -> None:
    data = b"\xef\xbb\xbfcode,name\n1,\xb0\xa1\n"
    assert faults(data) == [(2, "文件", "文字编码有损坏，既不是完整的 UTF-8，也不是 GB18030")]


def test_mark_of_utf8_settles_what_could_be_either() -> None:
    accented = "code,name\n1,éé\n".encode()
    assert columns(b"\xef\xbb\xbf" + accented)["name"] == ["éé"]
    assert columns(accented)["name"] == ["éé".encode().decode("gb18030")]


def test_read_takes_a_file_as_utf8_only_when_most_of_it_is() -> None:
    assert columns(b"code,name\n1,\xe7\xbd\x97\x80\n")["name"] == [b"\xe7\xbd\x97\x80".decode("gb18030")]


def test_line_of_a_fault_counts_every_line_end_before_it() -> None:
    assert faults(b"\ncode,name\n1,\x00b\n")[0][0] == 3


def test_fault_is_told_with_its_first_three_problems() -> None:
    with pytest.raises(TableFault) as caught:
        read(b"code,name\n" + b"1,2,3\n" * 4, LAYOUT)
    assert len(caught.value.problems) == 4
    assert str(caught.value) == "；".join(problem.sentence for problem in caught.value.problems[:3])


def test_read_refuses_a_broken_byte_in_gb18030() -> None:
    data = PLAIN.encode("gb18030").replace("罗".encode("gb18030"), b"\xff")
    assert faults(data)[0][:2] == (3, "文件")


@pytest.mark.parametrize(
    ("head", "word"), [(b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls")]
)
def test_read_names_the_formats_it_does_not_take(head: bytes, word: str) -> None:
    assert word in faults(head + b"\x00\x01")[0][2]


@pytest.mark.parametrize(("row", "why"), [('1,"甲', "引号没有收尾"), ('1,"甲"乙', "引号后面多了字")])
def test_read_refuses_broken_quotes(row: str, why: str) -> None:
    ((line, _, reason),) = faults(f"code,name\n{row}\n")
    assert line == 2
    assert why in reason


def test_read_refuses_an_endless_cell() -> None:
    assert "一格太长" in faults("code,name\n1," + "长" * 200_000 + "\n")[0][2]


def test_read_refuses_a_file_too_large() -> None:
    data = PLAIN.encode()
    with pytest.raises(TableFault, match="请分成几个文件"):
        read(data, LAYOUT, bounds=replace(COMMAND, size=len(data) - 1))
    assert read(data, LAYOUT, bounds=replace(COMMAND, size=len(data))).columns == EXPECTED


@pytest.mark.parametrize(("door", "most"), [(COMMAND, 200), (COUNTY, 60), (PAGE, 5)])
def test_each_door_says_how_much_it_takes(door: Bounds, most: int) -> None:
    with pytest.raises(TableFault, match=f"文件有 {most} MB，最多 {most} MB"):
        read(bytes((most << 20) + 1), LAYOUT, bounds=door)


def test_page_takes_twenty_thousand_rows() -> None:
    rows = b"code,name\n" + b"1,2\n" * 20_000
    assert len(read(rows, ("code", "name"), bounds=PAGE)) == 20_000
    with pytest.raises(TableFault, match="有 20001 行，最多 20000 行"):
        read(rows + b"1,2\n", ("code", "name"), bounds=PAGE)


def test_list_sent_in_by_a_page_may_have_five_megabytes() -> None:
    line = f"1,{'长' * 80}\n".encode()
    taken = b"code,name\n" + line * 19_000
    assert 4 << 20 < len(taken) < 5 << 20
    assert len(read(taken, ("code", "name"), bounds=PAGE)) == 19_000
    with pytest.raises(TableFault, match="文件有 5 MB，最多 5 MB"):
        read(taken + line * 4000, ("code", "name"), bounds=PAGE)


def test_read_refuses_more_rows_than_the_door_takes() -> None:
    data = b"code,name\n" + b"1,2\n" * 5
    with pytest.raises(TableFault, match="有 5 行，最多 4 行"):
        read(data, LAYOUT, bounds=replace(COMMAND, rows=4))
    assert len(read(data, LAYOUT, bounds=replace(COMMAND, rows=5))) == 5


def test_read_is_not_disturbed_by_the_garbage_collector() -> None:
    collections: list[str] = []
    note = lambda phase, _: collections.append(phase)  # noqa: E731
    gc.callbacks.append(note)
    try:
        read(PLAIN.encode() + b"1,2\n" * 20_000, LAYOUT)
    finally:
        gc.callbacks.remove(note)
    assert collections.count("start") <= 1  # what waited until the end


@pytest.mark.parametrize("running", [True, False])
def test_read_leaves_the_garbage_collector_as_it_was(running: bool) -> None:
    try:
        gc.enable() if running else gc.disable()
        columns(PLAIN)
        assert gc.isenabled() is running
    finally:
        gc.enable()


def test_workbook_gives_the_same_table_as_csv() -> None:
    data = workbook(["code", "name"], ["430726", "石门县"], ["430726201", "罗坪乡"])
    assert columns(data) == EXPECTED


def test_workbook_numbers_read_as_a_person_sees_them() -> None:
    data = workbook(["code", "name"], [430525103001.0, 7], ["0007", 0.5])
    assert columns(data) == {"code": ["430525103001", "0007"], "name": ["7", "0.5"]}


def test_workbook_number_that_lost_its_end_stays_recognisable() -> None:
    assert "e+" in columns(workbook(["code", "name"], [430525103001010001, "甲"]))["code"][0]
    assert columns(workbook(["code", "name"], [10**15, 10**15 - 1])) == {
        "code": ["1.00000000000000e+15"],
        "name": ["999999999999999"],
    }


def test_workbook_trims_empty_columns_and_keeps_line_numbers() -> None:
    table = read(workbook(["code", "name", "", ""], ["", ""], ["1", "甲", "", ""]), LAYOUT)
    assert (table.lines, table.columns["name"]) == ([3], ["甲"])


def test_workbook_trims_columns_of_empty_text() -> None:
    data = workbook(["code", "name", "空", "空"], ["1", "", "空"], ["2", "乙", "空"])
    table = read(rewritten(data, "xl/sharedStrings.xml", "<t>空</t>", "<t></t>"), LAYOUT)
    assert table.columns == {"code": ["1", "2"], "name": ["", "乙"]}


def test_workbook_may_have_one_column() -> None:
    assert read(workbook(["code"], ["1"]), ("code",)).columns == {"code": ["1"]}


def test_workbook_without_anything_is_empty() -> None:
    assert faults(workbook()) == [(1, "文件", "文件是空的")]


def test_workbook_formula_beside_the_table_is_refused_too() -> None:
    data = workbook(["code", "name"], ["1", "甲", '=""'], formulas=True)
    shown = rewritten(data, "xl/worksheets/sheet1.xml", "</f><v>0</v>", "</f>")
    assert faults(shown) == [(2, "文件", "单元格里是公式，请改成公式算出的值再导入")]


def test_workbook_may_name_its_sheet_from_the_root() -> None:
    data = workbook(["code", "name"], ["1", "=1+1"], formulas=True)
    rooted = rewritten(data, "xl/_rels/workbook.xml.rels", 'Target="worksheets', 'Target="/xl/worksheets')
    assert faults(rooted) == [(2, "name", "单元格里是公式，请改成公式算出的值再导入")]


def test_workbook_may_list_other_parts_before_its_sheet() -> None:
    data = workbook(["code", "name"], ["1", "=1+1"], formulas=True)
    theme = '<Relationship Id="rId9" Type="theme" Target="theme/theme1.xml"/>'
    first = '<Relationship Id="rId1"'
    assert faults(rewritten(data, "xl/_rels/workbook.xml.rels", first, theme + first)) == [
        (2, "name", "单元格里是公式，请改成公式算出的值再导入")
    ]


def test_workbook_without_a_sheet_is_refused() -> None:
    data = workbook(["code", "name"], ["1", "甲"])
    assert "工作簿打不开" in faults(rewritten(data, "xl/workbook.xml", "sheet ", "blatt "))[0][2]


def test_workbook_formulas_are_refused_by_cell() -> None:
    data = workbook(["code", "name"], ["1", "甲"], ["2", "=1+1"], formulas=True)
    assert faults(data) == [(3, "name", "单元格里是公式，请改成公式算出的值再导入")]


def test_workbook_formula_is_named_by_its_own_column() -> None:
    layout = tuple(f"c{number}" for number in range(30))
    for wrong in (0, 1, 25, 26, 29):
        row = ["=1+1" if number == wrong else "1" for number in range(30)]
        [(_, column, _)] = faults(workbook(layout, row, formulas=True), layout)
        assert column == f"c{wrong}"


def test_workbook_may_begin_below_the_first_line() -> None:
    assert read(workbook([], [], ["code", "name"], ["1", "甲"]), LAYOUT).lines == [4]


def test_workbook_that_unpacks_too_large_is_refused() -> None:
    data = workbook(["code", "name"], ["1", "甲"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    assert read(data, LAYOUT, bounds=replace(COMMAND, unpacked=unpacked)).columns["code"] == ["1"]
    with pytest.raises(TableFault, match="解压后太大"):
        read(data, LAYOUT, bounds=replace(COMMAND, unpacked=unpacked - 1))


def test_workbook_with_dates_reads_them_as_days() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write_datetime(1, 0, datetime(2026, 10, 5))  # noqa: DTZ001 (a cell has no zone)
        sheet.write_datetime(1, 1, datetime(2026, 10, 5, 8, 30))  # noqa: DTZ001
    assert columns(buffer.getvalue()) == {"code": ["2026-10-05"], "name": ["2026-10-05 08:30:00"]}


def test_shorten_shows_twenty_signs_whole() -> None:
    assert shorten("长" * 20) == "长" * 20
    assert shorten("长" * 21) == "长" * 20 + "…"
    assert shorten("长短", longest=1) == "长…"


def test_shorten_shows_one_line() -> None:
    assert shorten("甲\n乙\t丙") == "甲□乙□丙"
    assert shorten("长" * 10_000) == "长" * 20 + "…"


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\n", exclude_categories=("Cc", "Cs")), min_size=1
).map("甲{}".format)  # blanks alone are no row


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_read_gives_back_whatever_csv_wrote(rows: list[tuple[str, str]]) -> None:
    import csv

    buffer = io.StringIO()
    csv.writer(buffer).writerows([LAYOUT, *rows])
    table: Table = read(buffer.getvalue().encode("utf-8-sig"), LAYOUT)
    assert list(zip(table.columns["code"], table.columns["name"], strict=True)) == rows


def test_raw_rows_are_as_wide_as_the_widest() -> None:
    rows, lines = raw_rows("第一页\n\na,b,c\nd,e\n".encode())
    assert rows == [["第一页", "", ""], ["a", "b", "c"], ["d", "e", ""]]
    assert lines == [1, 3, 4]


def test_fault_in_a_row_of_the_template_is_nobodys() -> None:
    head, county = ["code", "name"], ["430726", "石门县"]
    template = workbook(head, county, [f"{EXAMPLE}430726202", "=1+1"], formulas=True)
    assert columns(template) == {"code": ["430726"], "name": ["石门县"]}
    assert [line for line, _, _ in faults(workbook(head, county, ["430726202", "=1+1"], formulas=True))] == [3]


def test_remark_is_known_however_it_is_headed() -> None:
    assert columns("code,name,*备注（可不填）\n430726,石门县,好\n430726201,罗坪乡,\n") == EXPECTED
    assert [column for _, column, _ in faults("code,name,其他（可不填）\n430726,石门县,好\n")] == ["其他(可不填)"]
