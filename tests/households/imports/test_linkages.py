"""Import of linkages, as the register alone sees them."""

import pytest

from households.imports.linkages import LinkageReport, import_linkages
from households.models import AuditEvent, Linkage
from tests.households.imports.reports import reasons
from tests.world import STRANGE, TOWNSHIP, VILLAGE, World

HEADER = "department_code,division_code,weight,from_month,to_month\n"
STORED = ("LYJ", VILLAGE)  # in force since 2023-01, weight 2


def load(*lines: str, dry_run: bool = False) -> LinkageReport:
    return import_linkages(name="l.csv", data=(HEADER + "\n".join(lines)).encode(), dry_run=dry_run)


def stored(department: str, division: str) -> list[tuple[int, str, str]]:
    rows = Linkage.objects.filter(department=department, division=division).order_by("from_month")
    return list(rows.values_list("weight", "from_month", "to_month"))


def test_linkage_is_added(world: World) -> None:
    assert load(f"SLJ,{VILLAGE},3,2024-01,2024-12").counts == {"新增": 1, "更新": 0, "未变": 0}
    assert stored("SLJ", VILLAGE) == [(3, "2024-01", "2024-12")]


def test_linkage_takes_official_codes_of_any_level(world: World) -> None:
    load(f"SLJ,{TOWNSHIP}000,1,2024-01,")
    assert stored("SLJ", TOWNSHIP) == [(1, "2024-01", "")]


def test_same_line_again_changes_nothing(world: World) -> None:
    assert load(f"LYJ,{VILLAGE},2,2023-01,").counts == {"新增": 0, "更新": 0, "未变": 1}
    assert load(f"LYJ,{VILLAGE},2,2023-01,").moved == []


def test_leader_comes_with_the_file_and_stays_where_the_file_has_none(world: World) -> None:
    def leader() -> str:
        return Linkage.objects.get(department="LYJ", division=VILLAGE).leader

    line = f"LYJ,{VILLAGE},2,2023-01,"
    named = f"{HEADER.strip()},leader\n{line},王副县长\n".encode()
    report = import_linkages(name="l.csv", data=named)
    assert (report.counts["更新"], report.moved, leader()) == (1, [], "王副县长")
    assert [note.reason for note in report.notes] == ["联系领导由 没有 改为 王副县长"]
    load(line)
    assert leader() == "王副县长"
    import_linkages(name="l.csv", data=named.replace("王副县长".encode(), b""))
    assert leader() == ""


def test_known_start_takes_over_weight_and_end(world: World) -> None:
    report = load(f"LYJ,{VILLAGE},4,2023-01,2024-03")
    assert report.counts["更新"] == 1
    assert report.moved == [(VILLAGE, "2023-01", "9999-12")]
    assert stored(*STORED) == [(4, "2023-01", "2024-03")]


def test_one_file_may_end_a_linkage_and_begin_the_next(world: World) -> None:
    assert load(f"LYJ,{VILLAGE},2,2023-01,2024-03", f"LYJ,{VILLAGE},5,2024-04,").written
    assert stored(*STORED) == [(2, "2023-01", "2024-03"), (5, "2024-04", "")]


@pytest.mark.parametrize("months", ["2022-01,2023-01", "2022-01,", "2024-01,2024-02", "2023-02,"])
def test_overlap_with_a_stored_linkage_is_refused(world: World, months: str) -> None:
    expected = [(2, "from_month", "该部门与该区划已有联系（2023-01 起），月份重叠")]
    assert reasons(load(f"LYJ,{VILLAGE},1,{months}")) == expected


def test_linkage_before_a_stored_one_is_taken(world: World) -> None:
    assert load(f"LYJ,{VILLAGE},1,2022-01,2022-12").written


@pytest.mark.parametrize("months", ["2024-01,", "2024-06,2024-07", "2023-01,2024-01"])
def test_overlap_within_the_file_is_refused_with_both_lines(world: World, months: str) -> None:
    found = reasons(load(f"SLJ,{VILLAGE},1,2024-01,2024-12", f"SLJ,{VILLAGE},2,{months}"))
    assert found == [(3, "from_month", "与第 2 行是同一部门和同一区划，月份重叠")]


def test_unknown_department_and_division_are_both_named(world: World) -> None:
    assert reasons(load("XXJ,430726999,1,2024-01,")) == [
        (2, "department_code", "没有代码为 XXJ 的部门，请先导入部门"),
        (2, "division_code", "没有代码为 430726999 的区划，请先导入区划"),
    ]


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        (f"SLJ,{VILLAGE},0,2024-01,", "weight", "整数"),
        (f"SLJ,{VILLAGE},1.5,2024-01,", "weight", "整数"),
        (f"SLJ,{VILLAGE},-1,2024-01,", "weight", "整数"),
        (f"SLJ,{VILLAGE},1,2024-13,", "from_month", "01 到 12"),
        (f"SLJ,{VILLAGE},1,,", "from_month", "2026-10"),
        (f"SLJ,{VILLAGE},1,2024-02,2024-01", "to_month", "早于起始月份"),
        (f"SLJ,{VILLAGE}010001,1,2024-02,", "division_code", "户代码"),
    ],
)
def test_bad_line_is_refused_and_nothing_written(world: World, line: str, column: str, word: str) -> None:
    before = Linkage.objects.count()
    ((where, found, reason),) = reasons(load(f"SLJ,{TOWNSHIP},1,2024-01,", line))
    assert (where, found) == (3, column)
    assert word in reason
    assert Linkage.objects.count() == before


def test_rehearsal_writes_nothing(world: World) -> None:
    assert load(f"SLJ,{VILLAGE},3,2024-01,", dry_run=True).counts["新增"] == 1
    assert stored("SLJ", VILLAGE) == []


def test_import_leaves_one_audit_line(world: World) -> None:
    load(f"LYJ,{STRANGE},3,2024-01,")
    line = AuditEvent.objects.first()
    assert (line.action, line.detail["added"], line.detail["updated"]) == ("linkages.import", 1, 0)
