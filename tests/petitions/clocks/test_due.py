"""What is shown is what the history gives, after every step and through every door."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from households.models import AuditEvent
from households.workdays.workdays import SHANGHAI
from petitions import tasks
from petitions.clocks import deadlines
from petitions.models import Petition, PetitionEvent, Way
from petitions.steps import closing, reminding, routing
from tests.petitions.clocks.histories import on


def at(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" in text else f"{text}T09:00").replace(tzinfo=SHANGHAI)


@pytest.fixture
def filed(desk) -> Petition:
    return desk.file(at=at("2024-03-01"))


@pytest.fixture
def assigned(desk, filed) -> Petition:
    return desk.assign(desk.accept(filed, at=at("2024-03-05")), at=at("2024-03-06"))


def shown(petition: Petition):
    """The columns as they lie in the database; they must be what the history gives."""
    fresh = Petition.objects.get(pk=petition.pk)
    assert list(deadlines.drifts()) == []
    return fresh.due_on


def pause(desk, petition, day):
    return routing.pause(op_id=uuid4(), petition=petition, by=desk.office, told="等待鉴定结果", at=at(day))


def test_due_when_filed(filed) -> None:
    assert shown(filed) == on("2024-03-16")


def test_due_of_a_hotline_ticket(desk) -> None:
    ticket = desk.file(at=at("2024-02-01"), channel="net", way=Way.HOTLINE, demand="complaint", external_no="A1")
    assert shown(ticket) == on("2024-02-16")  # the 15 days come first
    assert shown(desk.accept(ticket, at=at("2024-02-05"))) == on("2024-02-23")


def test_due_moves_with_acceptance_and_extension(desk, assigned) -> None:
    assert shown(assigned) == on("2024-05-04")
    routing.extend(op_id=uuid4(), petition=assigned, by=desk.office, days=20, told="要请专家", at=at("2024-04-20"))
    assert shown(assigned) == on("2024-05-24")


def test_due_goes_in_a_pause_and_comes_back(desk, assigned) -> None:
    assert shown(pause(desk, assigned, "2024-03-10")) is None
    resumed = routing.resume(op_id=uuid4(), petition=assigned, by=desk.office, at=at("2024-03-20"))
    assert shown(resumed) == on("2024-05-14")


def test_answer_in_a_pause_ends_it(desk, assigned) -> None:
    pause(desk, assigned, "2024-03-10")
    handled = desk.handle(assigned, at=at("2024-03-12"))
    answered = desk.answer(handled, at=at("2024-03-13"))
    assert (shown(answered), answered.paused) == (None, False)


def test_due_of_a_reopened_one(desk, assigned) -> None:
    answered = desk.answer(desk.handle(assigned, at=at("2024-03-12")), at=at("2024-03-13"))
    reopened = closing.reopen(op_id=uuid4(), petition=answered, by=None, note="路又断了", at=at("2024-03-20"))
    assert shown(reopened) == on("2024-05-19")


def test_drift_is_found(filed) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_petition SET due_on = '2024-03-17' WHERE id = %s", [filed.pk])
    (drift,) = deadlines.drifts()
    assert (drift.number, drift.expected["due_on"], drift.found["due_on"]) == (
        filed.number,
        on("2024-03-16"),
        on("2024-03-17"),
    )
    tasks.check_clocks()
    assert Petition.objects.get(pk=filed.pk).due_on == on("2024-03-17")  # repaired by nobody in silence


def test_explanation_names_the_reasons(desk, assigned) -> None:
    pause(desk, assigned, "2024-03-10")
    routing.resume(op_id=uuid4(), petition=assigned, by=desk.office, at=at("2024-03-20"))
    routing.extend(op_id=uuid4(), petition=assigned, by=desk.office, days=20, told="要请专家", at=at("2024-04-20"))
    handling = deadlines.explained(assigned, on("2024-04-21"))[0]
    text = "".join(line.text for line in handling.lines)
    assert "等待鉴定结果" in text
    assert "要请专家" in text
    assert "到期日：2024年6月3日（周一）" in text
    assert handling.status == "还有 43 天"


def test_filer_is_not_shown_what_offices_settle(desk, assigned) -> None:
    staff = {each.clock.key for each in deadlines.explained(assigned)}
    filer = {each.clock.key for each in deadlines.explained(assigned, filer=True)}
    assert staff - filer == {"contest"}


def test_reminder_is_sent_once_a_rung(filed) -> None:
    assert reminding.remind_due(at("2024-03-11T10:00")) == 1
    assert reminding.remind_due(at("2024-03-11T11:00")) == 0
    assert reminding.remind_due(at("2024-03-15T10:00")) == 1
    lines = PetitionEvent.objects.filter(petition=filed, kind="remind").order_by("seq")
    assert [each.data["step"] for each in lines] == [1, 2]
    assert "“登记受理”将在2024年3月16日（周六）到期" in lines[0].note
    assert lines[0].role == "system"


def test_reminders_change_no_due_day(filed) -> None:
    reminding.remind_due(at("2024-03-18T10:00"))
    assert shown(filed) == on("2024-03-16")


def test_no_reminder_outside_working_hours(filed) -> None:
    assert reminding.remind_due(at("2024-03-16T10:00")) == 0  # a Saturday
    assert reminding.remind_due(at("2024-03-18T20:00")) == 0


def test_supervision_order_at_the_top(filed) -> None:
    assert reminding.remind_due(at("2024-03-22T10:00")) == 1
    assert reminding.remind_due(at("2024-06-03T10:00")) == 0
    order = PetitionEvent.objects.get(petition=filed, kind="supervise")
    assert (order.data["step"], order.by) == (4, None)
    assert "督办" in order.note


def test_no_reminder_in_a_pause(desk, filed) -> None:
    pause(desk, filed, "2024-03-10")
    assert reminding.remind_due(at("2024-03-18T10:00")) == 0


def test_reminders_of_many_take_few_queries(desk, django_assert_max_num_queries) -> None:
    for _ in range(3):
        desk.file(at=at("2024-03-01"))
    reminding.remind_due(at("2024-03-22T10:00"))
    with django_assert_max_num_queries(4):
        assert reminding.remind_due(at("2024-03-25T10:00")) == 0


def test_audit_of_a_reminder_names_nobody(filed) -> None:
    reminding.remind_due(at("2024-03-22T10:00"))
    line = AuditEvent.objects.filter(subject=filed.number).order_by("-pk").first()
    assert "张三丰" not in str(vars(line))
    assert line.action == "petition.supervise"


def test_closed_when_nobody_objected(desk, assigned) -> None:
    answered = desk.answer(desk.handle(assigned, at=at("2024-03-12")), at=at("2024-03-13"))
    assert reminding.close_passed(at("2024-03-28T23:59")) == 0
    assert reminding.close_passed(at("2024-03-29T00:00")) == 1
    assert reminding.close_passed(at("2024-03-30")) == 0
    assert Petition.objects.get(pk=answered.pk).state == "closed"


def test_tasks_ring(filed) -> None:
    tasks.remind()
    tasks.close_passed()
    assert Petition.objects.get(pk=filed.pk).state == "filed"


def test_command_says_that_all_is_well(assigned, capsys) -> None:
    call_command("verify_petitions")
    assert "正常" in capsys.readouterr().out


def test_command_names_the_wrong_one(assigned, capsys) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_petition SET due_on = '2024-03-17' WHERE id = %s", [assigned.pk])
    with pytest.raises(SystemExit):
        call_command("verify_petitions")
    assert f"不符 {assigned.number}：到期日应为 2024-05-04，实为 2024-03-17" in capsys.readouterr().out
