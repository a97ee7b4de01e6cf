"""Import of contacts: by command and by page, rehearsed, refused by line."""

from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from households.contacts import checks
from households.contacts.actions.contacts import end
from households.contacts.importing import COLUMNS, NAMES, import_contacts
from households.files.exports import workbook
from households.imports.problems import ImportReport
from households.models import AuditEvent, Contact, ContactPerson, MicroGrid, User
from households.roles import Role
from tests.households.contacts.village_contacts import TODAY, give, person
from tests.world import SISTER, STRANGE, VILLAGE, World

HEADINGS = {column.name: column.heading for column in COLUMNS}
HEADER = ",".join(NAMES) + "\n"
ONE = f"{VILLAGE}010001"
FILE = "\n".join(
    [
        f"{ONE},党员联系,党树人,139 0000 0007,2024-01-05,,,",
        f"{VILLAGE}010002,party,党树人,,2024/1/5,,,",
        f"{ONE},微网格长,井水清,,2024-01-05,,水井边,leader",
        f"{VILLAGE}010002,微网格长,井水清,,2024-01-05,,水井边,",
        f"{SISTER}010001,网格长,党树人,13900000009,2024-01-05,2024-06-01,,",
    ]
)


def load(*lines: str, by: User | None = None, dry_run: bool = False) -> ImportReport:
    return import_contacts(name="联系人.csv", data=(HEADER + "\n".join(lines)).encode(), by=by, dry_run=dry_run)


def said(report: ImportReport) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in report.errors]


def test_file_makes_people_grids_and_contacts_once(world: World) -> None:
    assert load(FILE).counts == {"新增": 5, "结束": 0, "未变": 0}
    assert load(FILE).counts == {"新增": 0, "结束": 0, "未变": 5}
    people = {(one.place_id, str(one.name), str(one.phone)) for one in ContactPerson.objects.all()}
    assert people == {(VILLAGE, "党树人", "13900000007"), (VILLAGE, "井水清", ""), (SISTER, "党树人", "13900000009")}
    assert ContactPerson.objects.get(user=world.user(Role.GROUP_LEADER)).name == "井水清"
    assert MicroGrid.objects.get().contacts.count() == 2
    assert [one.holds for one in checks.checked(None)] == [True]
    assert AuditEvent.objects.filter(action="contacts.import").count() == 2


def test_rehearsal_writes_nothing_and_says_what_would_happen(world: World) -> None:
    report = load(FILE, dry_run=True)
    assert report.counts["新增"] == 5 and "演练通过" in report.sentence
    assert (Contact.objects.count(), ContactPerson.objects.count(), MicroGrid.objects.count()) == (0, 0, 0)


def test_known_contact_takes_over_its_end_and_a_new_number(world: World) -> None:
    give(world, person(world), 0)
    report = load(f"{ONE},党员,党树人,13900000008,2024-01-05,{TODAY.isoformat()},,")
    assert report.counts["结束"] == 1 and "电话" in report.notes[0].reason
    assert Contact.objects.get().valid_to == TODAY and ContactPerson.objects.get().phone == "13900000008"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"{VILLAGE}010099,党员,甲乙,,2024-01-05,,,", "household_code"),
        (f"{ONE},朋友,甲乙,,2024-01-05,,,", "kind"),
        (f"{ONE},党员,,,2024-01-05,,,", "person"),
        (f"{ONE},党员,甲乙,一二三,2024-01-05,,,", "phone"),
        (f"{ONE},党员,甲乙,,昨天,,,", "from_date"),
        (f"{ONE},党员,甲乙,,2024-01-05,2024-01-01,,", "to_date"),
        (f"{ONE},党员,甲乙,,2024-01-05,,水井边,", "micro_grid"),
        (f"{ONE},微网格长,甲乙,,2024-01-05,,,", "micro_grid"),
        (f"{ONE},党员,甲乙,,2024-01-05,,,auditor", "account"),
        (f"{ONE},党员,党树人,,2024-01-05,,,", "household_code"),
    ],
)
def test_wrong_line_is_named_and_nothing_is_written(world: World, line: str, column: str) -> None:
    report = load(f"{ONE},党员,党树人,,2024-01-05,,,", line)
    assert said(report) == [(3, column)]
    assert (Contact.objects.count(), ContactPerson.objects.count()) == (0, 0)


def test_namesakes_are_told_apart_by_number_or_refused(world: World) -> None:
    person(world, "党树人", "13900000001")
    person(world, "党树人", "13900000002")
    assert said(load(f"{ONE},党员,党树人,,2024-01-05,,,")) == [(2, "person")]
    load(f"{ONE},党员,党树人,13900000002,2024-01-05,,,")
    assert Contact.objects.get().person.phone == "13900000002"


def test_other_head_of_a_known_micro_grid_is_refused(world: World) -> None:
    load(FILE)
    assert said(load(f"{VILLAGE}010003,微网格长,党树人,,2024-01-05,,水井边,")) == [(2, "person")]


def test_ended_contact_can_begin_anew(world: World) -> None:
    [contact] = give(world, person(world), 0)
    end(op_id=uuid4(), contact=contact, on=TODAY, by=None)
    assert load(f"{ONE},党员,党树人,,{TODAY.isoformat()},,,").counts["新增"] == 1


def test_command_reads_chinese_workbook_and_refuses_with_its_headings(world: World, tmp_path: Path) -> None:
    row = dict(zip(NAMES, (ONE, "党员联系", "党树人", "13900000007", "2024-01-05", "", "", ""), strict=True))
    file = tmp_path / "联系人.xlsx"
    file.write_bytes(workbook(HEADINGS, [row], []))
    out, err = StringIO(), StringIO()
    call_command("import_contacts", str(file), "--dry-run", stdout=out)
    assert "演练通过" in out.getvalue() and Contact.objects.count() == 0
    call_command("import_contacts", str(file), stdout=out)
    assert Contact.objects.count() == 1
    file.write_bytes(workbook(HEADINGS, [row | {"kind": "朋友"}], []))
    with pytest.raises(SystemExit) as left:
        call_command("import_contacts", str(file), stderr=err)
    assert left.value.code == 1 and "联系类型:" in err.getvalue()


def test_village_brings_its_own_households_and_no_others(world: World) -> None:
    line = f"{ONE},党员联系,党树人,,2024-01-05,,,"
    assert load(line, by=world.user(Role.CADRE)).written
    assert said(load(f"{STRANGE}010001,党员联系,外村人,,2024-01-05,,,", by=world.user(Role.CADRE))) == [
        (2, "household_code")
    ]
    for role in (Role.CADRE, Role.TOWNSHIP, Role.COUNTY_OFFICE):
        page = world.client(role).get(reverse("import-file", args=["contacts"])).content.decode()
        assert all(heading in page for heading in HEADINGS.values())
