"""`verify` knows what was published: a chain rewritten to its end fits in itself and still is betrayed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scoring.checks.verify import verify
from scoring.ledger.publishing import publish_roots
from scoring.models import DailyRoot
from tests.scoring.checks.tampering import NEW_HEAD, REHASH, tamper
from tests.world import VILLAGE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(world: World) -> World:
    world.frozen_once()
    publish_roots(day=timezone.localdate() - timedelta(days=1))
    return world


def found() -> set[tuple[str, str]]:
    return {(drift.name, drift.where) for drift in verify() if drift.name in ("published", "links", "heads")}


def test_published_chains_stand(published: World) -> None:
    assert found() == set()


def test_rewritten_chain_contradicts_what_was_published(published: World) -> None:
    tamper(f"UPDATE scoring_pointentry SET text = '改过的' WHERE chain = '{VILLAGE}' AND seq = 3", REHASH, NEW_HEAD)
    assert found() == {("published", f"{VILLAGE} #11")}


def test_published_rows_that_are_gone_are_missed(published: World) -> None:
    tamper(
        f"DELETE FROM scoring_pointentry WHERE chain = '{VILLAGE}' AND seq = 11",
        f"UPDATE scoring_ledgerhead SET seq = 10 WHERE chain = '{VILLAGE}'",
        NEW_HEAD,
    )
    assert found() == {("published", f"{VILLAGE} #11")}


def test_list_of_a_day_to_come_does_not_stop_the_real_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that ran ahead published a day of next month: it stands, and today's list is published all the same."""
    world.frozen_month("2024-04")
    ahead = timezone.localdate() + timedelta(days=31)
    with monkeypatch.context() as wrong:
        wrong.setattr(timezone, "localdate", lambda: ahead)
        [early] = publish_roots().days
    world.frozen_month()
    [real] = publish_roots().days
    assert (real.day, real.entries > early.entries) == (timezone.localdate(), True)
    with monkeypatch.context() as later:
        later.setattr(timezone, "localdate", lambda: ahead)
        assert publish_roots().days == []
        later.setattr(timezone, "localdate", lambda: ahead + timedelta(days=1))
        [after] = publish_roots().days
    assert DailyRoot.objects.get(day=ahead).root == early.root
    assert after.entries == real.entries
    assert {drift.name for drift in verify()} == set()
