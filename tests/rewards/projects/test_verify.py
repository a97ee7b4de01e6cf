"""`verify` asks projects and ballots too: each fault planted at the database is named, and none that is not there."""

import pytest
from django.db import connection

from rewards.models import Project
from rewards.projects.actions.ballots import choose, hand_out_slip, key_slip
from rewards.projects.actions.payments import pay
from scoring.checks.verify import verify
from tests.rewards.projects.village_works import COST, accepted, asked, award, bill, listed
from tests.world import MONTH, SISTER, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(world: World) -> Project:
    """A paid project, and a running ballot with a voice and a slip."""
    project = accepted(world)
    pay(project=project, bill=bill(COST // 2), by=None)
    needs = listed(world, "渠", "灯")
    ballot = asked(world, needs)
    choose(ballot=ballot, household=world.household, picks=[needs[0].pk])
    hand_out_slip(ballot=ballot, household=world.households[1], by=None)
    key_slip(ballot=ballot, number=1, picks=[needs[1].pk], by=world.user("cadre"))
    award(world, village=world.sister)
    return project


def drifts() -> set[str]:
    return {drift.name for drift in verify(MONTH) if drift.name.startswith(("project_", "ballot_"))}


def test_nothing_is_named_where_nothing_is_wrong(full: Project) -> None:
    assert drifts() == set()


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE rewards_project SET paid_fen = paid_fen - 1 WHERE id = {project}", "project_money"),
        ("UPDATE rewards_allocation SET fen = fen + 1", "project_money"),
        ("UPDATE rewards_payment SET fen = fen - 1", "project_money"),
        (
            "UPDATE rewards_project SET budget_fen = 1, allocated_fen = 1, paid_fen = 1 WHERE id = {project}",
            "project_money",
        ),
        ("UPDATE rewards_award SET committed_fen = committed_fen - 1 WHERE committed_fen > 0", "project_awards"),
        (f"UPDATE rewards_project SET village_id = '{SISTER}' WHERE id = {{project}}", "project_own_award"),
        ("UPDATE rewards_project SET priority = 9 WHERE title = '灯'", "project_order"),
        ("UPDATE rewards_voice SET channel = 'pin', picks = '{{1}}' WHERE channel = 'paper'", "ballot_slips"),
        ("UPDATE rewards_voiceentry SET picks = '{{1}}'", "ballot_voices"),
    ],
)
def test_planted_fault_is_named(full: Project, statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        # What waits for the commit is asked before the fault is planted.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement.format(project=full.pk))
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert name in drifts()
