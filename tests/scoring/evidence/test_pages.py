"""An event's page with its photos: for whom, and what is written down about looking."""

import base64
import io
import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from households.models import AuditEvent, Plate, User
from households.months import month_of
from households.register.looking import looks_at
from households.roles import Role
from scoring.models import EventPhoto, Finding, ScoreEvent
from scoring.papers.actions import settle
from scoring.reviews.actions.reviewing import return_sheet, revoke
from scoring.sheets.actions.sheets import apply_ops
from tests.answers import whole
from tests.plates import own_plate
from tests.scoring.evidence.photographs import added, picture, upload, withdrawn
from tests.scoring.findings.found import DOCUMENT, found
from tests.scoring.objections.objecting import objected, ruled
from tests.scoring.papers.papered import keyed, line, printed
from tests.scoring.points.asking import asker
from tests.world import MONTH, VILLAGE, World

ONE = f"{VILLAGE}010001"
SEE = [Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP, Role.COUNTY_OFFICE]
HIDDEN = [Role.GROUP_LEADER, Role.DEPARTMENT, Role.PETITION_OFFICE]
PLACE = (111.1, 26.5)


@pytest.fixture
def event(world: World) -> ScoreEvent:
    return world.record(ONE, "WJ02")


@pytest.fixture
def at_home(world: World) -> tuple[Client, Plate]:
    plate, pin = own_plate(world.household)
    client = Client()
    client.post(reverse("plate", args=[plate.token]), {"pin": pin})
    return client, plate


def page(world: World, role: str, event: ScoreEvent) -> str:
    return world.client(role).get(reverse("event", args=[event.pk])).content.decode()


def send(client: Client, event: ScoreEvent, photo: object) -> str:
    sent = {"op_id": uuid4(), "photo": photo}
    return client.post(reverse("event-photo-add", args=[event.pk]), sent, follow=True).content.decode()


def photo_of(client: Client, photo: EventPhoto) -> object:
    return client.get(reverse("event-photo", args=[photo.event_id, photo.pk]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_of_every_kind_is_made_anew(world: World, event: ScoreEvent, kind: str) -> None:
    assert "照片已经加上" in send(world.client(Role.CADRE), event, upload(kind))
    made = Image.open(io.BytesIO(bytes(EventPhoto.objects.get().content)))
    assert (made.format, made.size) == ("JPEG", (120, 80))


def test_place_and_time_are_taken_out(world: World, event: ScoreEvent) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "SomePhone", {2: PLACE}
    send(world.client(Role.CADRE), event, upload(exif=exif))
    content = bytes(EventPhoto.objects.get().content)
    assert b"SomePhone" not in content and not Image.open(io.BytesIO(content)).getexif()


def test_what_is_no_photo_is_refused_and_told(world: World, event: ScoreEvent) -> None:
    said = send(world.client(Role.CADRE), event, io.BytesIO(b"%PDF-1.7 a paper"))
    assert "这是PDF 文件，不是照片" in said
    assert not EventPhoto.objects.exists()


@pytest.mark.parametrize("role", SEE)
def test_those_who_decide_look_and_the_household_reads_of_it(world: World, event: ScoreEvent, role: str) -> None:
    photo = added(world, event, picture())
    assert reverse("event-photo", args=[event.pk, photo.pk]) in page(world, role, event)
    answer = photo_of(world.client(role), photo)
    assert answer.content == picture() and answer["Cache-Control"] == "private, no-store"
    assert AuditEvent.objects.get(action="household.photo").place == ONE
    assert [look.what for look in looks_at(ONE, most=9) if "照片" in look.what] == ["看了登记事项的照片"]


@pytest.mark.parametrize("role", HIDDEN)
def test_others_of_the_place_read_only_that_there_is_one(world: World, event: ScoreEvent, role: str) -> None:
    photo = added(world, event, picture())
    html = page(world, role, event)
    assert "有 1 张。只有" in html and reverse("event-photo", args=[event.pk, photo.pk]) not in html
    answer = photo_of(world.client(role), photo)
    assert answer.status_code == 404 and picture() not in whole(answer).encode("latin-1", "ignore")
    assert not AuditEvent.objects.filter(action="household.photo").exists()


def test_group_leader_sees_photos_of_own_entries(world: World) -> None:
    leader = world.user(Role.GROUP_LEADER)
    event = world.record(ONE, "WR02", by=leader)
    photo = added(world, event, picture(), by=leader)
    assert photo_of(world.client(leader), photo).content == picture()


def test_petition_entry_has_no_page_for_the_village(world: World) -> None:
    office = world.user(Role.PETITION_OFFICE)
    event = world.record(ONE, "FF01", by=office, document_no="石公行罚决字〔2024〕5号")
    photo = added(world, event, picture(), by=office)
    for role in (Role.CADRE, Role.TOWNSHIP):
        assert world.client(role).get(reverse("event", args=[event.pk])).status_code == 404
        assert photo_of(world.client(role), photo).status_code == 404
    assert photo_of(world.client(office), photo).content == picture()


def test_withdrawn_photo_is_shown_to_nobody_and_says_why(world: World, event: ScoreEvent) -> None:
    photo = withdrawn(world, added(world, event, picture()))
    html = page(world, Role.TOWNSHIP, event)
    assert "一张照片已经撤回" in html and "拍到了别人家" in html
    assert photo_of(world.client(Role.TOWNSHIP), photo).status_code == 404


def test_after_the_declaration_no_form_is_offered(world: World, event: ScoreEvent) -> None:
    assert "最多 4 张" in page(world, Role.CADRE, event)
    world.declare(world.village)
    assert "最多 4 张" not in page(world, Role.CADRE, event)


def test_sheet_tells_how_many_photos_there_are(world: World, event: ScoreEvent) -> None:
    added(world, event)
    withdrawn(world, added(world, event, b"another"))
    cadre = asker(world, Role.CADRE)
    assert [one["photos"] for one in cadre.read()["events"]] == [1]


def test_review_and_objection_lead_to_the_photos(world: World, event: ScoreEvent) -> None:
    added(world, event)
    world.declare(world.village)
    review = world.client(Role.TOWNSHIP).get(f"/township/review/{MONTH}/{VILLAGE}/").content.decode()
    assert "看 1 张照片" in review and reverse("event", args=[event.pk]) in review
    world.freeze()
    number = objected(world, event.pk)["id"]
    html = world.client(Role.TOWNSHIP).get(reverse("objection", args=[number])).content.decode()
    assert "照片 1 张" in html and reverse("event", args=[event.pk]) in html


def test_household_sees_its_photos_and_posts_without_names(
    world: World, event: ScoreEvent, at_home: tuple[Client, Plate]
) -> None:
    client, plate = at_home
    photo = added(world, event, picture())
    html = client.get(reverse("household-event", args=[plate.token, event.pk])).content.decode()
    address = reverse("household-event-photo", args=[plate.token, event.pk, photo.pk])
    assert address in html and client.get(address).content == picture()
    assert "登记" in html and "村干部" in html and world.user(Role.CADRE).display_name not in html


def test_page_of_the_household_leads_to_each_of_its_records(world: World, at_home: tuple[Client, Plate]) -> None:
    client, plate = at_home
    today = timezone.localdate()
    event = world.record(ONE, "WJ02", day=today)
    html = client.get(f"/h/{plate.token}/?month={month_of(today)}").content.decode()
    assert reverse("household-event", args=[plate.token, event.pk]) in html


def test_household_sees_no_photo_of_another(world: World, at_home: tuple[Client, Plate]) -> None:
    client, plate = at_home
    other = world.record(f"{VILLAGE}010002", "WJ02")
    photo = added(world, other, picture())
    for name, args in (("household-event", []), ("household-event-photo", [photo.pk])):
        answer = client.get(reverse(name, args=[plate.token, other.pk, *args]))
        assert answer.status_code == 404 and "登记" not in whole(answer)


def test_copy_of_the_household_holds_what_stands(
    world: World, event: ScoreEvent, at_home: tuple[Client, Plate]
) -> None:
    client, plate = at_home
    added(world, event, picture())
    withdrawn(world, added(world, event, picture(shade=10)))
    copy = json.loads(client.get(reverse("own-copy", args=[plate.token, "json"])).getvalue())
    assert [row["现在"] for row in copy["kept"]["登记事项的照片"]] == ["在", "已撤回：拍到了别人家"]
    assert [base64.b64decode(one["jpeg"]) for one in copy["pictures"]] == [picture()]
    pdf = client.get(reverse("own-copy", args=[plate.token, "pdf"])).getvalue()
    assert pdf.count(b"/Subtype /Image") == 1


def test_hands_of_an_event_that_was_objected_to_and_corrected(world: World, event: ScoreEvent) -> None:
    world.declare(world.village)
    world.approve(world.village)
    world.freeze()
    ruled(objected(world, event.pk)["id"], world.user(Role.TOWNSHIP))
    html = page(world, Role.CADRE, event)
    told = ["登记", "审核通过", "异议：提出", "申请锁定后调整", "异议：裁定成立"]
    places = [html.find(f"<strong>{what}</strong>") for what in told]
    assert -1 not in places and places == sorted(places)


def test_hands_tell_what_was_sent_back_and_taken_back(world: World, event: ScoreEvent) -> None:
    cadre, township, county = world.user(Role.CADRE), world.user(Role.TOWNSHIP), world.user(Role.COUNTY_OFFICE)
    world.declare(world.village)
    take_back(world, cadre)
    world.declare(world.village)
    return_sheet(sheet=world.sheet(), reason="再看看", by=township)
    again = world.record(f"{VILLAGE}010002", "WJ02")
    world.declare(world.village)
    world.approve(world.village)
    revoke(sheet=world.sheet(), reason="请再审", by=county)
    html = whole(world.client(Role.CADRE).get(reverse("event", args=[event.pk])))
    told = re.findall(r"<strong>([^<]+)</strong>", html[html.index("经过") :])
    sent = ["申报", "撤回申报", "申报", "审核退回", "申报", "审核通过", "县六零办退回，重新审核"]
    assert told[: len(sent) + 1] == ["登记", *sent]
    assert html.count(f"{cadre.display_name}（村干部）") == 2 and "再看看" not in html.partition("经过")[2]
    later = whole(world.client(Role.CADRE).get(reverse("event", args=[again.pk])))
    assert "撤回申报" not in later and "审核退回" not in later


def test_household_reads_posts_of_what_was_taken_back(
    world: World, event: ScoreEvent, at_home: tuple[Client, Plate]
) -> None:
    client, plate = at_home
    world.declare(world.village)
    take_back(world, world.user(Role.CADRE))
    html = whole(client.get(reverse("household-event", args=[plate.token, event.pk])))
    assert "撤回申报" in html and "村干部" in html and world.user(Role.CADRE).display_name not in html


def take_back(world: World, by: User) -> None:
    op = {"op_id": str(uuid4()), "type": "undeclare", "reason": "数错了"}
    done = apply_ops(month=MONTH, village=world.village, raws=[op], base_version=None, by=by)
    assert [one.status for one in done.outcomes] == ["applied"]


def test_paper_that_it_was_keyed_in_from_is_named_and_opens_for_the_village(world: World) -> None:
    paper = printed(world)
    keyed(world, paper, line())
    keyed(world, paper, line(), by=world.user(Role.CADRE))
    settle(op_id=uuid4(), paper=paper.pk, choices=[], by=world.user(Role.CADRE))
    made = ScoreEvent.objects.get()
    name, way = f"纸质台账 {paper.token}（照片）", reverse("paper-photo", args=[paper.pk])
    for role, opens in ((Role.CADRE, True), (Role.SUPERVISOR, False), (Role.TOWNSHIP, False)):
        html = page(world, role, made)
        assert name in html and (way in html) is opens, role
        assert (world.client(role).get(way).status_code == 200) is opens
    why = reverse("why", args=[MONTH, made.code])
    assert "录自纸质台账" in world.client(Role.TOWNSHIP).get(why).content.decode()
    assert "录自纸质台账" not in world.client(Role.DEPARTMENT).get(why).content.decode()
    [told] = world.client(Role.CADRE).get(f"/api/v1/why/{MONTH}/{made.code}/").json()["events"]
    assert told["paper"] is True


def test_finding_that_it_came_of_is_named_and_opens_for_those_who_follow_it(world: World) -> None:
    made = Finding.objects.select_related("event").get(pk=found(world)["id"])
    assert made.event
    name, way = f"的认定，文书号 {DOCUMENT}", reverse("finding", args=[made.pk])
    for role, opens in ((Role.CADRE, True), (Role.DEPARTMENT, True), (Role.SUPERVISOR, False)):
        html = page(world, role, made.event)
        assert name in html and (way in html) is opens, role
        assert (world.client(role).get(way).status_code == 200) is opens


@pytest.mark.parametrize("photos", [1, 3])
def test_page_takes_the_same_queries_however_many_photos(world: World, event: ScoreEvent, photos: int) -> None:
    for number in range(photos):
        added(world, event, b"photo %d" % number)
    client = world.client(Role.TOWNSHIP)
    client.get(reverse("event", args=[event.pk]))
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse("event", args=[event.pk]))
    assert len([q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]) == 11
