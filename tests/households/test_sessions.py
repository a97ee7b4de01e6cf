"""Short sessions: a cookie for each kind, rows that open nothing, and those of the version before."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from households.plates.actions.plates import issue_plate
from households.plates.sessions import HOUSEHOLD
from households.sessions import ShortSession
from tests.world import World

pytestmark = pytest.mark.django_db
BIRDS, FISH = ShortSession("bird", cookie="birds", path="/birds/"), ShortSession("fish", cookie="fish")


def bearing(response: HttpResponse, **more: str) -> HttpRequest:
    """The browser's next request, with the cookies of an answer."""
    request = RequestFactory().get("/")
    request.COOKIES = {name: cookie.value for name, cookie in response.cookies.items()} | more
    return request


def opened(kind: ShortSession, about: int) -> HttpResponse:
    response = HttpResponse()
    kind.open(RequestFactory().get("/"), response, about)
    return response


def test_session_knows_what_it_is_about() -> None:
    assert BIRDS.about(bearing(opened(BIRDS, 7))) == 7
    assert BIRDS.about(RequestFactory().get("/")) is None


def test_cookie_is_kept_from_scripts_other_sites_and_other_paths() -> None:
    cookie = opened(BIRDS, 7).cookies["birds"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/birds/")
    assert cookie["max-age"] == 1800


def test_key_of_one_kind_opens_no_other() -> None:
    key = opened(BIRDS, 7).cookies["birds"].value
    assert FISH.about(bearing(HttpResponse(), fish=key)) is None


def test_what_lies_in_the_database_opens_nothing() -> None:
    opened(BIRDS, 7)
    row = Session.objects.get().session_key
    assert BIRDS.about(bearing(HttpResponse(), birds=row)) is None


def test_opening_again_ends_the_first_session() -> None:
    first = bearing(opened(BIRDS, 7))
    BIRDS.open(first, HttpResponse(), 8)
    assert BIRDS.about(first) is None and Session.objects.get().session_data == "8"


def test_session_that_ran_out_opens_nothing_and_is_swept() -> None:
    request = bearing(opened(BIRDS, 7))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert BIRDS.about(request) is None
    opened(FISH, 8)
    assert [row.session_data for row in Session.objects.all()] == ["8"]


def test_row_about_no_number_is_about_nothing() -> None:
    request = bearing(opened(BIRDS, 7))
    Session.objects.update(session_data="7; DROP TABLE")
    assert BIRDS.about(request) is None


def test_household_that_came_in_before_an_upgrade_stays_in(world: World) -> None:
    plate, _pin = issue_plate(household=world.household, by=None)
    digest = hashlib.sha256(b"household planted-key").hexdigest()[:40]
    until = timezone.now() + timedelta(minutes=30)
    Session.objects.create(session_key=digest, session_data=str(plate.pk), expire_date=until)
    client = Client()
    client.cookies["dongkou_household"] = "planted-key"
    assert "张*家" in client.get(reverse("plate", args=[plate.token])).content.decode()
    assert HOUSEHOLD.life == timedelta(minutes=30)
