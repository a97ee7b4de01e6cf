"""What the schedule ran last."""

from collections.abc import Collection

from households.models import JobRun


def last_runs(names: Collection[str]) -> dict[str, JobRun]:
    """The last run of each job that has run. One query."""
    runs = JobRun.objects.filter(name__in=names).order_by("name", "-id").distinct("name")
    return {run.name: run for run in runs}
