"""Tasks: each calls what a person or a command could call."""

import structlog
from celery import shared_task

from households.alarms import actions as alarms
from households.alarms.actions import AlarmFinding
from households.clock.actions import ask
from households.models import AlarmKind
from petitions.erasing import actions as erasing
from petitions.house import checks
from petitions.promises.actions import reminding as promise_reminding
from petitions.search import indexing
from petitions.steps import reminding

log = structlog.get_logger("dongkou.petitions")


@shared_task(name="petitions.tasks.remind", ignore_result=True)
def remind() -> dict[str, int]:
    """Reminders and supervision orders that have come due, those of promises too; outside working hours none."""
    ask()
    figures = {"sent": reminding.remind_due(), "promises": promise_reminding.remind_promises()}
    log.info("petitions reminded", **figures)
    return figures


@shared_task(name="petitions.tasks.close_passed", ignore_result=True)
def close_passed() -> dict[str, int]:
    """Close what nobody objected to in time."""
    ask()
    figures = {"closed": reminding.close_passed()}
    log.info("petitions closed", **figures)
    return figures


@shared_task(name="petitions.tasks.check_clocks", ignore_result=True)
def check_clocks() -> dict[str, int]:
    """What must hold is recomputed; whatever differs is told those who answer for it, never repaired silently."""
    found = []
    for finding in checks.examine():
        for wrong in finding.wrong:
            log.error("petition drift", wrong=wrong)
            found.append(AlarmFinding(AlarmKind.PETITION, finding.label, wrong.partition("：")[0]))
    alarms.found_by("petitions.tasks.check_clocks", found)
    log.info("petitions verified", drifts=len(found))
    return {"drifts": len(found)}


@shared_task(name="petitions.tasks.erase_expired", ignore_result=True)
def erase_expired() -> dict[str, int]:
    """Erase what has been kept long enough."""
    ask()
    figures = {str(extent): len(numbers) for extent, numbers in erasing.erase_expired().items()}
    log.info("petitions erased", **figures)
    return figures


@shared_task(name="petitions.tasks.index_petitions", ignore_result=True)
def index_petitions() -> None:
    """Give words to petitions that lack them, as after an upgrade."""
    log.info("petitions indexed", indexed=indexing.index_petitions())
