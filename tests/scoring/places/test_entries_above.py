"""Entries against a township or the county: recorded, confirmed and withdrawn on a page, until a village below is posted."""

from uuid import uuid4

import pytest
from django.urls import reverse

from households.models import Division
from households.roles import Role
from scoring.freezing import post
from scoring.models import DivisionScore, ScoreEvent, Sheet
from scoring.months.months import sheet_of
from scoring.rollup import rollup
from scoring.sheets.actions.above import confirm_above, record_above, withdraw_above
from tests.refusals import refused
from tests.scoring.findings.found import found, state
from tests.world import COUNTY, DAY, LONG_AFTER, MONTH, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, World

OWN = "WJ11"  # of a place, by its township


@pytest.fixture
def clause(world: World) -> str:
    from scoring.models import Clause

    found = Clause.objects.filter(
        scheme__periods=MONTH, subject__in=["division", "both"], recorder="township", second_person=False
    )
    return found.filter(document_required=False).exclude(indicator__code="petition").first().code


def raw(code: str, clause: str) -> dict[str, str]:
    return {"division": code, "clause": clause, "date": str(DAY)}


def test_township_records_against_itself_and_every_household_feels_it(world: World, clause: str) -> None:
    client = world.client(Role.TOWNSHIP)
    page = reverse("place-entries", args=[MONTH, TOWNSHIP])
    assert "这个月没有" in client.get(page).content.decode()
    given = {"op_id": str(uuid4()), "clause": clause, "date": str(DAY), "document_no": "", "note": "集镇的路"}
    client.post(reverse("place-entry-add", args=[MONTH, TOWNSHIP]), given)
    event = ScoreEvent.objects.get()
    assert (event.code, event.note) == (TOWNSHIP, "集镇的路")
    world.declare(world.village, world.sister)
    rollup.roll_up_marked()
    sign = -1 if event.kind == "deduct" else 1
    assert DivisionScore.objects.get(month=MONTH, code=TOWNSHIP).adjustment == sign * event.points
    answer = client.post(reverse("place-entry-withdraw", args=[event.pk]), {"op_id": str(uuid4()), "reason": "记错了"})
    event.refresh_from_db()
    assert answer["Location"] == page and event.withdraw_reason == "记错了"


def test_nothing_is_recorded_beside_ones_own_place_or_below_it(world: World, clause: str) -> None:
    by = world.user(Role.TOWNSHIP)
    for code, what in ((OTHER_TOWNSHIP, "place_unknown"), (COUNTY, "place_unknown"), (VILLAGE, "place_level")):
        wanted = raw(code, clause)
        refused(what, lambda wanted=wanted: record_above(op_id=uuid4(), month=MONTH, raw=wanted, by=by))
    assert not ScoreEvent.objects.exists()


def test_month_is_closed_when_a_village_below_is_posted(world: World, clause: str) -> None:
    by = world.user(Role.TOWNSHIP)
    event = record_above(op_id=uuid4(), month=MONTH, raw=raw(TOWNSHIP, clause), by=by)["event"]
    world.declare(world.village)
    world.approve(world.village)
    post(month=MONTH, on=LONG_AFTER)
    refused("sheet_locked", lambda: record_above(op_id=uuid4(), month=MONTH, raw=raw(TOWNSHIP, clause), by=by))
    refused("sheet_locked", lambda: withdraw_above(op_id=uuid4(), event=event, reason="晚了", by=by))


def test_same_entry_is_not_recorded_twice(world: World, clause: str) -> None:
    by = world.user(Role.TOWNSHIP)
    record_above(op_id=uuid4(), month=MONTH, raw=raw(TOWNSHIP, clause), by=by)
    refused("twin", lambda: record_above(op_id=uuid4(), month=MONTH, raw=raw(TOWNSHIP, clause), by=by))
    record_above(op_id=uuid4(), month=MONTH, raw={**raw(TOWNSHIP, clause), "again": True}, by=by)
    assert ScoreEvent.objects.count() == 2


def test_finding_against_a_township_is_confirmed_on_its_page(world: World) -> None:
    from households.models import Department, Linkage

    Department.objects.filter(pk="LYJ").update(name="县生态环境局")
    Linkage.objects.filter(department="LYJ", division=VILLAGE).update(division=TOWNSHIP)
    department = type(world.user(Role.DEPARTMENT)).objects.get(username=Role.DEPARTMENT)
    answer = found(world, TOWNSHIP, "WR12", by=department)
    assert answer["state"] == "pending"
    office = world.user(Role.COUNTY_OFFICE)
    assert "县生态环境局" in world.client(office).get(reverse("place-entries", args=[MONTH, TOWNSHIP])).content.decode()
    confirm_above(op_id=uuid4(), event=answer["event"], by=office)
    assert state(answer["id"]) == "counted"
    refused("confirmed", lambda: confirm_above(op_id=uuid4(), event=answer["event"], by=office))


def test_month_before_the_village_was_is_not_opened_by_any_address(world: World) -> None:
    Division.objects.filter(pk=VILLAGE).update(valid_from="2024-06-01")
    village = Division.objects.get(pk=VILLAGE)
    refused("place_not_then", lambda: sheet_of(month="2024-04", village=village))
    client = world.client(Role.CADRE)
    body = {"base_version": 0, "ops": [{"op_id": str(uuid4()), "type": "declare"}]}
    answer = client.post(f"/api/v1/sheets/2024-04/{VILLAGE}/ops/", body, content_type="application/json")
    assert answer.json()["code"] == "place_not_then" and not Sheet.objects.filter(period="2024-04").exists()


def test_month_in_which_nobody_was_registered_is_not_opened(world: World) -> None:
    for home in world.households:
        type(home).objects.filter(pk=home.pk).update(valid_from="2024-05-01")
    refused("no_households", lambda: sheet_of(month="2024-04", village=world.village))
    assert not Sheet.objects.filter(period="2024-04", village=world.village).exists()
