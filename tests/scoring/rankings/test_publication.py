"""Which archived rankings are final: nothing in the county was between its declaration and its freezing."""

import pytest

from households.models import Division
from households.months import previous_month
from households.roles import Role
from scoring.models import RankingSnapshot
from scoring.rankings.publication import final, final_snapshot, published_counties, published_months
from scoring.rankings.snapshots import LEVELS, keep
from scoring.reviews.actions.reviewing import return_sheet
from tests.world import COUNTY, MONTH, World


def archive_now(month: str = MONTH, county: str = COUNTY) -> int:
    """Keep the rankings as they are; the version."""
    return keep(month, county, reason="试存")[0].version


def versions() -> set[int]:
    return set(final().filter(month=MONTH).values_list("version", flat=True))


def test_ranking_archived_before_anybody_declared_is_final(rolled_up: World) -> None:
    assert versions() == set()
    assert {archive_now()} == versions()


def test_ranking_archived_while_a_village_has_declared_is_not(rolled_up: World) -> None:
    rolled_up.declare(rolled_up.village)
    archive_now()
    assert versions() == set()


@pytest.mark.parametrize("step", ["approve", "nothing"])
def test_ranking_archived_between_review_and_freezing_is_not(rolled_up: World, step: str) -> None:
    rolled_up.declare()
    if step == "approve":
        rolled_up.approve()
    archive_now()
    assert versions() == set()


def test_freezing_makes_the_next_one_final_and_leaves_the_earlier(rolled_up: World) -> None:
    rolled_up.declare()
    assert archive_now() == 1
    rolled_up.freeze()
    assert versions() == {2}


def test_declaration_returned_later_still_counts_for_what_was_archived_before(rolled_up: World) -> None:
    rolled_up.declare(rolled_up.village)
    archive_now()
    return_sheet(sheet=rolled_up.sheet(), reason="请核对", by=rolled_up.user(Role.TOWNSHIP))
    assert versions() == set()
    assert archive_now() in versions()


def test_village_that_declares_afterwards_takes_nothing_back(rolled_up: World) -> None:
    rolled_up.declare(rolled_up.village, rolled_up.sister)
    rolled_up.freeze()
    assert versions() == {1}
    rolled_up.declare(rolled_up.strange)
    assert versions() == {1}
    archive_now()
    assert versions() == {1}
    rolled_up.freeze()
    assert versions() == {1, 3}


def test_another_month_is_not_in_the_way(rolled_up: World) -> None:
    rolled_up.declare(month=previous_month(MONTH))
    archive_now()
    assert versions() == {1}


def test_another_county_is_not_in_the_way(rolled_up: World) -> None:
    Division.objects.create(code="430727", name="外县")
    rolled_up.declare()
    archive_now(county="430727")
    assert set(final().values_list("within", flat=True)) == {"430727"}


def test_newest_final_version_is_the_one_that_is_shown(rolled_up: World) -> None:
    assert [archive_now(), archive_now()] == [1, 2]
    assert final_snapshot(MONTH, "village", COUNTY).version == 2
    assert final_snapshot(MONTH, "village", "430727") is None
    assert final_snapshot("2023-01", "village", COUNTY) is None


def test_every_level_is_archived_together(rolled_up: World) -> None:
    archive_now()
    assert set(RankingSnapshot.objects.values_list("level", flat=True)) == set(LEVELS)
    assert final().count() == len(LEVELS)


def test_months_and_counties_are_named_once_newest_first(rolled_up: World) -> None:
    for month in (previous_month(MONTH), MONTH, MONTH):
        archive_now(month)
    assert published_months(COUNTY) == [MONTH, previous_month(MONTH)]
    assert published_counties(MONTH) == [COUNTY]
    assert published_counties("2023-01") == []
