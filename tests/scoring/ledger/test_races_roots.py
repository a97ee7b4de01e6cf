"""Two publish the same day at the same moment, on two real connections; the twin shows what the county's lock is for."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from households.models import Division
from scoring.ledger.publishing import publish_roots
from scoring.models import DailyRoot, VillageRoot
from tests.scoring.sessions_at_once import OtherSession, gate, gated, held_up, somebody_waits
from tests.waiting import until
from tests.world import COUNTY, World

CHAINS = 7


@pytest.fixture
def frozen(transactional_db: None, world: World) -> World:
    """A month's points, committed."""
    world.frozen_month()
    return world


def publish() -> int:
    return len(publish_roots(day=timezone.localdate()).days)


def test_of_two_who_publish_one_finds_it_done(frozen: World) -> None:
    with transaction.atomic():
        Division.objects.select_for_update(no_key=True).get(pk=COUNTY)
        sessions = [OtherSession(publish) for _ in range(2)]
        until(lambda: all(session.pid and held_up(session) for session in sessions))
    assert sorted(session.finish() for session in sessions) == [0, 1]
    assert (DailyRoot.objects.count(), VillageRoot.objects.count()) == (1, CHAINS)


def test_without_the_lock_the_second_fails(frozen: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: both find the day unpublished, and only the constraint is left to stop the second."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_how: queryset)
    monkeypatch.setattr("scoring.ledger.roots._LINKS", gated_links())
    with gate() as open_gate:
        sessions = [OtherSession(publish, at_gate=True) for _ in range(2)]
        somebody_waits(2)
        open_gate()
        for session in sessions:
            session.join(60)
    troubles = [session.trouble for session in sessions if session.trouble]
    assert [type(trouble) for trouble in troubles] == [IntegrityError]
    assert "daily_root_once_per_day" in str(troubles[0])


def gated_links() -> str:
    """Where it looks for rows: the first condition stands in the leaf, and only words that were withheld reach it."""
    from scoring.ledger.roots import _LINKS

    return gated(_LINKS, "WHERE e.chain")
