"""Import of divisions."""

import pytest

from households.imports.divisions import import_divisions
from households.imports.problems import ImportReport
from households.models import AuditEvent, Division
from tests.audit_failure import audit_down
from tests.households.imports.reports import reasons

pytestmark = pytest.mark.django_db

COUNTY = "430726000000,石门县\n"
TOWNSHIP = "430726201000,罗坪乡\n"
VILLAGE = "430726201201,东山村\n"


def load(*lines: str, dry_run: bool = False) -> ImportReport:
    return import_divisions(name="d.csv", data=("code,name\n" + "".join(lines)).encode(), dry_run=dry_run)


def codes() -> list[str]:
    return list(Division.objects.values_list("code", flat=True))


def test_divisions_become_a_tree() -> None:
    report = load(COUNTY, TOWNSHIP, VILLAGE)
    assert report.counts == {"新增": 3, "改名": 0, "未变": 0}
    tree = [(d.code, d.parent_id, d.name) for d in Division.objects.all()]
    assert tree[1:] == [("430726201", "430726", "罗坪乡"), ("430726201201", "430726201", "东山村")]


def test_order_in_the_file_does_not_matter() -> None:
    assert load(VILLAGE, TOWNSHIP, COUNTY).written
    assert codes() == ["430726", "430726201", "430726201201"]


def test_significant_codes_and_groups_are_taken() -> None:
    assert load("430726,石门县\n", "430726201,罗坪乡\n", VILLAGE, "43072620120101,大塘组\n").written
    assert Division.objects.get(code="43072620120101").parent_id == "430726201201"


def test_township_whose_code_ends_in_zeros_keeps_them() -> None:
    assert load(COUNTY, "430726500000,茶铺茶场管理区\n").written
    assert codes() == ["430726", "430726500"]


def test_same_file_again_changes_nothing() -> None:
    load(COUNTY, TOWNSHIP)
    assert load(COUNTY, TOWNSHIP).counts == {"新增": 0, "改名": 0, "未变": 2}


def test_changed_name_is_taken_over_and_told() -> None:
    load(COUNTY, TOWNSHIP)
    report = load(COUNTY, "430726201000,罗坪镇\n")
    assert report.counts["改名"] == 1
    assert [(note.line, note.reason) for note in report.notes] == [(3, "名称由“罗坪乡”改为“罗坪镇”")]
    assert Division.objects.get(code="430726201").name == "罗坪镇"


def test_several_counties_live_side_by_side() -> None:
    load(COUNTY, TOWNSHIP)
    assert load("430525000000,洞口县\n", "430525103000,高沙镇\n").written
    assert codes() == ["430525", "430525103", "430726", "430726201"]


def test_parent_may_be_known_from_before() -> None:
    load(COUNTY, TOWNSHIP)
    assert load(VILLAGE).written


def test_missing_parent_is_refused_by_name() -> None:
    assert reasons(load(COUNTY, VILLAGE)) == [(3, "code", "上级乡镇“430726201”不在文件里，也没有导入过")]
    assert codes() == []


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        ("43072620,某乡\n", "code", "8 位"),
        ("430726201201010001,某户\n", "code", "户代码"),
        ("43072x,某县\n", "code", "只能由数字组成"),
        ("430726201000,\n", "name", "名称不能为空"),
        ("430726201000,=HYPERLINK(1)\n", "name", "公式"),
        (f"430726201000,{'长' * 10_000}\n", "name", "最多 60 个字"),
    ],
)
def test_bad_line_is_refused_and_nothing_written(line: str, column: str, word: str) -> None:
    ((where, found, reason),) = reasons(load(COUNTY, line))
    assert (where, found) == (3, column)
    assert word in reason
    assert codes() == []


def test_same_division_twice_is_refused_with_both_lines() -> None:
    assert reasons(load(COUNTY, "430726,石门\n")) == [(3, "code", "与第 2 行是同一个区划（430726）")]


def test_every_problem_is_told_at_once() -> None:
    found = reasons(load(COUNTY, VILLAGE, "1,\n", "430726,石门\n"))
    assert [line for line, _, _ in found] == [3, 4, 4, 5]


def test_rehearsal_counts_and_writes_nothing() -> None:
    report = load(COUNTY, TOWNSHIP, dry_run=True)
    assert report.counts["新增"] == 2
    assert report.sentence == "d.csv：演练通过，没有写入；正式导入时读入 2 行，新增 2，改名 0，未变 0。"
    assert not Division.objects.exists()
    assert not AuditEvent.objects.exists()


def test_import_leaves_one_audit_line() -> None:
    load(COUNTY, TOWNSHIP)
    line = AuditEvent.objects.get()
    assert (line.action, line.place, line.subject) == ("divisions.import", "430726", "d.csv")
    assert len(line.detail.pop("digest")) == 64
    assert line.detail == {"added": 2, "renamed": 0}


def test_audit_names_the_file_without_its_folder() -> None:
    import_divisions(name="/home/operator/secret/d.csv", data=f"code,name\n{COUNTY}".encode())
    assert AuditEvent.objects.get().subject == "d.csv"


def test_audit_names_the_file_by_its_content() -> None:
    load(COUNTY)
    load(COUNTY)
    load(COUNTY, TOWNSHIP)
    digests = [line.detail["digest"] for line in AuditEvent.objects.order_by("id")]
    assert digests[0] == digests[1] != digests[2]


def test_refused_import_leaves_no_audit_line() -> None:
    load(COUNTY, VILLAGE)
    assert not AuditEvent.objects.exists()


def test_nothing_changes_when_the_audit_fails() -> None:
    with audit_down():
        load(COUNTY)
    assert not Division.objects.exists()


def test_code_of_a_training_village_is_refused_by_line_and_in_words() -> None:
    report = load(COUNTY, TOWNSHIP, "990726,石门县（练习）\n", "990726201,罗坪乡（练习）\n")
    assert [(line, column) for line, column, _reason in reasons(report)] == [(4, "code"), (5, "code")]
    assert all("练习用的代码（99 开头）" in reason for _line, _column, reason in reasons(report))
    assert codes() == []
