"""Sheets of a data folder from before they said whether they were frozen early: the log knows of each freezing."""

import pytest
from django.db import connection

from households import audit
from scoring.checks.verify import verify
from scoring.freezing import freeze
from scoring.models import Sheet
from scoring.states import SheetState
from tests.acting import administrator
from tests.days import today
from tests.migrating import before
from tests.world import MONTH, SISTER, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db


IN_TIME = """UPDATE households_auditevent SET detail = detail || '{"forced": false}' WHERE action = 'sheet.freeze' AND place = %s"""
AGAIN = "SET LOCAL session_replication_role = origin"


def forced() -> set[str]:
    return set(Sheet.objects.filter(forced=True).values_list("village", flat=True))


def test_old_sheets_say_what_the_log_says_of_their_own_freezing(world: World) -> None:
    """One frozen by force, one in its time, one whose forced freezing is a line of another month."""
    world.declare(world.village, world.sister, world.strange)
    freeze(month=MONTH, on=today(), force=True)
    Sheet.objects.filter(village=STRANGE).update(state=SheetState.POSTED, frozen_at=None, archived_in=None)
    with before("scoring", "0024_forced_early"):
        with administrator(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL session_replication_role = replica; {IN_TIME}; {AGAIN}", [SISTER])
        audit.record(None, "sheet.freeze", place=SISTER, subject="2024-04", forced=True, posted=False)
    assert forced() == {VILLAGE}


def test_new_sheet_is_not_forced_and_the_trail_goes_on(world: World) -> None:
    world.declare(world.village)
    with before("scoring", "0024_forced_early"):
        pass
    assert forced() == set()
    freeze(month=MONTH, on=today(), force=True)
    assert forced() == {VILLAGE}
    assert verify() == []
