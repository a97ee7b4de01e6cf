"""Writing down what the schedule ran, and who has taken note of what it found."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from households import audit
from households.models import JobOutcome, JobRun, User
from households.refusals import Refused

KEPT = 30  # runs of one job


@transaction.atomic
def note(
    *, name: str, begun_at: datetime, outcome: JobOutcome, figures: dict[str, Any] | None = None, note: str = ""
) -> JobRun:
    """One run that has ended now. Older ones go, but none whose drift nobody has seen yet."""
    run = JobRun.objects.create(
        name=name, begun_at=begun_at, ended_at=Now(), outcome=outcome, figures=figures or {}, note=note[:300]
    )
    of_job = JobRun.objects.filter(name=name)
    kept = list(of_job.order_by("-id").values_list("pk", flat=True)[:KEPT])
    of_job.filter(pk__lt=kept[-1]).exclude(outcome=JobOutcome.DRIFT, seen_at=None).delete()
    return run


@transaction.atomic
def acknowledge(*, run: int, by: User) -> JobRun:
    """Somebody answers by name for having seen what did not fit. The first one counts."""
    found = JobRun.objects.select_for_update().filter(pk=run, outcome=JobOutcome.DRIFT).first()
    if found is None:
        raise Refused("not_found", "没有这条核对记录。", status=404)
    if found.seen_at is None:
        found.seen_by = by
        JobRun.objects.filter(pk=run).update(seen_by=by, seen_at=Now())
        audit.record(by, "job.acknowledge", subject=found.name, ran=found.begun_at.isoformat(timespec="minutes"))
    return found
