"""The bell of the worker: what is small is done at once, for the rest a message is sent. A lost message costs a minute."""

from contextlib import suppress

from celery import current_app
from kombu.exceptions import OperationalError

from households.imports.kinds import QUICK, kind_of
from households.intake.work import work
from households.models import ImportRun, ImportState

TASK = "households.tasks.work_import"


def ring(run: ImportRun) -> None:
    """Have done what the run waits for. After the transaction in which it was said."""
    kind = kind_of(run.kind)
    takes_long = kind is not None and kind.slow and run.state == ImportState.WRITING
    if run.size <= (kind.quick if kind else QUICK) and not takes_long:
        work(run.pk)
        return
    with suppress(OperationalError):
        current_app.send_task(TASK, (run.pk,), queue="export", retry=False)
