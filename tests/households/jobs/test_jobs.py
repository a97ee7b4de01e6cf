"""What the schedule ran is kept, trimmed and told."""

import pytest
from django.utils import timezone

from households.jobs import reads
from households.jobs.actions import KEPT, note
from households.models import JobOutcome, JobRun
from households.refusals import Refused
from petitions import tasks as petition_tasks
from scoring import tasks
from scoring.models import HouseholdScore
from tests.constraints import broken
from tests.world import MONTH, VILLAGE, World

pytestmark = pytest.mark.django_db
NAME = "scoring.tasks.check_nightly"


def ran(outcome: JobOutcome = JobOutcome.DONE, name: str = NAME) -> JobRun:
    return note(name=name, begun_at=timezone.now(), outcome=outcome)


def test_last_run_of_each_job_is_known() -> None:
    ran(JobOutcome.FAILED)
    last, other = ran(), ran(JobOutcome.HELD, "x")
    assert reads.last_runs([NAME, "x", "never"]) == {NAME: last, "x": other}


def test_old_runs_go() -> None:
    runs = [ran() for _ in range(KEPT + 3)]
    assert set(JobRun.objects.values_list("pk", flat=True)) == {run.pk for run in runs[3:]}


def test_database_refuses_unknown_outcomes() -> None:
    run = ran(JobOutcome.DRIFT)
    broken(lambda: JobRun.objects.filter(pk=run.pk).update(outcome="x"), "job_outcome_known")


def test_nightly_check_that_finds_something_is_a_drift(world: World) -> None:
    world.frozen_once()
    tasks.check_nightly()
    HouseholdScore.objects.filter(month=MONTH, code=f"{VILLAGE}010001").update(broken=1)
    tasks.check_nightly()
    outcomes = list(JobRun.objects.order_by("id").values_list("outcome", flat=True))
    assert outcomes == ["done", "drift"]
    assert JobRun.objects.latest("pk").figures["drifts"] > 0


def test_task_that_is_refused_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from petitions.erasing import actions as erasing

    def refuse() -> None:
        raise Refused("erasing_already", "另一次清除正在进行。")

    monkeypatch.setattr(erasing, "erase_expired", refuse)
    assert petition_tasks.erase_expired() is None
    assert JobRun.objects.get().note == "另一次清除正在进行。"


def test_task_that_fails_leaves_its_mark_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    from scoring.ledger import publishing

    def fail(_today: object) -> None:
        raise LookupError("x")

    monkeypatch.setattr(publishing, "missed", fail)
    with pytest.raises(LookupError):
        tasks.publish_roots()
    assert list(JobRun.objects.values_list("outcome", "note")) == [("failed", "LookupError")]
