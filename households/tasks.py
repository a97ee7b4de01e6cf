"""Tasks: each calls what a person or a command could call."""

from celery import shared_task
from django.utils import timezone

from households.clock.actions import ask
from households.inbox.actions import forget
from households.intake import work
from households.outbox import actions as outbox
from households.plates.actions import runs as plate_runs
from households.register import indexing
from households.retention import actions as retention
from households.sms import sending


@shared_task(name="households.tasks.work_import", ignore_result=True)
def work_import(run_id: int) -> None:
    """Rehearse, write or take back one file."""
    work.work(run_id)


@shared_task(name="households.tasks.take_up_imports", ignore_result=True)
def take_up_imports() -> None:
    """Ask anew for runs that a lost message or a killed worker left behind; let go what is kept no longer."""
    for run_id in work.waiting():
        work_import.apply_async((run_id,), queue="export", expires=60)
    for run_id in plate_runs.waiting():
        make_plates.apply_async((run_id,), queue="export", expires=60)
    work.forget()
    plate_runs.forget()


@shared_task(name="households.tasks.make_plates", ignore_result=True)
def make_plates(run_id: int) -> None:
    """Make the plates of a run, village by village."""
    plate_runs.work(run_id)


@shared_task(name="households.tasks.index_households", ignore_result=True)
def index_households() -> dict[str, int]:
    """Make the words that changed households are found by."""
    return {"indexed": indexing.index_households()}


@shared_task(name="households.tasks.erase_expired", ignore_result=True)
def erase_expired() -> dict[str, int]:
    """Erase what is personal of households that left long ago."""
    ask()
    forget()
    outbox.forget()
    return {"erased": retention.erase_expired(timezone.localdate())}


@shared_task(name="households.tasks.send_sms", ignore_result=True)
def send_sms() -> dict[str, int]:
    """Hand over what waits in the outbox, in working hours."""
    ask()
    return sending.send_due()
