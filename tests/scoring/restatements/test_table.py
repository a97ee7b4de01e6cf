"""One table of a correction's states and moves: every state, action and post through page and interface; refused by name."""

from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.operations import Answer
from households.roles import Role
from scoring.models import Adjustment, RankingSnapshot, ScoreEvent, Sheet
from scoring.restatements import actions as restating
from scoring.states import ADJUSTMENTS, AdjustmentAction, AdjustmentState, SheetState, why_not_adjust
from tests.colleagues import colleague
from tests.scoring.restatements.adjusting import FIRST, ask_withdrawal
from tests.scoring.sheets.moving import ROLES, bring_to, words
from tests.world import MONTH, World

_A, _S = AdjustmentAction, AdjustmentState
DOORS = ("page", "interface")
WHY = "数字登错了"
DECIDE = (_A.GRANT, _A.REFUSE)


def attempt(client: Client, door: str, action: AdjustmentAction, number: int) -> HttpResponse:
    sent = {"op_id": str(uuid4()), "reason": WHY}
    if door == "page":
        return client.post(reverse(f"adjustment-{action}", args=[number]), sent)
    return client.post(f"/api/v1/adjustments/{number}/{action}/", sent, content_type="application/json")


def asked(client: Client, door: str, event: ScoreEvent) -> HttpResponse:
    sent = {"op_id": str(uuid4()), "withdraw": event.pk, "reason": WHY}
    if door == "page":
        return client.post(reverse("adjustment-ask") + f"?month={MONTH}&code={FIRST}", sent)
    body = sent | {"month": MONTH, "household": FIRST}
    return client.post("/api/v1/adjustments/", body, content_type="application/json")


@pytest.fixture
def event(world: World) -> ScoreEvent:
    return world.record(FIRST, "WR04")


def bring(world: World, event: ScoreEvent, wanted: AdjustmentState) -> Adjustment:
    world.frozen_month()
    made = ask_withdrawal(world, event)
    given = {"op_id": uuid4(), "adjustment": made.pk, "by": world.user(Role.COUNTY_OFFICE)}
    if wanted is _S.GRANTED:
        restating.grant(**given)
    if wanted is _S.REFUSED:
        restating.refuse(**given, reason=WHY)
    made.refresh_from_db()
    assert made.state == wanted
    return made


def for_ruling(world: World, raw: dict[str, object]) -> Answer:
    return restating.ask(op_id=uuid4(), month=MONTH, raw=raw, by=world.user(Role.COUNTY_OFFICE), ruled=True)


def marks() -> tuple[int, list[tuple[int, str]]]:
    return RankingSnapshot.objects.count(), list(Adjustment.objects.values_list("pk", "state"))


def test_table_ends_where_somebody_has_decided() -> None:
    assert {move.source for move in ADJUSTMENTS.moves} == {ADJUSTMENTS.start}
    assert {move.target for move in ADJUSTMENTS.moves} | {ADJUSTMENTS.start} == set(_S)


@pytest.mark.parametrize("source", _S)
def test_what_the_table_forbids_is_refused_at_every_door_by_name(
    world: World, event: ScoreEvent, source: AdjustmentState
) -> None:
    made = bring(world, event, source)
    before, tried = marks(), 0
    for role in ROLES:
        for action in DECIDE:
            if ADJUSTMENTS.transition(action, source, role):
                continue
            for door in DOORS:
                answer = attempt(world.client(role), door, action, made.pk)
                tried += 1
                if role == Role.COUNTY_OFFICE:
                    told = words(answer)
                    assert answer.status_code == 409 and f"这一件已经有了决定：{source.label}" in told, (action, door)
                else:
                    assert answer.status_code in (403, 404), (action, door, role)
                assert marks() == before
    assert tried >= 4 * (len(ROLES) - 1)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("action", DECIDE)
def test_what_the_table_allows_leads_where_it_says(
    world: World, event: ScoreEvent, action: AdjustmentAction, door: str
) -> None:
    """By the county office; never by who asked, as somebody there does who upholds a late objection."""
    world.frozen_month()
    raw = {"withdraw": event.pk, "reason": WHY}
    made = Adjustment.objects.get(pk=for_ruling(world, raw)["id"])
    own = attempt(world.client(Role.COUNTY_OFFICE), door, action, made.pk)
    assert own.status_code == 409 and "自己申请的调整，要由另一个人决定" in words(own)
    attempt(world.client(colleague(world, Role.COUNTY_OFFICE)), door, action, made.pk)
    move = ADJUSTMENTS.transition(action, _S.ASKED, Role.COUNTY_OFFICE)
    made.refresh_from_db()
    assert move and made.state == move.target


@pytest.mark.parametrize("state", SheetState)
@pytest.mark.parametrize("door", DOORS)
def test_a_correction_begins_with_the_township_of_a_frozen_month_alone(
    world: World, event: ScoreEvent, door: str, state: SheetState
) -> None:
    bring_to(world, state)
    for role in ROLES:
        answer = asked(world.client(role), door, event)
        begun = Adjustment.objects.count()
        if role == Role.TOWNSHIP and state is SheetState.FROZEN:
            assert begun == 1, words(answer)
            continue
        if role == Role.TOWNSHIP:
            assert why_not_adjust(state) in words(answer)
        else:
            assert answer.status_code in (403, 404, 422), (role, answer.status_code)
        assert begun == (ROLES.index(role) > ROLES.index(Role.TOWNSHIP) and state is SheetState.FROZEN), role
    assert Sheet.objects.get(period=MONTH, village=world.village).state == state
