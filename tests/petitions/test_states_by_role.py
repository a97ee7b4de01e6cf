"""The one table, role by role: every action in every state by everybody, through the door, the page and the interface.

Steps that the table gives a role need not succeed (they may lack words or time); steps that it does not give must not, and
leave nothing behind. A handler cannot close or rate their own case by any of the three ways.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from households.models import User
from households.refusals import Refused
from households.roles import Role
from petitions.models import Petition, PetitionEvent, Rating
from petitions.petition.views_acts import ACTS, address
from petitions.states import FILER, SYSTEM, TRANSITIONS, PetitionAction, PetitionState, transition
from petitions.steps import closing, handling
from petitions.steps.history import take
from petitions.steps.step import Words
from tests import copies
from tests.petitions.desk import LUOPING, LYJ, Desk
from tests.world import World

pytestmark = pytest.mark.django_db
S, A = PetitionState, PetitionAction
# Those whom the table gives anything; that it gives the others nothing, test_states says without a database.
ACTORS = (Role.DEPARTMENT, Role.TOWNSHIP, Role.PETITION_OFFICE, Role.COUNTY_OFFICE, FILER, SYSTEM)
FORMLESS = {A.FILE}  # not a step of a petition that is there


def made(desk: Desk) -> None:
    """One petition in every state of the table, the number of the state as its last digit."""
    desk.file()
    desk.accepted()
    office: dict[str, Any] = {"by": desk.office}
    for action, told in ((A.REDIRECT, "去法院"), (A.NOT_ACCEPT, "不属于")):
        take(action, op_id=uuid4(), petition=desk.file(), words=Words(told), data={"path": "other"}, **office)
    desk.assigned()
    contested = desk.assigned()
    at = contested.events.last().at
    handling.contest(op_id=uuid4(), petition=contested, by=desk.handler, note="不归我们", at=at)
    for step in (desk.handled, desk.answered, desk.confirmed, desk.closed):
        step()
    _reviewed(desk, 1)
    _reviewed(desk, 2)
    _reviewed(desk, 3)
    _reviewed(desk, 4)
    take(A.MERGE, op_id=uuid4(), petition=desk.file(), words=Words("并案"), act=_into(desk), **office)
    closing.withdraw(op_id=uuid4(), petition=desk.file(), note="不要了")


def _into(desk: Desk) -> Callable[..., None]:
    def act(_found: Petition, step: Any) -> None:
        step.changes["merged_into"] = Petition.objects.filter(state=S.ASSIGNED).first()

    return act


def _reviewed(desk: Desk, steps: int) -> None:
    petition = desk.answered()
    given: dict[str, Any] = {"petition": petition, "at": petition.events.last().at}
    walk = (
        lambda: closing.ask_review(op_id=uuid4(), by=None, note="不服", **given),
        lambda: closing.review(op_id=uuid4(), by=desk.office, outcome="upheld", told="维持", **given),
        lambda: closing.ask_final_review(op_id=uuid4(), by=None, note="不服", **given),
        lambda: closing.final_review(op_id=uuid4(), by=desk.office, outcome="upheld", told="维持", **given),
    )
    for act in walk[:steps]:
        act()


@pytest.fixture
def desk(world: World) -> Desk:
    found = Desk(world)
    copies.scene("a petition in every state", lambda: made(found))
    return found


def by_state() -> dict[PetitionState, Petition]:
    return {petition.status: petition for petition in Petition.objects.order_by("-pk")}


def given(actor: str) -> Iterator[tuple[PetitionState, PetitionAction, Petition]]:
    """Every step that the table gives an actor."""
    petitions = by_state()
    steps = {(one.source, one.action) for one in TRANSITIONS if actor in one.roles}
    yield from ((state, action, petitions[state]) for state, action in sorted(steps))


def refused(actor: str) -> Iterator[tuple[PetitionState, PetitionAction, Petition]]:
    """Of every action one state in which the table gives it to others, or to nobody; another one for each action."""
    petitions = by_state()
    for number, action in enumerate(sorted(set(A) - FORMLESS)):
        closed = [state for state in S if transition(action, state, actor) is None]
        if closed:
            state = closed[number % len(closed)]
            yield state, action, petitions[state]


def test_scene_has_every_state(desk: Desk) -> None:
    assert set(by_state()) == set(S)


@pytest.mark.parametrize("actor", ACTORS)
def test_door_opens_exactly_what_the_table_gives(desk: Desk, actor: str) -> None:
    """Everything written down, so that only role, state, sight and time decide; every step is taken back."""
    by, absent = desk.world.people.get(actor), SYSTEM if actor == SYSTEM else FILER
    for state, action, petition in refused(actor):
        told = outcome(petition, action, by, absent)
        assert told in ("not_yours", "wrong_state", "not_found"), (actor, state, action, told)
    for state, action, petition in given(actor):
        told = outcome(petition, action, by, absent)
        assert told not in ("not_yours", "wrong_state"), (actor, state, action, told)


def outcome(petition: Petition, action: PetitionAction, by: Any, absent: str) -> str:
    given: dict[str, Any] = {"words": Words("告知", "理由"), "unit": "department:LYJ"}
    try:
        with transaction.atomic():
            take(action, op_id=uuid4(), petition=petition, by=by, absent=absent, act=undone, **given)
    except Refused as refusal:
        return refusal.code
    return ""


def undone(_petition: Petition, _step: Any) -> None:
    raise Refused("undone", "只看能不能。")


@pytest.mark.parametrize("role", ACTORS[:4])
def test_pages_refuse_what_the_table_does_not_give(desk: Desk, role: str) -> None:
    """By a form with everything in it: 302 never, and no line more."""
    client, before = desk.world.client(role), PetitionEvent.objects.count()
    sent = {"told": "告知", "note": "理由", "path": "other", "lead": "department:LYJ", "days": 3, "outcome": "upheld"}
    sent |= {
        "score": "satisfied",
        "person": role,
        "extent": "all",
        "content": "appeal",
        "kind": "first",
        "demand": "consult",
    }
    for state, action, petition in refused(role):
        if action in ACTS:
            whole = sent | {"op_id": str(uuid4()), "seen": petition.seq}
            answer = client.post(reverse(f"petition-{address(action)}", args=[petition.number]), whole)
            assert answer.status_code in (403, 404, 409, 422), (role, state, action, answer.status_code)
    assert PetitionEvent.objects.count() == before


@pytest.mark.parametrize("role", ACTORS[:4])
def test_interface_refuses_what_the_table_does_not_give(desk: Desk, role: str) -> None:
    client, before = desk.world.client(role), PetitionEvent.objects.count()
    sent = {"told": "告知", "note": "理由", "path": "other", "lead": "department:LYJ", "days": 3, "outcome": "upheld"}
    for state, action, petition in refused(role):
        where = reverse("api-petition-transitions", args=[petition.number])
        whole = sent | {"op_id": str(uuid4()), "to": action.value, "extent": "all"}
        answer = client.post(where, whole, content_type="application/json")
        assert answer.status_code in (403, 404, 409, 422), (role, state, action, answer.content)
    assert PetitionEvent.objects.count() == before


# Nobody judges their own case


OWN = (A.CLOSE, A.RATE, A.CONFIRM, A.EXTEND, A.PAUSE, A.REOPEN, A.REVIEW)


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.TOWNSHIP])
@pytest.mark.parametrize("action", OWN)
def test_handler_never_decides_about_himself(desk: Desk, role: str, action: PetitionAction) -> None:
    petition = desk.answered()
    if role == Role.TOWNSHIP:
        petition = Petition.objects.get(pk=desk.assigned(f"division:{desk.world.township.code}").pk)
    before, client = desk.lines(petition), desk.world.client(role)
    assert outcome(petition, action, desk.world.user(role), FILER) in ("not_yours", "wrong_state")
    try:
        page = reverse(f"petition-{address(action)}", args=[petition.number])
        sent = {"op_id": str(uuid4()), "seen": petition.seq, "told": "x", "note": "x", "score": "satisfied", "days": 1}
        assert client.post(page, sent | {"outcome": "upheld"}).status_code in (403, 404)
    except NoReverseMatch:
        assert action is A.CONFIRM  # nobody of the staff has such a page
    given = {"op_id": str(uuid4()), "to": action.value, "told": "x", "note": "x", "days": 1, "outcome": "upheld"}
    where = reverse("api-petition-transitions", args=[petition.number])
    assert client.post(where, given, content_type="application/json").status_code in (403, 409)
    assert desk.lines(petition) == before
    assert not Rating.objects.filter(petition=petition).exists()


def about(desk: Desk, person: User, unit: str, how: str) -> Petition:
    """A petition that the person's own unit has to handle, and from which the person must keep away."""
    if how == "named":
        return desk.assigned(unit, text=f"{person.display_name}不肯来看。")
    if how == "accused":
        return desk.assign(desk.accept(desk.accusation(f"user:{person.username}")), unit)
    petition = desk.assigned(unit)
    handling.recuse(op_id=uuid4(), petition=petition, by=person, person=person, note="是我亲戚")
    return petition


@pytest.mark.parametrize("how", ["named", "tied", "accused"])
@pytest.mark.parametrize(("role", "unit"), [(Role.DEPARTMENT, LYJ), (Role.TOWNSHIP, LUOPING)])
def test_handler_never_learns_who_wrote_about_himself(desk: Desk, role: str, unit: str, how: str) -> None:
    """A lead unit reaches the filer with a reason: not so whoever is named, tied or accused."""
    person = desk.world.user(role)
    petition = about(desk, person, unit, how)
    before, client = desk.lines(petition), desk.world.client(person)
    told = outcome(petition, A.UNMASK, person, FILER)
    assert told == ("not_found" if how == "accused" else "conflict_of_interest")
    page = reverse("petition-unmask", args=[petition.number])
    answer = client.post(page, {"op_id": str(uuid4()), "seen": petition.seq, "note": "约时间看现场"})
    assert answer.status_code == (404 if how == "accused" else 403)
    assert not any(secret in answer.content.decode() for secret in ("张三丰", "13800000001"))
    assert page not in client.get(reverse("petition", args=[petition.number])).content.decode()
    given = {"op_id": str(uuid4()), "to": A.UNMASK.value, "note": "约时间看现场"}
    where = reverse("api-petition-transitions", args=[petition.number])
    assert client.post(where, given, content_type="application/json").status_code in (403, 404)
    assert desk.lines(petition) == before
