"""Changes by file: what a line does, and that one fault stops all of them."""

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command

from households.changes.importing import NAMES, import_changes
from households.models import Household, HouseholdChange
from households.roles import Role
from tests.world import STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = (f"{VILLAGE}01{n:04d}" for n in (1, 2, 3))


def file_of(*lines: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, NAMES, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


SPLIT = {"kind": "分户", "household_code": FIRST, "day": "2024-05-10", "reason": "结婚立户", "head_name": "张小三"}
MERGE = {"kind": "并户", "household_code": SECOND, "day": "2024-05-11", "reason": "老人随子女生活", "other_code": THIRD}


def test_file_carries_out_each_line_once(world: World) -> None:
    data = file_of(SPLIT, MERGE)
    for _time in range(2):
        report = import_changes(name="变更.csv", data=data, by=world.user(Role.CADRE))
        assert report.written, report.errors
    assert Household.objects.get(head_name="张小三").code == f"{VILLAGE}010006"
    assert Household.objects.get(code=SECOND).valid_to == date(2024, 5, 11)
    assert HouseholdChange.objects.count() == 2


MOVE = {
    "kind": "迁移",
    "household_code": THIRD,
    "day": "2024-05-12",
    "reason": "建房、搬家",
    "group_code": f"{VILLAGE}02",
}


def test_number_is_given_where_the_kind_has_one(world: World) -> None:
    same = {
        "kind": "迁移",
        "household_code": SECOND,
        "day": "2024-05-12",
        "reason": "原来登错",
        "group_code": f"{VILLAGE}01",
    }
    lines = (SPLIT | {"household_no": "21"}, MOVE | {"household_no": "0031"}, same | {"household_no": "22"})
    report = import_changes(name="变更.csv", data=file_of(*lines), by=world.user(Role.CADRE))
    assert report.written, report.errors
    assert Household.objects.get(head_name="张小三").code == f"{VILLAGE}010021"
    assert Household.objects.filter(code__in=[f"{VILLAGE}020031", f"{VILLAGE}010022"], valid_to=None).count() == 2


def test_number_that_is_used_or_of_no_use_is_told_in_its_column(world: World) -> None:
    close = {"kind": "注销", "household_code": SECOND, "day": "2024-05-10", "reason": "全户去世", "household_no": "30"}
    lines = (SPLIT | {"household_no": "3"}, close, SPLIT | {"household_no": "三十"})
    report = import_changes(name="变更.csv", data=file_of(*lines), by=world.user(Role.CADRE))
    assert {(one.line, one.column) for one in report.errors} == {
        (2, "household_no"),
        (3, "household_no"),
        (4, "household_no"),
    }
    assert not HouseholdChange.objects.exists()


def test_file_without_the_column_is_read_as_before(world: World) -> None:
    data = file_of(SPLIT).replace(b",household_no", b"").replace(b",,,,", b",,,", 1)
    report = import_changes(name="变更.csv", data=data, by=world.user(Role.CADRE))
    assert report.written, report.errors
    assert Household.objects.get(head_name="张小三").code == f"{VILLAGE}010006"


def test_one_fault_stops_the_whole_file_and_is_told_by_line(world: World) -> None:
    report = import_changes(
        name="变更.csv", data=file_of(SPLIT, MERGE | {"other_code": SECOND}, SPLIT | {"reason": "高兴"})
    )
    assert [(problem.line, problem.column) for problem in report.errors] == [(3, "other_code"), (4, "reason")]
    assert not HouseholdChange.objects.exists() and not Household.objects.filter(head_name="张小三").exists()


def test_rehearsal_writes_nothing(world: World, tmp_path: object) -> None:
    path = tmp_path / "变更.csv"
    path.write_bytes(file_of(SPLIT))
    call_command("import_household_changes", str(path), "--dry-run")
    assert not HouseholdChange.objects.exists()
    call_command("import_household_changes", str(path))
    assert HouseholdChange.objects.get().by is None


def test_cadre_changes_nobody_of_another_village(world: World) -> None:
    line = {"kind": "注销", "household_code": f"{STRANGE}010001", "day": "2024-05-10", "reason": "全户去世"}
    report = import_changes(name="变更.csv", data=file_of(line), by=world.user(Role.CADRE))
    assert [problem.column for problem in report.errors] == ["household_code"]
    assert not HouseholdChange.objects.exists()


def test_rehearsal_says_of_each_line_what_it_will_do(world: World) -> None:
    data = file_of(SPLIT, MERGE)
    given = {"name": "变更.csv", "data": data, "by": world.user(Role.CADRE)}
    split, merge = import_changes(**given, dry_run=True).notes
    assert (split.line, merge.line) == (2, 3)
    assert split.reason.startswith(f"分户 {FIRST}：原户编号不变；") and f"并入 {THIRD}" in merge.reason
    assert import_changes(**given).notes == []
    again = import_changes(**given, dry_run=True)
    assert not again.refused, again.errors


def test_splitting_into_ones_own_group_is_no_renumbering(world: World) -> None:
    line = SPLIT | {"group_code": f"{VILLAGE}01"}
    report = import_changes(name="变更.csv", data=file_of(line), by=world.user(Role.CADRE), dry_run=True)
    [note] = report.notes
    assert "原户编号不变" in note.reason and "改用户号" not in note.reason
