"""Photos of an event over the interface: the same door as the page, once an id, and nobody sees more by it."""

import io
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from households.models import AuditEvent
from households.roles import Role
from scoring.models import EventPhoto, ScoreEvent
from tests.scoring.evidence.photographs import added, picture, upload, withdrawn
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db
ONE = f"{VILLAGE}010001"


@pytest.fixture
def event(world: World) -> ScoreEvent:
    return world.record(ONE, "WJ02")


def address(event: ScoreEvent, rest: str = "") -> str:
    return f"/api/v1/events/{event.pk}/photos/{rest}"


def send(client: Client, event: ScoreEvent, photo: object, **more: object) -> tuple[int, dict]:
    answer = client.post(address(event), {"op_id": uuid4(), "photo": photo} | more)
    return answer.status_code, answer.json()


def listed(world: World, role: str, event: ScoreEvent) -> dict:
    return world.client(role).get(address(event)).json()


def test_photo_is_made_anew_and_counted(world: World, event: ScoreEvent) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SomePhone"
    status, answer = send(world.client(Role.CADRE), event, upload(exif=exif))
    assert (status, answer["standing"]) == (201, 1)
    kept = EventPhoto.objects.get(pk=answer["id"])
    assert b"SomePhone" not in bytes(kept.content) and Image.open(io.BytesIO(bytes(kept.content))).format == "JPEG"
    [one] = listed(world, Role.CADRE, event)["photos"]
    assert (one["id"], one["by"], one["withdrawn_at"]) == (kept.pk, world.user(Role.CADRE).display_name, None)


def test_same_id_is_taken_once(world: World, event: ScoreEvent) -> None:
    client, op_id = world.client(Role.CADRE), uuid4()
    first = send(client, event, upload(), op_id=op_id)
    assert send(client, event, upload(), op_id=op_id) == first
    assert EventPhoto.objects.count() == 1
    status, said = send(client, event, upload(shade=10), op_id=op_id)
    assert (status, said["code"]) == (409, "op_id_reused")


def test_what_is_no_photo_is_told_and_nothing_kept(world: World, event: ScoreEvent) -> None:
    status, said = send(world.client(Role.CADRE), event, io.BytesIO(b"%PDF-1.7 a paper"))
    assert status == 422 and "不是照片" in said["detail"]
    answer = world.client(Role.CADRE).post(address(event), {"op_id": str(uuid4())}, content_type="application/json")
    assert answer.status_code == 415
    assert not EventPhoto.objects.exists()


def test_who_did_not_record_it_adds_none(world: World, event: ScoreEvent) -> None:
    for role, expected in ((Role.SUPERVISOR, 403), (Role.GROUP_LEADER, 403)):
        assert send(world.client(role), event, upload())[0] == expected
    status, _ = send(world.client(world.stranger(Role.CADRE)), event, upload())
    assert status == 404
    assert not EventPhoto.objects.exists()


def test_signed_village_takes_none_any_more(world: World, event: ScoreEvent) -> None:
    world.declare(world.village)
    status, said = send(world.client(Role.CADRE), event, upload())
    assert (status, said["code"]) == (409, "sheet_locked")


def test_who_may_not_look_reads_how_many_and_no_more(world: World, event: ScoreEvent) -> None:
    photo = added(world, event, picture())
    assert listed(world, Role.GROUP_LEADER, event) == {"standing": 1, "photos": []}
    assert world.client(Role.GROUP_LEADER).get(address(event, f"{photo.pk}/")).status_code == 404
    assert not AuditEvent.objects.filter(action="household.photo").exists()


def test_picture_is_answered_and_the_look_written_down(world: World, event: ScoreEvent) -> None:
    photo = added(world, event, picture())
    answer = world.client(Role.TOWNSHIP).get(address(event, f"{photo.pk}/"))
    assert answer.content == bytes(photo.content) and "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.get(action="household.photo").place == ONE


def test_withdrawn_photo_is_named_and_shown_no_more(world: World, event: ScoreEvent) -> None:
    photo, client = added(world, event, picture()), world.client(Role.CADRE)
    body = {"op_id": str(uuid4()), "reason": "拍到了别人家"}
    answer = client.post(address(event, f"{photo.pk}/withdraw/"), body, content_type="application/json")
    assert answer.json() == {"id": photo.pk, "standing": 0}
    [one] = listed(world, Role.CADRE, event)["photos"]
    assert one["withdrawn_at"] and one["withdraw_reason"] == "拍到了别人家"
    assert client.get(address(event, f"{photo.pk}/")).status_code == 404


def test_list_says_nothing_of_what_a_withdrawn_photo_showed(world: World, event: ScoreEvent) -> None:
    withdrawn(world, added(world, event, picture()))
    assert set(listed(world, Role.CADRE, event)["photos"][0]) == {"id", "at", "by", "withdrawn_at", "withdraw_reason"}
