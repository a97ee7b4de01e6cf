"""Two people decide the same request at the same moment, on two real connections; the twin shows what the guard is for."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from households.models import User
from households.refusals import Refused
from households.roles import Role
from scoring.ledger import door as ledger
from scoring.models import LedgerHead, PointAdjustment, PointEntry
from scoring.points import actions
from tests.colleagues import colleague
from tests.scoring.sessions_at_once import OtherSession, held_up
from tests.waiting import until
from tests.world import VILLAGE, World

HOME = ledger.household(f"{VILLAGE}010001")


@pytest.fixture
def committed(transactional_db: None, world: World) -> World:
    """Committed, so that other connections see it."""
    return world


@pytest.fixture
def asked(committed: World) -> PointAdjustment:
    """Five points that a cadre asked for; the chain has been begun, so that it can be held."""
    with transaction.atomic():
        ledger.adjust(HOME, 20, key="test:0", text="补记")
    cadre = committed.user(Role.CADRE)
    answer = actions.ask_points(owner=HOME, points=5, reason="漏记", op_id=uuid4(), by=cadre)
    return PointAdjustment.objects.get(pk=answer["adjustment"])


@pytest.fixture
def granters(committed: World) -> list[User]:
    return [committed.user(Role.TOWNSHIP), colleague(committed, Role.TOWNSHIP)]


def decide(asked: PointAdjustment, by: User, *, grant: bool) -> str:
    """What the person is told."""
    try:
        if grant:
            return actions.grant_points(asked=asked, op_id=uuid4(), by=by)["state"]
        return actions.refuse_points(asked=asked, answer="没有依据", op_id=uuid4(), by=by)["state"]
    except Refused as refusal:
        return refusal.code


@pytest.mark.parametrize("second_grants", [True, False])
def test_of_two_who_decide_one_wins_and_the_other_is_told(
    asked: PointAdjustment, granters: list[User], second_grants: bool
) -> None:
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(chain=VILLAGE)  # the first stops with the row decided
        first = OtherSession(lambda: decide(asked, granters[0], grant=True))
        until(lambda: first.pid and held_up(first))
        second = OtherSession(lambda: decide(asked, granters[1], grant=second_grants))
        until(lambda: second.pid and held_up(second))
    assert [first.finish(), second.finish()] == ["granted", "already_decided"]
    assert ledger.state_of(HOME).balance == 25
    assert PointEntry.objects.filter(source_key__contains="adjustment").count() == 1


def test_without_the_guard_both_believe_they_decided(
    asked: PointAdjustment, granters: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: whoever does not ask whether it still waits refuses what was granted; only the trigger is left."""

    def unguarded(asked: PointAdjustment, state: str, answer: str, by: User) -> None:
        found = PointAdjustment.objects.filter(pk=asked.pk)
        found.update(state=state, answer=answer, decided_by=by, decided_at=timezone.now())

    monkeypatch.setattr(actions, "_decide", unguarded)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(chain=VILLAGE)
        first = OtherSession(lambda: decide(asked, granters[0], grant=True))
        until(lambda: first.pid and held_up(first))
        second = OtherSession(lambda: decide(asked, granters[1], grant=False))
        until(lambda: second.pid and held_up(second))
    assert first.finish() == "granted"
    with pytest.raises(Exception, match="decided once, never edited"):
        second.finish()
