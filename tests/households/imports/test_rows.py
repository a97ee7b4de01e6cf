"""Reading a table column by column: which rows survive, what is told about the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.files.tables import Problem, Severity, Table
from households.imports import cells
from households.imports.cells import CellFault
from households.imports.problems import ImportReport, Rows, open_table, quiet


def rows_of(**columns: list[str]) -> Rows:
    count = len(next(iter(columns.values())))
    return Rows(Table(columns, list(range(2, 2 + count))), ImportReport("x.csv"))


def even(cell: str) -> int:
    if int(cell) % 2:
        raise CellFault("是单数")
    return int(cell)


def told(rows: Rows) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.reason) for problem in rows.report.errors]


def test_column_reads_each_distinct_cell_once() -> None:
    asked: list[str] = []
    rows = rows_of(n=["2", "4", "2", "2"])
    assert rows.column("n", lambda cell: asked.append(cell) or int(cell)) == [2, 4, 2, 2]
    assert sorted(asked) == ["2", "4"]


def test_column_tells_every_line_of_a_wrong_cell() -> None:
    rows = rows_of(n=["1", "2", "1"])
    assert rows.column("n", even) == [None, 2, None]
    assert told(rows) == [(2, "n", "是单数"), (4, "n", "是单数")]
    assert rows.keep(rows.table.columns["n"]) == ["2"]


def test_wrong_cells_of_one_row_are_all_told() -> None:
    rows = rows_of(a=["1"], b=["3"])
    rows.column("a", even)
    rows.column("b", even)
    assert [column for _, column, _ in told(rows)] == ["a", "b"]
    assert rows.lines() == []


def test_problem_shows_the_cell_shortened() -> None:
    rows = rows_of(n=["9" * 100 + "1"])
    rows.column("n", even)
    assert rows.report.errors[0].sentence == f"n: 是单数（现在是“{'9' * 20}…”）"


def test_problem_that_names_the_value_does_not_repeat_it() -> None:
    rows = rows_of(code=["12345"])
    rows.column("code", cells.division)
    assert rows.report.errors[0].value == ""
    assert "12345" in rows.report.errors[0].reason


def test_phone_is_never_shown_whole() -> None:
    rows = rows_of(phone=["1381234567890123"])
    rows.column("phone", cells.phone)
    assert "12345678" not in rows.report.errors[0].sentence


def test_repeated_keys_are_told_with_the_first_line() -> None:
    rows = rows_of(n=["2", "4", "2", "2"])
    keys = rows.column("n", even)
    rows.refuse_repeated(keys, "n", lambda key, line: f"{key} 与第 {line} 行相同")
    assert told(rows) == [(4, "n", "2 与第 2 行相同"), (5, "n", "2 与第 2 行相同")]


def test_rows_already_out_do_not_count_as_the_first() -> None:
    rows = rows_of(n=["2", "2"], m=["1", "2"])
    keys = rows.column("n", even)
    rows.column("m", even)
    rows.refuse_repeated(keys, "n", lambda key, line: "重复")
    assert told(rows) == [(2, "m", "是单数")]


@given(st.lists(st.integers(0, 9).map(str), min_size=1, max_size=30))
def test_sound_rows_and_problems_share_the_lines(numbers: list[str]) -> None:
    rows = rows_of(n=numbers)
    values = rows.column("n", even)
    assert sorted(rows.lines() + [line for line, _, _ in told(rows)]) == rows.table.lines
    assert rows.keep(values) == [int(n) for n in numbers if int(n) % 2 == 0]


def test_open_table_puts_faults_into_the_report() -> None:
    report = ImportReport("x.csv")
    assert open_table(report, b"a,b\n1,2\n", ("a", "c")) is None
    assert report.refused
    assert [problem.column for problem in report.errors] == ["c", "b"] or len(report.errors) == 2


def test_open_table_counts_rows_and_names_the_file() -> None:
    report = ImportReport("x.csv")
    assert open_table(report, b"a\n1\n2\n", ("a",))
    assert (report.rows, len(report.digest)) == (2, 64)


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (ImportReport("x.csv", rows=3, counts={"新增": 1, "未变": 2}), "x.csv：导入完成：读入 3 行，新增 1，未变 2。"),
        (
            ImportReport("x.csv", dry_run=True, rows=1, counts={"新增": 1}),
            "x.csv：演练通过，没有写入；正式导入时读入 1 行，新增 1。",
        ),
        (
            ImportReport("x.csv", problems=[Problem(2, "n", "不对")]),
            "x.csv：有 1 处错误，没有写入任何数据。请改正后重新导入。",
        ),
    ],
)
def test_sentence_says_what_happened(report: ImportReport, sentence: str) -> None:
    assert report.sentence == sentence


def test_notes_alone_do_not_refuse() -> None:
    report = ImportReport("x.csv", problems=[Problem(1, "n", "留意", severity=Severity.NOTE)])
    assert report.written
    assert not ImportReport("x.csv", dry_run=True).written


def test_quiet_tells_nobody() -> None:
    assert quiet("读取", 0.5) is None
