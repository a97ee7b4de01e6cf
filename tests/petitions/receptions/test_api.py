"""Receptions and promises over HTTP: schedule for all, lists for whom they concern, one record for one id."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from households.roles import Role
from petitions.follow.opening import opened_by
from petitions.models import Petition, Reception, ReceptionRecord
from tests.answers import whole
from tests.petitions.desk import LYJ, SLJ, Desk
from tests.petitions.receptions.scene import LEADER, SAID, Days
from tests.world import VILLAGE

pytestmark = pytest.mark.django_db
BASE = "/api/v1/petitions/"


def send(client: Client, reception: Reception, **more: Any) -> HttpResponse:
    sent = {"op_id": str(uuid4()), "outcome": "follow", "note": SAID} | more
    return client.post(f"{BASE}receptions/{reception.pk}/records/", sent, content_type="application/json")


def listed(client: Client) -> list[dict[str, Any]]:
    return client.get(f"{BASE}receptions/").json()["results"]


def test_schedule_tells_who_receives_where(days: Days, office: Client) -> None:
    reception = days.plan()
    [told] = listed(office)
    assert (told["id"], told["leader"], told["starts"], told["place_name"]) == (reception.pk, LEADER, "09:00", "罗坪乡")
    assert told["units"] == [{"unit": LYJ, "name": "林业局"}]
    assert (told["cases"], told["recorded"]) == (0, 0)


def test_schedule_is_for_those_it_concerns(desk: Desk, days: Days) -> None:
    days.plan()
    for role, sees in ((Role.DEPARTMENT, 1), (Role.TOWNSHIP, 1), (Role.COUNTY_OFFICE, 1), (Role.CADRE, 0)):
        assert len(listed(desk.world.client(role))) == sees
    elsewhere = [desk.world.stranger(role) for role in (Role.DEPARTMENT, Role.TOWNSHIP, Role.CADRE)]
    assert [listed(desk.world.client(user)) for user in elsewhere] == [[], [], []]


def test_list_holds_what_the_reader_may_read(desk: Desk, days: Days, office: Client) -> None:
    reception, own, other = days.plan(), desk.assigned(LYJ), desk.assigned(SLJ)
    days.put(reception, own, other)
    path = f"{BASE}receptions/{reception.pk}/"
    assert [item["number"] for item in office.get(path).json()["items"]] == [own.number, other.number]
    told = desk.world.client(desk.handler).get(path).json()
    assert ([item["number"] for item in told["items"]], told["cases"]) == ([own.number], 1)
    county = desk.world.client(Role.COUNTY_OFFICE).get(path).json()
    assert (county["items"], county["cases"]) == ([], 2)


def test_accused_finds_neither_item_nor_count(desk: Desk, days: Days) -> None:
    reception = days.plan(units=(SLJ,))
    days.put(reception, desk.accusation(LYJ))
    told = desk.world.client(desk.neighbour).get(f"{BASE}receptions/{reception.pk}/").json()
    assert (told["items"], told["cases"]) == ([], 0)
    assert desk.world.client(desk.handler).get(f"{BASE}receptions/{reception.pk}/").status_code == 404
    [county] = listed(desk.world.client(Role.COUNTY_OFFICE))
    assert county["cases"] == 0


def test_record_is_answered_and_the_same_again(desk: Desk, days: Days, office: Client) -> None:
    reception, petition, op_id = days.plan(), desk.file(), str(uuid4())
    first, second = (send(office, reception, op_id=op_id, petition=petition.number) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    told = first.json()
    assert (first.status_code, told["number"], told["listed"], told["moved_on"]) == (201, petition.number, True, False)
    assert ReceptionRecord.objects.count() == 1


def test_new_matter_comes_with_its_code(days: Days, office: Client) -> None:
    filing = {"place": VILLAGE, "title": "水渠的事", "text": "水渠三年没有通水。", "name": "李四光"}
    told = send(office, days.plan(), filing=filing).json()
    assert opened_by(told["number"], told["code"]) == Petition.objects.get()
    assert told["listed"] is True


def test_promise_is_made_with_the_record(desk: Desk, days: Days, office: Client) -> None:
    due = (timezone.localdate() + timedelta(days=10)).isoformat()
    promise = {"what": "十天内修通。", "unit": LYJ, "due": due, "person": "赵主任"}
    petition = desk.assigned()
    told = send(office, days.plan(), petition=petition.number, outcome="promise", promise=promise).json()
    [found] = office.get(f"{BASE}promises/").json()["results"]
    assert (found["id"], found["petition"], found["due"], found["state"]) == (
        told["promise"],
        petition.number,
        due,
        "made",
    )


def test_record_made_off_line_says_when(desk: Desk, days: Days, office: Client) -> None:
    petition = desk.file()
    said = timezone.localtime() - timedelta(hours=2)
    desk.accept(petition, at=timezone.now() - timedelta(hours=1))
    told = send(office, days.plan(), petition=petition.number, at=said.isoformat()).json()
    assert (told["moved_on"], told["said_at"]) == (True, said.isoformat())


def test_nonsense_is_refused_in_words(days: Days, office: Client) -> None:
    reception = days.plan()
    nonsense: list[tuple[int, dict[str, Any]]] = [
        (404, {"petition": "430726-2020-000001"}),
        (400, {"petition": "a\0b"}),
        (422, {}),
        (404, {"filing": {"place": "999999", "title": "事", "text": "事"}}),
        (400, {"outcome": "nothing"}),
        (400, {"at": "yesterday"}),
    ]
    for status, sent in nonsense:
        answer = send(office, reception, **sent)
        assert (answer.status_code, bool(answer.json()["detail"])) == (status, True), sent


def test_others_do_not_record(desk: Desk, days: Days) -> None:
    reception, petition = days.plan(), desk.assigned()
    for role in (Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.CADRE):
        answer = send(desk.world.client(role), reception, petition=petition.number)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert not ReceptionRecord.objects.exists() and desk.lines(petition)[-1] == "assign"


def test_reception_that_does_not_exist_is_not_found(days: Days, office: Client) -> None:
    days.plan()
    for number in (999, 10**30):
        answer = office.get(f"{BASE}receptions/{number}/")
        assert (answer.status_code, answer.json()["code"], LEADER in whole(answer)) == (404, "not_found", False)


def test_days_asked_for_limit_the_schedule(days: Days, office: Client) -> None:
    days.plan()
    past = {"from": "2020-01-01", "to": "2020-02-01"}
    assert office.get(f"{BASE}receptions/", past).json()["results"] == []
    assert office.get(f"{BASE}receptions/", {"from": "soon"}).status_code == 400


def test_promises_are_listed_for_who_may_read_the_petition(desk: Desk, days: Days) -> None:
    days.promise()
    readers = (desk.office, desk.handler, desk.neighbour, desk.world.user(Role.COUNTY_OFFICE))
    found = [desk.world.client(user).get(f"{BASE}promises/").json()["results"] for user in readers]
    assert [len(each) for each in found] == [1, 1, 0, 0]


def test_promises_are_filtered(days: Days, office: Client) -> None:
    promise = days.promise()
    for query, number in (
        ({"state": "made"}, 1),
        ({"state": "kept"}, 0),
        ({"overdue": "1"}, 0),
        ({"after": promise.pk}, 0),
    ):
        assert len(office.get(f"{BASE}promises/", query).json()["results"]) == number
    assert office.get(f"{BASE}promises/", {"state": "x"}).status_code == 400
    assert office.get(f"{BASE}promises/", {"after": "x"}).status_code == 400
