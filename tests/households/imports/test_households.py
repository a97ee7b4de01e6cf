"""Import of households."""

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from households.imports.households import COLUMNS, import_households
from households.imports.problems import ImportReport
from households.models import AuditEvent, Division, Household
from households.register.phones import decrypt
from tests.audit_failure import audit_down
from tests.households.imports.reports import reasons
from tests.world import VILLAGE, World

HEADER = ",".join(COLUMNS) + "\n"
TODAY = date(2026, 10, 5)
NEW = f"{VILLAGE}030001"


def load(*lines: str, **given: Any) -> ImportReport:
    data = (HEADER + "".join(f"{line}\n" for line in lines)).encode()
    return import_households(**({"name": "h.csv", "data": data, "today": TODAY} | given))


def row(**cells: str) -> str:
    usual = dict.fromkeys(COLUMNS, "") | {
        "division_code": VILLAGE,
        "group": "3",
        "household_no": "1",
        "head_name": "新来",
    }
    return ",".join((usual | cells)[column] for column in COLUMNS)


def household(code: str = NEW) -> Household:
    return Household.objects.get(code=code)


def test_household_gets_its_code_group_and_initials(world: World) -> None:
    report = load(row(head_name="单国强", phone="13812345678", address="东山村三组1号"))
    assert report.counts == {"新增": 1, "更新": 0, "未变": 0, "新建组": 1}
    found = household()
    assert (found.group_id, found.head_name, found.initials) == (f"{VILLAGE}03", "单国强", "sgq")
    assert (found.address, found.valid_from, found.valid_to) == ("东山村三组1号", None, None)


def test_group_is_made_below_its_village(world: World) -> None:
    load(row(group="第12组"))
    group = Division.objects.get(code=f"{VILLAGE}12")
    assert (group.name, group.parent_id) == ("第12组", VILLAGE)


def test_group_that_has_a_name_keeps_it(world: World) -> None:
    Division.objects.filter(code=f"{VILLAGE}01").update(name="大塘组")
    assert load(row(group="1", household_no="9")).counts["新建组"] == 0
    assert Division.objects.get(code=f"{VILLAGE}01").name == "大塘组"


def test_phone_is_stored_encrypted(world: World) -> None:
    load(row(phone="13812345678"))
    stored = bytes(household().phone or b"")
    assert b"13812345678" not in stored
    assert decrypt(stored) == "13812345678"


def test_phone_and_address_may_be_empty(world: World) -> None:
    load(row())
    assert (household().phone, household().address) == (None, "")


def test_backslashes_and_quotes_arrive_unchanged(world: World) -> None:
    load(row(address='"三组\\N路""甲""号\\"'))
    assert household().address == '三组\\N路"甲"号\\'


def test_same_file_again_changes_nothing(world: World) -> None:
    load(row(phone="13812345678", address="东山村"))
    before = Household.objects.values_list("phone", flat=True).get(code=NEW)
    again = load(row(phone="13812345678", address="东山村"))
    assert again.counts == {"新增": 0, "更新": 0, "未变": 1, "新建组": 0}
    assert bytes(household().phone) == bytes(before)


@pytest.mark.parametrize("change", [{"head_name": "新主"}, {"phone": "13900000000"}, {"address": "西头"}])
def test_changed_data_is_taken_over_and_counted(world: World, change: dict[str, str]) -> None:
    usual = {"head_name": "新来", "phone": "13812345678", "address": "东头"}
    load(row(**usual))
    assert load(row(**(usual | change))).counts["更新"] == 1
    found = household()
    assert {"head_name": found.head_name, "phone": decrypt(found.phone), "address": found.address} == usual | change


def test_changed_name_changes_its_initials(world: World) -> None:
    load(row(head_name="张三"))
    load(row(head_name="查三"))
    assert household().initials == "zs"


def test_empty_phone_and_address_leave_what_is_known(world: World) -> None:
    load(row(phone="13812345678", address="东头"))
    assert load(row()).counts["未变"] == 1
    assert decrypt(household().phone) == "13812345678"
    assert household().address == "东头"


def test_phone_under_a_lost_key_is_written_anew(world: World) -> None:
    load(row(phone="13812345678"))
    Household.objects.filter(code=NEW).update(phone=b"\x01" + b"0" * 40)
    assert load(row(phone="13812345678")).counts["更新"] == 1
    assert decrypt(household().phone) == "13812345678"


def test_valid_from_is_for_new_households_only(world: World) -> None:
    load(row(), valid_from=date(2026, 10, 1))
    assert household().valid_from == date(2026, 10, 1)
    load(row(head_name="改名"), valid_from=date(2026, 11, 1))
    assert household().valid_from == date(2026, 10, 1)


def test_places_are_the_villages_that_gained(world: World) -> None:
    assert load(row(group="1"), row()).places == {VILLAGE}
    assert load(row(head_name="改名")).places == set()


def test_same_household_twice_is_refused_with_both_lines(world: World) -> None:
    found = reasons(load(row(group="3"), row(group="4"), row(group="第三组", household_no="0001")))
    assert found == [(4, "household_no", f"与第 2 行是同一户（{NEW}）")]
    assert not Household.objects.filter(code=NEW).exists()


def test_unknown_village_is_refused_by_name(world: World) -> None:
    found = reasons(load(row(), row(division_code="430726201999")))
    assert found == [(3, "division_code", "没有代码为 430726201999 的村，请先导入区划")]


@pytest.mark.parametrize(
    ("cells", "column", "word"),
    [
        ({"division_code": "430726201000"}, "division_code", "乡镇代码"),
        ({"division_code": "43072620120"}, "division_code", "11 位"),
        ({"group": "100"}, "group", "1 到 99"),
        ({"household_no": "10000"}, "household_no", "1 到 9999"),
        ({"head_name": ""}, "head_name", "户主不能为空"),
        ({"head_name": "王" * 10_000}, "head_name", "有 10000 个字，最多 30 个字"),
        ({"head_name": "=cmd|calc"}, "head_name", "当作公式执行"),
        ({"address": "@SUM(A1)"}, "address", "当作公式执行"),
        ({"address": "东" * 101}, "address", "最多 100 个字"),
        ({"phone": "12345"}, "phone", "5 位数字"),
        ({"phone": "=13812345678"}, "phone", "只能由数字"),
    ],
)
def test_bad_cell_is_refused_and_nothing_written(world: World, cells: dict[str, str], column: str, word: str) -> None:
    before = Household.objects.count()
    cells = {"group": "5"} | cells
    ((line, found, reason),) = reasons(load(row(), row(group="4"), row(**cells)))
    assert (line, found) == (4, column)
    assert word in reason
    assert Household.objects.count() == before


def test_problem_never_shows_a_whole_phone(world: World) -> None:
    report = load(row(phone="1381234567890123"))
    assert "1381234567890123" not in report.errors[0].sentence


def test_household_that_has_ended_is_refused(world: World) -> None:
    load(row())
    Household.objects.filter(code=NEW).update(valid_to="2026-09-30")
    assert reasons(load(row())) == [(2, "household_no", f"户 {NEW} 已于 2026-09-30 停用，户号不能再用")]


def test_village_that_has_ended_is_refused(world: World) -> None:
    Division.objects.filter(code=VILLAGE).update(valid_to="2026-09-30")
    assert reasons(load(row())) == [(2, "division_code", f"区划 {VILLAGE} 已于 2026-09-30 停用")]


def test_group_that_has_ended_is_refused(world: World) -> None:
    Division.objects.filter(code=f"{VILLAGE}02").update(valid_to="2026-10-05")
    assert reasons(load(row(group="2", household_no="9"))) == [
        (2, "division_code", f"区划 {VILLAGE}02 已于 2026-10-05 停用")
    ]


def test_group_that_will_end_still_takes_households(world: World) -> None:
    Division.objects.filter(code=f"{VILLAGE}02").update(valid_to="2026-10-06")
    assert load(row(group="2", household_no="9")).written


def test_every_problem_is_told_at_once(world: World) -> None:
    found = reasons(load(row(group="0"), row(division_code="430726201999"), row(phone="1", head_name="")))
    assert [(line, column) for line, column, _ in found] == [
        (2, "group"),
        (3, "division_code"),
        (4, "head_name"),
        (4, "phone"),
    ]


def test_workbook_of_numbers_reads_like_text(world: World) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, [float(VILLAGE), 3.0, 1.0, "新来", 13812345678.0, ""])
    assert load(data=buffer.getvalue()).counts["新增"] == 1
    assert decrypt(household().phone) == "13812345678"


def test_gb18030_reads_like_utf8(world: World) -> None:
    data = (HEADER + row(head_name="欧阳修文", address="东山村") + "\n").encode("gb18030")
    assert load(data=data).written
    assert household().head_name == "欧阳修文"


def test_rehearsal_counts_and_writes_nothing(world: World) -> None:
    before = (Household.objects.count(), Division.objects.count(), AuditEvent.objects.count())
    assert load(row(), dry_run=True).counts["新增"] == 1
    assert (Household.objects.count(), Division.objects.count(), AuditEvent.objects.count()) == before


def test_import_leaves_one_audit_line_without_names(world: World) -> None:
    load(row(head_name="张秘密", phone="13812345678"))
    line = AuditEvent.objects.first()
    assert (line.action, line.place) == ("households.import", VILLAGE[:6])
    assert (line.detail["added"], line.detail["updated"]) == (1, 0)
    assert "张秘密" not in f"{line.subject}{line.detail}"


def test_statements_do_not_grow_with_rows(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(20):
        load(row())
    with django_assert_num_queries(20):
        load(*(row(group=str(group)) for group in range(4, 34)))


def test_progress_is_told_in_order(world: World) -> None:
    told: list[tuple[str, float]] = []
    load(row(), tell=lambda doing, share: told.append((doing, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == ("完成", 1.0)


def test_nothing_changes_when_the_audit_fails(world: World) -> None:
    with audit_down():
        load(row())
    assert not Household.objects.filter(code=NEW).exists()
    assert not Division.objects.filter(code=f"{VILLAGE}03").exists()


def test_names_are_kept_in_usual_signs_and_it_is_said(world: World) -> None:
    report = load(
        row(head_name="⽥　\ue863"), row(household_no="2", head_name="王　五"), row(household_no="3", head_name="🐉龙")
    )
    assert set(Household.objects.filter(head_name__in=("田䶮", "王五")).values_list("initials", flat=True)) == {
        "ty",
        "ww",
    }
    assert [(note.column, note.reason) for note in report.notes] == [
        ("head_name", "里面有不规范的字形或符号，存为“田䶮”"),
        ("head_name", "“🐉龙”里有符号，不像名字，请核对"),
    ]


def test_name_with_a_sign_of_one_computer_is_refused_by_its_number(world: World) -> None:
    assert "含有造字 U+E5F1" in str(reasons(load(row(head_name="王\ue5f1"))))
