"""Register imports leave marks on the months they move, and on no others."""

from datetime import date
from typing import Any

import pytest

from households.imports.problems import ImportReport
from households.models import Division, Household, Linkage
from scoring.models import DivisionScore, Mark
from scoring.rollup import rollup
from scoring.rollup.registers import import_divisions, import_households, import_linkages
from tests.world import MONTH, STRANGE, TOWNSHIP, VILLAGE, World

HOUSEHOLDS = f"division_code,group,household_no,head_name,phone,address\n{VILLAGE},9,1,新来,,\n"
BEFORE = "2024-04"


def add_household(**given: Any) -> ImportReport:
    return import_households(**({"name": "h.csv", "data": HOUSEHOLDS.encode(), "today": date(2024, 6, 1)} | given))


def add_division(line: str, **given: Any) -> ImportReport:
    data = f"code,name\n{line}\n".encode()
    return import_divisions(**({"name": "d.csv", "data": data, "today": date(2024, 6, 1)} | given))


def add_linkage(line: str) -> ImportReport:
    header = "department_code,division_code,weight,from_month,to_month\n"
    return import_linkages(name="l.csv", data=(header + line).encode())


def marks() -> list[tuple[str, str]]:
    return sorted(Mark.objects.values_list("month", "code"))


@pytest.fixture
def settled(world: World) -> World:
    """The world with nothing left to roll up."""
    rollup.roll_up_marked()
    assert marks() == []
    return world


def test_new_household_marks_every_open_month(settled: World) -> None:
    add_household()
    assert marks() == [(BEFORE, VILLAGE), (MONTH, VILLAGE)]


def test_new_household_marks_only_months_it_counts_in(settled: World) -> None:
    add_household(valid_from=date(2024, 5, 2))
    assert marks() == [(MONTH, VILLAGE)]


def test_new_household_marks_no_frozen_month(settled: World) -> None:
    settled.frozen_month(BEFORE)
    rollup.roll_up_marked()
    add_household(since_ever=True)
    assert marks() == [(MONTH, VILLAGE)]


def test_new_household_is_counted_after_the_next_roll_up(settled: World) -> None:
    rollup.roll_up_marked()
    add_household()
    rollup.roll_up_marked()
    line = DivisionScore.objects.get(month=MONTH, code=VILLAGE)
    assert (line.active, line.households) == (9, 0)


def test_changed_name_marks_nothing(settled: World) -> None:
    add_household()
    rollup.roll_up_marked()
    add_household(data=HOUSEHOLDS.replace("新来", "改名").encode())
    assert marks() == []


@pytest.mark.parametrize("given", [{"dry_run": True}, {"data": HOUSEHOLDS.replace("新来", "").encode()}])
def test_rehearsal_and_refusal_mark_nothing(settled: World, given: dict[str, Any]) -> None:
    add_household(**given)
    assert marks() == []


def test_linkage_marks_its_months(settled: World) -> None:
    add_linkage(f"SLJ,{VILLAGE},1,{MONTH},")
    assert marks() == [(MONTH, VILLAGE)]


def test_group_linkage_marks_the_village(settled: World) -> None:
    add_linkage(f"SLJ,{VILLAGE}01,1,2023-01,{BEFORE}")
    assert marks() == [(BEFORE, VILLAGE)]


def test_linkage_marks_no_frozen_month(settled: World) -> None:
    settled.frozen_month(BEFORE)
    rollup.roll_up_marked()
    add_linkage(f"LYJ,{STRANGE},1,2023-01,")
    assert marks() == [(MONTH, STRANGE)]


def test_same_linkage_again_marks_nothing(settled: World) -> None:
    add_linkage(f"LYJ,{VILLAGE},2,2023-01,")
    assert marks() == []


def test_linkage_without_open_months_marks_nothing(settled: World) -> None:
    add_linkage(f"SLJ,{VILLAGE},1,2030-01,")
    assert marks() == []


# Nothing reaches back


def test_new_household_that_would_move_a_signed_month_is_refused_by_line(settled: World) -> None:
    settled.declare(settled.village)
    report = add_household(since_ever=True)
    [error] = report.errors
    assert (error.line, report.written) == (2, False)
    assert f"新户会改动东山村已经申报、还没有锁定的月份：{MONTH}" in error.sentence
    assert "新增的从什么时候起算" in error.sentence  # as the page calls it, not only the command
    assert not Household.objects.filter(code=f"{VILLAGE}090001").exists()


def test_rehearsal_names_the_same_months(settled: World) -> None:
    settled.declare(settled.village)
    assert [error.line for error in add_household(dry_run=True, since_ever=True).errors] == [2]


def test_new_household_of_a_later_month_is_taken(settled: World) -> None:
    settled.declare(settled.village)
    assert add_household(valid_from=date(2024, 6, 1)).written


def test_new_household_of_another_village_is_taken(settled: World) -> None:
    settled.declare(settled.sister)
    assert add_household(since_ever=True).written


@pytest.mark.parametrize(
    ("line", "months"),
    [
        (f"SLJ,{VILLAGE},1,2023-01,", MONTH),
        (f"SLJ,{VILLAGE[:9]},1,2023-01,", MONTH),
        (f"LYJ,{VILLAGE},3,2023-01,", MONTH),
        (f"LYJ,{VILLAGE},2,2023-01,{BEFORE}", MONTH),
    ],
)
def test_linkage_that_would_move_a_signed_month_is_refused(settled: World, line: str, months: str) -> None:
    settled.declare(settled.village)
    before = list(Linkage.objects.order_by("pk").values())
    [error] = add_linkage(line).errors
    assert f"会改动已经申报、还没有锁定的月份：{months}" in error.sentence
    assert list(Linkage.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("line", [f"SLJ,{VILLAGE},1,2024-06,", f"LYJ,{VILLAGE},2,2023-01,{MONTH}"])
def test_linkage_of_later_months_is_taken(settled: World, line: str) -> None:
    settled.declare(settled.village)
    assert add_linkage(line).written


def test_new_household_counts_from_this_month_once_the_county_has_begun(settled: World) -> None:
    settled.declare(settled.village)
    report = add_household(today=date(2024, 6, 20))
    left_out, since = report.remarks
    assert "有 8 户不在这个文件里" in left_out
    assert since == "新增的从 2024-06-01 起在册，不改动以前的月份。"
    assert Household.objects.get(code=f"{VILLAGE}090001").valid_from == date(2024, 6, 1)
    assert Division.objects.get(code=f"{VILLAGE}09").valid_from == date(2024, 6, 1)
    rollup.roll_up_marked()
    assert marks() == []


def test_first_register_of_a_county_counts_since_ever(settled: World) -> None:
    settled.declare(settled.village)
    assert add_division("431121,祁阳县\n431121100,白水镇\n431121100201,双桥村").written
    other = HOUSEHOLDS.replace(VILLAGE, "431121100201").encode()
    report = add_household(data=other)
    assert (report.remarks, Household.objects.get(head_name="新来").valid_from) == ([], None)


NEW_VILLAGE = f"{TOWNSHIP}299,新设村"


def test_new_village_counts_from_this_month(settled: World) -> None:
    settled.frozen_month()
    assert add_division(NEW_VILLAGE).written
    assert Division.objects.get(code=f"{TOWNSHIP}299").valid_from == date(2024, 6, 1)


def test_new_village_that_would_stand_in_a_signed_month_is_refused(settled: World) -> None:
    settled.declare(settled.village)
    [error] = add_division(NEW_VILLAGE, since_ever=True).errors
    assert f"新的区划会改动罗坪乡已经申报的月份：{MONTH}" in error.sentence
    assert not Division.objects.filter(code=f"{TOWNSHIP}299").exists()


def test_new_group_moves_no_signed_month_of_its_village(settled: World) -> None:
    settled.declare(settled.village)
    assert not add_division(f"{VILLAGE}08,第8组", since_ever=True).written
    assert add_division(f"{VILLAGE}08,第8组").written


def test_changed_name_of_a_division_touches_no_month(settled: World) -> None:
    settled.declare(settled.village)
    assert add_division(f"{VILLAGE},东山新村", since_ever=True).written
