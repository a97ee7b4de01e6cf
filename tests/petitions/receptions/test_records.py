"""What is said at a reception: one door, safe to repeat, kept when it comes late, never before whom it accuses."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from households.models import AuditEvent
from households.roles import Role
from petitions.cases.actions import merging
from petitions.models import Petition, Promise, ReceptionItem, ReceptionRecord
from petitions.receptions.actions import planning
from petitions.steps import closing
from tests.audit_failure import audit_down
from tests.petitions.desk import LYJ, Desk
from tests.petitions.receptions.scene import SAID, Days
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


def test_record_stands_in_the_petitions_own_history(desk: Desk, days: Days) -> None:
    petition, reception = desk.assigned(), days.plan()
    made = days.record(reception, petition, told="我们会尽快办。")
    line = made.record.event
    assert (line.kind, line.state, line.note, line.told) == ("receive", "assigned", SAID, "我们会尽快办。")
    assert line.data == {"reception": reception.pk, "result": "follow"}
    petition.refresh_from_db()
    assert (petition.state, petition.seq) == ("assigned", line.seq)


def test_record_holds_what_was_planned(desk: Desk, days: Days) -> None:
    reception = days.plan()
    days.record(reception, desk.file())
    reception.refresh_from_db()
    assert reception.state == "held"
    assert [step.kind for step in reception.steps.all()] == ["plan", "hold"]


def test_record_puts_its_petition_on_the_list(desk: Desk, days: Days) -> None:
    reception, listed, spontaneous = days.plan(), desk.file(), desk.file()
    days.put(reception, listed)
    for petition in (listed, spontaneous):
        assert days.record(reception, petition).listed
    assert [item.petition for item in reception.items.all()] == [listed, spontaneous]


def test_same_id_is_one_record(desk: Desk, days: Days) -> None:
    petition, reception, op_id = desk.file(), days.plan(), uuid4()
    at = timezone.now()
    one, two = (days.record(reception, petition, op_id=op_id, at=at) for _ in range(2))
    assert (one.record, ReceptionRecord.objects.count()) == (two.record, 1)
    assert desk.lines(petition).count("receive") == 1


def test_same_id_for_something_else_is_refused(desk: Desk, days: Days) -> None:
    petition, reception, op_id = desk.file(), days.plan(), uuid4()
    days.record(reception, petition, op_id=op_id)
    assert refusal(days.record, reception, petition, op_id=op_id, note="别的话").code == "op_id_reused"


def test_new_matter_is_filed_and_listed_at_once(days: Days) -> None:
    reception, op_id = days.plan(), uuid4()
    made, again = (days.record(reception, filing=days.filing(), op_id=op_id) for _ in range(2))
    assert (made.petition, made.code) == (again.petition, again.code)
    assert len(made.code) == 10 and made.listed and made.record.on_the_spot
    assert (made.petition.way, made.petition.state, Petition.objects.count()) == ("visit", "filed", 1)


def test_new_matter_of_a_dated_record_is_filed_when_it_was_said(days: Days) -> None:
    said = timezone.now() - timedelta(hours=5)
    made = days.record(days.plan(), filing=days.filing(), at=said)
    assert made.petition.filed_at == made.record.said_at == made.record.event.at == said
    assert not made.record.moved_on


def test_promise_on_the_spot_is_one_write_with_its_record(desk: Desk, days: Days) -> None:
    reception, petition, op_id = days.plan(), desk.assigned(), uuid4()
    given = {"outcome": "promise", "promise": days.promised(), "op_id": op_id}
    made, again = (days.record(reception, petition, **given) for _ in range(2))
    assert made.promise == again.promise == Promise.objects.get()
    assert (made.promise.reception, made.promise.what, made.promise.person) == (reception, "十天内把路修通。", "赵主任")
    assert desk.lines(petition)[-2:] == ["receive", "promise"]


def test_promise_that_cannot_be_made_leaves_no_record(desk: Desk, days: Days) -> None:
    petition = desk.accusation()
    given = {"outcome": "promise", "promise": days.promised(unit=LYJ)}
    assert refusal(days.record, days.plan(units=()), petition, **given).code == "unit_accused"
    assert (ReceptionRecord.objects.count(), desk.lines(petition)) == (0, ["file"])


def test_late_record_is_kept_and_marked(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.file()
    said = timezone.now() - timedelta(hours=3)
    desk.accept(petition, at=timezone.now() - timedelta(hours=1))
    made = days.record(reception, petition, at=said)
    assert made.record.moved_on and made.record.said_at == said
    assert made.record.event.at > said
    assert made.record.event.data["said"] == timezone.localtime(said).isoformat(timespec="minutes")


@pytest.mark.parametrize("state", ["closed", "merged", "withdrawn"])
def test_record_about_what_has_ended_is_kept(desk: Desk, days: Days, state: str) -> None:
    petition = desk.closed() if state == "closed" else desk.file()
    if state == "merged":
        merging.merge(op_id=uuid4(), petition=petition, into=desk.file(), by=desk.office, told="并案")
    elif state == "withdrawn":
        closing.withdraw(op_id=uuid4(), petition=petition, note="不要了")
    made = days.record(days.plan(), petition, at=timezone.now() - timedelta(days=1))
    petition.refresh_from_db()
    assert made.record.moved_on and petition.state == state


def test_record_for_a_reception_called_off_is_kept_and_marked(desk: Desk, days: Days) -> None:
    reception = days.plan()
    planning.cancel(op_id=uuid4(), reception=reception, by=desk.office, reason="下大雨")
    made = days.record(reception, desk.file())
    reception.refresh_from_db()
    assert made.record.moved_on and reception.state == "cancelled"


def test_what_the_page_had_not_seen_is_marked(desk: Desk, days: Days) -> None:
    petition = desk.accepted()
    assert days.record(days.plan(), petition, seen=1).record.moved_on
    assert not days.record(days.plan(starts=time(14), ends=time(15)), petition, seen=3).record.moved_on


def test_clock_that_runs_ahead_is_taken_as_now(desk: Desk, days: Days) -> None:
    made = days.record(days.plan(), desk.file(), at=timezone.now() + timedelta(hours=2))
    assert made.record.said_at <= timezone.now()


def test_two_records_of_one_case_both_stay(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.file()
    days.record(reception, petition, note="一部手机记的")
    days.record(reception, petition, note="另一部手机记的", outcome="solved")
    assert list(reception.records.values_list("outcome", flat=True)) == ["follow", "solved"]
    assert ReceptionItem.objects.count() == 1


def test_new_accusation_of_who_is_present_is_kept_off_the_list(days: Days) -> None:
    made = days.record(days.plan(), filing=days.filing(content="accusation", accused=(LYJ,)))
    assert (made.listed, made.petition.state) == (False, "filed")
    assert ReceptionItem.objects.count() == 0
    places = AuditEvent.objects.filter(subject=made.petition.number).values_list("place", flat=True)
    assert set(places) == {made.petition.county}


def test_absent_filer_needs_no_words(desk: Desk, days: Days) -> None:
    made = days.record(days.plan(), desk.file(), outcome="absent", note="")
    assert made.record.event.note == "来访人没有来。"


def test_incomplete_record_is_refused_and_writes_nothing(desk: Desk, days: Days) -> None:
    petition, reception = desk.file(), days.plan()
    wrong: dict[str, dict[str, object]] = {
        "outcome_missing": {"outcome": "other"},
        "note_missing": {"note": " "},
        "promise_missing": {"outcome": "promise"},
        "petition_missing": {"petition": None},
    }
    for code, given in wrong.items():
        assert refusal(days.record, reception, **{"petition": petition} | given).code == code
    assert ReceptionRecord.objects.count() == 0


def test_promise_with_another_outcome_is_refused(desk: Desk, days: Days) -> None:
    given = {"outcome": "solved", "promise": days.promised()}
    assert refusal(days.record, days.plan(), desk.file(), **given).code == "promise_missing"


def test_new_matter_by_another_way_is_refused(days: Days) -> None:
    assert refusal(days.record, days.plan(), filing=days.filing(way="letter")).fields == {"way": "不属于接访"}


def test_only_the_petition_office_records(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.assigned()
    for role in (Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.CADRE):
        found = refusal(days.record, reception, petition, by=desk.world.user(role))
        assert (found.code, found.status) == ("not_yours", 403)


def test_who_must_keep_away_does_not_record(desk: Desk, days: Days) -> None:
    petition = desk.file(text=f"{desk.office.display_name}拿了我的材料。")
    assert refusal(days.record, days.plan(), petition).code == "conflict_of_interest"


def test_audit_of_a_record_tells_number_and_place_alone(desk: Desk, days: Days) -> None:
    made = days.record(days.plan(), desk.file(), told="王主任会来")
    words = [f"{line.subject}{line.detail}" for line in AuditEvent.objects.filter(subject=made.petition.number)]
    assert words and not any("王" in text or SAID in text for text in words)


def test_record_without_its_audit_line_is_none(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.file()
    with audit_down():
        days.record(reception, petition)
    assert (ReceptionRecord.objects.count(), desk.lines(petition)) == (0, ["file"])
