"""Writing to a village's month over HTTP: each kind of operation, each way it can end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from households.models import AuditEvent
from households.months import month_of
from households.roles import Role
from scoring.models import Declaration, Mark, ScoreEvent, Sheet
from scoring.states import SheetState, lock_reason
from tests.audit_failure import audit_down
from tests.scoring.points.asking import add, asker, op, withdraw
from tests.world import MONTH, SISTER, STRANGE, VILLAGE, World

FIRST, SECOND, OTHER_GROUP = f"{VILLAGE}010001", f"{VILLAGE}010002", f"{VILLAGE}020001"
DOCUMENT = "石公行罚决字〔2024〕5号"


def test_added_exception_is_answered_with_its_event(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    sent = add(FIRST, note="棚子占了路")
    answer = cadre.send(sent, base=0)
    event = ScoreEvent.objects.get()
    assert [{name: result[name] for name in result if name != "receipt"} for result in answer["results"]] == [
        {"op_id": sent["op_id"], "status": "applied", "reason": "", "event": event.pk, "code": "", "fields": {}}
    ]
    assert (answer["version"], answer["state"]) == (1, "open")
    assert answer["events"] == cadre.read()["events"]


def test_added_exception_is_audited_and_marks_the_village(world: World) -> None:
    asker(world, Role.CADRE).record(FIRST, note="张三丰家的棚子")
    line = AuditEvent.objects.get(action="event.record")
    assert (line.actor, line.place, line.detail["clause"]) == (Role.CADRE, FIRST, "WJ02")
    assert "张三丰" not in str(line.detail)
    assert Mark.objects.filter(month=MONTH, code=VILLAGE).exists()


def test_bonus_and_reminder_are_exceptions_too(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.record(FIRST, "WJ08")
    cadre.record(SECOND, "WJ01")
    assert [(event["kind"], event["points"]) for event in cadre.read()["events"]] == [("bonus", 10), ("remind", 0)]


def test_village_itself_takes_clauses_of_divisions(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.record(VILLAGE, "WR13")
    cadre.record(f"{VILLAGE}01", "WR03")
    assert [event["code"] for event in cadre.read()["events"]] == [VILLAGE, f"{VILLAGE}01"]


def test_second_person_confirms_and_the_recorder_cannot(world: World) -> None:
    number = asker(world, Role.CADRE).record(FIRST, "WJ04")
    own = asker(world, Role.CADRE).result(op("confirm", event=number))
    assert (own["status"], own["code"]) == ("refused", "second_person")
    assert "另一个人" in own["reason"]
    assert asker(world, Role.SUPERVISOR).status(op("confirm", event=number)) == "applied"
    event = ScoreEvent.objects.get()
    assert (event.confirmed_by, event.confirmed_at is None) == (world.user(Role.SUPERVISOR), False)


def test_confirmed_twice_is_a_conflict(world: World) -> None:
    number = asker(world, Role.CADRE).record(FIRST, "WJ04")
    asker(world, Role.SUPERVISOR).send(op("confirm", event=number))
    result = asker(world, Role.TOWNSHIP).result(op("confirm", event=number))
    assert (result["status"], result["reason"]) == ("conflict", "这一条已经有人确认。")


def test_leader_cannot_confirm(world: World) -> None:
    number = asker(world, Role.CADRE).record(FIRST, "WJ04")
    result = asker(world, Role.GROUP_LEADER).result(op("confirm", event=number))
    assert (result["status"], result["code"]) == ("refused", "not_yours")
    assert "监督委员" in result["reason"]


def test_withdrawal_keeps_reason_and_person(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    assert cadre.status(withdraw(cadre.record(FIRST), "户主出示了批准书")) == "applied"
    event = ScoreEvent.objects.get()
    assert (event.withdraw_reason, event.withdrawn_by) == ("户主出示了批准书", world.user(Role.CADRE))
    assert cadre.read()["counts"]["six_zero"] == 8


def test_withdrawal_without_a_reason_is_refused(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    result = cadre.result(withdraw(cadre.record(FIRST), "  "))
    assert (result["status"], result["reason"], result["fields"]) == ("refused", "撤回要写明原因。", {"reason": "必填"})


def test_withdrawn_twice_is_a_conflict(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    number = cadre.record(FIRST)
    cadre.send(withdraw(number))
    assert cadre.status(withdraw(number)) == "conflict"


@pytest.mark.parametrize(
    ("recorder", "other", "status"),
    [
        (Role.GROUP_LEADER, Role.CADRE, "applied"),
        (Role.CADRE, Role.TOWNSHIP, "applied"),
        (Role.CADRE, Role.GROUP_LEADER, "refused"),
        (Role.CADRE, Role.DEPARTMENT, "refused"),
        (Role.CADRE, Role.SUPERVISOR, "refused"),
    ],
)
def test_who_stands_above_may_withdraw(world: World, recorder: str, other: str, status: str) -> None:
    number = asker(world, recorder).record(FIRST)
    assert asker(world, other).status(withdraw(number)) == status


def test_department_records_with_its_document_and_nobody_below_withdraws_it(world: World) -> None:
    number = asker(world, Role.DEPARTMENT).record(FIRST, "WJ07", document_no=DOCUMENT)
    for role in (Role.CADRE, Role.TOWNSHIP):
        assert "县直部门" in asker(world, role).result(withdraw(number))["reason"]
    assert asker(world, Role.DEPARTMENT).status(withdraw(number)) == "applied"


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.DEPARTMENT, Role.GROUP_LEADER])
def test_petition_clause_is_the_petition_offices_alone(world: World, role: str) -> None:
    result = asker(world, role).result(add(FIRST, "FF01", document_no=DOCUMENT))
    assert (result["status"], result["code"]) == ("refused", "recorder")
    assert result["reason"] == "条款 FF01 只能由信访局登记。请转告他们登记。"
    assert not ScoreEvent.objects.exists()


def test_petition_clause_needs_its_document(world: World) -> None:
    office = asker(world, Role.PETITION_OFFICE)
    assert office.result(add(FIRST, "FF01"))["code"] == "document_required"
    assert office.status(add(FIRST, "FF01", document_no=DOCUMENT)) == "applied"


def test_petition_office_records_nothing_else(world: World) -> None:
    assert asker(world, Role.PETITION_OFFICE).status(add(FIRST, "WJ02")) == "refused"


def test_missing_document_names_the_field_and_the_way_out(world: World) -> None:
    result = asker(world, Role.TOWNSHIP).result(add(FIRST, "WJ05"))
    assert (result["status"], result["fields"]) == ("refused", {"document_no": "必填"})
    assert result["reason"] == "条款 WJ05 须有文书号，没有文书不能登记。请填写决定书或告知书的文号。"
    assert asker(world, Role.TOWNSHIP).status(add(FIRST, "WJ05", document_no="   ")) == "refused"


def test_leader_records_in_his_group_only(world: World) -> None:
    leader = asker(world, Role.GROUP_LEADER)
    assert leader.status(add(FIRST)) == "applied"
    for code in (OTHER_GROUP, VILLAGE, f"{VILLAGE}02", f"{VILLAGE}029999"):
        result = leader.result(add(code, "WR03"))
        assert (result["status"], result["code"]) == ("refused", "not_yours"), code


def test_leader_cannot_touch_an_event_he_does_not_see(world: World) -> None:
    number = asker(world, Role.CADRE).record(OTHER_GROUP)
    for sent in (withdraw(number), op("confirm", event=number)):
        assert asker(world, Role.GROUP_LEADER).result(sent)["code"] == "event_unknown"
    assert not ScoreEvent.objects.filter(withdrawn_at__isnull=False).exists()


def test_event_of_another_village_is_unknown(world: World) -> None:
    foreign = asker(world, world.stranger(Role.CADRE), STRANGE).record(f"{STRANGE}010001")
    assert asker(world, Role.CADRE).result(withdraw(foreign))["code"] == "event_unknown"
    assert asker(world, Role.CADRE, month="2024-04").result(withdraw(foreign))["code"] == "event_unknown"


@pytest.mark.parametrize("role", [Role.SUPERVISOR])
def test_who_may_only_read_is_told_who_records(world: World, role: str) -> None:
    result = asker(world, role).result(add(FIRST))
    assert result["status"] == "refused"
    assert result["reason"] == "村务监督委员只能查看，不能登记例外。请村干部或组长登记。"


@pytest.mark.parametrize("code", [f"{SISTER}010001", f"{STRANGE}010001"])
def test_household_of_another_village_is_refused(world: World, code: str) -> None:
    assert asker(world, Role.TOWNSHIP).result(add(code))["code"] == "place_elsewhere"


def test_household_that_does_not_exist_is_refused(world: World) -> None:
    result = asker(world, Role.CADRE).result(add(f"{VILLAGE}019999"))
    assert (result["code"], result["fields"]) == ("place_unknown", {"household": "不在册"})


@pytest.mark.parametrize(("code", "clause"), [(FIRST, "WR13"), (VILLAGE, "WJ02"), (FIRST, "WJ99"), (FIRST, "")])
def test_clause_that_does_not_fit_is_refused(world: World, code: str, clause: str) -> None:
    result = asker(world, Role.CADRE).result(add(code, clause))
    assert result["status"] == "refused"
    assert "clause" in result["fields"]


@pytest.mark.parametrize(
    "date", ["2024-04-30", "2024-06-01", "2024-02-30", "2024-5-1", "20240501", "", None, 7, "明天"]
)
def test_day_outside_the_month_or_unreadable_is_refused(world: World, date: object) -> None:
    result = asker(world, Role.CADRE).result(add(FIRST) | {"date": date})
    assert (result["status"], list(result["fields"])) == ("refused", ["date"])


def test_day_in_the_future_is_refused(world: World) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    cadre = asker(world, Role.CADRE, month=month_of(timezone.localdate()))
    result = cadre.result(add(FIRST) | {"date": tomorrow.isoformat()})
    assert (result["status"], list(result["fields"])) == ("refused", ["date"])
    assert cadre.status(add(FIRST) | {"date": timezone.localdate().isoformat()}) == "applied"


def test_declaration_holds_every_household_and_counts_exceptions(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.record(FIRST)
    answer = cadre.send(op("declare"))
    assert (answer["state"], answer["results"][0]["status"]) == ("declared", "applied")
    signed = Declaration.objects.get()
    assert (len(signed.households), signed.exceptions, signed.signed_by) == (8, 1, world.user(Role.CADRE))


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_only_the_cadre_declares(world: World, role: str) -> None:
    result = asker(world, role).result(op("declare"))
    assert (result["status"], result["reason"]) == ("refused", "只有本村村干部可以申报。")


def test_declaring_twice_says_what_would_be_possible(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.send(op("declare"))
    result = cadre.result(op("declare"))
    assert result["status"] == "refused"
    assert result["reason"] == "现在是“已申报”，不能申报；只有“录入中”时才可以申报。"


def test_declared_sheet_takes_no_entry_and_says_why(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    number = cadre.record(FIRST)
    cadre.send(op("declare"))
    for sent in (add(SECOND), withdraw(number)):
        result = cadre.result(sent)
        assert (result["status"], result["reason"]) == ("refused", lock_reason(SheetState.DECLARED))


def test_taking_back_a_declaration_needs_a_reason_and_opens_the_sheet(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.send(op("declare"))
    assert cadre.result(op("undeclare"))["fields"] == {"reason": "必填"}
    assert cadre.send(op("undeclare", reason="漏了一条"))["state"] == "open"
    assert cadre.status(add(FIRST)) == "applied"
    assert Declaration.objects.get().withdraw_reason == "漏了一条"


@pytest.mark.parametrize("state", ["reviewed", "posted", "frozen"])
def test_later_states_take_nothing(world: World, state: str) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.send(op("declare"))
    frozen_at = timezone.now() if state == "frozen" else None
    Sheet.objects.filter(village=VILLAGE).update(state=state, frozen_at=frozen_at)
    statuses = {result["status"] for result in cadre.results(add(FIRST), op("undeclare", reason="x"), op("declare"))}
    assert statuses == {"refused"}
    assert cadre.result(add(FIRST))["reason"] == lock_reason(SheetState(state))


def test_refused_operation_leaves_the_others_standing(world: World) -> None:
    results = asker(world, Role.CADRE).results(add(FIRST), add(f"{SISTER}010001"), add(SECOND))
    assert [result["status"] for result in results] == ["applied", "refused", "applied"]
    assert ScoreEvent.objects.count() == 2


def test_exceptions_and_declaration_travel_together(world: World) -> None:
    answer = asker(world, Role.CADRE).send(add(FIRST), add(SECOND), op("declare"), base=0)
    assert [result["status"] for result in answer["results"]] == ["applied"] * 3
    assert (answer["version"], Declaration.objects.get().exceptions) == (3, 2)


def test_withdrawal_before_a_declaration_in_one_batch_counts(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    number = cadre.record(FIRST)
    cadre.send(withdraw(number), op("declare"))
    assert Declaration.objects.get().exceptions == 0


def test_same_withdrawal_twice_in_one_batch_is_written_once(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    number = cadre.record(FIRST)
    assert [r["status"] for r in cadre.results(withdraw(number), withdraw(number))] == ["applied", "conflict"]
    assert AuditEvent.objects.filter(action="event.withdraw").count() == 1


def test_nothing_is_written_when_the_audit_fails(world: World) -> None:
    client = world.client(Role.CADRE)
    sent = {"ops": [add(FIRST), op("declare")]}
    url = f"/api/v1/sheets/{MONTH}/{VILLAGE}/ops/"
    with audit_down():
        client.post(url, sent, content_type="application/json")
    assert not ScoreEvent.objects.exists()
    assert not Declaration.objects.exists()
    assert not Mark.objects.exists()
