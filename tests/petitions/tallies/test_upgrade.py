"""Petitions of an installation from before there was a board are counted when it is upgraded."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from petitions.models import AnswerRow, ClockRun
from petitions.tallies.rows import miscounts
from tests.petitions.desk import LYJ, SLJ, Desk

pytestmark = pytest.mark.django_db
MIGRATION = import_module("petitions.migrations.0005_board_and_public_list")
# As 0004 left it: nothing is counted. Triggers sleep meanwhile, since these rows are never deleted otherwise.
BEFORE = """
    SET LOCAL session_replication_role = replica;
    DELETE FROM petitions_clockrun;
    DELETE FROM petitions_answerrow;
    SET LOCAL session_replication_role = origin;
"""


@pytest.fixture
def shipped(desk: Desk) -> Desk:
    """Petitions of several kinds, one rated and one an accusation, as the release before kept them."""
    desk.closed()
    desk.answered(channel="net", way="hotline")
    desk.assign(desk.accept(desk.accusation(LYJ)), SLJ)
    with connection.cursor() as cursor:
        cursor.execute(BEFORE)
    assert list(miscounts())
    MIGRATION.count_what_is_there(apps, None)
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.FILL)
    return desk


def test_upgraded_petitions_are_counted_as_their_histories_say(shipped: Desk) -> None:
    assert list(miscounts()) == []
    assert ClockRun.objects.filter(secret=True).exists() and AnswerRow.objects.count() == 2


def test_rows_of_an_earlier_shape_leave_out_what_came_later() -> None:
    class Earlier:
        class _meta:  # noqa: N801  # as Django calls it
            fields = [ClockRun._meta.get_field("petition"), ClockRun._meta.get_field("key")]

        def __init__(self, **given: object) -> None:
            self.given = given

    run = import_module("petitions.tallies.accounts").Run("accept", 1, *[None] * 7)
    assert MIGRATION._row(Earlier, 7, run).given == {"petition_id": 7, "key": "accept"}
