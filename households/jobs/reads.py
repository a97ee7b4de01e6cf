"""What the schedule ran last, and what it found that nobody has taken note of."""

from collections.abc import Collection

from django.db.models import QuerySet

from households.models import JobOutcome, JobRun


def last_runs(names: Collection[str]) -> dict[str, JobRun]:
    """The last run of each job that has run. One query."""
    runs = JobRun.objects.filter(name__in=names).order_by("name", "-id").distinct("name")
    return {run.name: run for run in runs}


def unseen() -> "QuerySet[JobRun]":
    """Drifts that nobody has put a name to."""
    return JobRun.objects.filter(outcome=JobOutcome.DRIFT, seen_at=None)


def seen() -> "QuerySet[JobRun]":
    """Drifts that somebody has answered for by name, the last first."""
    return JobRun.objects.filter(seen_at__isnull=False).select_related("seen_by")
