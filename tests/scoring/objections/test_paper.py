"""A household's paper: keyed in by the village's cadre or supervisor or the township, and never heard by whoever did."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from households.models import User
from households.roles import Role
from scoring.checks.verify import verify
from scoring.models import Objection, ObjectionPhoto, ScoreEvent
from scoring.objections.actions import moving
from scoring.objections.hearing import heard_by_county
from scoring.objections.reads import waiting_for
from tests.refusals import refusal, refused
from tests.scoring.checks.tampering import tamper
from tests.scoring.notices.posting import DAY, POSTED, posted
from tests.scoring.objections.objecting import ONE, WORDS, keyed_in, objected, ruled, sent, state, text
from tests.world import World

NEW = f"?month={POSTED}&code={ONE}"


@pytest.fixture
def event(world: World) -> ScoreEvent:
    made = world.record(ONE, "WR02", by=world.user(Role.GROUP_LEADER), day=DAY)
    posted(world)
    return made


def photo() -> SimpleUploadedFile:
    held = BytesIO()
    Image.new("RGB", (40, 30), "white").save(held, "JPEG")
    return SimpleUploadedFile("slip.jpg", held.getvalue(), "image/jpeg")


@pytest.mark.parametrize("role", [Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP])
def test_paper_is_keyed_in_on_the_page_with_a_photo(world: World, event: ScoreEvent, role: str) -> None:
    client, way = world.client(role), reverse("objection-new") + NEW
    form = sent(text(client, way), way="paper", about=str(event.pk), text=WORDS)
    without = client.post(way, form)
    assert without.status_code == 422 and not Objection.objects.exists()
    client.post(way, sent(text(client, way), way="paper", about=str(event.pk), text=WORDS, photo=photo()))
    made = Objection.objects.get()
    assert (made.way, made.filed_by, made.state) == ("paper", world.user(role), "first")
    assert ObjectionPhoto.objects.filter(objection=made).count() == 1
    page = text(client, reverse("objection", args=[made.pk]))
    assert "本户书面提出" in page and world.user(role).display_name in page


@pytest.mark.parametrize(("by", "other"), [(Role.CADRE, Role.SUPERVISOR), (Role.SUPERVISOR, Role.CADRE)])
def test_whoever_keyed_it_in_does_not_hear_it(world: World, event: ScoreEvent, by: str, other: str) -> None:
    number = int(keyed_in(event.pk, world.user(by), month=POSTED)["id"])
    refused("left_out", lambda: ruled(number, world.user(by)))
    page = text(world.client(by), reverse("objection", args=[number]))
    assert "这一件是您提出或者录入的，要由别人裁定" in page and 'name="upheld"' not in page
    assert not waiting_for(world.user(by)).exists() and waiting_for(world.user(other)).exists()
    assert ruled(number, world.user(other))["state"] == "upheld"


def test_township_that_is_one_person_who_keyed_it_in_leaves_it_to_the_county(world: World, event: ScoreEvent) -> None:
    township = world.user(Role.TOWNSHIP)
    number = int(keyed_in(event.pk, township, month=POSTED)["id"])
    moving.hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    assert heard_by_county([Objection.objects.get()]) == {number}
    refusal(lambda: ruled(number, township))
    assert state(number) == "second"
    assert ruled(number, world.user(Role.COUNTY_OFFICE), upheld=False)["state"] == "dismissed"


def test_another_of_the_township_hears_what_a_colleague_keyed_in(world: World, event: ScoreEvent) -> None:
    colleague = _colleague(world)
    number = int(keyed_in(event.pk, world.user(Role.TOWNSHIP), month=POSTED)["id"])
    moving.hand_on(op_id=uuid4(), objection=number, by=world.user(Role.SUPERVISOR))
    assert not heard_by_county([Objection.objects.get()])
    refused("left_out", lambda: ruled(number, world.user(Role.TOWNSHIP)))
    assert ruled(number, colleague)["state"] == "upheld"


def test_whoever_brought_the_appeal_on_paper_does_not_hear_it(world: World, event: ScoreEvent) -> None:
    township, colleague = world.user(Role.TOWNSHIP), _colleague(world)
    number = int(objected(world, event.pk, month=POSTED)["id"])
    ruled(number, world.user(Role.SUPERVISOR), upheld=False)
    page = text(world.client(Role.TOWNSHIP), reverse("objection", args=[number]))
    assert "本户书面请求复核" in page
    moving.appeal(op_id=uuid4(), objection=number, by=township)
    refused("left_out", lambda: ruled(number, township))
    assert ruled(number, colleague, upheld=False)["state"] == "dismissed"


def test_nobody_takes_a_households_paper_back_for_it(world: World, event: ScoreEvent) -> None:
    supervisor = world.user(Role.SUPERVISOR)
    number = int(keyed_in(event.pk, supervisor, month=POSTED)["id"])
    refused("not_yours", lambda: moving.withdraw(op_id=uuid4(), objection=number, by=supervisor))
    assert "撤回这一件异议吗" not in text(world.client(Role.SUPERVISOR), reverse("objection", args=[number]))
    assert moving.withdraw(op_id=uuid4(), objection=number, household=ONE)["state"] == "withdrawn"


def test_interface_takes_paper_with_its_photo(world: World, event: ScoreEvent) -> None:
    def post(client: Client, **more: object) -> tuple[int, dict]:
        answer = client.post("/api/v1/objections/paper/", {"op_id": str(uuid4()), "text": WORDS, **more})
        return answer.status_code, answer.json()

    township = world.client(Role.TOWNSHIP)
    assert post(township, event=event.pk)[1]["fields"].keys() == {"photo"}
    assert post(township, event=event.pk, photo=SimpleUploadedFile("a.jpg", b"no picture"))[0] == 422
    assert post(world.client(Role.DEPARTMENT), event=event.pk, photo=photo())[1]["code"] == "no_paper"
    assert not Objection.objects.exists()
    status, made = post(township, event=event.pk, photo=photo())
    assert (status, made["state"]) == (201, "first")
    assert ObjectionPhoto.objects.get().objection.filed_by == world.user(Role.TOWNSHIP)


def test_verify_notices_who_ruled_on_what_they_keyed_in(world: World, event: ScoreEvent) -> None:
    number = int(keyed_in(event.pk, world.user(Role.SUPERVISOR), month=POSTED)["id"])
    ruled(number, world.user(Role.CADRE))
    assert "objections_heard" not in _broken()
    tamper(f"UPDATE scoring_objectionstep SET by_id = {world.user(Role.SUPERVISOR).pk} WHERE action = 'uphold'")
    assert "objections_heard" in _broken()


def _broken() -> set[str]:
    return {drift.name for drift in verify()}


def _colleague(world: World) -> User:
    own = world.user(Role.TOWNSHIP)
    return User.objects.create(
        username="township-two", role=Role.TOWNSHIP, division=own.division, display_name="王同事"
    )
