"""The audit log as a file: what the filter leaves, harmless in a spreadsheet, never an address, and a line of its own each time."""

import pytest

from households import audit
from households.audit_log import actions
from households.models import AuditEvent
from households.roles import Role
from tests.audit_failure import audit_down
from tests.world import STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
QUERIES = 7


def taken(world: World, query: str = "", form: str = "csv") -> str:
    return world.client(Role.AUDITOR).get(f"/audit/export/?form={form}{query}").content.decode("utf-8", "replace")


def lines(world: World, number: int = 1) -> None:
    for _ in range(number):
        audit.record(world.user(Role.CADRE), "household.close", place=f"{VILLAGE}010001", subject="=1+1")


def test_file_says_what_the_page_says(world: World) -> None:
    lines(world)
    said = taken(world, "&action=household.close")
    assert said.startswith("\ufeff时间,操作人,账号")
    head, row = said.strip().splitlines()
    assert f"{world.user(Role.CADRE).display_name},cadre,村干部,注销户,东山村,{VILLAGE}010001" in row
    assert "'=1+1" in row
    assert "来源" not in head


def test_every_export_is_a_line_with_its_filter(world: World) -> None:
    lines(world, 2)
    taken(world, f"&action=household.close&place={VILLAGE}&since=2024-01-01")
    taken(world, f"&action=household.close&place={VILLAGE}", "xlsx")
    first, second = AuditEvent.objects.filter(action="audit.export").order_by("id")
    assert (first.actor, first.place) == ("auditor", VILLAGE)
    assert first.detail == {"form": "csv", "lines": 2, "act": "household.close", "since": "2024-01-01"}
    assert second.detail["form"] == "xlsx"


def test_nothing_is_taken_without_a_line(world: World) -> None:
    lines(world)
    found = AuditEvent.objects.filter(action="household.close")
    with audit_down():
        actions.take_away(lines=found, asked={}, form="csv", by=world.user(Role.AUDITOR))
    assert not AuditEvent.objects.filter(action="audit.export").exists()


def test_filters_by_person_place_act_and_days_leave_what_they_say(world: World) -> None:
    lines(world)
    audit.record(world.stranger(Role.CADRE), "household.add", place=STRANGE, subject="other")
    name = world.user(Role.CADRE).display_name
    for query in (f"actor={name}&place={VILLAGE}", "action=household.close", "actor=cadre&action=household.close"):
        said = taken(world, f"&{query}")
        assert "注销户" in said and "other" not in said
    assert "注销户" not in taken(world, "&until=2020-01-01")
    assert "注销户" not in taken(world, f"&place={STRANGE}")


def test_lines_of_another_county_are_not_in_it(world: World) -> None:
    audit.record(None, "household.close", place="430999101101010001", subject="elsewhere")
    assert "elsewhere" not in taken(world)


def test_too_many_lines_are_refused_with_a_way_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lines(world, 3)
    monkeypatch.setattr(actions, "MAX_LINES", 2)
    answer = world.client(Role.AUDITOR).get("/audit/export/?action=household.close", follow=True)
    assert "一次最多导出 2 条" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="audit.export").exists()


def test_way_there_keeps_the_filter(world: World) -> None:
    lines(world)
    page = world.client(Role.AUDITOR).get("/audit/?action=household.close").content.decode()
    assert "/audit/export/?action=household.close&amp;form=csv" in page


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries(world: World, number: int, django_assert_num_queries: object) -> None:
    lines(world, number)
    client = world.client(Role.AUDITOR)
    client.get("/audit/export/?action=household.close")
    with django_assert_num_queries(QUERIES):
        client.get("/audit/export/?action=household.close")
