"""Doorbells: each task calls what a person or a command could call."""

import structlog
from celery import shared_task

from petitions import board_rows, deadlines
from petitions.actions import erasing, reminding

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
    miscounts = list(board_rows.miscounts())
    for miscount in miscounts:
        log.error("miscounted", petition=miscount.number, expected=miscount.expected, found=miscount.found)
    log.info("clocks verified", drifts=len(drifts), miscounts=len(miscounts))


@shared_task(name="petitions.tasks.erase_expired", ignore_result=True)
def erase_expired() -> None:
    """Erase what has been kept long enough."""
    gone = erasing.erase_expired()
    log.info("petitions erased", **{str(extent): len(numbers) for extent, numbers in gone.items()})
