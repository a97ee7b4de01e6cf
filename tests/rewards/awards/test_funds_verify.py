"""`verify` looks at funds and awards too, and names the row that somebody edited past all guards."""

import pytest
from django.db import connection

from households.sql import rows
from rewards.awards.actions.decisions import Wish, confirm, propose
from rewards.awards.checks import OF_ALL_TIME
from rewards.models import AwardKind, AwardRun, Choice
from scoring.checks.scores import of_other_rooms
from tests.rewards.awards.scene import BY_POINTS, FundScene
from tests.world import SISTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(scene: FundScene) -> FundScene:
    """Awards by rank and for points, one reduced since."""
    scene.awarded()
    scene.awarded(BY_POINTS)
    scene.restate()
    wishes = {scene.award_of(SISTER).pk: Wish(Choice.REDUCE, 400_000)}
    run = AwardRun.objects.get(kind=AwardKind.COMPREHENSIVE)
    confirm(review=propose(run=run, wishes=wishes, reason="复核", by=scene.first), by=scene.second)
    return scene


def broken() -> dict[str, list[str]]:
    """Name of each invariant that does not hold, and where."""
    found = {invariant.name: [row[0] for row in rows(invariant.sql)] for invariant in OF_ALL_TIME}
    return {name: where for name, where in found.items() if where}


def tamper(sql: str) -> None:
    """What somebody with the database's own password could do: triggers sleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the doors wrote has been looked at
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_the_doors_wrote_holds(scene: FundScene) -> None:
    assert broken() == {}


def test_invariants_of_funds_are_asked_with_all_others() -> None:
    assert {invariant.name for invariant in OF_ALL_TIME} <= {invariant.name for invariant in of_other_rooms()}


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("UPDATE rewards_fundsource SET amount_fen = amount_fen + 1", "fund_sums"),
        ("UPDATE rewards_fund SET allocated_fen = allocated_fen - 1", "fund_sums"),
        ("UPDATE rewards_awardline SET amount_fen = amount_fen + 1 WHERE rank = 3", "award_runs"),
        ("UPDATE rewards_award SET amount_fen = amount_fen + 1 WHERE rank = 3", "award_lines"),
        ("UPDATE rewards_award SET points = points + 1 WHERE kind = 'points'", "award_points"),
        ("UPDATE rewards_award SET withdrawn_fen = withdrawn_fen - 1 WHERE withdrawn_fen > 0", "award_decisions"),
    ],
)
def test_edited_row_is_named(scene: FundScene, sql: str, name: str) -> None:
    tamper(sql)
    assert broken()[name]


def test_award_that_was_lost_is_named(scene: FundScene) -> None:
    tamper("DELETE FROM rewards_award WHERE kind = 'points' AND rank = 3")
    assert any("run" in where for where in broken()["award_lines"])
