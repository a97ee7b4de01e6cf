"""Linkages in the browser and over HTTP: changed in mid-year, frozen months untouched, the effect shown before."""

import re
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse

from households.imports.departments import import_departments
from households.imports.linkages import import_linkages
from households.models import AuditEvent, Department, Linkage
from households.months import Month
from households.roles import Role
from scoring.checks.verify import verify
from scoring.linkages import checks, reads
from scoring.linkages.actions import WantedLinkage, set_linkage
from scoring.models import DepartmentScore
from scoring.months.months import open_month
from scoring.rollup.rollup import roll_up_marked
from tests.audit_failure import audit_down
from tests.refusals import refusal_code
from tests.world import MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

NEXT, BEFORE = "2024-06", "2024-04"
URL = "/api/v1/linkages/"


def change(
    world: World, place: str = VILLAGE, *, weight: int = 5, start: Month = NEXT, end: str = "", leader: str = ""
) -> Linkage:
    department = Department.objects.get(code="LYJ")
    division = {VILLAGE: world.village, SISTER: world.sister, STRANGE: world.strange, TOWNSHIP: world.township}[place]
    wanted = WantedLinkage(department, division, weight, start, end, leader)
    return set_linkage(op_id=uuid4(), wanted=wanted, by=world.user(Role.COUNTY_OFFICE))


def stored(place: str = VILLAGE, department: str = "LYJ") -> list[tuple[int, str, str, str]]:
    rows = Linkage.objects.filter(department=department, division=place).order_by("from_month")
    return list(rows.values_list("weight", "from_month", "to_month", "leader"))


def send(world: World, **fields: object) -> HttpResponse:
    body = {"op_id": uuid4(), "place": VILLAGE, "weight": 5, "from_month": NEXT, "to_month": "", "leader": ""}
    return world.client(Role.COUNTY_OFFICE).post(reverse("change-linkage", args=["LYJ"]), body | fields)


def plain(text: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", text)


def test_change_in_mid_year_ends_the_row_and_begins_another(world: World) -> None:
    change(world, leader="王副县长")
    assert stored() == [(2, "2023-01", "2024-05", ""), (5, NEXT, "", "王副县长")]
    change(world, weight=0, start="2024-09")
    assert stored()[1] == (5, NEXT, "2024-08", "王副县长")
    change(world, weight=1, start="2024-10", end="2024-12")
    assert [row[1] for row in stored()] == ["2023-01", NEXT, "2024-10"]
    assert [one.holds for one in checks.checked(None)] == [True]
    assert AuditEvent.objects.filter(action="linkage.set", place=VILLAGE).count() == 3


def test_frozen_months_never_change_and_open_ones_follow(world: World) -> None:
    world.frozen_once()
    before = list(DepartmentScore.objects.filter(month=MONTH).values())
    open_month(NEXT)
    for start in (MONTH, BEFORE):
        assert refusal_code(change, world, start=start) == "frozen"
    change(world)
    roll_up_marked()
    assert list(DepartmentScore.objects.filter(month=MONTH).values()) == before
    assert DepartmentScore.objects.get(month=NEXT, department_code="LYJ").active == 5 * 8 + 2
    assert verify() == []


def test_month_that_was_signed_for_is_refused_as_the_import_refuses_it(world: World) -> None:
    world.declare(month=MONTH)
    assert refusal_code(change, world, start=MONTH) == "linkage"
    assert stored() == [(2, "2023-01", "", "")]


def test_what_cannot_be_is_refused(world: World) -> None:
    change(world, start="2024-09")
    assert refusal_code(change, world, start="2024-07") == "linkage"
    assert refusal_code(change, world, TOWNSHIP) == "counted_twice"
    assert refusal_code(change, world, STRANGE, weight=0) == "nothing_to_end"
    assert refusal_code(change, world, leader="长" * 61) == "too_long"


def test_leader_is_put_right_behind_a_lock(world: World) -> None:
    world.frozen_once()
    change(world, weight=2, start="2023-01", leader="李县长")
    assert stored() == [(2, "2023-01", "", "李县长")]


def test_change_without_its_audit_line_changes_nothing(world: World) -> None:
    with audit_down():
        change(world)
    assert stored() == [(2, "2023-01", "", "")]


def test_effect_is_shown_before_and_only_the_second_step_writes(world: World) -> None:
    world.record(world.household.code, "WR02")
    world.frozen_month()
    open_month(NEXT)
    wanted = WantedLinkage(Department.objects.get(code="LYJ"), world.sister, 9, NEXT)
    running, projected = reads.effects(wanted, by=world.user(Role.COUNTY_OFFICE))
    assert (running.month, running.before, running.projected) == (NEXT, running.after, False)
    assert (projected.month, projected.projected, projected.others) == (MONTH, True, 0)
    assert (projected.before.households, projected.after.households) == (2 * 8 + 2, 2 * 8 + 9 * 2)
    assert float(projected.before.result) < float(projected.after.result) < 100
    assert (projected.before.rank, projected.after.rank) == (2, 2)
    seen = plain(send(world, place="西河村", weight=9).content.decode())
    assert "按2024年5月的得分推算" in seen and projected.after.result in seen
    assert stored(SISTER) == [(1, "2023-01", "", "")]
    assert send(world, place="西河村", weight=9, sure="1").status_code == 302
    assert stored(SISTER)[1] == (9, NEXT, "", "")


def test_page_says_what_is_wrong_and_keeps_what_was_typed(world: World) -> None:
    for fields, said in (
        ({"place": "没有村"}, "没有叫这个名字的"),
        ({"from_month": "明年"}, "月份"),
        ({"place": VILLAGE, "weight": 0, "from_month": "2023-01"}, "没有可以结束的"),
    ):
        answer = send(world, leader="赵县长", **fields)
        assert answer.status_code == 422 and said in answer.content.decode() and "赵县长" in answer.content.decode()
    assert stored() == [(2, "2023-01", "", "")]


def test_departments_are_listed_named_and_exported(world: World) -> None:
    change(world, start="2024-06", leader="王副县长")
    office = world.client(Role.COUNTY_OFFICE)
    office.post(reverse("set-department"), {"department": "NYJ", "name": "农业农村局"})
    office.post(reverse("set-department"), {"department": "LYJ", "name": "县林业局"})
    listed = plain(office.get(reverse("departments")).content.decode())
    assert "县林业局LYJ东山村（5）西河村（1）王副县长" in listed and "农业农村局NYJ没有" in listed
    assert AuditEvent.objects.filter(action="department.set").count() == 2
    assert "登记一个部门" not in world.client(Role.TOWNSHIP).get(reverse("departments")).content.decode()
    history = plain(world.client(Role.DEPARTMENT).get(reverse("department", args=["LYJ"])).content.decode())
    assert "2023年1月2024年5月" in history and "王副县长在联系" in history
    exported = office.get(reverse("departments"), {"format": "csv"}).content
    assert "王副县长" in exported.decode()
    assert import_linkages(name="回来.csv", data=exported).counts == {"新增": 0, "更新": 0, "未变": 4}
    exported = office.get(reverse("departments"), {"format": "csv", "of": "departments"}).content
    assert import_departments(name="回来.csv", data=exported).counts["未变"] == 3


def test_interface_sets_once_and_lists(world: World) -> None:
    office, body = world.client(Role.COUNTY_OFFICE), {"op_id": str(uuid4()), "department": "SLJ", "division": VILLAGE}
    body |= {"weight": 3, "from": NEXT}
    answers = [office.post(URL, body, content_type="application/json") for _ in range(2)]
    row = {"department": "SLJ", "division": VILLAGE, "weight": 3, "leader": "", "from": NEXT, "to": ""}
    assert [(one.status_code, one.json()) for one in answers] == [(201, row)] * 2
    assert row in office.get(URL, {"department": "SLJ"}).json()["linkages"]
    assert len(office.get(URL).json()["linkages"]) == 4
    for role, status in ((Role.TOWNSHIP, 403), (Role.DEPARTMENT, 403)):
        body["op_id"] = str(uuid4())
        assert world.client(role).post(URL, body, content_type="application/json").status_code == status
    missing = body | {"op_id": str(uuid4()), "department": "XXX"}
    assert office.post(URL, missing, content_type="application/json").status_code == 404


def test_verify_names_linkages_in_force_twice(world: World) -> None:
    Linkage.objects.create(department_id="LYJ", division=world.village, from_month="2024-01")
    [line] = checks.checked(None)
    assert not line.holds and VILLAGE in line.sentence
