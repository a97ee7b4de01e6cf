"""A declaration that says zero against a finding waits for the village's word; a petition never stands in its way."""

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from households.roles import Role
from scoring.findings.actions.answering import correct, decline, explain
from scoring.models import Adjustment, FindingAnswer, ScoreEvent
from scoring.restatements import actions as restating
from scoring.reviews.actions.decisions import approve_together
from scoring.reviews.actions.reviewing import approve, exceptions_of, return_sheet
from scoring.states import SheetState
from tests.petitions.desk import Desk
from tests.refusals import refused
from tests.scoring.findings.found import DOCUMENT, ONE, found, state
from tests.world import MONTH, VILLAGE, World, build

WORDS = "决定书写的是西河村的同名户，已经和林业局核对。"


@pytest.fixture
def late(world: World) -> int:
    world.declare(world.village)
    return int(found(world)["id"])


def explained(world: World, number: int) -> None:
    explain(op_id=uuid4(), finding=number, words=WORDS, by=world.user(Role.CADRE))


def test_review_is_refused_until_the_village_has_explained(world: World, late: int) -> None:
    refused("contradiction", lambda: world.approve(world.village))
    assert world.sheet().state == SheetState.DECLARED
    explained(world, late)
    page = world.client(Role.TOWNSHIP).get(f"/township/review/{MONTH}/{VILLAGE}/").content.decode()
    assert WORDS in page and DOCUMENT in page
    world.approve(world.village)
    assert (world.sheet().state, state(late)) == (SheetState.REVIEWED, "explained")


def test_no_door_of_the_review_passes_a_contradiction(world: World, late: int) -> None:
    by = world.user(Role.TOWNSHIP)
    refused("contradiction", lambda: approve(sheet=world.sheet(), opened=[], by=by))
    client = world.client(by)
    body = {"op_id": str(uuid4()), "decision": "approve", "reason": "", "opened": []}
    answer = client.post(f"/api/v1/reviews/{MONTH}/{VILLAGE}/", body, content_type="application/json")
    assert answer.json()["code"] == "contradiction"
    page = client.get(f"/township/review/{MONTH}/{VILLAGE}/").content.decode()
    assert "村里还没有说明，不能通过" in page
    done = approve_together(op_id=uuid4(), month=MONTH, villages=[world.village], by=by)
    assert done["results"][0]["status"] == "refused"
    assert world.sheet().state == SheetState.DECLARED and state(late) == "late"


def test_only_the_village_explains_and_only_what_is_late(world: World, late: int) -> None:
    for role in (Role.TOWNSHIP, Role.SUPERVISOR, Role.COUNTY_OFFICE):
        by = world.user(role)
        refused("not_yours", lambda by=by: explain(op_id=uuid4(), finding=late, words=WORDS, by=by))
    stranger = world.stranger(Role.CADRE)
    refused("finding_unknown", lambda: explain(op_id=uuid4(), finding=late, words=WORDS, by=stranger))
    refused("reason_missing", lambda: explain(op_id=uuid4(), finding=late, words=" ", by=world.user(Role.CADRE)))
    explained(world, late)
    refused("answered", lambda: explained(world, late))
    assert FindingAnswer.objects.count() == 1


def test_township_cannot_wave_it_through_before_it_has_reviewed(world: World, late: int) -> None:
    refused("not_reviewed", lambda: decline(op_id=uuid4(), finding=late, words="不用改", by=world.user(Role.TOWNSHIP)))
    assert state(late) == "late"


def test_finding_on_the_sheet_is_no_contradiction_and_is_confirmed_by_the_review(world: World) -> None:
    number = found(world)["id"]
    world.declare(world.village)
    refused("not_opened", lambda: approve(sheet=world.sheet(), opened=[], by=world.user(Role.TOWNSHIP)))
    world.approve(world.village)
    assert state(number) == "counted"


def test_explanation_does_not_outlive_a_return(world: World, late: int) -> None:
    explained(world, late)
    return_sheet(sheet=world.sheet(), reason="请记上", by=world.user(Role.TOWNSHIP))
    assert state(late) == "pending" and [event.code for event in exceptions_of(world.sheet())] == [ONE]


def test_township_asks_for_a_correction_of_the_frozen_month(world: World) -> None:
    world.frozen_month()
    number = int(found(world)["id"])
    correct(op_id=uuid4(), finding=number, words="林业局的决定来晚了", by=world.user(Role.TOWNSHIP))
    asked = Adjustment.objects.get()
    assert (asked.code, asked.document_no, state(number)) == (ONE, DOCUMENT, "asked")
    restating.grant(op_id=uuid4(), adjustment=asked.pk, by=world.user(Role.COUNTY_OFFICE))
    assert state(number) == "counted" and ScoreEvent.objects.get().document_no == DOCUMENT
    page = world.client(Role.DEPARTMENT).get(f"/findings/{number}/").content.decode()
    assert "已更正，计入各级结果" in page


def test_township_says_why_it_asks_for_none_and_the_department_reads_it(world: World) -> None:
    world.frozen_month()
    number = int(found(world)["id"])
    decline(op_id=uuid4(), finding=number, words="户已经迁走", by=world.user(Role.TOWNSHIP))
    client = world.client(Role.DEPARTMENT)
    assert "户已经迁走" in client.get(f"/findings/{number}/").content.decode()
    assert "没有更正" in client.get("/inbox/").content.decode()


def test_no_petition_ever_stands_in_the_way(world: World) -> None:
    desk = Desk(world)
    for _ in range(3):
        desk.confirmed()
        desk.assigned()
    world.declare(world.village)
    world.approve(world.village)
    assert world.sheet().state == SheetState.REVIEWED
    assert not ScoreEvent.objects.exists()


class TestPlanted(TestCase):
    """Whatever is found late about whomever, the review waits for exactly what nobody has explained."""

    @settings(max_examples=8)
    @given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=4, unique_by=lambda one: one[0]))
    def test_every_planted_contradiction_blocks_the_review(self, planted: list[tuple[int, bool]]) -> None:
        world = build()
        world.declare(world.village)
        numbers = [(int(found(world, world.households[at].code)["id"]), told) for at, told in planted]
        for number, told in numbers:
            if told:
                explained(world, number)
        if all(told for _, told in numbers):
            world.approve(world.village)
        else:
            refused("contradiction", lambda: world.approve(world.village))
