"""Entering a year's arrangement: by action, page, command and interface; what moves, and what stays on record."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from households.models import AuditEvent, OutboxMessage, YearArrangement
from households.roles import Role
from households.workdays import actions, entered, workdays
from households.workdays.workdays import SHANGHAI, DayKind
from petitions.clocks import deadlines
from petitions.models import Petition, Way
from petitions.tallies import rows as tally_rows
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.households.workdays.notices import NOTICE_2025, NOTICE_2027
from tests.petitions.desk import Desk
from tests.refusals import refusal_code
from tests.world import World

pytestmark = pytest.mark.django_db
NUMBER = "国办发明电〔2026〕7号"
WITHOUT_MAKE_UP = NOTICE_2025.replace("9月28日（周日）、10月11日（周六）上班。", "")
SHIPPED_DUE, DUE = date(2025, 10, 15), date(2025, 10, 17)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """What this process learned goes with the test's transaction."""
    yield
    cache.clear()
    entered.doubt()


@pytest.fixture
def ticket(world: World) -> Petition:
    """A hotline ticket of 22 September 2025: thirteen working days over National Day."""
    desk = Desk(world)
    more = {"channel": "net", "way": Way.HOTLINE, "demand": "complaint", "external_no": "A1"}
    petition = desk.file(at=datetime(2025, 9, 22, 9, tzinfo=SHANGHAI), **more)
    accepted = desk.accept(petition, at=datetime(2025, 9, 23, 9, tzinfo=SHANGHAI))
    assert accepted.due_on == SHIPPED_DUE
    return accepted


def learned() -> None:
    """As another process learns of it at its next request."""
    cache.delete(entered.VERSION)
    entered.doubt()


def arrange(world: World, year: int = 2027, text: str = NOTICE_2027, **other: object) -> YearArrangement:
    given = {"op_id": uuid4(), "by": world.user(Role.COUNTY_OFFICE), "year": year, "number": NUMBER, "text": text}
    return actions.arrange(**given | other)


def test_entered_year_is_known_at_once(world: World) -> None:
    assert not workdays.known(2027) and workdays.kind(date(2027, 2, 10)) is DayKind.WORKDAY
    done = arrange(world)
    learned()
    assert workdays.known(2027) and workdays.holiday_name(date(2027, 2, 10)) == "春节"
    assert workdays.kind(date(2027, 2, 20)) is DayKind.MAKE_UP
    assert done.text == NOTICE_2027.strip() and done.named[date(2027, 2, 20)] == ""


def test_stored_due_days_are_counted_anew_and_said(world: World, ticket: Petition) -> None:
    done = arrange(world, 2025, WITHOUT_MAKE_UP)
    learned()
    assert Petition.objects.get(pk=ticket.pk).due_on == DUE
    assert (list(deadlines.drifts()), list(tally_rows.miscounts())) == ([], [])
    assert done.moved == 1
    assert OutboxMessage.objects.get(kind="petition.due_moved").petition == ticket.number
    line = AuditEvent.objects.get(action="year.arrange")
    told = {"year": 2025, "notice": NUMBER, "off": 28, "worked": 3, "moved": 1}
    assert (line.subject, line.detail) == ("2025", told)


def test_later_version_counts_and_the_earlier_stays(world: World, ticket: Petition) -> None:
    arrange(world, 2025, WITHOUT_MAKE_UP)
    arrange(world, 2025, NOTICE_2025)
    learned()
    assert Petition.objects.get(pk=ticket.pk).due_on == SHIPPED_DUE
    assert list(YearArrangement.objects.values_list("moved", flat=True)) == [1, 1]


def test_preview_names_what_would_move_and_writes_nothing(world: World, ticket: Petition) -> None:
    found = actions.preview(year=2025, text=WITHOUT_MAKE_UP)
    moved = {move.what: (move.before, move.after) for move in found.moved}
    assert moved[f"信访件 {ticket.number} 到期"] == ("2025年10月15日", "2025年10月17日")
    assert Petition.objects.get(pk=ticket.pk).due_on == SHIPPED_DUE
    assert not YearArrangement.objects.exists() and not AuditEvent.objects.filter(action="year.arrange").exists()


def test_preview_names_the_days_of_months(world: World) -> None:
    moved = {move.what: (move.before, move.after) for move in actions.preview(year=2027, text=NOTICE_2027).moved}
    assert moved["2027年1月申报截止日"] == ("2027年2月1日", "2027年1月31日")  # the Sunday is worked
    assert moved["2027年1月提异议截止日"] == ("2027年2月11日", "2027年2月12日")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"year": 2024}, "wrong_year"),
        ({"year": 2026}, "notice_unclear"),
        ({"number": "  "}, "number_missing"),
        ({"text": "没有"}, "notice_unclear"),
    ],
)
def test_what_cannot_be_right_is_refused(world: World, given: dict[str, object], code: str) -> None:
    assert refusal_code(lambda: arrange(world, **given)) == code
    assert not YearArrangement.objects.exists()


def test_same_id_enters_once(world: World) -> None:
    op_id = uuid4()
    assert arrange(world, op_id=op_id) == arrange(world, op_id=op_id)
    assert YearArrangement.objects.count() == 1


def test_nothing_is_entered_without_its_line_in_the_log(world: World, ticket: Petition) -> None:
    with audit_down():
        arrange(world, 2025, WITHOUT_MAKE_UP)
    assert not YearArrangement.objects.exists()
    assert Petition.objects.get(pk=ticket.pk).due_on == SHIPPED_DUE


def test_entered_year_is_never_changed(world: World) -> None:
    one = arrange(world)
    table = YearArrangement._meta.db_table
    broken(raw(f"UPDATE {table} SET year = 2028 WHERE id = {one.pk}"), "append-only")
    broken(raw(f"DELETE FROM {table} WHERE id = {one.pk}"), "append-only")


@pytest.mark.parametrize(
    ("column", "value", "rule"), [("year", 2024, "arrangement_of_a_year"), ("notice", "", "arrangement_has_notice")]
)
def test_database_refuses_what_no_notice_can_say(column: str, value: object, rule: str) -> None:
    given = {"year": 2027, "notice": NUMBER, "text": NOTICE_2027, "days": {}} | {column: value}
    broken(lambda: YearArrangement.objects.create(**given), rule)


def test_page_reads_previews_and_enters(world: World, django_capture_on_commit_callbacks) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    page = office.get(reverse("arrangements")).content.decode()
    assert "还没有录入：先只认法律规定的节日" in page
    typed = {"op_id": str(uuid4()), "year": 2027, "number": NUMBER, "text": NOTICE_2027}
    shown = office.post(reverse("preview-arrangement"), typed).content.decode()
    assert "2月5日至2月11日（7 天）" in shown and "1月31日（周日）、2月20日（周六）" in shown
    assert "2027年1月申报截止日" in shown and not YearArrangement.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(reverse("arrange-year"), typed)
    assert answer.status_code == 302
    text = office.get(reverse("arrangements")).content.decode()
    assert "2027年的放假安排已生效" in text and "县里已按国务院通知录入" in text
    assert workdays.known(2027)


def test_page_says_what_is_wrong_and_keeps_the_text(world: World) -> None:
    typed = {"op_id": str(uuid4()), "year": 2027, "number": NUMBER, "text": NOTICE_2027.replace("周五", "周四")}
    answer = world.client(Role.COUNTY_OFFICE).post(reverse("preview-arrangement"), typed)
    assert answer.status_code == 422
    assert (
        "2027年1月1日是周五，不是周四" in answer.content.decode()
        and "一、元旦：1月1日（周四）" in answer.content.decode()
    )


def test_menu_of_the_county_office_leads_there(world: World) -> None:
    assert reverse("arrangements") in world.client(Role.COUNTY_OFFICE).get(reverse("home")).content.decode()
    assert reverse("arrangements") not in world.client(Role.TOWNSHIP).get(reverse("home")).content.decode()


def test_command_shows_before_it_writes(tmp_path: Path, world: World, ticket: Petition) -> None:
    file = tmp_path / "notice.txt"
    file.write_text(WITHOUT_MAKE_UP, encoding="utf-8")
    out = StringIO()
    call_command("arrange_year", "2025", str(file), "--dry-run", stdout=out)
    assert f"信访件 {ticket.number} 到期：2025年10月15日 -> 2025年10月17日" in out.getvalue()
    assert not YearArrangement.objects.exists()
    call_command("arrange_year", "2025", str(file), "--number", NUMBER, stdout=StringIO())
    assert YearArrangement.objects.get().by is None


def test_interface_enters_and_answers_a_year(world: World, django_capture_on_commit_callbacks) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    sent = {"op_id": str(uuid4()), "year": 2027, "number": NUMBER, "text": NOTICE_2027}
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post("/api/v1/workdays/", json.dumps(sent), content_type="application/json")
    assert answer.json()["worked"] == ["2027-01-31", "2027-02-20", "2027-05-08", "2027-09-26", "2027-10-09"]
    found = world.client(Role.TOWNSHIP).get("/api/v1/workdays/2027/").json()
    assert (found["source"], found["holidays"][3]) == ("entered", {"day": "2027-02-05", "name": "春节"})
