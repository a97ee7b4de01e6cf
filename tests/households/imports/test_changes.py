"""What an import changes is told before it is written: old and new names, slipped columns, doubles, who is missing."""

from datetime import date
from typing import Any

import pytest

from households.imports.changes import digits_of
from households.imports.departments import import_departments
from households.imports.divisions import import_divisions
from households.imports.households import COLUMNS, import_households
from households.imports.linkages import import_linkages
from households.imports.problems import ImportReport
from households.models import Department, Division, Household, Linkage
from households.register.phones import decrypt
from tests.world import SISTER, TOWNSHIP, VILLAGE, World

NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
GROUP = f"{VILLAGE}07"


def load(*rows: str, **given: Any) -> ImportReport:
    data = "\n".join([",".join(COLUMNS), *rows]).encode()
    return import_households(**({"name": "h.csv", "data": data, "today": date(2024, 6, 1)} | given))


def rows(*names: str, group: int = 7, phones: bool = False) -> list[str]:
    numbers = (f"1380000950{number}" if phones else "" for number in range(1, 7))
    return [
        f"{VILLAGE},{group},{at},{name},{phone},"
        for at, (name, phone) in enumerate(zip(names, numbers, strict=False), start=1)
    ]


def notes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(note.line, note.column, note.reason) for note in report.notes]


@pytest.fixture
def register(world: World) -> World:
    assert load(*rows(*NAMES, phones=True)).written
    return world


def heads() -> list[str]:
    return list(Household.objects.filter(group=GROUP).order_by("code").values_list("head_name", flat=True))


@pytest.mark.parametrize("dry_run", [True, False])
def test_new_head_is_told_with_the_old_one_and_the_phone_that_stays(register: World, dry_run: bool) -> None:
    report = load(f"{VILLAGE},7,1,赵小一,,", dry_run=dry_run)
    assert notes(report) == [
        (2, "head_name", "户主由“赵一”改为“赵小一”"),
        (2, "phone", "换了户主，没有填电话：仍是原来登记的 138****9501，请核实"),
    ]
    assert (report.refused, heads()[0]) == (False, "赵一" if dry_run else "赵小一")


def test_changed_phone_and_address_are_told_masked(register: World) -> None:
    load(f"{VILLAGE},7,1,赵一,,院子1")
    report = load(f"{VILLAGE},7,1,赵一,13900008888,院子2")
    assert notes(report) == [
        (2, "address", "地址由“院子1”改为“院子2”"),
        (2, "phone", "电话由 138****9501 改为 139****8888"),
    ]


def test_same_list_again_tells_of_no_change(register: World) -> None:
    assert notes(load(*rows(*NAMES, phones=True))) == []


def test_column_that_slipped_is_refused_and_every_change_named(register: World) -> None:
    shifted = rows(*NAMES[1:], NAMES[0])
    report = load(*shifted)
    [error] = report.errors
    assert (error.line, error.column, report.written) == (2, "head_name", False)
    assert "东山村：文件里原有的 6 个名字，6 个与登记的不同，其中 6 个是别家原来的名字，像是名字错了行" in error.reason
    assert next(reason for _, column, reason in notes(report) if column == "head_name") == "户主由“赵一”改为“钱二”"
    assert heads() == list(NAMES)
    assert load(*shifted, accept_changes=True).written
    assert heads() == [*NAMES[1:], NAMES[0]]


def test_few_changes_in_a_longer_list_stop_nothing(register: World) -> None:
    assert load(*rows("赵小一", "钱小二", *NAMES[2:])).written


def test_another_spelling_is_no_other_name(register: World) -> None:
    assert load(*rows(*("　".join(name) for name in NAMES))).written


def test_same_head_and_phone_in_another_household_is_named(register: World) -> None:
    report = load(f"{VILLAGE},8,1,赵一,+86 138 0000 9501,院子1")
    assert notes(report) == [(2, "head_name", f"与户 {GROUP}0001 同户主、同电话，可能是同一户登记了两次")]
    assert report.written


def test_double_in_another_village_and_in_the_same_file_is_named(register: World) -> None:
    report = load(f"{SISTER},3,1,钱二,13800009502,", f"{SISTER},3,2,钱二,13800009502,")
    assert [(line, "可能是同一户登记了两次" in reason) for line, _, reason in notes(report)] == [(2, True), (3, True)]


def test_namesake_with_another_phone_is_no_double(register: World) -> None:
    assert notes(load(f"{SISTER},3,1,钱二,13800009999,")) == []


def test_phone_that_cannot_be_read_is_passed_over(register: World) -> None:
    Household.objects.filter(pk=f"{GROUP}0001").update(phone=b"\x01" + b"0" * 40)
    report = load(f"{VILLAGE},8,1,赵一,13800009501,", f"{VILLAGE},7,1,赵小一,,")
    assert "仍是原来登记的" in " ".join(reason for _, _, reason in notes(report))
    assert report.written


@pytest.mark.parametrize("dry_run", [True, False])
def test_households_that_the_file_leaves_out_are_named_by_village(register: World, dry_run: bool) -> None:
    report = load(*rows(*NAMES[:5]), dry_run=dry_run)
    [remark] = report.remarks
    assert remark.startswith("东山村：名册里有 9 户不在这个文件里（没有改动）：01组0001 张三丰、01组0002 李四光")
    assert "07组0006 吴六" in remark
    assert Household.objects.filter(pk=f"{GROUP}0006", valid_to=None).exists()


def test_household_that_ended_is_not_missed(register: World) -> None:
    Household.objects.filter(group=GROUP).update(valid_to=date(2024, 5, 1))
    assert "07组" not in load(f"{VILLAGE},1,1,张三丰,,").remarks[0]


def test_divisions_and_departments_most_of_whose_names_change_are_refused(world: World) -> None:
    Department.objects.create(code="NYJ", name="农业局")
    slipped = {"name": "d.csv", "data": "code,name\nLYJ,水利局\nSLJ,农业局\nNYJ,林业局\n".encode()}
    report = import_departments(**slipped)
    assert "文件里原有的 3 个名字，3 个与登记的不同" in report.errors[0].reason
    assert "名称由“林业局”改为“水利局”" in [reason for _, _, reason in notes(report)]
    assert import_departments(**slipped, accept_changes=True).written
    names = ("西河村", "双桥村", "东山村")
    Division.objects.create(code=f"{TOWNSHIP}203", name="双桥村", parent_id=TOWNSHIP)
    codes = (VILLAGE, SISTER, f"{TOWNSHIP}203")
    lines = "\n".join(f"{code},{name}" for code, name in zip(codes, names, strict=True))
    report = import_divisions(name="v.csv", data=f"code,name\n{lines}\n".encode())
    assert "罗坪乡：文件里原有的 3 个名字，3 个与登记的不同" in report.errors[0].reason
    assert Division.objects.get(code=VILLAGE).name == "东山村"


def test_changed_linkage_is_told_with_what_it_was(world: World) -> None:
    header = "department_code,division_code,weight,from_month,to_month\n"
    report = import_linkages(name="l.csv", data=f"{header}LYJ,{VILLAGE},3,2023-01,2030-12\n".encode())
    assert notes(report) == [(2, "to_month", "截止月份由 没有 改为 2030-12"), (2, "weight", "权重由 2 改为 3")]
    assert Linkage.objects.get(department="LYJ", division=VILLAGE).weight == 3


def test_phone_of_a_changed_head_is_the_one_that_is_given(register: World) -> None:
    load(f"{VILLAGE},7,1,赵小一,13900008888,")
    stored = Household.objects.get(pk=f"{GROUP}0001").phone
    assert decrypt(stored) == "13900008888"


@pytest.mark.parametrize("number", ["13800009501", "+8613800009501", "0086-138-0000-9501", "138 0000 9501"])
def test_number_is_compared_by_its_digits(number: str) -> None:
    assert digits_of(number) == "13800009501"
