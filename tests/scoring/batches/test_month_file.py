"""A village's month as a workbook: away filled, back changed; it replaces and never adds, by the rules of the page."""

import io

from django.urls import reverse
from python_calamine import CalamineWorkbook

from households.imports.problems import ImportReport
from households.models import ImportRun
from households.roles import Role
from scoring.batches import month_file
from scoring.batches.month_file import import_month
from scoring.models import EntryBatch, ScoreEvent
from tests.scoring.batches.many import DEED, HOMES
from tests.scoring.findings.found import found
from tests.world import DAY, MONTH, SISTER, VILLAGE, World

HEADER = "户编号或区划代码,日期,条款代码,文书号,说明,记录编号\n"


def row(code: str, clause: str = DEED, *, note: str = "", known: str = "", document: str = "") -> str:
    return f"{code},{DAY},{clause},{document},{note},{known}\n"


def load(world: World, *rows: str, name: str = "m.csv", **given: object) -> ImportReport:
    data = (HEADER + "".join(rows)).encode()
    return import_month(name=name, data=data, by=world.user(Role.CADRE), month=MONTH, **given)


def standing() -> list[tuple[str, str, str]]:
    return sorted(ScoreEvent.objects.standing().values_list("code", "clause__code", "note"))


def downloaded(world: World) -> list[list[object]]:
    client = world.client(Role.CADRE)
    answer = client.get(reverse("month-workbook", args=[MONTH]))
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_file_is_given_away_filled_with_the_columns_of_the_import(world: World) -> None:
    event = world.record(HOMES[0], DEED)
    header, line = downloaded(world)
    assert header == HEADER.strip().split(",")
    assert line == [HOMES[0], str(DAY), DEED, "", "", f"{event.pk}/1"]


def test_rehearsal_says_of_each_line_what_it_does_and_writes_nothing(world: World) -> None:
    event = world.record(HOMES[0], DEED)
    report = load(world, row(HOMES[1], known=f"{event.pk}/1"), dry_run=True)
    assert report.counts == {"新增": 1, "撤回": 1, "不变": 0}
    said = [note.reason for note in report.notes]
    assert any("登记" in each and HOMES[1] in each for each in said) and any("撤回" in each for each in said)
    assert standing() == [(HOMES[0], DEED, "")] and not EntryBatch.objects.exists()


def test_corrected_file_replaces_and_never_adds(world: World) -> None:
    load(world, row(HOMES[0]), row(HOMES[1]))
    load(world, row(HOMES[0]), row(HOMES[1]))
    assert standing() == [(HOMES[0], DEED, ""), (HOMES[1], DEED, "")] and ScoreEvent.objects.count() == 2
    load(world, row(HOMES[0], note="补写"), row(HOMES[2]))
    assert standing() == [(HOMES[0], DEED, "补写"), (HOMES[2], DEED, "")]
    assert set(ScoreEvent.objects.standing().values_list("source", flat=True)) == {"file"}


def test_what_was_recorded_after_the_download_stays(world: World) -> None:
    first = world.record(HOMES[0], DEED)
    known = f"{first.pk}/{first.sheet_version}"
    world.record(HOMES[1], DEED)
    report = load(world, row(HOMES[2], known=known))
    assert standing() == [(HOMES[1], DEED, ""), (HOMES[2], DEED, "")]
    assert any(HOMES[1] in note.reason and "不动" in note.reason for note in report.notes)


def test_what_others_found_is_never_withdrawn_by_a_file(world: World) -> None:
    answer = found(world, HOMES[0])
    load(world, row(HOMES[1]), name="东山村2024-05台账-第99版.csv")
    assert ScoreEvent.objects.get(pk=answer["event"]).withdrawn_at is None


def test_guards_of_the_page_hold_for_the_file(world: World) -> None:
    report = load(world, row(HOMES[0], "WR07", document="环罚1号"), row(HOMES[0], "FA03"))
    assert [(error.line, error.column) for error in report.errors] == [(2, "条款代码")]
    assert "登记" in report.errors[0].reason and standing() == []
    report = load(world, row(f"{SISTER}010001"))
    assert report.refused
    load(world, row(HOMES[0], "FA03"))
    assert ScoreEvent.objects.get().confirmed_at is None  # the clause asks for a second person


def test_equal_lines_are_refused_unless_they_are_meant(world: World) -> None:
    assert load(world, row(HOMES[0]), row(HOMES[0])).refused and standing() == []
    load(world, row(HOMES[0]), row(HOMES[0]), again=True)
    assert len(standing()) == 2


def test_other_month_and_signed_month_are_refused(world: World) -> None:
    assert "一个文件只填一个月" in load(world, f"{HOMES[0]},2024-04-02,{DEED},,,\n").errors[0].reason
    world.declare(world.village)
    assert "已经申报" in load(world, row(HOMES[0])).errors[0].reason and standing() == []


def test_browser_rehearses_writes_and_takes_back_as_one(world: World) -> None:
    world.record(HOMES[0], DEED)
    client = world.client(Role.CADRE)
    upload = io.BytesIO((HEADER + row(HOMES[1])).encode())
    upload.name = "东山村2024-05台账-第1版.csv"
    answer = client.post(reverse("import-file", args=["month"]), {"file": upload, "month": MONTH})
    run = ImportRun.objects.get()
    assert run.state == "checked" and run.counts == {"新增": 1, "撤回": 1, "不变": 0}
    client.post(reverse("write-import", args=[run.pk]))
    assert standing() == [(HOMES[1], DEED, "")]
    client.post(reverse("undo-import", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == "undone" and standing() == [(HOMES[0], DEED, "")]
    assert answer["Location"] == reverse("import-run", args=[run.pk])


def test_file_name_tells_the_version(world: World) -> None:
    world.record(HOMES[0], DEED)
    assert month_file.file_name(world.village, MONTH) == f"东山村{MONTH}台账-第1版.xlsx"
    assert VILLAGE in HOMES[0]
