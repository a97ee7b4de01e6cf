"""What the database itself refuses: each rule is broken by hand, through the ORM and raw."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from petitions.erasing import actions as erasing
from petitions.models import Accused, Assignment, Petition, PetitionEvent, Rating, Tie
from petitions.steps import closing
from tests.constraints import broken, raw
from tests.petitions.desk import Desk
from tests.petitions.ended_petitions import withdrawn
from tests.world import COUNTY, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change", [{"kind": "tell"}, {"at": timezone.now()}, {"told": "别的话"}, {"data": {"days": 9}}, {"note": None}]
)
def test_history_is_not_edited(desk: Desk, change: dict[str, Any]) -> None:
    lines = PetitionEvent.objects.filter(petition=desk.answered(), kind="handle")
    broken(lambda: lines.update(**change), "append-only")


def test_words_of_an_erased_petition_go_and_nothing_else(desk: Desk) -> None:
    petition = withdrawn(desk, 6)
    erasing.erase(op_id=uuid4(), petition=petition, by=None, extent="all")
    lines = PetitionEvent.objects.filter(petition=petition)
    assert lines.update(told=None, note=None) == 3
    broken(lambda: lines.update(told=None, note=None, kind="tell"), "append-only")
    broken(lambda: lines.update(told="新写的", note=None), "append-only")


@pytest.mark.parametrize("table", ["petitionevent", "petition", "assignment", "tie", "rating"])
def test_nothing_is_deleted(desk: Desk, table: str) -> None:
    desk.answered()
    broken(raw(f"DELETE FROM petitions_{table}"), "append-only")
    raw("SET CONSTRAINTS ALL IMMEDIATE")()
    broken(raw(f"TRUNCATE petitions_{table} CASCADE"), "append-only")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "改过"},
        {"text": "改过"},
        {"number": "430726-2020-000001"},
        {"filed_at": timezone.now()},
        {"people": 9},
    ],
)
def test_what_was_filed_is_not_edited(desk: Desk, change: dict[str, Any]) -> None:
    rows = Petition.objects.filter(pk=desk.file().pk)
    broken(lambda: rows.update(**change), "what was filed never changes")


@pytest.mark.parametrize("change", [{"state": "closed"}, {"seq": 2}, {"state": "accepted", "seq": 2}])
def test_state_does_not_move_without_its_line(desk: Desk, change: dict[str, Any]) -> None:
    rows = Petition.objects.filter(pk=desk.file().pk)
    broken(lambda: rows.update(**change), "follows its history")


def test_assignment_ends_once_and_changes_in_nothing_else(desk: Desk) -> None:
    rows = Assignment.objects.filter(petition=desk.assigned())
    broken(lambda: rows.update(lead=False), "ends once")
    rows.update(ended_at=timezone.now())
    broken(lambda: rows.update(ended_at=None), "ends once")


def test_rating_never_changes(desk: Desk) -> None:
    petition = desk.answered()
    given = {"round": 1, "subject": "unit", "via": "page", "at": timezone.now()}
    Rating.objects.create(petition=petition, score="unsatisfied", **given)
    broken(lambda: Rating.objects.update(score="satisfied"), "never changes")
    broken(lambda: Rating.objects.create(petition=petition, score="fair", **given), "rating_once")


def test_two_leads_at_once_cannot_be_stored(desk: Desk) -> None:
    petition = desk.assigned()
    more = Assignment(petition=petition, department_id="SLJ", lead=True, at=timezone.now(), by=desk.office)
    broken(lambda: more.save(force_insert=True), "assignment_one_lead")


def test_unit_is_assigned_once_at_a_time(desk: Desk) -> None:
    petition = desk.assigned()
    more = Assignment(petition=petition, department_id="LYJ", lead=False, at=timezone.now(), by=desk.office)
    broken(lambda: more.save(force_insert=True), "assignment_once_a_unit")


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({}, "accused_is_one"),
        ({"department_id": "LYJ", "division_id": VILLAGE}, "accused_is_one"),
        ({"division_id": COUNTY}, "accused_below_the_county"),
    ],
)
def test_accused_is_one_and_below_the_county(desk: Desk, given: dict[str, str], rule: str) -> None:
    petition = desk.file()
    broken(lambda: Accused.objects.create(petition=petition, **given), rule)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"content": "praise"}, "petition_content_known"),
        ({"kind": "third"}, "petition_kind_known"),
        ({"demand": "x"}, "petition_demand_known"),
        ({"paused": True}, "petition_paused_not_due"),
    ],
)
def test_column_outside_its_choices_cannot_be_stored(desk: Desk, change: dict[str, Any], rule: str) -> None:
    rows = Petition.objects.filter(pk=desk.file().pk)
    broken(lambda: rows.update(**change), rule)


def test_petition_is_not_merged_into_itself(desk: Desk) -> None:
    petition = desk.file()
    broken(lambda: Petition.objects.filter(pk=petition.pk).update(merged_into=petition), "merged_into_another")


@pytest.mark.parametrize("line", [{"seq": 2, "kind": "file"}, {"seq": 1, "kind": "accept"}, {"seq": 0, "kind": "note"}])
def test_history_starts_with_the_filing_and_only_there(desk: Desk, line: dict[str, Any]) -> None:
    given = {"petition": desk.file(), "state": "filed", "at": timezone.now(), "role": "filer"} | line
    broken(lambda: PetitionEvent.objects.create(**given), "starts_with_filing|in_sequence|numbered_from_one")


def test_line_without_a_person_is_the_filers_or_the_schedules(desk: Desk) -> None:
    given = {"petition": desk.file(), "seq": 2, "kind": "note", "state": "filed", "at": timezone.now()}
    broken(lambda: PetitionEvent.objects.create(**given, role="department"), "by_a_person_or_none")
    broken(lambda: PetitionEvent.objects.create(**given, role="filer", by=desk.office), "by_a_person_or_none")


def test_tie_is_kept_once_and_for_good(desk: Desk) -> None:
    petition = desk.file()
    Tie.objects.create(petition=petition, user=desk.handler, at=timezone.now())
    broken(lambda: Tie.objects.update(at=timezone.now() - timedelta(days=1)), "append-only")
    broken(lambda: Tie.objects.create(petition=petition, user=desk.handler, at=timezone.now()), "tie_once")


def test_same_number_of_the_hotline_comes_in_once(desk: Desk) -> None:
    given = {"channel": "net", "way": "hotline", "external_no": "12345-001"}
    desk.file(desk.office, **given)
    with pytest.raises(closing.Refused) as caught:
        desk.file(desk.office, **given)
    assert (caught.value.code, caught.value.status, Petition.objects.count()) == ("external_exists", 409, 1)
