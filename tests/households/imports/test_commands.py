"""The import commands as an operator meets them: exit codes, what is told where, how much of it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tqdm import tqdm

from households.files.tables import Severity
from households.imports.problems import ImportReport
from households.management import importing
from households.models import Division, Household
from tests.world import HOUSEHOLDS, LINKAGES, VILLAGE, World

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run an import of `content`: exit code, what stands on stdout, what on stderr."""

    def run(command: str, content: str | bytes, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "表.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = 0
        try:
            call_command(command, str(path), *options, stdout=sys.stdout, stderr=sys.stderr)
        except SystemExit as stop:
            code = int(stop.code or 0)
        told = capsys.readouterr()
        return code, told.out.replace(str(path), "表.csv"), told.err.replace(str(path), "表.csv")

    return run


def test_done_is_zero_with_one_sentence_on_stdout(run: Run) -> None:
    assert run("import_divisions", "code,name\n430726,石门县\n") == (
        0,
        "表.csv：导入完成：读入 1 行，新增 1，改名 0，未变 0。\n",
        "",
    )


def test_refused_is_one_with_file_line_column_and_reason(run: Run) -> None:
    code, out, err = run("import_divisions", "code,name\n430726,石门县\n430726201,\n")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "表.csv:3 name: 名称不能为空",
        "表.csv：有 1 处错误，没有写入任何数据。请改正后重新导入。",
    ]
    assert not Division.objects.exists()


def test_refusal_shows_the_value_shortened(run: Run) -> None:
    _, _, err = run("import_divisions", f"code,name\n430726,{'长' * 10_000}\n")
    assert f"（现在是“{'长' * 20}…”）" in err
    assert len(err) < 200


def test_notes_go_to_stderr_and_stop_nothing(run: Run) -> None:
    run("import_divisions", "code,name\n430726,石门县\n")
    code, out, err = run("import_divisions", "code,name\n430726,石门市\n")
    assert (code, err) == (0, "表.csv:2 name: 名称由“石门县”改为“石门市”\n")
    assert "改名 1" in out


def test_missing_file_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("import_divisions", "/nowhere/x.csv", stderr=sys.stderr)
    assert stop.value.code == 2
    assert capsys.readouterr().err == "没有找到文件 /nowhere/x.csv。\n"


def test_folder_instead_of_a_file_is_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("import_divisions", str(tmp_path), stderr=sys.stderr)
    assert stop.value.code == 2
    assert "不能读取" in capsys.readouterr().err


def test_missing_argument_is_refused() -> None:
    with pytest.raises(CommandError, match="FILE"):
        call_command("import_divisions")


def test_only_two_hundred_problems_are_listed(run: Run) -> None:
    _, _, err = run("import_divisions", "code,name\n" + "x,\n" * 300)
    assert len(err.splitlines()) == 202
    assert "……另有 400 处没有列出。" in err


def test_rehearsal_writes_nothing_and_says_so(run: Run) -> None:
    code, out, _ = run("import_divisions", "code,name\n430726,石门县\n", "--dry-run")
    assert code == 0
    assert "演练通过，没有写入" in out
    assert not Division.objects.exists()


def test_households_command_takes_a_first_day(world: World, run: Run) -> None:
    content = HOUSEHOLDS.splitlines()[0] + f"\n{VILLAGE},7,1,新来,,\n"
    assert run("import_households", content, "--valid-from", "2024-05-01")[0] == 0
    assert str(Household.objects.get(code=f"{VILLAGE}070001").valid_from) == "2024-05-01"


def test_households_command_refuses_a_day_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="日期要写成 2026-10-05 的样子，现在是“tomorrow”"):
        call_command("import_households", str(tmp_path), "--valid-from", "tomorrow")


@pytest.mark.parametrize(
    ("command", "content", "counted"),
    [
        ("import_households", HOUSEHOLDS, "未变 12"),
        ("import_linkages", LINKAGES, "未变 3"),
        ("import_departments", "code,name\nLYJ,林业局\n", "未变 1"),
        (
            "import_events",
            f"household_code,date,clause_code,document_no,note\n{VILLAGE}010001,2024-05-20,WJ02,,\n",
            "新增 1",
        ),
    ],
)
def test_every_command_counts(world: World, run: Run, command: str, content: str, counted: str) -> None:
    code, out, err = run(command, content)
    assert (code, err) == (0, "")
    assert counted in out


def test_broken_encoding_is_refused_with_its_line(run: Run) -> None:
    code, _, err = run("import_divisions", "code,name\n430726,石门县\n".encode()[:-2] + b"\xff\n")
    assert code == 1
    assert err.startswith("表.csv:2 文件: 文字编码有损坏")


def test_bar_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, object]] = []
    monkeypatch.setattr(importing, "tqdm", lambda **given: made.append(given) or tqdm(disable=True))
    for terminal in (True, False):
        monkeypatch.setattr("sys.stderr.isatty", lambda answer=terminal: answer, raising=False)
        with importing.Bar() as bar:
            bar("写入", 0.5)
    assert [(given["disable"], given["delay"]) for given in made] == [(False, 2), (True, 2)]


def test_report_sorts_errors_and_keeps_notes_apart() -> None:
    report = ImportReport("x.csv")
    report.note(1, "文件", "第一张")
    report.refuse(9, "name", "后")
    report.refuse(2, "name", "先")
    assert [problem.line for problem in report.errors] == [2, 9]
    assert [problem.severity for problem in report.notes] == [Severity.NOTE]
    assert report.refused and not report.written
