"""A data folder whose runs of the schedule were 知悉 by night: what nobody had a name on waits as an alarm, the rest is over."""

import pytest
from django.db import connection

from households.alarms.actions import acknowledge
from households.models import Alarm, AlarmKind, JobRun
from households.roles import Role
from tests.constraints import broken, raw
from tests.migrating import before
from tests.world import World

pytestmark = pytest.mark.django_db
RUN = """
    INSERT INTO households_jobrun (name, begun_at, ended_at, outcome, figures, note, seen_at, seen_by_id)
    VALUES (%s, now() - interval '1 day', now(), %s, %s::jsonb, '', %s::timestamptz, %s)
"""


def upgraded(world: World) -> None:
    """Three nights as an older version kept them: drift that waits, drift somebody has seen, and a night without."""
    person = world.user(Role.SYSTEM_ADMIN).pk
    with before("households", "0028_alarms"), connection.cursor() as cursor:
        cursor.execute(RUN, ["check_nightly", "drift", '{"drifts": 3}', None, None])
        cursor.execute(RUN, ["check_nightly", "drift", '{"drifts": 1}', "2026-01-01", person])
        cursor.execute(RUN, ["check_nightly", "done", "{}", None, None])


def test_drift_that_nobody_answered_for_waits_as_an_alarm(world: World) -> None:
    upgraded(world)
    alarm = Alarm.objects.get()
    assert (alarm.source, alarm.kind, alarm.where) == ("check_nightly", AlarmKind.DRIFT, "3 处")
    assert alarm in Alarm.objects.unseen() and alarm.gone_at
    assert JobRun.objects.filter(name="check_nightly").count() == 3
    assert acknowledge(alarm=alarm.pk, remark="升级以前的", by=world.user(Role.AUDITOR)) == 1


def test_guards_stand_after_the_upgrade(world: World) -> None:
    upgraded(world)
    broken(raw("DELETE FROM households_alarm"), "append-only|refused|permission")
    broken(raw("UPDATE households_alarm SET what = 'x'"), "stands as it was raised")
