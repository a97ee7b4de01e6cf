"""Workbooks in every dialect, and cells that are not what they show."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
import xlsxwriter

from households.files.bounds import COMMAND
from households.files.tables import TableFault, read
from households.files.workbook_parts import hidden_rows

LAYOUT = ("code", "name")
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as made:
        write(made)
    return buffer.getvalue()


def one_sheet(write: Callable[[xlsxwriter.worksheet.Worksheet], None]) -> bytes:
    def both(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("户册")
        sheet.write_row(0, 0, LAYOUT)
        write(sheet)

    return book(both)


def rewritten(data: bytes, change: Callable[[str, bytes], bytes], name: Callable[[str], str] = str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(name(part.filename), change(part.filename, old.read(part)))
    return buffer.getvalue()


def strict(data: bytes) -> bytes:
    return rewritten(
        data,
        lambda _, xml: xml.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            RELATED, b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    )


def prefixed(data: bytes) -> bytes:
    def change(name: str, xml: bytes) -> bytes:
        if not name.startswith("xl/w") or not name.endswith(".xml"):
            return xml
        return re.sub(rb"<(/?)(\w+)(?=[\s/>])", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")

    return rewritten(data, change)


def without_places(data: bytes) -> bytes:
    return rewritten(data, lambda name, xml: re.sub(rb' r="[A-Z]*[0-9]+"', b"", xml) if "sheets/" in name else xml)


def kind_first(data: bytes) -> bytes:
    return rewritten(data, lambda _, xml: re.sub(rb'<c (r="[A-Z]+[0-9]+") (t="\w+")', rb"<c \2 \1", xml))


def backslashes(data: bytes) -> bytes:
    return rewritten(data, lambda _, xml: xml, lambda name: name.replace("/", "\\"))


def same(data: bytes) -> bytes:
    return data


DIALECTS = (same, strict, prefixed, without_places, kind_first, backslashes)


def faults(data: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(TableFault) as caught:
        read(data, LAYOUT)
    return [(problem.line, problem.column, problem.reason) for problem in caught.value.problems]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_values_are_read_in_every_dialect(dialect: Callable[[bytes], bytes]) -> None:
    data = one_sheet(lambda sheet: sheet.write_row(1, 0, ["0007", "石门县"]))
    assert read(dialect(data), LAYOUT).columns == {"code": ["0007"], "name": ["石门县"]}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_formulas_are_refused_in_every_dialect(dialect: Callable[[bytes], bytes]) -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(1, 0, ["1", "甲"])
        sheet.write_string(2, 0, "2")
        sheet.write_formula(2, 1, '="李"&"四"', None, "李四")

    assert faults(dialect(one_sheet(write))) == [(3, "name", "单元格里是公式，请改成公式算出的值再导入")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_errors_and_truth_values_are_refused_by_line(dialect: Callable[[bytes], bytes]) -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(1, 0, ["1", "甲"])
        sheet.write_row(2, 0, ["2", True])
        sheet.write_row(3, 0, ["3", "乙"])

    data = one_sheet(write)
    third = [part[2] for part in faults(dialect(data))]
    assert [reason[:13] for reason in third] == ["单元格里是逻辑值 TRUE"]
    wrong = rewritten(data, lambda _, xml: xml.replace(b't="b"><v>1', b't="e"><v>#N/A'))
    assert [(line, column) for line, column, _ in faults(dialect(wrong))] == [(3, "name")]
    assert "错误值 #N/A" in faults(dialect(wrong))[0][2]


def test_a_merged_cell_counts_for_all_its_rows() -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range(1, 0, 4, 0, "0007")
        for line, name in ((1, "甲"), (2, "乙"), (4, "丁"), (5, "戊")):
            sheet.write_string(line, 1, name)

    table = read(one_sheet(write), LAYOUT)
    assert table.columns == {"code": ["0007", "0007", "0007", ""], "name": ["甲", "乙", "丁", "戊"]}
    assert table.lines == [2, 3, 5, 6]


def test_a_merged_name_counts_for_all_its_rows() -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range(1, 1, 2, 1, "甲")
        sheet.write_string(1, 0, "1")
        sheet.write_string(2, 0, "2")

    assert read(one_sheet(write), LAYOUT).columns["name"] == ["甲", "甲"]


def test_an_empty_sheet_is_named() -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("空的")
        made.add_worksheet("户册").write_row(0, 0, LAYOUT)

    assert faults(book(write)) == [(1, "文件", "工作表“空的”是空的")]


def test_a_cell_merged_over_columns_is_refused_by_line() -> None:
    data = one_sheet(lambda sheet: sheet.merge_range(1, 0, 2, 1, "0007"))
    assert faults(data) == [(2, "name", "这一格和左边的格子合并了，请取消合并，分别填写")]


def hidden_first(made: xlsxwriter.Workbook) -> None:
    cover, register = made.add_worksheet("封面"), made.add_worksheet("户册")
    register.activate()
    cover.hide()
    cover.write_row(0, 0, ["code", "title"])
    register.write_row(0, 0, LAYOUT)
    register.write_row(1, 0, ["1", "甲"])


def test_the_first_visible_sheet_is_read_and_named() -> None:
    table = read(book(hidden_first), LAYOUT)
    assert table.columns["name"] == ["甲"]
    assert [note.reason for note in table.notes] == ["只读第一张看得见的工作表“户册”；另有 1 张隐藏的工作表没有读"]


def test_a_formula_is_looked_for_in_the_sheet_that_is_read() -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        hidden_first(made)
        made.get_worksheet_by_name("封面").write_formula(5, 0, "=1+1")

    assert read(book(write), LAYOUT).columns["code"] == ["1"]


def unseen(*rows: int, **how: object) -> bytes:
    """A register of five people of whom some rows are hidden."""

    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for row in range(1, 6):
            sheet.write_row(row, 0, [str(row), "甲乙丙丁戊"[row - 1]])
        for row in rows:
            sheet.set_row(row, **(how or {"options": {"hidden": True}}))

    return one_sheet(write)


@pytest.mark.parametrize("how", [{"options": {"hidden": True}}, {"height": 0}])
def test_rows_that_nobody_sees_are_refused_by_line(how: dict[str, object]) -> None:
    [(line, column, reason)] = faults(unseen(2, 3, 5, **how))
    assert (line, column) == (3, "文件")
    assert reason.startswith("有 3 行看不见（第 3—4、6 行），是隐藏的或者筛选掉的；请取消隐藏和筛选")


def test_rows_that_a_filter_took_away_are_refused() -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(1, 0, ["1", "甲"])
        sheet.write_row(2, 0, ["2", "乙"])
        sheet.autofilter(0, 0, 2, 1)
        sheet.filter_column(0, "x == 1")
        sheet.set_row(2, options={"hidden": True})

    assert [(line, reason[:5]) for line, _, reason in faults(one_sheet(write))] == [(3, "有 1 行")]


def test_many_hidden_rows_are_counted_and_the_first_ones_named() -> None:
    lines = [*range(2, 40, 2)]
    assert "有 19 行看不见（第 2、4、6、8、10 行等）" in hidden_rows(lines)


def test_hidden_rows_and_columns_that_hold_nothing_are_no_matter() -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(1, 0, ["1", "甲"])
        sheet.set_row(7, options={"hidden": True})
        sheet.set_column(4, 9, options={"hidden": True})

    assert read(one_sheet(write), LAYOUT).columns["name"] == ["甲"]


@pytest.mark.parametrize("how", [{"options": {"hidden": True}}, {"width": 0}])
def test_a_column_that_nobody_sees_is_refused_by_name(how: dict[str, object]) -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(1, 0, ["1", "甲"])
        sheet.set_column(1, 1, **how)

    assert faults(one_sheet(write)) == [(1, "name", "这一列是隐藏的；请取消隐藏，看过以后再导入，不要的就删掉")]


def test_a_header_that_does_not_fit_says_which_sheet_was_read() -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("说明").write_row(0, 0, ["填表", "须知"])
        made.add_worksheet("户册").write_row(0, 0, LAYOUT)

    assert faults(book(write))[0][2] == "读的是第一张看得见的工作表“说明”，它的表头对不上"


@pytest.mark.parametrize(("cells", "taken"), [(6, True), (5, False)])
def test_a_sheet_may_have_as_many_cells_as_the_limit(cells: int, taken: bool) -> None:
    data = one_sheet(lambda sheet: (sheet.write_row(1, 0, ["1", "甲"]), sheet.write_row(2, 0, ["2", "乙"])))
    bounds = replace(COMMAND, cells=cells)
    if taken:
        assert read(data, LAYOUT, bounds=bounds).columns["code"] == ["1", "2"]
    else:
        with pytest.raises(TableFault, match="工作表太大"):
            read(data, LAYOUT, bounds=bounds)


def test_a_workbook_with_a_password_is_called_so() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
    [(_, _, reason)] = faults(locked)
    assert "密码" in reason
    assert "xls）" not in reason


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_damaged_workbook_is_answered_in_one_sentence(place: float) -> None:
    data = one_sheet(lambda sheet: sheet.write_row(1, 0, ["1", "甲"]))
    cut = data[: int(len(data) * place)]
    assert ["打不开" in reason for _, _, reason in faults(cut)] == [True]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_a_workbook_with_a_broken_part_is_answered_in_one_sentence(part: str) -> None:
    data = one_sheet(lambda sheet: sheet.write_row(1, 0, ["1", "甲"]))
    broken = rewritten(data, lambda name, xml: xml[: len(xml) // 2] if name == part else xml)
    assert ["打不开" in reason for _, _, reason in faults(broken)] == [True]


def test_another_format_in_a_zip_is_named() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "不是 xlsx" in faults(buffer.getvalue())[0][2]
