"""Contacts over HTTP."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from households.models import Contact, ContactPerson, MicroGrid
from households.roles import Role
from tests.households.contacts.village_contacts import TODAY, give, person
from tests.world import SISTER, STRANGE, VILLAGE, World

URL = "/api/v1/contacts/"
HOUSEHOLD = f"{VILLAGE}010001"


def ask(client: Client, **fields: object) -> object:
    body = {"op_id": str(uuid4()), "household": HOUSEHOLD, "kind": "party", "from": TODAY.isoformat(), **fields}
    return client.post(URL, body, content_type="application/json")


def test_household_is_given_by_id_name_or_both(world: World) -> None:
    cadre, known = world.client(Role.CADRE), person(world)
    by_id = ask(cadre, person=known.pk)
    assert by_id.status_code == 201
    assert by_id.json() == {
        "id": Contact.objects.get().pk,
        "household": HOUSEHOLD,
        "kind": "party",
        "person": {"id": known.pk, "name": "党树人", "phone": "13900000007"},
        "micro_grid": "",
        "from": TODAY.isoformat(),
        "to": None,
    }
    ask(cadre, person="党树人", household=f"{VILLAGE}010002")
    ask(cadre, person={"name": "新来人", "phone": "13900000008", "account": "supervisor"}, kind="grid")
    assert [each.name for each in ContactPerson.objects.order_by("pk")] == ["党树人", "新来人"]
    assert ContactPerson.objects.get(user=world.user(Role.SUPERVISOR)).phone == "13900000008"


def test_same_id_is_answered_the_same_and_makes_one(world: World) -> None:
    cadre, sent = world.client(Role.CADRE), {"person": "党树人", "op_id": str(uuid4())}
    assert ask(cadre, **sent).json() == ask(cadre, **sent).json()
    assert (Contact.objects.count(), ContactPerson.objects.count()) == (1, 1)
    assert ask(cadre, **sent, kind="grid").json()["code"] == "op_id_reused"


def test_micro_grid_is_made_where_there_is_none(world: World) -> None:
    cadre = world.client(Role.CADRE)
    assert ask(cadre, person="井水清", kind="micro").json()["code"] == "no_micro_grid"
    ask(cadre, person="井水清", kind="micro", micro_grid="水井边")
    ask(cadre, person="井水清", kind="micro", household=f"{VILLAGE}010002")
    assert (MicroGrid.objects.count(), Contact.objects.filter(micro_grid__name="水井边").count()) == (1, 2)


@pytest.mark.parametrize("wrong", [{}, {"id": 0}, {"phone": "1"}, True, [], None])
def test_person_that_names_nobody_is_not_readable(world: World, wrong: object) -> None:
    assert ask(world.client(Role.CADRE), person=wrong).status_code in (400, 422)
    assert Contact.objects.count() == 0


def test_end_that_an_assignment_does_not_take_is_refused_by_name(world: World) -> None:
    answer = ask(world.client(Role.CADRE), person="党树人", to=TODAY.isoformat())
    assert (answer.status_code, answer.json()["fields"].keys()) == (422, {"to"})
    assert Contact.objects.count() == 0


def test_only_who_arranges_may_write_and_nobody_beyond_their_scope(world: World) -> None:
    assert ask(world.client(Role.GROUP_LEADER), person="党树人").status_code == 403
    assert ask(world.client(world.stranger(Role.CADRE)), person="党树人").status_code == 404
    assert ask(world.client(Role.CADRE), person="党树人", household=f"{SISTER}010001").status_code == 404
    assert ContactPerson.objects.count() == 0


def test_list_holds_what_is_in_force_within_a_place(world: World) -> None:
    who = person(world)
    give(world, who, 0, 5)
    Contact.objects.filter(household=HOUSEHOLD).update(valid_to=TODAY + timedelta(days=1))
    give(world, who, 1, since=TODAY + timedelta(days=1))
    cadre = world.client(Role.CADRE)
    found = cadre.get(URL, {"within": VILLAGE}).json()
    assert [one["household"][-6:] for one in found["contacts"]] == ["010001", "020001"] and found["next"] is None
    assert len(cadre.get(URL, {"within": f"{VILLAGE}02"}).json()["contacts"]) == 1
    assert cadre.get(URL, {"after": found["contacts"][0]["id"]}).json()["contacts"] == found["contacts"][1:]
    assert cadre.get(URL, {"within": STRANGE}).status_code == 404
    masked = world.client(Role.SUPERVISOR).get(URL).json()["contacts"][0]["person"]
    assert (masked["name"], masked["phone"]) == ("党*", "139****0007")


def test_contact_is_ended_from_a_day_on_once(world: World) -> None:
    [row] = give(world, person(world), 0)
    address, cadre = f"{URL}{row.pk}/end/", world.client(Role.CADRE)
    body = {"op_id": str(uuid4()), "to": TODAY.isoformat()}
    for _time in range(2):
        answer = cadre.post(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()["to"]) == (200, TODAY.isoformat())
    row.refresh_from_db()
    assert row.valid_to == TODAY
    again = {"op_id": str(uuid4()), "to": TODAY.isoformat()}
    assert cadre.post(address, again, content_type="application/json").status_code == 409


def test_contact_ends_no_earlier_than_it_began_and_nobody_elses_is_found(world: World) -> None:
    [row] = give(world, person(world), 0, since=TODAY)
    body = {"op_id": str(uuid4()), "to": (TODAY - timedelta(days=1)).isoformat()}
    address, given = f"{URL}{row.pk}/end/", {"data": body, "content_type": "application/json"}
    early = world.client(Role.CADRE).post(address, **given)
    assert (early.status_code, list(early.json()["fields"])) == (422, ["to"])
    assert world.client(world.stranger(Role.CADRE)).post(address, **given).status_code == 404
    assert world.client(Role.GROUP_LEADER).post(address, **given).status_code == 403
    row.refresh_from_db()
    assert row.valid_to is None


def test_all_of_somebody_is_handed_over_once(world: World) -> None:
    giver, taker = person(world), person(world, "井水清", "13900000009")
    give(world, giver, 0, 1)
    body = {"op_id": str(uuid4()), "giver": giver.pk, "taker": taker.pk, "from": TODAY.isoformat()}
    given = {"data": body, "content_type": "application/json"}
    first, again = (world.client(Role.CADRE).post(f"{URL}hand-over/", **given) for _time in range(2))
    assert first.status_code == 201, first.content
    wanted = {"giver": giver.pk, "taker": taker.pk, "households": 2, "from": TODAY.isoformat()}
    assert first.json() == again.json() == wanted
    assert Contact.objects.filter(person=taker, valid_to=None).count() == 2
    assert not Contact.objects.filter(person=giver, valid_to=None).exists()
    assert world.client(world.stranger(Role.CADRE)).post(f"{URL}hand-over/", **given).status_code == 404
