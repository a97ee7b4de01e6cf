"""Tasks of the whole house."""

from typing import Any

from celery import shared_task

from dongkou.alerting import running, telling
from dongkou.backup import actions as backup
from dongkou.growth import measuring
from dongkou.province import summing


@shared_task
def back_up() -> dict[str, Any]:
    """The night's copy."""
    return backup.back_up()


@shared_task
def rehearse_restore() -> dict[str, Any]:
    """The month's drill."""
    outcome = backup.rehearse()
    return {"drifts": len(outcome.drifts), "rpo": outcome.rpo or 0, "rto": outcome.rto, "checked": outcome.checked}


@shared_task(ignore_result=True)
def look_around() -> dict[str, int]:
    """What is wrong with the running becomes an alarm."""
    return running.look_around()


@shared_task(ignore_result=True)
def tell_alarms() -> dict[str, int]:
    """Alarms that nobody outside knows of yet go to the operator's command."""
    return telling.tell_alarms()


@shared_task(ignore_result=True)
def measure_tables() -> dict[str, int]:
    """The day's sizes of all tables."""
    return measuring.measure()


@shared_task(ignore_result=True)
def sum_up_province() -> dict[str, int]:
    """Months whose counties' lines have moved; asked for on a province's node only."""
    return {"summed": len(summing.sum_up())}
