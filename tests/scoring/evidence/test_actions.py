"""Photos of events: who adds one and until when, that none is exchanged, and what becomes of them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from households.models import AuditEvent, ChangeKind, Household
from households.retention.actions import erase_expired, keeps_until
from households.roles import Role
from scoring.evidence.actions import add_photo
from scoring.evidence.rules import MAX_PHOTOS
from scoring.models import EventPhoto, ScoreEvent
from tests.acting import administrator
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.households.changes.histories import done
from tests.refusals import refusal_code
from tests.scoring.evidence.photographs import added, picture, withdrawn
from tests.scoring.objections.objecting import objected
from tests.together import together
from tests.world import SISTER, VILLAGE, World

ONE = f"{VILLAGE}010001"


@pytest.fixture
def event(world: World) -> ScoreEvent:
    return world.record(ONE, "WJ02")


def test_photo_is_kept_sealed_and_written_down(world: World, event: ScoreEvent) -> None:
    photo = added(world, event, b"\xff\xd8 what it shows")
    assert bytes(photo.content) == b"\xff\xd8 what it shows"
    with administrator() as cursor:
        cursor.execute("SELECT content FROM scoring_eventphoto")
        assert b"what it shows" not in bytes(cursor.fetchone()[0])
    line = AuditEvent.objects.get(action="event.photo")
    assert (line.place, line.detail["photo"]) == (ONE, photo.pk)


def test_same_photo_twice_and_one_too_many_are_refused(world: World, event: ScoreEvent) -> None:
    first = added(world, event)
    assert refusal_code(added, world, event) == "photo_there"
    for number in range(1, MAX_PHOTOS):
        added(world, event, b"photo %d" % number)
    assert refusal_code(added, world, event, b"one more") == "photos_too_many"
    withdrawn(world, first)
    added(world, event, b"one more")
    assert EventPhoto.objects.filter(withdrawn_at=None).count() == MAX_PHOTOS


def test_same_request_again_adds_nothing(world: World, event: ScoreEvent) -> None:
    cadre, op_id = world.user(Role.CADRE), uuid4()
    answers = [add_photo(op_id=op_id, event=event, photo=b"seen", by=cadre) for _ in range(2)]
    assert answers[0] == answers[1] == {"id": EventPhoto.objects.get().pk}


def test_only_who_may_take_the_event_back_adds_photos(world: World, event: ScoreEvent) -> None:
    assert refusal_code(added, world, event, by=world.user(Role.GROUP_LEADER)) == "not_yours"
    assert refusal_code(added, world, event, by=world.user(Role.SUPERVISOR)) == "not_yours"
    assert refusal_code(added, world, event, by=world.stranger(Role.CADRE)) == "not_yours"
    added(world, event, by=world.user(Role.TOWNSHIP))


def test_after_the_declaration_a_photo_goes_and_none_comes(world: World, event: ScoreEvent) -> None:
    photo = added(world, event)
    world.declare(world.village)
    assert refusal_code(added, world, event, b"another") == "sheet_locked"
    gone = withdrawn(world, photo)
    assert (gone.withdraw_reason, gone.withdrawn_by) == ("拍到了别人家", world.user(Role.CADRE))
    assert refusal_code(withdrawn, world, photo) == "withdrawn"


def test_withdrawn_event_takes_no_photo(world: World, event: ScoreEvent) -> None:
    ScoreEvent.objects.filter(pk=event.pk).update(withdrawn_at="2024-05-21T08:00+08:00", withdraw_reason="记错了")
    assert refusal_code(added, world, event) == "withdrawn"


def test_photo_stays_while_an_objection_is_open(world: World, event: ScoreEvent) -> None:
    photo = added(world, event)
    world.frozen_month()
    objected(world, event.pk)
    assert refusal_code(withdrawn, world, photo) == "objection_open"
    assert EventPhoto.objects.get().withdrawn_at is None


def test_withdrawing_takes_a_reason_and_the_right(world: World, event: ScoreEvent) -> None:
    photo = added(world, event)
    assert refusal_code(withdrawn, world, photo, " ") == "reason_missing"
    assert refusal_code(withdrawn, world, photo, by=world.user(Role.SUPERVISOR)) == "not_yours"
    withdrawn(world, photo, by=world.user(Role.TOWNSHIP))


def test_nothing_is_added_or_withdrawn_when_the_audit_fails(world: World, event: ScoreEvent) -> None:
    with audit_down():
        added(world, event)
    assert not EventPhoto.objects.exists()
    photo = added(world, event)
    with audit_down():
        withdrawn(world, photo)
    assert EventPhoto.objects.get().withdrawn_at is None


def test_database_lets_no_photo_be_exchanged_or_deleted(world: World, event: ScoreEvent) -> None:
    photo = added(world, event)
    exchanged = EventPhoto.objects.filter(pk=photo.pk)
    broken(lambda: exchanged.update(content=b"another"), "never exchanged")
    broken(lambda: exchanged.update(event=world.record(ONE, "WR04")), "never exchanged")
    broken(raw("DELETE FROM scoring_eventphoto"), "scoring_eventphoto")
    withdrawn(world, photo)
    broken(lambda: exchanged.update(withdraw_reason="别的原因"), "never exchanged")
    world.declare(world.village)
    added_late = EventPhoto(event=event, digest="0" * 64, content=b"late", by=world.user(Role.CADRE))
    broken(lambda: added_late.save(force_insert=True), "while the sheet is open")


def test_database_holds_the_shape_of_a_row(world: World, event: ScoreEvent) -> None:
    by = world.user(Role.CADRE)
    rows = EventPhoto.objects
    broken(lambda: rows.create(event=event, digest="x", content=b"a", by=by), "event_photo_digest_shaped")
    added(world, event)
    digest = EventPhoto.objects.get().digest
    broken(lambda: rows.create(event=event, digest=digest, content=b"a", by=by), "event_photo_once")
    broken(lambda: rows.update(withdrawn_at="2024-05-21T08:00+08:00", withdrawn_by=by), "event_photo_withdrawn_with")


def test_photo_goes_on_with_a_household_that_moves(world: World) -> None:
    Household.objects.filter(pk=ONE).update(valid_from=date(2023, 1, 1))
    event = world.record(ONE, "WJ02")
    added(world, event)
    done(world.user(Role.COUNTY_OFFICE), ChangeKind.MOVE, date(2024, 5, 2), ONE, group=f"{SISTER}01")
    carried = ScoreEvent.objects.standing().get(code__startswith=SISTER)
    assert bytes(EventPhoto.objects.get(event=carried).content) == b"\xff\xd8 one"


def test_photo_of_an_erased_household_is_gone(world: World, event: ScoreEvent) -> None:
    withdrawn(world, added(world, event))
    added(world, event, picture())
    today = timezone.localdate()
    Household.objects.filter(pk=ONE).update(valid_to=keeps_until(today) - timedelta(days=1))
    assert erase_expired(today) == 1
    kept = EventPhoto.objects.values_list("content", "withdraw_reason")
    assert {bytes(content).decode() for content, _ in kept} == {"（已清除）"}
    assert {reason for _, reason in kept} == {"", "（已清除）"}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_exceed_the_limit(world: World) -> None:
    event = world.record(ONE, "WJ02")
    for number in range(MAX_PHOTOS - 1):
        added(world, event, b"photo %d" % number)
    found = together(lambda: added(world, event, b"left"), lambda: added(world, event, b"right"))
    assert "photos_too_many" in found
    assert EventPhoto.objects.count() == MAX_PHOTOS
