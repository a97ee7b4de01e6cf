"""The county's calendar: set from a month on, what stays as it was, who may, and what cannot be."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse

from households.models import AuditEvent
from households.months import label, next_month, previous_month, shift
from households.roles import Role
from scoring.models import CalendarVersion
from scoring.months import versions
from scoring.months.months import calendar_of
from scoring.timetable import reads
from scoring.timetable.actions import calendars
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.days import this_month
from tests.refusals import refusal, refusal_code
from tests.world import COUNTY, VILLAGE, World

pytestmark = pytest.mark.django_db
DAYS = {"review_until": 5, "post_from": 6, "post_until": 12, "objections_until": 16, "freeze_on": 18, "redeem_from": 20}
GIVEN = {"entry_until": 2, "notice_days": 20, "shifts": True, **DAYS}


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """What this process learned goes with the test's transaction."""
    yield
    cache.clear()
    versions.kept.doubt()


def learned() -> None:
    """As another process learns of it at its next request."""
    cache.delete(versions.VERSION)
    versions.kept.doubt()


def set_from(world: World, month: str, **other: object) -> None:
    given = GIVEN | {"op_id": uuid4(), "county": COUNTY, "reason": "春节太近", "by": world.user(Role.COUNTY_OFFICE)}
    calendars.set_calendar(from_month=month, **given | other)
    learned()


def test_calendar_counts_from_its_month_on_and_earlier_months_keep_theirs(world: World) -> None:
    coming = next_month(this_month())
    before = calendar_of(this_month(), VILLAGE)
    set_from(world, coming)
    assert calendar_of(this_month(), VILLAGE) == before
    assert calendar_of(coming, VILLAGE).settings == DAYS
    assert calendar_of(shift(coming, 5), VILLAGE).rules.notice_days == 20


def test_last_version_of_a_month_counts_and_a_later_month_keeps_its_own(world: World) -> None:
    set_from(world, shift(this_month(), 3), freeze_on=19)
    set_from(world, this_month(), freeze_on=17)
    set_from(world, this_month())
    assert calendar_of(shift(this_month(), 2), VILLAGE).settings["freeze_on"] == 18
    assert calendar_of(shift(this_month(), 3), VILLAGE).settings["freeze_on"] == 19
    assert CalendarVersion.objects.count() == 3


def test_other_county_keeps_its_calendar(world: World) -> None:
    set_from(world, this_month())
    assert calendar_of(this_month(), "430525101001").settings["freeze_on"] == 12


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"freeze_on": 16}, "calendar_unfit"),
        ({"review_until": 2}, "calendar_unfit"),  # entry ends on the 2nd
        ({"redeem_from": 29}, "calendar_unfit"),  # February has none
        ({"notice_days": 14}, "calendar_unfit"),
        ({"reason": "  "}, "reason_missing"),
    ],
)
def test_days_that_make_no_sense_are_refused(world: World, given: dict[str, object], code: str) -> None:
    assert refusal_code(set_from, world, this_month(), **given) == code
    assert not CalendarVersion.objects.exists()


def test_month_that_is_over_is_refused(world: World) -> None:
    assert refusal_code(set_from, world, previous_month(this_month())) == "month_is_past"
    assert "已经过去" in refusal(set_from, world, "2024-05").fields["from_month"]


def test_same_id_sets_once_and_without_the_log_nothing(world: World) -> None:
    op_id = uuid4()
    set_from(world, this_month(), op_id=op_id)
    set_from(world, this_month(), op_id=op_id)
    assert CalendarVersion.objects.count() == 1
    assert AuditEvent.objects.get(action="calendar.set").detail["days"]["freeze_on"] == 18
    with audit_down():
        set_from(world, this_month())
    assert CalendarVersion.objects.count() == 1


def test_database_refuses_another_version_in_place_and_days_out_of_order(world: World) -> None:
    set_from(world, this_month())
    broken(raw("UPDATE scoring_calendarversion SET freeze_on = 20"), "append-only|refused|permission")
    broken(raw("DELETE FROM scoring_calendarversion"), "append-only|refused|permission")
    unsaved = {**GIVEN, "county": COUNTY, "from_month": this_month(), "reason": "x"}
    for wrong, rule in (({"freeze_on": 3}, "follow_each_other"), ({"notice_days": 3}, "as_law_asks")):
        broken(lambda wrong=wrong: CalendarVersion.objects.create(**unsaved | wrong), rule)


def test_preview_shows_months_that_would_change_and_writes_nothing(world: World) -> None:
    version = calendars.version_for(county=COUNTY, from_month=next_month(this_month()), reason="改", by=None, **GIVEN)
    found = {one.calendar.month: one for one in reads.months_ahead(COUNTY, version)}
    assert not found[previous_month(this_month())].changed and not found[this_month()].changed
    assert found[next_month(this_month())].changed
    assert not CalendarVersion.objects.exists()


def test_page_previews_and_sets(world: World, django_capture_on_commit_callbacks) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    sent = {key: value for key, value in GIVEN.items() if key != "shifts"}
    sent |= {"op_id": str(uuid4()), "from_month": this_month(), "shifts": "on", "reason": "春节太近"}
    seen = office.post(reverse("preview-calendar"), sent).content.decode()
    assert "改了以后是这样" in seen and "有变化" in seen and not CalendarVersion.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        told = office.post(reverse("set-calendar"), sent, follow=True).content.decode()
    assert "日历已改" in told and f"{label(this_month())}起" in told
    assert calendar_of(this_month(), VILLAGE).settings == DAYS


def test_page_says_what_is_wrong_and_keeps_what_was_typed(world: World) -> None:
    sent = GIVEN | {"op_id": str(uuid4()), "from_month": this_month(), "freeze_on": 10, "reason": "春节太近"}
    answer = world.client(Role.COUNTY_OFFICE).post(reverse("preview-calendar"), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "锁定日（10）应晚于提异议截止日（16）" in text and "春节太近" in text


def test_interface_answers_a_month_and_sets_another_calendar(world: World, django_capture_on_commit_callbacks) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    body = GIVEN | {"op_id": str(uuid4()), "from_month": this_month(), "reason": "春节太近"}
    with django_capture_on_commit_callbacks(execute=True):
        assert office.post("/api/v1/calendar/", body, content_type="application/json").status_code == 201
    found = world.client(Role.CADRE).get(f"/api/v1/calendar/{this_month()}/").json()
    days = calendar_of(this_month(), VILLAGE)
    assert (found["freeze_on"], found["notice_days"]) == (days.freeze_on.isoformat(), 20)
    assert date.fromisoformat(found["declare_until"]) == days.declare_until


def test_menu_of_the_county_office_leads_there(world: World) -> None:
    address = f'href="{reverse("calendar")}"'
    assert address in world.client(Role.COUNTY_OFFICE).get("/").content.decode()
    assert address not in world.client(Role.TOWNSHIP).get("/").content.decode()
