"""Register imports leave marks on the months they move, and on no others."""

from datetime import date
from typing import Any

import pytest

from households.imports.problems import ImportReport
from scoring.models import DivisionScore, Mark
from scoring.rollup import rollup
from scoring.rollup.registers import import_households, import_linkages
from tests.world import MONTH, STRANGE, VILLAGE, World

HOUSEHOLDS = f"division_code,group,household_no,head_name,phone,address\n{VILLAGE},9,1,新来,,\n"
BEFORE = "2024-04"


def add_household(**given: Any) -> ImportReport:
    return import_households(**({"name": "h.csv", "data": HOUSEHOLDS.encode(), "today": date(2024, 6, 1)} | given))


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
    add_household()
    assert marks() == [(MONTH, VILLAGE)]


def test_new_household_is_counted_after_the_next_roll_up(settled: World) -> None:
    settled.declare()
    rollup.roll_up_marked()
    add_household()
    rollup.roll_up_marked()
    line = DivisionScore.objects.get(month=MONTH, code=VILLAGE)
    assert (line.active, line.households) == (9, 8)


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
