"""Two reviewers decide on one sheet at the same moment; the twin shows what looking at the version is for."""

from uuid import uuid4

import pytest
from django.db import transaction

from households.refusals import Refused
from households.roles import Role
from scoring.models import Decision, Review
from scoring.months.months import locked
from scoring.reviews.actions.decisions import decide
from scoring.states import SheetState
from tests.scoring.sessions_at_once import OtherSession, held_up
from tests.waiting import until
from tests.world import World, build


@pytest.fixture
def world(transactional_db: None) -> World:
    """Committed, so that other connections see it, and 东山村 declared."""
    world = build()
    world.declare(world.village)
    return world


def press(world: World, decision: str, seen: int | None) -> str:
    """What one reviewer hears."""
    by, sheet = world.user(Role.TOWNSHIP), world.sheet()
    try:
        decide(op_id=uuid4(), sheet=sheet, decision=decision, reason="漏录", seen_version=seen, by=by)
    except Refused as refusal:
        return refusal.code
    return "done"


def both(world: World, seen: int | None) -> list[str]:
    """One returns, then one approves; both pressed before either was through."""
    decisions = (Decision.APPROVE, Decision.RETURN)
    with transaction.atomic():
        locked(world.sheet())
        sessions = []
        for decision in decisions:
            sessions.append(OtherSession(lambda decision=decision: press(world, decision, seen)))
            until(lambda: sessions[-1].pid and held_up(sessions[-1]))
    return [session.finish() for session in sessions]


def test_one_decision_stands_and_the_other_reviewer_is_told(world: World) -> None:
    assert sorted(both(world, seen=world.sheet().version)) == ["done", "sheet_moved"]
    assert Review.objects.count() == 1


def test_without_the_version_the_second_undoes_the_first_unknowingly(world: World) -> None:
    """The twin: an approval that was just given is returned by somebody who has not seen it."""
    assert both(world, seen=None) == ["done", "done"]
    assert Review.objects.count() == 2
    assert world.sheet().state == SheetState.OPEN
