"""Doorbells: each task calls what a person or a command could call."""

import structlog
from celery import shared_task

from petitions import deadlines
from petitions.actions import reminding

log = structlog.get_logger("dongkou.petitions")


@shared_task(name="petitions.tasks.remind", ignore_result=True)
def remind() -> None:
    """Reminders and supervision orders that have come due; outside working hours none."""
    log.info("petitions reminded", sent=reminding.remind_due())


@shared_task(name="petitions.tasks.close_passed", ignore_result=True)
def close_passed() -> None:
    """Close what nobody objected to in time."""
    log.info("petitions closed", closed=reminding.close_passed())


@shared_task(name="petitions.tasks.check_clocks", ignore_result=True)
def check_clocks() -> None:
    """Every due day must be the one that its history gives; drift is reported in the log, never repaired silently."""
    drifts = list(deadlines.drifts())
    for drift in drifts:
        log.error("clock drift", petition=drift.number, expected=drift.expected, found=drift.found)
    log.info("clocks verified", drifts=len(drifts))
