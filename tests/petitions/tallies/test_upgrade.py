"""Petitions of an installation from before there was a board are counted when it is upgraded."""

import pytest
from django.core.management import call_command
from django.db import connection

from petitions.models import AnswerRow, ClockRun
from petitions.tallies.rows import miscounts, uncounted
from tests.petitions.desk import LYJ, SLJ, Desk

pytestmark = pytest.mark.django_db
# As releases without a board left it: nothing is counted. Triggers sleep meanwhile, since these rows are never deleted otherwise.
BEFORE = """
    SET LOCAL session_replication_role = replica;
    DELETE FROM petitions_clockrun;
    DELETE FROM petitions_answerrow;
    SET LOCAL session_replication_role = origin;
"""


@pytest.fixture
def earlier(desk: Desk) -> Desk:
    """Petitions of several kinds, one an accusation, that nothing has counted."""
    desk.closed()
    desk.answered(channel="net", way="hotline")
    desk.assign(desk.accept(desk.accusation(LYJ)), SLJ)
    with connection.cursor() as cursor:
        cursor.execute(BEFORE)
    return desk


def test_setting_up_counts_what_was_there(earlier: Desk) -> None:
    assert uncounted() and list(miscounts())
    call_command("set_up", demo="none")
    assert list(miscounts()) == []
    assert ClockRun.objects.filter(secret=True).exists() and AnswerRow.objects.count() == 2


def test_what_is_counted_is_left_alone(desk: Desk) -> None:
    desk.closed()
    assert not uncounted()
