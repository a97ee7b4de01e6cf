"""The bell of the worker: what is small is done at once, for the rest a message is sent. A lost message costs a minute."""

from contextlib import suppress

from celery import current_app
from kombu.exceptions import OperationalError

from households.intake.work import work
from households.models import ImportRun

TASK = "households.tasks.work_import"
QUICK = 200_000  # bytes that are read, checked and written in less than two seconds


def ring(run: ImportRun) -> None:
    """Have done what the run waits for. After the transaction in which it was said."""
    if run.size <= QUICK:
        work(run.pk)
        return
    with suppress(OperationalError):
        current_app.send_task(TASK, (run.pk,), queue="export", retry=False)
