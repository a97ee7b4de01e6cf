"""Import of departments."""

import pytest

from households.imports.departments import import_departments
from households.imports.problems import ImportReport
from households.models import AuditEvent, Department

pytestmark = pytest.mark.django_db


def load(*lines: str, dry_run: bool = False) -> ImportReport:
    return import_departments(name="b.csv", data=("code,name\n" + "\n".join(lines)).encode(), dry_run=dry_run)


def test_departments_keep_leading_zeros() -> None:
    assert load("001,林业局", "002,水利局").counts == {"新增": 2, "改名": 0, "未变": 0}
    assert [str(department) for department in Department.objects.all()] == ["林业局", "水利局"]
    assert Department.objects.filter(code="001").exists()


def test_same_file_again_changes_nothing() -> None:
    load("001,林业局")
    assert load("001,林业局").counts == {"新增": 0, "改名": 0, "未变": 1}


def test_changed_name_is_taken_over_and_told() -> None:
    load("001,林业局")
    report = load("001,县林业局")
    assert [note.reason for note in report.notes] == ["名称由“林业局”改为“县林业局”"]
    assert Department.objects.get().name == "县林业局"


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        (",林业局", "code", "部门代码"),
        ("林业局,林业局", "code", "部门代码"),
        ("003,", "name", "名称不能为空"),
        ("003,+1", "name", "公式"),
        ("001,水利局", "code", "与第 2 行是同一个部门（001）"),
    ],
)
def test_bad_line_is_refused_and_nothing_written(line: str, column: str, word: str) -> None:
    report = load("001,林业局", line)
    assert [(problem.line, problem.column) for problem in report.errors] == [(3, column)]
    assert word in report.errors[0].reason
    assert not Department.objects.exists()


def test_rehearsal_writes_nothing() -> None:
    assert load("001,林业局", dry_run=True).counts["新增"] == 1
    assert not Department.objects.exists()
    assert not AuditEvent.objects.exists()


def test_import_leaves_one_audit_line() -> None:
    load("001,林业局")
    detail = AuditEvent.objects.get(action="departments.import").detail
    assert detail.keys() == {"added", "renamed", "digest"}
