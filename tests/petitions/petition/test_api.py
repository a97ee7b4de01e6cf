"""Petitions over HTTP: the same actions, the same audience, the same answer to the same id."""

from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from households.roles import Role
from petitions.follow.opening import opened_by
from petitions.models import Petition
from tests.answers import whole
from tests.petitions.desk import LYJ, Desk
from tests.world import STRANGE, VILLAGE

pytestmark = pytest.mark.django_db
BASE = "/api/v1/petitions/"


def file(client: Client, **more: object) -> HttpResponse:
    sent = {"op_id": str(uuid4()), "way": "cadre", "place": VILLAGE, "title": "门前的路", "text": "门前的路断了。"}
    return client.post(BASE, sent | {"name": "张三丰", "phone": "13800000001"} | more, content_type="application/json")


def take(client: Client, number: str, to: str, **more: object) -> HttpResponse:
    sent = {"op_id": str(uuid4()), "to": to, **more}
    return client.post(f"{BASE}{number}/transitions/", sent, content_type="application/json")


def test_filing_is_answered_with_number_and_code(cadre: Client) -> None:
    answer = file(cadre)
    told = answer.json()
    assert (answer.status_code, told["state"]) == (201, "filed")
    assert told["due"] is not None
    assert opened_by(told["number"], told["code"]) == Petition.objects.get()


def test_same_id_again_is_answered_the_same(cadre: Client) -> None:
    op_id = str(uuid4())
    first, second = file(cadre, op_id=op_id), file(cadre, op_id=op_id)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Petition.objects.count() == 1


def test_id_of_another_request_is_refused(cadre: Client) -> None:
    op_id = str(uuid4())
    file(cadre, op_id=op_id)
    again = file(cadre, op_id=op_id, title="别的事")
    assert (again.status_code, again.json()["code"]) == (409, "op_id_reused")


@pytest.mark.parametrize("place", [STRANGE, "430726", "999999", "x", "a\0b"])
def test_place_outside_the_scope_is_not_found(cadre: Client, place: str) -> None:
    assert file(cadre, place=place).status_code in (400, 404)
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    "body",
    [{"title": ""}, {"text": ""}, {"op_id": "7"}, {"people": 0}, {"content": "praise"}, {"title": "字" * 61}],
)
def test_request_that_cannot_be_read_is_400(cadre: Client, body: dict) -> None:
    answer = file(cadre, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["fields"]) == set(body)


@pytest.mark.parametrize(
    "body",
    [{"phone": "call me"}, {"channel": "enterprise"}, {"way": "hotline"}, {"accused": ["department:LYJ"]}],
)
def test_filing_against_the_rules_is_422(cadre: Client, body: dict) -> None:
    answer = file(cadre, **body)
    assert answer.status_code == 422
    assert answer.json()["fields"]


def test_whole_path_by_states(desk: Desk, cadre: Client) -> None:
    number = file(cadre).json()["number"]
    office, handler = desk.world.client(desk.office), desk.world.client(desk.handler)
    answers = [
        take(office, number, "accepted"),
        take(office, number, "assigned", lead=LYJ),
        take(handler, number, "handled", note="已派人查看"),
        take(handler, number, "answered", told="路已经修好。"),
    ]
    assert [one.json().get("state") for one in answers] == ["accepted", "assigned", "handled", "answered"]
    refused = take(office, number, "closed")
    assert (refused.status_code, refused.json()["code"]) == (409, "filer_may_object")
    assert take(handler, number, "closed").status_code == 403


def test_step_in_the_wrong_state_is_409_and_without_its_fields_422(desk: Desk, cadre: Client) -> None:
    number, office = file(cadre).json()["number"], desk.world.client(desk.office)
    wrong = take(office, number, "return", note="再看")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_state")
    missing = take(office, number, "redirected")
    assert (missing.status_code, set(missing.json()["fields"])) == (422, {"path", "told"})


@pytest.mark.parametrize("to", ["confirmed", "confirm", "withdraw", "rate", "unmask"])
def test_filers_steps_are_not_taken_by_staff(desk: Desk, to: str) -> None:
    petition = desk.answered()
    for person in (desk.office, desk.handler):
        refused = take(desk.world.client(person), petition.number, to)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert desk.lines(petition)[-1] == "answer"


def test_reading_shows_masks_clocks_and_history(desk: Desk) -> None:
    told = desk.world.client(desk.handler).get(f"{BASE}{desk.assigned().number}/").json()
    assert told["filer"] == {"name": "张*", "phone": "138****0001", "enterprise": "", "people": 1}
    assert (told["state"], told["text"]) == ("assigned", "门前的路断了三个月。")
    assert told["due"] in {clock["due"] for clock in told["clock"]}
    assert [event["kind"] for event in told["events"]] == ["file", "accept", "assign"]
    assert told["units"] == [{"unit": LYJ, "name": "林业局", "lead": True}]


def test_who_filed_for_somebody_reads_no_inside_notes(desk: Desk) -> None:
    petition = desk.handle(desk.assign(desk.accept(desk.file(desk.world.user(Role.CADRE), way="cadre"))))
    path = f"{BASE}{petition.number}/"
    inside, outside = (desk.world.client(person).get(path).json() for person in (desk.handler, Role.CADRE))
    assert [event["note"] for event in inside["events"]][-1] == "已派人查看"
    assert {event["note"] for event in outside["events"]} == {""}


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_who_has_nothing_to_do_with_petitions_is_refused(desk: Desk, role: str) -> None:
    client, petition = desk.world.client(role), desk.file()
    for path in (BASE, f"{BASE}{petition.number}/"):
        answer = client.get(path)
        assert (answer.status_code, set(answer.json())) == (403, {"code", "detail", "fields"})
        assert petition.title not in whole(answer)


def test_stranger_with_the_number_alone_sees_nothing(desk: Desk) -> None:
    petition = desk.file()
    answer = Client().get(f"{BASE}{petition.number}/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert petition.title not in whole(answer)


@pytest.mark.parametrize("number", ["430726-2020-000001", "x", "a\0b", "%00", "4" * 300])
def test_number_that_does_not_exist_is_404(desk: Desk, number: str) -> None:
    there = desk.file()
    answer = desk.world.client(desk.office).get(f"{BASE}{number}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert there.title not in whole(answer)


def test_county_office_supervises_what_it_does_not_read(desk: Desk) -> None:
    client, number = desk.world.client(Role.COUNTY_OFFICE), desk.assigned().number
    assert client.get(f"{BASE}{number}/").status_code == 404
    answer = take(client, number, "supervise", note="限期办结")
    assert (answer.status_code, answer.json()["state"]) == (200, "assigned")
    assert "text" not in answer.json()


def test_list_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("households.api.PAGE", 2)
    numbers = [desk.file().number for _ in range(3)]
    client = desk.world.client(desk.office)
    first = client.get(BASE).json()
    second = client.get(BASE, {"before": first["next"], "state": "filed"}).json()
    found = [one["number"] for one in first["results"] + second["results"]]
    assert (found, second["next"]) == (numbers[::-1], None)


def test_list_takes_as_many_queries_for_three_as_for_one(desk: Desk, django_assert_num_queries: object) -> None:
    client = desk.world.client(desk.office)
    client.get(BASE)  # the session is read into the cache
    for count in (1, 2):
        for _ in range(count):
            desk.assigned()
        with django_assert_num_queries(2):
            client.get(BASE)
