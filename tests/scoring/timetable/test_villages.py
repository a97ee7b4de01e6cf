"""One village in a month: given longer, late and still let through, frozen before its time by two people."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from households.accounts.actions.accounts import create_user
from households.models import AuditEvent, User
from households.roles import Role
from scoring.freezing import freeze, freeze_one, post
from scoring.models import AskState, ForcedFreeze, MonthExtension, PointEntry, Sheet
from scoring.months.months import calendar_of
from scoring.reviews.queue import queue_of
from scoring.states import SheetState
from scoring.timetable import reads
from scoring.timetable.actions import calendars, forced
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.days import this_month, today
from tests.refusals import refusal_code
from tests.world import MONTH, PASSWORD, SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db
REASON = "山洪断网"


@pytest.fixture
def colleague(world: World) -> User:
    """A second person of the county office."""
    person = {"username": "office-2", "display_name": "县办乙", "role": Role.COUNTY_OFFICE, "place": world.county}
    return create_user(**person, password=PASSWORD, by=None, is_demo=True)


def extend(world: World, until: date, month: str = "", **other: object) -> dict[str, object]:
    given = {"op_id": uuid4(), "village": world.village, "reason": REASON, "by": world.user(Role.COUNTY_OFFICE)}
    return calendars.extend(**given | {"month": month or this_month(), "until": until} | other)


def ask(world: World, **other: object) -> ForcedFreeze:
    given = {"op_id": uuid4(), "month": MONTH, "village": world.village, "reason": "村要合并"}
    answer = forced.ask(**given | {"by": world.user(Role.COUNTY_OFFICE)} | other)
    return ForcedFreeze.objects.get(pk=answer["id"])


def decide(asked: ForcedFreeze, by: User, *, grant: bool = True, answer: str = "") -> dict[str, object]:
    return forced.decide(op_id=uuid4(), forced=asked.pk, grant=grant, answer=answer, by=by)


def test_extension_gives_one_village_longer_and_says_why(world: World) -> None:
    until = reads.village_month(this_month(), world.village).calendar.declare_until + timedelta(days=9)
    extend(world, until)
    assert reads.village_month(this_month(), world.village).calendar.declare_until == until
    assert reads.village_month(this_month(), world.sister).calendar.declare_until < until
    assert AuditEvent.objects.get(action="sheet.extend").detail["reason"] == REASON
    cadre = world.client(Role.CADRE).get(f"/api/v1/sheets/{this_month()}/{VILLAGE}/").json()
    assert cadre["state"] == "open"


def test_cadre_reads_the_longer_time(world: World) -> None:
    """Of a month that is long over the sheet says so; given until tomorrow it says until when."""
    address = f"/api/v1/sheets/{MONTH}/{VILLAGE}/"
    assert "逾期" in world.client(Role.CADRE).get(address).json()["due"]
    tomorrow = today() + timedelta(days=1)
    extend(world, tomorrow, MONTH)
    due = world.client(Role.CADRE).get(address).json()["due"]
    assert f"{tomorrow.month}月{tomorrow.day}日" in due and "逾期" not in due


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "no_longer"), (200, "too_long")], ids=["no longer than it has", "far beyond"]
)
def test_extension_that_is_none_is_refused(world: World, days: int, code: str) -> None:
    assert refusal_code(extend, world, today() + timedelta(days=days), MONTH) == code
    assert not MonthExtension.objects.exists()


def test_village_that_has_declared_is_not_extended(world: World) -> None:
    world.declare(world.village)
    assert refusal_code(extend, world, today() + timedelta(days=2), MONTH) == "declared_already"


def test_extension_is_never_edited_nor_given_without_the_log(world: World) -> None:
    extend(world, today() + timedelta(days=2), MONTH)
    broken(raw("UPDATE scoring_monthextension SET reason = 'x'"), "append-only|refused|permission")
    with audit_down():
        extend(world, today() + timedelta(days=3), MONTH)
    assert MonthExtension.objects.count() == 1


def test_late_village_is_posted_and_frozen_and_stays_marked(world: World) -> None:
    world.declare(world.village)
    world.approve(world.village)
    [line] = [one for one in queue_of(MONTH, world.user(Role.TOWNSHIP).scope).done if one.village.code == VILLAGE]
    assert line.days_late > 300
    assert post(month=MONTH, on=today()) == 1
    assert freeze(month=MONTH, on=today()).villages == 0  # shown as long as any other
    assert freeze(month=MONTH, on=today() + timedelta(days=40)).villages == 1
    found = reads.village_month(MONTH, world.village)
    assert (found.state, found.days_late > 300) == (SheetState.FROZEN, True)
    assert "申报逾期" in world.client(Role.TOWNSHIP).get(f"/township/review/{MONTH}/").content.decode()


def test_village_in_time_is_not_marked(world: World) -> None:
    days = reads.village_month(MONTH, world.village).calendar
    assert days.days_late(date(2024, 5, 31)) == 0  # a Friday
    assert days.days_late(date(2024, 6, 1)) == 1


def test_forced_freeze_needs_another_person(world: World, colleague: User) -> None:
    world.declare(world.village)
    asked = ask(world)
    assert refusal_code(decide, asked, world.user(Role.COUNTY_OFFICE)) == "own_request"
    assert Sheet.objects.get(village=VILLAGE).state == SheetState.DECLARED
    decide(asked, colleague)
    assert Sheet.objects.get(village=VILLAGE).state == SheetState.FROZEN
    assert PointEntry.objects.filter(account__owner__startswith=VILLAGE).exists()
    acts = AuditEvent.objects.filter(action__startswith="freeze.").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["freeze.ask", "freeze.grant"]


def test_forced_village_is_never_called_posted(world: World, colleague: User) -> None:
    world.declare(world.village)
    decide(ask(world), colleague)
    sheet = Sheet.objects.get(village=VILLAGE)
    assert sheet.posted_at is None
    page = world.client(Role.COUNTY_OFFICE).get(reverse("village-month", args=[MONTH, VILLAGE])).content.decode()
    assert "没有经过公示" in page and "已公示" not in page and "没有公示过" in page


def test_forced_freeze_touches_no_neighbour(world: World, colleague: User) -> None:
    world.declare(world.village, world.sister)
    decide(ask(world), colleague)
    assert Sheet.objects.get(village=SISTER).state == SheetState.DECLARED


def test_refused_force_leaves_the_sheet_and_is_decided_once(world: World, colleague: User) -> None:
    world.declare(world.village)
    asked = ask(world)
    assert refusal_code(decide, asked, colleague, grant=False) == "reason_missing"
    decide(asked, colleague, grant=False, answer="可以等")
    assert refusal_code(decide, asked, colleague) == "decided"
    assert ForcedFreeze.objects.get().state == AskState.REFUSED
    assert Sheet.objects.get(village=VILLAGE).state == SheetState.DECLARED
    broken(raw("UPDATE scoring_forcedfreeze SET answer = 'x'"), "decided once|permission")


def test_force_is_refused_for_what_is_open_or_asked_already(world: World, colleague: User) -> None:
    assert refusal_code(ask, world) == "sheet_state"
    world.declare(world.village)
    ask(world)
    assert refusal_code(ask, world, by=colleague) == "already_asked"


def test_nothing_is_forced_without_its_line_in_the_log(world: World, colleague: User) -> None:
    world.declare(world.village)
    with audit_down():
        ask(world)
    assert not ForcedFreeze.objects.exists()
    asked = ask(world)
    with audit_down():
        decide(asked, colleague)
    assert Sheet.objects.get(village=VILLAGE).state == SheetState.DECLARED


def test_second_key_waits_on_the_home_page_and_turns_on_the_village_page(world: World, colleague: User) -> None:
    world.declare(world.village)
    asked = ask(world)
    address = reverse("village-month", args=[MONTH, VILLAGE])
    assert address in world.client(colleague).get("/").content.decode()
    sent = {"op_id": str(uuid4()), "forced": asked.pk, "decision": "grant", "answer": ""}
    told = world.client(colleague).post(reverse("decide-force", args=[MONTH, VILLAGE]), sent, follow=True)
    assert "已经决定" in told.content.decode()
    assert Sheet.objects.get(village=VILLAGE).state == SheetState.FROZEN


def test_page_extends_and_asks_for_force(world: World) -> None:
    office = world.client(Role.COUNTY_OFFICE)
    until = today() + timedelta(days=3)
    sent = {"op_id": str(uuid4()), "until": until.isoformat(), "reason": REASON}
    assert REASON in office.post(reverse("extend-month", args=[MONTH, VILLAGE]), sent, follow=True).content.decode()
    world.declare(world.village)
    sent = {"op_id": str(uuid4()), "reason": "村要合并"}
    assert "村要合并" in office.post(reverse("force-freeze", args=[MONTH, VILLAGE]), sent, follow=True).content.decode()


def test_interface_extends_asks_and_decides(world: World, colleague: User) -> None:
    office, other = world.client(Role.COUNTY_OFFICE), world.client(colleague)
    base = {"month": MONTH, "village": VILLAGE, "reason": REASON}

    def sent(client: object, path: str, **body: object) -> dict[str, object]:
        answer = client.post(
            f"/api/v1/calendar/{path}", body | {"op_id": str(uuid4())}, content_type="application/json"
        )
        return {"status": answer.status_code, **answer.json()}

    until = (today() + timedelta(days=3)).isoformat()
    assert sent(office, "extensions/", **base, until=until)["until"] == until
    world.declare(world.village)
    asked = sent(office, "forced/", **base)
    assert sent(office, "forced/decide/", forced=asked["id"], grant=True)["code"] == "own_request"
    assert sent(other, "forced/decide/", forced=asked["id"], grant=True)["state"] == "granted"
    assert sent(office, "extensions/", **base | {"village": "430525101001"}, until=until)["status"] == 404


def test_posted_village_that_is_forced_is_told_apart_from_one_in_due_course(world: World) -> None:
    world.declare(world.village, world.sister)
    world.approve(world.village, world.sister)
    assert post(month=MONTH, on=date(2024, 6, 30)) == 2
    freeze_one(month=MONTH, village=VILLAGE, by=world.user(Role.COUNTY_OFFICE))
    freeze(month=MONTH, on=calendar_of(MONTH).posted(timezone.localdate()).freeze_on, force=True)
    assert dict(Sheet.objects.filter(period=MONTH).values_list("village", "forced")) == {VILLAGE: True, SISTER: False}
    office = world.client(Role.COUNTY_OFFICE)
    pages = [office.get(reverse("village-month", args=[MONTH, code])).content.decode() for code in (VILLAGE, SISTER)]
    assert "公示过，没有到期就提前锁定" in pages[0] and "提前锁定。" not in pages[1]
    assert "公示没到期就锁定" in office.get(reverse("cockpit", args=[MONTH])).content.decode()
