"""Two who decide at once, a restatement beside a freezing and a roll-up: one wins, the other is told, nothing is lost."""

from uuid import uuid4

import pytest
from django.db import transaction

from households.refusals import Refused
from households.roles import Role
from scoring.checks.verify import verify
from scoring.models import Adjustment, RankingSnapshot
from scoring.restatements import actions as restating
from scoring.rollup import rollup
from tests.scoring.facts import score, sums
from tests.scoring.restatements.adjusting import FIRST, SECOND, ask_addition, ask_withdrawal, frozen_with, grant
from tests.scoring.sessions_at_once import OtherSession, gate, gated, held_up, somebody_waits
from tests.waiting import until
from tests.world import COUNTY, MONTH, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restating waits at the gate for those who asked for it."""
    monkeypatch.setattr(rollup, "RESTATED_VILLAGE", gated(rollup.RESTATED_VILLAGE))


def at_once(first: object, second: object) -> tuple[OtherSession, OtherSession]:
    with gate() as open_gate:
        one = OtherSession(first, at_gate=True)
        somebody_waits()
        other = OtherSession(second)
        until(lambda: held_up(other))
        open_gate()
        one.join(60), other.join(60)
    return one, other


def test_granted_by_two_at_once_counts_once(world: World, slow: None) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    one, other = at_once(lambda: grant(world, adjustment), lambda: grant(world, adjustment))
    assert one.trouble is None
    assert isinstance(other.trouble, Refused) and other.trouble.code == "decided"
    assert (sums(COUNTY)[2], RankingSnapshot.objects.filter(version=3).count()) == (1200, 0)
    assert verify() == []


def test_granted_and_refused_at_once_is_what_came_first(world: World, slow: None) -> None:
    adjustment = ask_withdrawal(world, frozen_with(world))
    county = world.user(Role.COUNTY_OFFICE)
    refuse = lambda: restating.refuse(op_id=uuid4(), adjustment=adjustment.pk, reason="不实", by=county)  # noqa: E731
    _, other = at_once(lambda: grant(world, adjustment), refuse)
    assert isinstance(other.trouble, Refused) and other.trouble.status == 409
    assert Adjustment.objects.get().state == "granted"


def test_without_the_lock_a_request_is_granted_twice(world: World, slow: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: read without its row being locked, the request looks undecided to both; the database is left to say no."""
    adjustment = ask_withdrawal(world, frozen_with(world))
    unlocked = lambda number, _by: Adjustment.objects.select_related("event__clause", "period").get(pk=number)  # noqa: E731
    monkeypatch.setattr(restating, "_undecided", unlocked)
    _, other = at_once(lambda: grant(world, adjustment), lambda: grant(world, adjustment))
    assert other.trouble is not None and getattr(other.trouble, "code", "") != "decided"


def test_two_corrections_of_one_county_at_once_both_count(world: World, slow: None) -> None:
    first, second = ask_withdrawal(world, frozen_with(world)), ask_addition(world)
    one, other = at_once(lambda: grant(world, first), lambda: grant(world, second))
    assert (one.trouble, other.trouble) == (None, None)
    assert (score(FIRST), score(SECOND), sums(COUNTY)[2]) == (100, 90, 1190)
    assert verify() == []


def test_same_request_asked_by_two_at_once_waits_once(world: World) -> None:
    event = frozen_with(world)
    with transaction.atomic():
        ask_withdrawal(world, event)
        other = OtherSession(lambda: ask_withdrawal(world, event))
        until(lambda: held_up(other))
    other.join(60)
    assert isinstance(other.trouble, Refused) and other.trouble.code == "asked_before"
    assert Adjustment.objects.count() == 1


def test_village_frozen_while_another_is_restated_is_still_finished(world: World, slow: None) -> None:
    """Its freezing waits; were the rankings archived by the restatement the newer ones, nobody would finish it."""
    event = world.record(FIRST, "WR04")
    world.declare(world.village)
    world.freeze()
    world.declare(world.sister, world.strange)
    adjustment = ask_withdrawal(world, event)
    _, freezer = at_once(lambda: grant(world, adjustment), world.freeze)
    assert freezer.trouble is None
    assert RankingSnapshot.objects.filter(month=MONTH, level="village", version=3).exists()
    assert verify() == []


def test_without_the_months_lock_a_freezing_waits_to_be_finished(
    world: World, slow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the freezing that began first commits after newer rankings were archived; it has to be taken up again."""
    event = world.record(FIRST, "WR04")
    world.declare(world.village)
    world.freeze()
    world.declare(world.sister, world.strange)
    adjustment = ask_withdrawal(world, event)
    monkeypatch.setattr(restating, "_hold_month", lambda _adjustment: None)
    with transaction.atomic():
        from scoring import freezing
        from scoring.models import Sheet

        freezing.freeze_township(MONTH, world.strange.code[:9], on=None, force=True, by=None, done=freezing.Frozen())
        kept = OtherSession(lambda: grant(world, adjustment))
        kept.join(60)
        assert kept.trouble is None
    from scoring.rankings.snapshots import counties_behind

    assert Sheet.objects.filter(period=MONTH, village=world.strange, state="frozen").exists()
    assert counties_behind(MONTH) == [COUNTY]
    world.freeze()
    assert counties_behind(MONTH) == []
