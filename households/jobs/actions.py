"""Writing down what the schedule ran. What it found that does not fit is an alarm (`households.alarms`)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from households.models import JobOutcome, JobRun

KEPT = 30  # runs of one job


@transaction.atomic
def note(
    *, name: str, begun_at: datetime, outcome: JobOutcome, figures: dict[str, Any] | None = None, note: str = ""
) -> JobRun:
    """One run that has ended now. Older ones go."""
    run = JobRun.objects.create(
        name=name, begun_at=begun_at, ended_at=Now(), outcome=outcome, figures=figures or {}, note=note[:300]
    )
    of_job = JobRun.objects.filter(name=name)
    kept = list(of_job.order_by("-id").values_list("pk", flat=True)[:KEPT])
    of_job.filter(pk__lt=kept[-1]).delete()
    return run
