"""核对报警: raised once by the real checks, heard by whom it concerns, there until somebody has answered for it and it is gone."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from households.alarms import actions
from households.alarms.actions import MAX_ALARMS, REST, AlarmFinding, acknowledge, found_by
from households.alarms.hearing import alarms_of
from households.models import Alarm, AlarmKind, AuditEvent
from households.refusals import Refused
from households.roles import Role
from petitions import tasks as petition_tasks
from petitions.models import Petition
from scoring import tasks
from scoring.models import HouseholdScore, LedgerHead
from tests.acting import administrator
from tests.audit_failure import audit_down
from tests.constraints import broken
from tests.petitions.desk import Desk
from tests.world import COUNTY, MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
HEARS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.COUNTY_OFFICE}
QUERIES = 4
SCORE = f"{VILLAGE}010001"


def drift(where: str = f"{MONTH} {SCORE}", what: str = "户分数与事件相符") -> AlarmFinding:
    return AlarmFinding(AlarmKind.DRIFT, what, where, VILLAGE)


def one(*found: AlarmFinding) -> Alarm:
    found_by("check", found or [drift()])
    return Alarm.objects.latest("pk")


def page(world: World, role: str) -> str:
    return world.client(role).get(reverse("alarms")).content.decode()


def test_planted_drift_is_an_alarm_until_it_is_known_and_gone(world: World) -> None:
    world.frozen_month()
    tasks.check_nightly()
    assert not Alarm.objects.exists()
    HouseholdScore.objects.filter(month=MONTH, code=SCORE).update(broken=1)
    tasks.check_nightly()
    tasks.check_nightly()
    alarms = list(Alarm.objects.filter(where__contains=SCORE))
    assert alarms and len({alarm.key for alarm in alarms}) == len(alarms)  # once, however many nights
    said = page(world, Role.SYSTEM_ADMIN)
    assert SCORE in said
    assert "张三丰" not in said
    for alarm in Alarm.objects.unseen():
        acknowledge(alarm=alarm.pk, remark="已通知机房核查", by=world.user(Role.COUNTY_OFFICE))
    assert "有人知悉，还没有消除" in page(world, Role.AUDITOR)
    HouseholdScore.objects.filter(month=MONTH, code=SCORE).update(broken=0)
    tasks.check_nightly()
    assert not Alarm.objects.open().exists()
    assert "核对时已经没有了" in page(world, Role.AUDITOR)


def test_row_changed_past_the_trail_is_heard_by_the_keepers_alone(world: World) -> None:
    with administrator(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE households_user SET display_name = 'x' WHERE username = 'cadre'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    tasks.check_nightly()
    [alarm] = Alarm.objects.filter(kind=AlarmKind.TRAIL, what__contains="账号第")
    hears = {role for role in Role if alarms_of(world.user(role)).filter(pk=alarm.pk).exists()}
    assert hears == HEARS - {Role.COUNTY_OFFICE}


def test_broken_chain_is_an_alarm(world: World) -> None:
    world.frozen_month()
    with administrator(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE scoring_pointentry SET text = text || 'x' WHERE chain = %s AND seq = 1", [VILLAGE])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert LedgerHead.objects.filter(chain=VILLAGE).exists()
    tasks.publish_roots_of(COUNTY, day=timezone.localdate().isoformat())
    [alarm] = Alarm.objects.filter(kind=AlarmKind.CHAIN)
    assert (alarm.where, alarm.place) == (VILLAGE, VILLAGE)


def test_petition_out_of_step_is_named_by_number_alone(world: World) -> None:
    petition = Desk(world).assigned()
    Petition.objects.filter(pk=petition.pk).update(due_on="2031-01-01")
    petition_tasks.check_clocks()
    alarm = Alarm.objects.get(where=petition.number)
    assert alarm.kind == AlarmKind.PETITION
    assert "2031" not in page(world, Role.SYSTEM_ADMIN)


def test_check_that_fails_is_an_alarm_and_the_next_whole_one_ends_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:

        def fail() -> None:
            raise LookupError("x")

        patched.setattr(tasks, "seal", fail)
        with pytest.raises(LookupError):
            tasks.seal_trail()
    assert Alarm.objects.open().get().kind == AlarmKind.FAILED
    tasks.seal_trail()
    assert Alarm.objects.get().gone_at


def test_each_hears_what_concerns_them(world: World) -> None:
    alarm = one()
    assert {role for role in Role if alarms_of(world.user(role)).filter(pk=alarm.pk).exists()} == HEARS
    elsewhere = one(drift(), AlarmFinding(AlarmKind.DRIFT, "x", "430999101101", "430999101101"))
    assert not alarms_of(world.user(Role.COUNTY_OFFICE)).filter(pk=elsewhere.pk).exists()


def test_it_waits_in_the_inbox_until_somebody_answers_for_it(world: World) -> None:
    alarm, client = one(), world.client(Role.SECURITY_ADMIN)
    for address in ("/inbox/", "/"):
        assert "条核对报警等人知悉" in client.get(address).content.decode()
    answer = client.post(reverse("acknowledge-alarm", args=[alarm.pk]), {"remark": "已报机房"}, follow=True)
    person = world.user(Role.SECURITY_ADMIN)
    assert f"{person.get_role_display()} {person.display_name}，" in answer.content.decode()
    assert "条核对报警等人知悉" not in client.get("/inbox/").content.decode()
    line = AuditEvent.objects.get(action="alarm.acknowledge")
    assert (line.actor, line.detail["seen"]) == ("security_admin", 1)
    assert "已报机房" not in str(line.detail)


def test_without_a_remark_nobody_has_answered(world: World) -> None:
    answer = world.client(Role.AUDITOR).post(reverse("acknowledge-alarm", args=[one().pk]), {"remark": " "})
    assert "请写明怎么处理" in answer.content.decode()
    assert Alarm.objects.unseen().count() == 1


def test_remark_that_was_typed_stays_when_somebody_was_quicker(world: World) -> None:
    alarm = one()
    acknowledge(alarm=alarm.pk, remark="先到", by=world.user(Role.SYSTEM_ADMIN))
    with pytest.raises(Refused) as refused:
        acknowledge(alarm=alarm.pk, remark="后到", by=world.user(Role.AUDITOR))
    assert refused.value.code == "seen_already"
    assert Alarm.objects.get().remark == "先到"


def test_all_of_one_rule_are_answered_for_together_and_no_others(world: World) -> None:
    found_by("check", [drift(f"{MONTH} {number}") for number in range(12)] + [drift(what="别的")])
    said = page(world, Role.AUDITOR)
    assert "（12 处）" in said and "还有 2 处" in said
    first = Alarm.objects.filter(what=drift().what).first()
    assert acknowledge(alarm=first.pk, remark="同一原因", by=world.user(Role.AUDITOR), together=True) == 12
    assert Alarm.objects.unseen().get().what == "别的"


def test_gone_but_not_answered_for_it_stays_and_comes_back_as_the_same(world: World) -> None:
    alarm = one()
    found_by("check", [])
    assert Alarm.objects.unseen().get().gone_at
    found_by("check", [drift()])
    assert Alarm.objects.get().pk == alarm.pk and Alarm.objects.get().gone_at is None


def test_closed_it_comes_back_as_another(world: World) -> None:
    acknowledge(alarm=one().pk, remark="好了", by=world.user(Role.AUDITOR))
    found_by("check", [])
    assert found_by("check", [drift()]) == 1
    assert Alarm.objects.count() == 2


def test_other_check_leaves_it_alone(world: World) -> None:
    one()
    found_by("another", [])
    assert Alarm.objects.get().gone_at is None


def test_fault_everywhere_is_told_by_its_first_rows(world: World) -> None:
    found_by("check", [drift(str(number)) for number in range(MAX_ALARMS + 5)])
    assert Alarm.objects.count() == MAX_ALARMS + 1
    assert Alarm.objects.filter(what=REST).count() == 1


def test_nothing_is_raised_or_answered_for_without_a_line_in_the_log(world: World) -> None:
    alarm = one()
    with audit_down():
        found_by("check", [drift("elsewhere")])
    with audit_down():
        acknowledge(alarm=alarm.pk, remark="x", by=world.user(Role.AUDITOR))
    assert Alarm.objects.unseen().get() == alarm


def test_database_keeps_alarms_as_they_were_raised(world: World) -> None:
    alarm = one()
    acknowledge(alarm=alarm.pk, remark="已报机房", by=world.user(Role.AUDITOR))
    for change in ({"what": "x"}, {"remark": "另写"}, {"seen_by": None, "seen_at": None, "remark": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Alarm.objects.filter(pk=alarm.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Alarm.objects.all().delete()
    fresh = one(drift("elsewhere"))
    broken(lambda: Alarm.objects.filter(pk=fresh.pk).update(seen_at=timezone.now()), "alarm_seen_by_at_and_why")
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.Alarm.objects.create(source="check", key=fresh.key, kind="drift", what="x")


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries(world: World, number: int, django_assert_num_queries: object) -> None:
    found_by("check", [drift(str(each)) for each in range(number)])
    client = world.client(Role.AUDITOR)
    client.get(reverse("alarms"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("alarms"))
