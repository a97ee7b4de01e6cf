"""Archived rankings: the bytes of the ranking as it stood, version by version."""

import hashlib
import json

import pytest

from scoring.models import RankingSnapshot
from scoring.rankings.snapshots import DEPARTMENTS, LEVELS, body_of, keep
from tests.scoring.facts import record
from tests.world import COUNTY, MONTH, SISTER, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db


def archived(level: str, version: int = 1) -> RankingSnapshot:
    return RankingSnapshot.objects.get(month=MONTH, level=level, within=COUNTY, version=version)


@pytest.fixture
def frozen(world: World) -> World:
    record((f"{VILLAGE}010001", "WR04"))
    world.frozen_month()
    return world


def test_every_level_is_archived_at_freezing(frozen: World) -> None:
    assert {s.level for s in RankingSnapshot.objects.filter(month=MONTH)} == set(LEVELS)


def test_digest_is_of_the_body(frozen: World) -> None:
    for snapshot in RankingSnapshot.objects.all():
        assert snapshot.digest == hashlib.sha256(snapshot.body.encode()).hexdigest()


def test_body_holds_the_ranking_with_ties(frozen: World) -> None:
    lines = json.loads(archived("village").body)
    assert [(line["code"], line["rank"], line["result"]) for line in lines] == [
        (SISTER, 1, "100.00"),
        (STRANGE, 1, "100.00"),
        (VILLAGE, 3, "98.75"),
    ]


def test_departments_are_archived_with_weighted_sums(frozen: World) -> None:
    [first, second] = json.loads(archived(DEPARTMENTS).body)
    assert (first["code"], first["households"], first["rank"]) == ("SLJ", 2, 1)
    assert (second["code"], second["households"], second["total"]) == ("LYJ", 18, 1780)


def test_equal_rankings_have_equal_bytes(frozen: World) -> None:
    assert body_of(MONTH, "village", COUNTY) == archived("village").body


def test_next_version_leaves_the_first_as_it_was(frozen: World) -> None:
    before = archived("group").body
    keep(MONTH, COUNTY, reason="更正")
    assert archived("group", 2).reason == "更正"
    assert archived("group").body == before


def test_other_countys_rankings_are_not_mixed_in(frozen: World) -> None:
    assert all(line["code"].startswith(COUNTY) for line in json.loads(archived("group").body))
    assert body_of(MONTH, "village", "430727") == "[]"
