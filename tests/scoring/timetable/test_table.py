"""One table of asking for a freezing before its time: every state, action and post through page and interface; refused by name."""

from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.models import User
from households.roles import Role
from scoring.freezing import FORCED
from scoring.models import AskState, ForcedFreeze
from scoring.states import SheetState
from scoring.timetable.actions import forced
from scoring.timetable.states import FORCING, ForceAction, ForceState
from tests.colleagues import colleague
from tests.scoring.sheets.moving import ROLES, bring_to, state, words
from tests.world import MONTH, VILLAGE, World

_A, _S = ForceAction, ForceState
DOORS = ("page", "interface")
WHY = "村要合并"
DECIDE = (_A.GRANT, _A.REFUSE)


def asked(client: Client, door: str) -> HttpResponse:
    sent = {"op_id": str(uuid4()), "reason": WHY}
    if door == "page":
        return client.post(reverse("force-freeze", args=[MONTH, VILLAGE]), sent)
    body = sent | {"month": MONTH, "village": VILLAGE}
    return client.post("/api/v1/calendar/forced/", body, content_type="application/json")


def decided(client: Client, door: str, action: ForceAction, number: int) -> HttpResponse:
    sent = {"op_id": str(uuid4()), "forced": number, "answer": WHY}
    if door == "page":
        return client.post(reverse("decide-force", args=[MONTH, VILLAGE]), sent | {"decision": str(action)})
    body = sent | {"grant": action is _A.GRANT}
    return client.post("/api/v1/calendar/forced/decide/", body, content_type="application/json")


@pytest.fixture
def second(world: World) -> User:
    return colleague(world, Role.COUNTY_OFFICE)


def bring(world: World, second: User, wanted: ForceState) -> ForcedFreeze:
    """Asked for by the county office's first person, decided by the second."""
    bring_to(world, SheetState.DECLARED)
    by = world.user(Role.COUNTY_OFFICE)
    made = forced.ask(op_id=uuid4(), month=MONTH, village=world.village, reason=WHY, by=by)
    if wanted is not _S.ASKED:
        grant = wanted is _S.GRANTED
        forced.decide(op_id=uuid4(), forced=int(made["id"]), grant=grant, answer=WHY, by=second)
    found = ForcedFreeze.objects.get(pk=made["id"])
    assert found.state == wanted
    return found


def test_table_ends_where_somebody_has_decided() -> None:
    assert {move.source for move in FORCING.moves} == {FORCING.start}
    assert {move.target for move in FORCING.moves} | {FORCING.start} == set(_S)
    assert {(one.value, one.label) for one in _S} == set(AskState.choices)


@pytest.mark.parametrize("source", _S)
def test_what_the_table_forbids_is_refused_at_every_door_by_name(
    world: World, second: User, source: ForceState
) -> None:
    made = bring(world, second, source)
    before = state()
    for role in ROLES:
        for action in DECIDE:
            if FORCING.transition(action, source, role):
                continue
            for door in DOORS:
                by = second if role == Role.COUNTY_OFFICE else world.user(role)
                answer = decided(world.client(by), door, action, made.pk)
                if role == Role.COUNTY_OFFICE:
                    assert answer.status_code == 409 and "已经有了决定" in words(answer), (action, door)
                else:
                    assert answer.status_code in (403, 404), (action, door, role)
                assert ForcedFreeze.objects.get().state == source and state() == before


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("action", DECIDE)
def test_what_the_table_allows_leads_where_it_says(world: World, second: User, action: ForceAction, door: str) -> None:
    """By another person than who asked."""
    made = bring(world, second, _S.ASKED)
    own = decided(world.client(Role.COUNTY_OFFICE), door, action, made.pk)
    assert own.status_code == 403 and "自己申请的，要由另一个人决定" in words(own)
    assert ForcedFreeze.objects.get().state == _S.ASKED
    answer = decided(world.client(second), door, action, made.pk)
    move = FORCING.transition(action, _S.ASKED, Role.COUNTY_OFFICE)
    assert move and ForcedFreeze.objects.get().state == move.target, words(answer)
    assert state() == (SheetState.FROZEN if action is _A.GRANT else SheetState.DECLARED)


@pytest.mark.parametrize("source", SheetState)
@pytest.mark.parametrize("door", DOORS)
def test_it_begins_with_the_county_office_and_a_sheet_that_is_signed_and_not_frozen(
    world: World, door: str, source: SheetState
) -> None:
    bring_to(world, source)
    for role in ROLES:
        answer = asked(world.client(role), door)
        if role != Role.COUNTY_OFFICE:
            assert answer.status_code in (403, 404), role
        elif source not in FORCED:
            assert answer.status_code == 409 and f"现在是“{source.label}”，不能提前锁定" in words(answer)
        assert ForcedFreeze.objects.exists() is (role == Role.COUNTY_OFFICE and source in FORCED), role
    assert state() == source
