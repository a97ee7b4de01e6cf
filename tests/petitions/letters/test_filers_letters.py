"""Letters in the hands of who filed: with their name, and shut where the petition is."""

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Plate
from households.plates.actions.pins import renew_pin
from tests.answers import whole
from tests.petitions.desk import LYJ, Desk
from tests.petitions.filers import TITLE, Filer, answered, open_with, receipt

pytestmark = pytest.mark.django_db
PDF, PAGE = "application/pdf", "text/html; charset=utf-8"


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
    desk.accept(filed.petition)
    open_with(client, filed.petition.number, filed.code)
    kinds = [client.get(reverse("petition-follow-letter", args=[seq]))["Content-Type"] for seq in (1, 2, 3)]
    assert kinds == [PAGE, PDF, PAGE]


def test_household_downloads_its_own_letters_alone(desk: Desk) -> None:
    filer, stranger = Filer(desk.world.household), Filer(desk.world.households[1])
    petition, _code = receipt(filer.file(name="张三丰"))
    answered(desk.world, petition)
    assert filer.client.get(filer.url("letter", petition.number, 2))["Content-Type"] == PDF
    answer = stranger.client.get(stranger.url("letter", petition.number, 2))
    assert (answer.status_code, answer["Content-Type"], TITLE in whole(answer)) == (404, PAGE, False)


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
        filer.client.post(reverse("own-pin", args=[plate.token]), {"pin": "204817", "again": "204817"})
    for page in ("letter", "copy", "archive", "page"):
        parts = [petition.number, 2] if page == "letter" else [petition.number]
        answer = filer.client.get(filer.url(page, *parts))
        assert (answer.status_code, answer["Content-Type"], TITLE in whole(answer)) == (404, PAGE, False), page
