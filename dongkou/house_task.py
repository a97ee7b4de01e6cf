"""What every task does beside its work: what came of it is told in the log, and kept where people see it."""

from datetime import datetime
from typing import Any

import structlog
from celery import Task
from django.db import DatabaseError
from django.utils import timezone

from dongkou.schedule import SCHEDULE
from households.alarms import actions as alarms
from households.alarms.actions import AlarmFinding
from households.jobs import actions as jobs
from households.jobs import checking
from households.models import AlarmKind, JobOutcome
from households.refusals import Refused

log = structlog.get_logger("dongkou.jobs")

SCHEDULED = frozenset(str(entry["task"]) for entry in SCHEDULE.values())


class HouseTask(Task):
    """A refusal is an outcome, not an error; every other exception goes on to Celery.

    A task may give figures: `{"drifts": 2}` says that something does not fit.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it."""
        begun = timezone.now()
        try:
            figures = super().__call__(*args, **kwargs)
        except Refused as refusal:
            outcome = JobOutcome.HELD if refusal.code == "clock_held" else JobOutcome.REFUSED
            self._tell(outcome, begun, note=refusal.sentence)
            return None
        except Exception as trouble:
            self._tell(JobOutcome.FAILED, begun, note=type(trouble).__name__)
            self._came_to_its_end(args, trouble)
            raise
        self._came_to_its_end(args)
        found = figures if isinstance(figures, dict) else {}
        self._tell(JobOutcome.DRIFT if found.get("drifts") else JobOutcome.DONE, begun, figures=found)
        return figures

    def _came_to_its_end(self, args: tuple[Any, ...], trouble: Exception | None = None) -> None:
        """A check or a share of the schedule's work that did not is a finding itself, until one of the same place has."""
        if checking.checks(self.name):
            kind, what = AlarmKind.FAILED, "核对没有做完，出错了"
        elif checking.shares(self.name):
            kind, what = AlarmKind.RUNNING, "定时的事有一处没有做完，出错了"
        else:
            return
        which = " ".join(map(str, (self.name, *args)))
        found = [AlarmFinding(kind, what, f"{which} {type(trouble).__name__}")] if trouble else []
        try:
            alarms.found_by(f"{which}:end", found)
        except DatabaseError as silent:
            log.warning("alarm_not_kept", task=self.name, trouble=type(silent).__name__)

    def _tell(self, outcome: JobOutcome, begun: datetime, *, figures: Any = None, note: str = "") -> None:
        """The line in the log; of what beat asks for also the row."""
        level = log.info if outcome is JobOutcome.DONE else log.warning
        level("job", task=self.name, outcome=str(outcome), note=note, **(figures or {}))
        if self.name not in SCHEDULED:
            return
        try:
            jobs.note(name=self.name, begun_at=begun, outcome=outcome, figures=figures, note=note)
        except DatabaseError as trouble:
            log.warning("job_not_kept", task=self.name, trouble=type(trouble).__name__)
