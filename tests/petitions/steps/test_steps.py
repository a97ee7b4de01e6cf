"""Every step of a petition: what it does, what it needs, who is refused, and that nothing half-done stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from households.models import AuditEvent
from households.roles import Role
from petitions.cases.actions import merging
from petitions.models import Assignment, Path, Petition, PetitionEvent, Rating
from petitions.states import PetitionState
from petitions.steps import closing, handling, routing
from tests.audit_failure import audit_down
from tests.petitions.desk import LUOPING, LYJ, SLJ, Desk
from tests.refusals import refusal_code

pytestmark = pytest.mark.django_db


def test_main_path_leads_to_the_end(desk: Desk) -> None:
    petition = desk.closed()
    assert petition.state == PetitionState.CLOSED
    assert desk.lines(petition) == ["file", "accept", "assign", "handle", "answer", "confirm", "close"]


def test_who_did_what_stands_in_the_history(desk: Desk) -> None:
    rows = PetitionEvent.objects.filter(petition=desk.closed()).values_list("kind", "role")
    roles = dict(rows)
    assert (roles["file"], roles["accept"], roles["answer"]) == ("filer", Role.PETITION_OFFICE, Role.DEPARTMENT)
    assert (roles["confirm"], roles["close"]) == ("filer", Role.PETITION_OFFICE)


def test_each_step_leaves_one_audit_line_without_words(desk: Desk) -> None:
    petition = desk.closed()
    lines = AuditEvent.objects.filter(subject=petition.number)
    assert lines.count() == len(desk.lines(petition))
    for word in ("张三丰", "13800000001", "路"):
        assert not any(word in f"{line.detail}{line.subject}{line.actor}" for line in lines)


def test_number_counts_on_within_a_year(desk: Desk) -> None:
    numbers = [desk.file().number for _ in range(3)]
    assert [int(number[-6:]) for number in numbers] == [1, 2, 3]
    assert numbers[0].startswith("430726-")


def test_units_at_work_are_the_last_assigned_ones(desk: Desk) -> None:
    petition = desk.assign(desk.assigned(LYJ, LUOPING), SLJ, note="职责在水利局")
    standing = Assignment.objects.filter(petition=petition, ended_at=None)
    assert [one.unit for one in standing] == [SLJ]
    assert Assignment.objects.filter(petition=petition).count() == 3


def test_assigning_anew_needs_a_reason(desk: Desk) -> None:
    petition = desk.assigned()
    assert refusal_code(lambda: desk.assign(petition, SLJ)) == "note_missing"


@pytest.mark.parametrize("lead", ["department:NONE", "division:430726", "user:cadre", "", "x"])
def test_unit_that_cannot_work_is_refused(desk: Desk, lead: str) -> None:
    petition = desk.accepted()
    assert refusal_code(lambda: desk.assign(petition, lead)) in ("unit_unknown", "unit_missing")
    assert not Assignment.objects.exists()


def test_neighbour_does_not_even_find_it(desk: Desk) -> None:
    petition = desk.assigned()
    assert refusal_code(lambda: desk.handle(petition, by=desk.neighbour)) == "not_found"


def test_joint_unit_reads_but_does_not_answer(desk: Desk) -> None:
    petition = desk.assigned(SLJ, LYJ)
    assert refusal_code(lambda: desk.handle(petition)) == "not_lead"
    assert handling.note(op_id=uuid4(), petition=petition, by=desk.handler, note="可以配合").seq == 4


@pytest.mark.parametrize("act", [closing.close, routing.accept, routing.resume])
def test_handler_does_not_do_the_offices_part(desk: Desk, act: Callable[..., Petition]) -> None:
    petition = desk.answered()
    assert refusal_code(lambda: act(op_id=uuid4(), petition=petition, by=desk.handler)) == "not_yours"


def test_handler_neither_rates_nor_extends(desk: Desk) -> None:
    given = {"petition": desk.answered(), "by": desk.handler}
    scored = {"subject": "unit", "score": "satisfied"}
    assert refusal_code(lambda: closing.rate(op_id=uuid4(), **given, **scored)) == "not_yours"
    assert refusal_code(lambda: routing.extend(op_id=uuid4(), **given, days=5, told="忙")) == "not_yours"


def test_lead_unit_reaches_the_filer_with_a_reason(desk: Desk) -> None:
    petition = desk.assigned()
    shown = handling.unmask(op_id=uuid4(), petition=petition, by=desk.handler, note="约时间看现场")
    assert shown == ("张三丰", "13800000001")
    line = PetitionEvent.objects.get(petition=petition, kind="unmask")
    assert (line.by, line.note) == (desk.handler, "约时间看现场")
    assert AuditEvent.objects.filter(action="petition.unmask", actor=desk.handler.username).exists()


def test_unit_without_the_lead_reaches_nobody(desk: Desk) -> None:
    petition = desk.assigned(LYJ, SLJ)
    given = {"petition": petition, "note": "问一问"}
    assert refusal_code(lambda: handling.unmask(op_id=uuid4(), by=desk.neighbour, **given)) == "not_lead"
    assert (
        refusal_code(lambda: handling.unmask(op_id=uuid4(), by=desk.handler, petition=petition, note=" "))
        == "note_missing"
    )


def test_who_accuses_is_known_to_the_office_alone(desk: Desk) -> None:
    petition = desk.assign(desk.accept(desk.accusation(SLJ)))
    given = {"petition": petition, "note": "核实"}
    assert refusal_code(lambda: handling.unmask(op_id=uuid4(), by=desk.handler, **given)) == "accuser_protected"
    assert handling.unmask(op_id=uuid4(), by=desk.office, **given)[0] == "张三丰"


def test_unit_no_longer_reaches_the_filer_of_what_is_closed(desk: Desk) -> None:
    petition = desk.closed()
    assert refusal_code(lambda: handling.unmask(op_id=uuid4(), petition=petition, by=desk.handler, note="再问")) != ""
    assert "unmask" not in desk.lines(petition)


def test_answer_alone_does_not_close(desk: Desk) -> None:
    petition = desk.answered()
    answered = PetitionEvent.objects.get(petition=petition, kind="answer").at
    assert refusal_code(lambda: desk.close(petition, at=answered + timedelta(days=15))) == "filer_may_object"
    closed = closing.close(op_id=uuid4(), petition=petition, by=None, at=answered + timedelta(days=16))
    assert closed.state == PetitionState.CLOSED


def test_filer_who_is_not_helped_reopens_for_the_same_unit(desk: Desk) -> None:
    petition = closing.reopen(op_id=uuid4(), petition=desk.closed(), by=None, note="路又断了")
    assert petition.state == PetitionState.ASSIGNED
    assert handling.handles(petition, desk.handler)
    again = desk.answer(desk.handle(petition, at=None), at=None)
    assert PetitionEvent.objects.filter(petition=again, kind="answer").last().data == {"round": 2}


def test_person_named_in_the_petition_keeps_away(desk: Desk) -> None:
    name = desk.handler.display_name
    petition = desk.assigned(text=f"{name}不肯来看。")
    assert refusal_code(lambda: desk.handle(petition)) == "conflict_of_interest"


def test_declared_tie_keeps_the_person_away(desk: Desk) -> None:
    petition = desk.assigned()
    given = {"petition": petition, "by": desk.handler, "person": desk.handler}
    handling.recuse(op_id=uuid4(), **given, note="是我亲戚")
    assert refusal_code(lambda: desk.handle(petition, at=None)) == "conflict_of_interest"


def test_handler_cannot_send_a_colleague_away(desk: Desk) -> None:
    given = {"petition": desk.assigned(), "by": desk.handler, "person": desk.office, "note": "不想要他管"}
    assert refusal_code(lambda: handling.recuse(op_id=uuid4(), **given)) == "not_yours"


def test_contest_is_in_time_for_five_working_days(desk: Desk) -> None:
    petition = desk.assigned()
    assigned = PetitionEvent.objects.get(petition=petition, kind="assign").at
    late = {"at": assigned + timedelta(days=12), "note": "不归我们管"}
    given: dict[str, Any] = {"petition": petition, "by": desk.handler}
    assert refusal_code(lambda: handling.contest(op_id=uuid4(), **given, **late)) == "too_late"
    early = late | {"at": assigned + timedelta(days=1)}
    assert handling.contest(op_id=uuid4(), **given, **early).state == PetitionState.CONTESTED


def test_extensions_never_exceed_thirty_days_together(desk: Desk) -> None:
    given = {"petition": desk.assigned(), "by": desk.office, "told": "情况复杂"}
    before = given["petition"].due_on
    assert routing.extend(op_id=uuid4(), **given, days=20).due_on == before + timedelta(days=20)
    assert refusal_code(lambda: routing.extend(op_id=uuid4(), **given, days=11)) == "extension_too_long"
    assert routing.extend(op_id=uuid4(), **given, days=10).due_on == before + timedelta(days=30)


def test_pause_takes_the_due_day_away_until_it_ends(desk: Desk) -> None:
    given = {"petition": desk.assigned(), "by": desk.office}
    paused = routing.pause(op_id=uuid4(), **given, told="等鉴定")
    assert (paused.paused, paused.due_on) == (True, None)
    assert refusal_code(lambda: routing.pause(op_id=uuid4(), **given, told="等鉴定")) == "paused_already"
    resumed = routing.resume(op_id=uuid4(), **given)
    assert (resumed.paused, resumed.due_on is None) == (False, False)


def test_redirecting_needs_words_and_a_path(desk: Desk) -> None:
    given = {"petition": desk.file(), "by": desk.office}
    assert refusal_code(lambda: routing.redirect(op_id=uuid4(), **given, path="", told="请去法院")) == "path_missing"
    assert (
        refusal_code(lambda: routing.redirect(op_id=uuid4(), **given, path=Path.LITIGATION, told=" ")) == "told_missing"
    )
    gone = routing.redirect(op_id=uuid4(), **given, path=Path.LITIGATION, told="请去法院")
    assert (gone.state, gone.due_on) == (PetitionState.REDIRECTED, None)


def test_review_and_final_review_end_it(desk: Desk) -> None:
    given: dict[str, Any] = {"petition": desk.answered(at=timezone.now() - timedelta(days=20))}
    closing.ask_review(op_id=uuid4(), **given, by=None, note="不服")
    closing.review(op_id=uuid4(), **given, by=desk.office, outcome="upheld", told="维持")
    closing.ask_final_review(op_id=uuid4(), **given, by=None, note="还是不服")
    ended = closing.final_review(op_id=uuid4(), **given, by=desk.office, outcome="changed", told="改变")
    assert ended.state == PetitionState.FINAL


def test_review_is_asked_for_within_thirty_days(desk: Desk) -> None:
    petition = desk.answered(at=timezone.now() - timedelta(days=60))
    answered = PetitionEvent.objects.get(petition=petition, kind="answer").at
    given: dict[str, Any] = {"petition": petition, "by": None, "note": "不服"}
    late, last = answered + timedelta(days=31), answered + timedelta(days=30)
    assert refusal_code(lambda: closing.ask_review(op_id=uuid4(), **given, at=late)) == "too_late"
    assert closing.ask_review(op_id=uuid4(), **given, at=last).state == PetitionState.REVIEWING


def test_rating_is_once_for_each_answer_and_subject(desk: Desk) -> None:
    given: dict[str, Any] = {"petition": desk.answered(), "by": None, "subject": "unit", "score": "unsatisfied"}
    closing.rate(op_id=uuid4(), **given)
    assert refusal_code(lambda: closing.rate(op_id=uuid4(), **given)) == "rated_already"
    closing.rate(op_id=uuid4(), **given | {"subject": "office"})
    assert set(Rating.objects.values_list("subject", "via")) == {("unit", "page"), ("office", "page")}


def test_office_calls_back_about_the_unit_but_not_about_itself(desk: Desk) -> None:
    given: dict[str, Any] = {"petition": desk.answered(), "by": desk.office, "score": "fair", "comment": "电话里说还行"}
    assert refusal_code(lambda: closing.rate(op_id=uuid4(), **given, subject="office")) == "own_rating"
    closing.rate(op_id=uuid4(), **given, subject="unit")
    assert Rating.objects.get().by == desk.office


def test_merged_petition_rests_and_the_other_hears_of_it(desk: Desk) -> None:
    main, twin = desk.assigned(), desk.file(name="李四光")
    merged = merging.merge(op_id=uuid4(), petition=twin, into=main, by=desk.office, told=f"并入{main.number}")
    main.refresh_from_db()
    assert (merged.state, merged.merged_into, merged.case_id) == (PetitionState.MERGED, main, main.case_id)
    assert PetitionEvent.objects.filter(petition=main).last().data["merged"] == twin.number


def test_unmerged_petition_starts_anew(desk: Desk) -> None:
    main, twin = desk.assigned(), desk.file()
    merging.merge(op_id=uuid4(), petition=twin, into=main, by=desk.office, told="并案")
    freed = merging.unmerge(op_id=uuid4(), petition=twin, by=desk.office, note="不是一回事")
    assert (freed.state, freed.merged_into) == (PetitionState.FILED, None)
    assert freed.case_id != main.case_id


def test_petition_is_not_merged_with_itself_or_in_a_ring(desk: Desk) -> None:
    one, two = desk.file(), desk.file()
    given: dict[str, Any] = {"by": desk.office, "told": "并案"}
    assert refusal_code(lambda: merging.merge(op_id=uuid4(), petition=one, into=one, **given)) == "cannot_take_in"
    merging.merge(op_id=uuid4(), petition=one, into=two, **given)
    assert refusal_code(lambda: merging.merge(op_id=uuid4(), petition=two, into=one, **given)) == "cannot_take_in"
    assert refusal_code(lambda: merging.merge(op_id=uuid4(), petition=two, into=desk.file(), **given)) == "has_merged"


def test_accusation_is_not_merged_with_one_against_others(desk: Desk) -> None:
    given = {"petition": desk.accusation(SLJ), "into": desk.accusation(LYJ), "by": desk.office, "told": "并案"}
    assert refusal_code(lambda: merging.merge(op_id=uuid4(), **given)) == "other_accused"


def test_page_that_is_behind_is_told_so(desk: Desk) -> None:
    petition = desk.file()
    seen = petition.seq
    desk.accept(petition)
    assert refusal_code(lambda: desk.accept(petition, seen=seen)) == "petition_moved"


def test_time_only_runs_forward(desk: Desk) -> None:
    petition = desk.accepted()
    before = petition.filed_at - timedelta(days=1)
    assert refusal_code(lambda: desk.assign(petition, at=before)) == "time_behind"
    assert refusal_code(lambda: desk.assign(petition, at=timezone.now() + timedelta(days=1))) == "time_ahead"


def test_same_id_again_does_nothing_twice(desk: Desk) -> None:
    petition, op_id = desk.file(), uuid4()
    first, second = desk.accept(petition, op_id=op_id, at=None), desk.accept(petition, op_id=op_id, at=None)
    assert (first.seq, second.seq) == (2, 2)
    assert desk.lines(petition) == ["file", "accept"]


def test_filing_again_gives_number_and_code_again(desk: Desk) -> None:
    op_id = uuid4()
    first, second = desk.filed(op_id=op_id), desk.filed(op_id=op_id)
    assert (first.petition, first.code) == (second.petition, second.code)
    assert Petition.objects.count() == 1


@pytest.mark.parametrize("step", ["file", "accepted", "assigned", "handled", "answered", "confirmed", "closed"])
def test_failing_audit_leaves_nothing_behind(desk: Desk, step: str) -> None:
    """Each step of the main path, with the audit of that very step broken."""
    done = ["file", "accepted", "assigned", "handled", "answered", "confirmed", "closed"].index(step)
    with audit_down(after=done):
        getattr(desk, step)()
    lines = list(PetitionEvent.objects.values_list("kind", flat=True))
    assert len(lines) == done
    assert all(one.seq == len(lines) and one.state == one.events.last().state for one in Petition.objects.all())
