"""Lists of hotline and 红网: rehearsed, all or nothing, every problem with its line and column, twice is harmless."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from households.files import workbooks
from households.imports.problems import ImportReport
from households.models import AuditEvent, Division
from petitions.filing.lists import COLUMNS, HEADINGS, import_petitions
from petitions.models import Channel, Demand, Petition, Way
from tests.petitions.filers import people_of
from tests.world import VILLAGE, World

HEAD = ",".join(COLUMNS)
ONE = f"12345,R-1,2024-05-06,{VILLAGE},停水三天,一组停水三天没人管,张三丰,13800000001,求助,"
TWO = f"红网,H-7,2024-05-07,{VILLAGE},路灯不亮,二组路灯坏了,,,投诉,https://people.rednet.cn/7"


def load(world: World, *lines: str, dry_run: bool = False) -> ImportReport:
    data = "\n".join([HEAD, *lines]).encode()
    return import_petitions(name="list.csv", data=data, by=world.user("petition_office"), dry_run=dry_run)


def test_list_is_filed_row_by_row(world: World) -> None:
    report = load(world, ONE, TWO)
    assert report.counts == {"登记": 2, "补充": 0, "已有": 0} and report.written
    hotline, rednet = Petition.objects.order_by("id")
    assert (hotline.way, hotline.demand, hotline.filer_name) == (Way.HOTLINE, Demand.CONSULT, "张三丰")
    assert (rednet.way, rednet.external_no, rednet.channel) == (Way.REDNET, "H-7", Channel.NET)
    assert hotline.filed_by == world.user("petition_office")
    assert timezone.localdate(hotline.filed_at).isoformat() == "2024-05-06"


@pytest.mark.parametrize(
    ("received", "kept"),
    [("2024-05-06", "12:00"), ("2024-05-06 00:00:00", "12:00"), ("2024/5/6 9:12", "09:12"), ("20240506", "12:00")],
)
def test_list_keeps_the_time_that_it_gives(world: World, received: str, kept: str) -> None:
    report = load(world, ONE.replace("2024-05-06", received))
    assert report.errors == []
    assert f"{timezone.localtime(Petition.objects.get().filed_at):%Y-%m-%d %H:%M}" == f"2024-05-06 {kept}"


def test_rehearsal_writes_nothing(world: World) -> None:
    report = load(world, ONE, TWO, dry_run=True)
    assert "演练通过" in report.sentence and report.counts["登记"] == 2
    assert Petition.objects.count() == 0 and not AuditEvent.objects.filter(action="petition.import").exists()


def test_same_list_again_adds_nothing(world: World) -> None:
    load(world, ONE)
    assert load(world, ONE, TWO).counts == {"登记": 1, "补充": 0, "已有": 1}
    assert Petition.objects.count() == 2


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("12345,", "电报,", "way"),
        ("R-1", "", "external_no"),
        ("2024-05-06", "2999-01-01", "received"),
        (VILLAGE, "430726201999", "division_code"),
        ("停水三天,一组", ",一组", "title"),
        ("一组停水三天没人管", "", "text"),
        ("13800000001", "12", "phone"),
        ("求助", "闲聊", "demand"),
    ],
)
def test_wrong_cell_is_named_and_nothing_written(world: World, old: str, new: str, column: str) -> None:
    report = load(world, TWO, ONE.replace(old, new, 1))
    assert [(problem.line, problem.column) for problem in report.errors] == [(3, column)]
    assert Petition.objects.count() == 0


def test_same_number_twice_in_a_list_is_refused(world: World) -> None:
    report = load(world, ONE, ONE)
    assert [(problem.line, problem.column) for problem in report.errors] == [(3, "external_no")]


def test_problem_never_shows_a_whole_telephone(world: World) -> None:
    report = load(world, ONE.replace("13800000001", "13800000001138000"))
    assert "13800000001" not in " ".join(problem.sentence for problem in report.errors)


def test_audit_names_the_file_and_no_person(world: World) -> None:
    load(world, ONE)
    line = AuditEvent.objects.get(action="petition.import")
    assert line.subject == "list.csv" and line.detail["added"] == 1 and "张" not in str(line.detail)


def test_command_refuses_with_line_and_column(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"{HEAD}\n{ONE.replace('12345,', '电报,', 1)}\n")
    with pytest.raises(SystemExit) as stopped:
        call_command("import_petitions", str(file))
    assert stopped.value.code == 1 and f"{file}:2 way" in capsys.readouterr().err
    assert Petition.objects.count() == 0


def test_command_loads(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"{HEAD}\n{ONE}\n")
    call_command("import_petitions", str(file))
    assert "登记 1" in capsys.readouterr().out and Petition.objects.count() == 1


def send(world: World, role: str, how: str, *lines: str) -> object:
    upload = SimpleUploadedFile("list.csv", "\n".join([HEAD, *lines]).encode())
    return world.client(role).post(reverse("petition-import"), {"list": upload, "how": how})


def test_page_rehearses_then_writes(world: World) -> None:
    rehearsed = send(world, "petition_office", "rehearse", ONE)
    assert rehearsed.status_code == 200 and "演练通过" in rehearsed.content.decode()
    assert Petition.objects.count() == 0
    assert "导入完成" in send(world, "petition_office", "write", ONE).content.decode()
    assert Petition.objects.count() == 1


def test_page_lists_the_problems(world: World) -> None:
    response = send(world, "petition_office", "write", ONE.replace("R-1", ""))
    assert response.status_code == 422 and "external_no: 来源编号不能为空" in response.content.decode()


def test_page_is_for_the_petition_office(world: World) -> None:
    address = reverse("petition-import")
    came_in = {user.username for user in people_of(world) if world.client(user).get(address).status_code == 200}
    assert came_in == {"petition_office"}


@pytest.mark.parametrize("spelt", ["r-1", "Ｒ－１", "R—1", " R - 1"])
def test_number_in_another_spelling_is_the_same_ticket(world: World, spelt: str) -> None:
    load(world, ONE)
    assert load(world, ONE.replace("R-1", spelt)).counts["登记"] == 0
    assert Petition.objects.count() == 1


CHINESE = ",".join(HEADINGS.values())


def chinese(world: World, *lines: str) -> ImportReport:
    data = "\n".join([CHINESE, *lines]).encode()
    return import_petitions(name="清单.csv", data=data, by=world.user("petition_office"))


@pytest.mark.parametrize("place", ["东山村", "罗坪乡东山村", VILLAGE])
def test_chinese_headings_and_names_of_places_are_read(world: World, place: str) -> None:
    assert chinese(world, ONE.replace(VILLAGE, place)).written
    assert Petition.objects.get().place_id == VILLAGE


def test_fault_is_told_by_the_heading_that_the_person_sees(world: World) -> None:
    report = chinese(world, ONE.replace("12345", "电报").replace(VILLAGE, "桃花村"))
    assert {problem.column for problem in report.errors} == {"来源", "地点"}
    assert Petition.objects.count() == 0


def test_place_of_two_townships_asks_for_the_township(world: World) -> None:
    Division.objects.create(code="430726202209", name="东山村", parent=world.other_township)
    [problem] = chinese(world, ONE.replace(VILLAGE, "东山村")).errors
    assert "有 2 个地方叫“东山村”，前面请写上乡镇名" in problem.sentence


def test_template_can_be_filled_in_and_taken_back(world: World) -> None:
    answer = world.client("petition_office").get(reverse("petition-import-template"))
    sheet = workbooks.read(answer.content)
    assert sheet.rows == [list(HEADINGS.values())]
    assert import_petitions(name="a.xlsx", data=answer.content, by=world.user("petition_office")).rows == 0
