"""Who reads notes and letters, and since when a household's page shows what it filed."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.models import Plate
from households.plates.actions.batches import renew_pin
from households.plates.actions.plates import issue_plate
from households.roles import Role
from petitions.cases.actions import merging
from tests.petitions.desk import LYJ, Desk
from tests.petitions.filers import Filer, answered, open_with, receipt, text_of
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP])
def test_who_only_filed_it_reads_no_notes(desk: Desk, role: str) -> None:
    """A township that filed for somebody reads what the filer reads, while 林业局 at work on it reads the notes."""
    petition = desk.handled(by=desk.world.user(role), way="cadre")
    for who, inside in ((role, False), (Role.DEPARTMENT, True), (Role.PETITION_OFFICE, True)):
        client = desk.world.client(who)
        page = text_of(client, reverse("petition", args=[petition.number]))
        told = client.get(reverse("api-petition", args=[petition.number])).content.decode()
        assert ("已派人查看" in page, "已派人查看" in told) == (inside, inside), who


def test_same_matter_is_listed_as_far_as_its_reader_may_see(desk: Desk) -> None:
    petition, seen, unseen = desk.assigned(), desk.assigned(title="看得到的一件"), desk.file(title="看不到的一件")
    for other in (seen, unseen):
        merging.classify(op_id=uuid4(), petition=other, by=desk.office, case=petition.case)
    html = text_of(desk.world.client(desk.handler), reverse("petition", args=[petition.number]))
    assert "看得到的一件" in html and "看不到的一件" not in html
    assert "看不到的一件" in text_of(desk.world.client(desk.office), reverse("petition", args=[petition.number]))


# Letters


def test_filer_downloads_his_letter_with_his_name(desk: Desk) -> None:
    filed, client = desk.filed(), Client()
    petition = desk.answer(desk.handle(desk.assign(desk.accept(filed.petition), LYJ)))
    open_with(client, petition.number, filed.code)
    answer = client.get(reverse("petition-follow-letter", args=[5]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF") and "no-store" in answer["Cache-Control"]
    assert f"{petition.number}-05.pdf" in answer["Content-Disposition"]


def test_line_without_a_letter_is_not_found(desk: Desk) -> None:
    filed, client = desk.filed(), Client()
    open_with(client, filed.petition.number, filed.code)
    assert client.get(reverse("petition-follow-letter", args=[1])).status_code == 404


def test_household_downloads_its_own_letters_alone(desk: Desk) -> None:
    filer, stranger = Filer(desk.world.household), Filer(desk.world.households[1])
    petition, _code = receipt(filer.file(name="张三丰"))
    answered(desk.world, petition)
    assert filer.client.get(filer.url("letter", petition.number, 2)).status_code == 200
    assert stranger.client.get(stranger.url("letter", petition.number, 2)).status_code == 404


@pytest.mark.parametrize("secret", ["accusation", "renewed"])
def test_letters_stay_shut_where_the_petition_is(desk: Desk, secret: str) -> None:
    """An accusation is not on the household's page; nor is what was filed before the PIN was renewed."""
    filer = Filer(desk.world.household)
    content = {"content": "accusation", "accused_department": "SLJ"} if secret == "accusation" else {}
    petition, _code = receipt(filer.file(name="张三丰", **content))
    answered(desk.world, petition)
    if secret == "renewed":
        plate = Plate.objects.get(token=filer.token)
        filer.client.post(reverse("plate", args=[plate.token]), {"pin": renew_pin(plate=plate, by=None)})
    for page in ("letter", "copy", "archive", "page"):
        parts = [petition.number, 2] if page == "letter" else [petition.number]
        assert filer.client.get(filer.url(page, *parts)).status_code == 404, page


# Since when the PIN is the one in force


def test_pin_is_as_old_as_its_plate_or_its_renewal(world: World) -> None:
    plate, _pin = issue_plate(household=world.household, by=None)
    first = Plate.objects.get(pk=plate.pk).pin_set_at
    renew_pin(plate=plate, by=None)
    assert plate.issued_at <= timezone.now()
    assert Plate.objects.get(pk=plate.pk).pin_set_at > first


def test_migration_reads_renewals_from_the_audit_log(world: World) -> None:
    """Plates from before the column existed: by the log's last line, or by the day of issue."""
    renewed, _pin = issue_plate(household=world.household, by=None)
    plain, _pin = issue_plate(household=world.households[1], by=None)
    renew_pin(plate=renewed, by=None)
    Plate.objects.update(pin_set_at="2020-01-01T00:00:00Z")
    with connection.cursor() as cursor:
        cursor.execute(import_module("households.migrations.0004_pin_set_at").BACKFILL)
    assert Plate.objects.get(pk=plain.pk).pin_set_at == plain.issued_at
    assert Plate.objects.get(pk=renewed.pk).pin_set_at > renewed.issued_at
