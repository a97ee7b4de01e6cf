"""An entry of one's own is changed in one act while the sheet is open; what a leader writes down waits."""

import re

from django.urls import reverse

from households.roles import Role
from scoring.models import ScoreEvent
from scoring.sheets.actions.sheets import declare
from tests.scoring.batches.many import DEED, HOMES
from tests.world import DAY, World


def changed(world: World, event: ScoreEvent, role: str = Role.CADRE, **given: str) -> int:
    client, page = world.client(role), reverse("correct-event", args=[event.pk])
    shown = client.get(page)
    op_id = re.search(r'name="op_id" value="([^"]+)"', shown.content.decode())
    if not op_id:
        return shown.status_code
    stands = {"op_id": op_id[1], "clause": event.clause.code, "date": str(DAY), "document_no": "", "note": ""}
    return client.post(page, {**stands, **given}).status_code


def test_old_entry_goes_and_the_new_one_stands_in_one_act(world: World) -> None:
    event = world.record(HOMES[0], "WR02")
    assert changed(world, event, note="倒在水沟里") == 302
    event.refresh_from_db()
    fresh = ScoreEvent.objects.standing().get()
    assert (event.withdraw_reason, fresh.note, fresh.clause.code) == ("改成新的一条", "倒在水沟里", "WR02")


def test_what_the_sheet_does_not_take_leaves_the_old_one(world: World) -> None:
    event = world.record(HOMES[0], "WR02")
    world.record(HOMES[0], DEED)
    assert changed(world, event, clause=DEED) == 409
    event.refresh_from_db()
    assert event.withdrawn_at is None and ScoreEvent.objects.count() == 2


def test_others_entries_and_signed_months_are_not_changed(world: World) -> None:
    event = world.record(HOMES[0], "WR02")
    assert changed(world, event, Role.GROUP_LEADER) == 404
    world.declare(world.village)
    assert changed(world, event, note="晚了") == 409
    assert ScoreEvent.objects.get().note == ""


def test_leaders_entry_waits_for_the_cadre_on_the_same_page(world: World) -> None:
    event = world.record(HOMES[0], DEED, by=world.user(Role.GROUP_LEADER))
    assert event.confirmed_at is None and not event.clause.second_person
    assert world.record(HOMES[1], DEED).confirmed_at
    assert "等第二人确认" in world.client(Role.CADRE).get("/inbox/").content.decode()


def test_signature_confirms_what_leaders_wrote_but_not_what_its_clause_keeps_open(world: World) -> None:
    leader, cadre = world.user(Role.GROUP_LEADER), world.user(Role.CADRE)
    plain = world.record(HOMES[0], DEED, by=leader)
    kept = world.record(HOMES[1], "FA03")
    declare(sheet=world.sheet(), by=cadre)
    plain.refresh_from_db()
    kept.refresh_from_db()
    assert plain.confirmed_by == cadre and kept.confirmed_at is None
