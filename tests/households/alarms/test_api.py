"""Alarms over the interface: what is listed to whom, and answering for it by name as on the page."""

import pytest

from households.alarms.actions import AlarmFinding, found_by
from households.models import Alarm, AlarmKind, AuditEvent
from households.roles import Role
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db
LIST = "/api/v1/alarms/"
DRIFT = AlarmFinding(AlarmKind.DRIFT, "户分数与事件相符", "2024-06", VILLAGE)
TRAIL = AlarmFinding(AlarmKind.TRAIL, "留痕相符", "账号第 7 号")
QUERIES = 2  # the person, the alarms


def listed(world: World, role: str, **asked: str) -> list[dict]:
    return world.client(role).get(LIST, asked).json()["alarms"]


def answered(world: World, role: str, alarm: int, **body: object) -> tuple[int, dict]:
    answer = world.client(role).post(f"{LIST}{alarm}/acknowledge/", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_each_reads_what_they_hear_of(world: World) -> None:
    elsewhere = AlarmFinding(AlarmKind.DRIFT, "x", "y", "430999101101")
    found_by("check", [DRIFT, TRAIL, elsewhere])
    assert {one["kind"] for one in listed(world, Role.AUDITOR)} == {"drift", "trail"}
    [one] = listed(world, Role.COUNTY_OFFICE)
    assert (one["what"], one["where"], one["place"], one["check"]) == (DRIFT.what, DRIFT.where, VILLAGE, "check")
    assert (one["state"], one["seen_by"], one["seen_at"]) == ("unseen", "", None)


def test_name_and_remark_stand_there_until_it_is_gone(world: World) -> None:
    found_by("check", [DRIFT])
    number, person = Alarm.objects.get().pk, world.user(Role.SECURITY_ADMIN)
    assert answered(world, person.role, number, remark="已报机房") == (200, {"seen": 1})
    [one] = listed(world, Role.AUDITOR, state="seen")
    assert (one["seen_by"], one["remark"], one["state"]) == (person.display_name, "已报机房", "seen")
    assert AuditEvent.objects.get(action="alarm.acknowledge").actor == person.username
    found_by("check", [])
    assert listed(world, Role.AUDITOR) == []
    [one] = listed(world, Role.AUDITOR, state="closed")
    assert one["state"] == "closed" and one["gone_at"]


def test_second_name_is_told_and_changes_nothing(world: World) -> None:
    found_by("check", [DRIFT])
    number = Alarm.objects.get().pk
    answered(world, Role.SYSTEM_ADMIN, number, remark="先到")
    status, said = answered(world, Role.AUDITOR, number, remark="后到")
    assert (status, said["code"]) == (409, "seen_already")
    assert Alarm.objects.get().remark == "先到"


def test_trail_is_not_answered_for_by_the_office(world: World) -> None:
    found_by("check", [TRAIL])
    status, said = answered(world, Role.COUNTY_OFFICE, Alarm.objects.get().pk, remark="我们自己看过")
    assert (status, said["code"]) == (404, "not_found")
    assert Alarm.objects.unseen().count() == 1


def test_all_of_a_rule_at_once_and_never_without_a_word(world: World) -> None:
    found_by("check", [AlarmFinding(DRIFT.kind, DRIFT.what, str(number), VILLAGE) for number in range(3)])
    number = Alarm.objects.first().pk
    assert answered(world, Role.AUDITOR, number, remark=" ")[0] == 400
    assert Alarm.objects.unseen().count() == 3
    assert answered(world, Role.AUDITOR, number, remark="同一原因", together=True) == (200, {"seen": 3})


def test_more_than_a_page_is_asked_for_in_turn(world: World) -> None:
    found_by("check", [AlarmFinding(DRIFT.kind, DRIFT.what, str(number), VILLAGE) for number in range(105)])
    answer = world.client(Role.AUDITOR).get(LIST).json()
    rest = listed(world, Role.AUDITOR, until=str(answer["until"]))
    assert (len(answer["alarms"]), len(rest)) == (100, 5)
    assert not {one["id"] for one in answer["alarms"]} & {one["id"] for one in rest}


@pytest.mark.parametrize("alarms", [1, 3])
def test_list_asks_alike_however_many(world: World, django_assert_num_queries: object, alarms: int) -> None:
    found_by("check", [AlarmFinding(DRIFT.kind, DRIFT.what, str(number), VILLAGE) for number in range(alarms)])
    client = world.client(Role.AUDITOR)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        client.get(LIST)
