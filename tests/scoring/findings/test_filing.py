"""A department files what it found: where it lands, and what no door takes."""

from uuid import uuid4

import pytest

from households.codes import Level
from households.models import AuditEvent, Department
from households.operations import Answer
from households.roles import Role
from scoring.findings.actions.filing import file, withdraw
from scoring.models import Finding, HouseholdScore, ScoreEvent, Sheet
from scoring.reviews.actions.reviewing import return_sheet
from scoring.rollup import rollup
from scoring.sheets.actions.sheets import apply_ops
from scoring.sheets.reads import page_data, place_in_reach
from tests.audit_failure import audit_down
from tests.refusals import refused
from tests.scoring.findings.found import DOCUMENT, ONE, OTHERS, TWO, found, raw, state
from tests.world import MONTH, STRANGE, VILLAGE, World

GROUP = f"{VILLAGE}01"


def confirm(world: World, event: int, by: str = Role.CADRE) -> str:
    op = {"op_id": str(uuid4()), "type": "confirm", "event": event}
    [outcome] = apply_ops(month=MONTH, village=world.village, raws=[op], base_version=None, by=world.user(by)).outcomes
    return outcome.status.value


def test_finding_lands_on_the_open_sheet_and_waits_for_a_second_person(world: World) -> None:
    answer = found(world)
    event = ScoreEvent.objects.get()
    assert answer == {"id": Finding.objects.get().pk, "state": "pending", "event": event.pk}
    assert (event.code, event.source, event.document_no, event.confirmed_at) == (ONE, "finding", DOCUMENT, None)
    assert not world.clause("WJ07").second_person  # the clause alone would not ask for one
    assert Sheet.objects.get(village=VILLAGE).version == 1
    world.declare(world.village)
    rollup.roll_up_marked()
    assert HouseholdScore.objects.get(month=MONTH, code=ONE).score == 100


def test_sheet_names_the_department_that_found_it(world: World) -> None:
    found(world)
    cadre = world.user(Role.CADRE)
    [item] = page_data(month=MONTH, place=place_in_reach(cadre, VILLAGE), by=cadre)["events"]
    assert (item["recorded_by"]["role_name"], item["state"], item["can_confirm"]) == ("林业局", "pending", True)


def test_confirmed_finding_counts(world: World) -> None:
    answer = found(world)
    assert confirm(world, answer["event"]) == "applied" and state(answer["id"]) == "counted"
    world.declare(world.village)
    rollup.roll_up_marked()
    assert HouseholdScore.objects.get(month=MONTH, code=ONE).score == 80


def test_same_id_files_once(world: World) -> None:
    op_id, by = uuid4(), world.user(Role.DEPARTMENT)
    first = file(op_id=op_id, raw=raw(), by=by)
    assert file(op_id=op_id, raw=raw(), by=by) == first
    assert Finding.objects.count() == ScoreEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("recorder", {"clause": OTHERS}),
        ("recorder", {"clause": "WJ02"}),
        ("clause_unknown", {"clause": "XX99"}),
        ("document_required", {"document_no": "  "}),
        ("date_in_future", {"date": "2026-12-31"}),
        ("place_unknown", {"household": f"{STRANGE}010001"}),
        ("place_unknown", {"household": f"{VILLAGE}010099"}),
        ("clause_subject", {"household": "", "division": GROUP}),
    ],
)
def test_what_is_not_taken(world: World, code: str, change: dict[str, str]) -> None:
    if code == "date_in_future":
        from django.utils import timezone

        from households.months import last_day, month_of

        today = timezone.localdate()
        if today == last_day(month_of(today)):
            change = {"date": today.replace(year=today.year + 1).isoformat()}
            code = "month_in_future"
        else:
            change = {"date": last_day(month_of(today)).isoformat()}
    refused(code, lambda: file(op_id=uuid4(), raw={**raw(), **change}, by=world.user(Role.DEPARTMENT)))
    assert not Finding.objects.exists() and not ScoreEvent.objects.exists()


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.PETITION_OFFICE, Role.COUNTY_OFFICE])
def test_nobody_but_departments_files(world: World, role: str) -> None:
    refused("not_yours", lambda: found(world, by=world.user(role)))


def test_place_takes_a_finding_too(world: World) -> None:
    works = Department.objects.get(code="LYJ")
    Department.objects.filter(pk=works.pk).update(name="县生态环境局")
    world.people[Role.DEPARTMENT].refresh_from_db()
    answer = found(world, GROUP, "WR12")
    event = ScoreEvent.objects.get(pk=answer["event"])
    assert event.code == GROUP and len(event.code) == Level.GROUP.code_length and event.confirmed_at is None


def test_same_fact_is_not_filed_twice_unless_it_is_meant(world: World) -> None:
    found(world)
    assert "已经登记过" in refused("twin", lambda: found(world, document="林罚〔2024〕7号 ")).reason
    assert found(world, again=True)["state"] == "pending"
    assert ScoreEvent.objects.count() == 2


def test_late_finding_goes_to_village_and_township(world: World) -> None:
    world.declare(world.village)
    answer = found(world)
    assert (answer["state"], answer["event"]) == ("late", None) and not ScoreEvent.objects.exists()
    refused("twin", lambda: found(world))
    for role in (Role.CADRE, Role.TOWNSHIP):
        inbox = world.client(role).get("/inbox/").content.decode()
        assert "有一件认定，这个月已经申报" in inbox
    assert "部门认定等村里说明" in world.client(Role.CADRE).get("/inbox/").content.decode()


def test_returned_sheet_takes_the_late_finding_in(world: World) -> None:
    world.declare(world.village)
    answer = found(world)
    return_sheet(sheet=world.sheet(), reason="林业局有认定", by=world.user(Role.TOWNSHIP))
    event = ScoreEvent.objects.get()
    assert (event.code, event.confirmed_at, state(answer["id"])) == (ONE, None, "pending")
    assert Finding.objects.get().event == event
    told = world.client(Role.DEPARTMENT).get("/inbox/").content.decode()
    assert f"您部门的认定（第 {answer['id']} 号）：已到台账，等第二人确认" in told


def test_department_takes_back_entry_and_finding(world: World) -> None:
    answer = found(world)
    done = withdraw(op_id=uuid4(), finding=answer["id"], reason="认错了户", by=world.user(Role.DEPARTMENT))
    assert done["state"] == "withdrawn" and ScoreEvent.objects.get().withdraw_reason == "认错了户"
    world.declare(world.village)
    late = found(world, TWO)
    done = withdraw(op_id=uuid4(), finding=late["id"], reason="决定已经撤销", by=world.user(Role.DEPARTMENT))
    assert done["state"] == "withdrawn" and Finding.objects.get(pk=late["id"]).withdraw_reason == "决定已经撤销"


def test_other_department_reads_and_takes_back_nothing(world: World) -> None:
    answer, stranger = found(world), world.stranger(Role.DEPARTMENT)
    refused("finding_unknown", lambda: withdraw(op_id=uuid4(), finding=answer["id"], reason="试试", by=stranger))
    assert DOCUMENT not in world.client(stranger).get("/findings/").content.decode()
    assert world.client(stranger).get(f"/findings/{answer['id']}/").status_code == 404


def test_nothing_is_filed_when_the_log_is_down(world: World) -> None:
    with audit_down():
        found(world)
    assert not Finding.objects.exists() and not ScoreEvent.objects.exists()


def test_filing_is_in_the_log(world: World) -> None:
    answer: Answer = found(world)
    lines = AuditEvent.objects.filter(action__startswith="finding.").order_by("pk").values_list("action", "subject")
    assert [action for action, _ in lines] == ["finding.land", "finding.file"]
    assert f"finding {answer['id']}" in lines[1][1]
