"""What the schedule ran is kept, trimmed, told and acknowledged."""

import pytest
from django.utils import timezone

from households.jobs import reads
from households.jobs.actions import KEPT, acknowledge, note
from households.models import AuditEvent, JobOutcome, JobRun
from households.refusals import Refused
from households.roles import Role
from petitions import tasks as petition_tasks
from scoring import tasks
from scoring.models import HouseholdScore
from tests.audit_failure import audit_down
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


def test_old_runs_go_but_no_drift_that_nobody_has_seen(world: World) -> None:
    drifts = [ran(JobOutcome.DRIFT), ran(JobOutcome.DRIFT)]
    acknowledge(run=drifts[1].pk, by=world.user(Role.COUNTY_OFFICE))
    runs = [ran() for _ in range(KEPT + 3)]
    kept = set(JobRun.objects.values_list("pk", flat=True))
    assert kept == {drifts[0].pk, *(run.pk for run in runs[3:])}


def test_first_name_under_a_drift_counts(world: World) -> None:
    office, admin = world.user(Role.COUNTY_OFFICE), world.user(Role.SYSTEM_ADMIN)
    drift = ran(JobOutcome.DRIFT)
    acknowledge(run=drift.pk, by=office)
    assert acknowledge(run=drift.pk, by=admin).seen_by == office
    assert not reads.unseen().exists()
    assert AuditEvent.objects.get(action="job.acknowledge").subject == NAME


def test_only_a_drift_is_acknowledged(world: World) -> None:
    with pytest.raises(Refused):
        acknowledge(run=ran().pk, by=world.user(Role.COUNTY_OFFICE))


def test_name_is_not_taken_when_it_cannot_be_written_down(world: World) -> None:
    drift = ran(JobOutcome.DRIFT)
    with audit_down():
        acknowledge(run=drift.pk, by=world.user(Role.COUNTY_OFFICE))
    assert reads.unseen().get() == drift


def test_database_refuses_half_a_name_and_unknown_outcomes() -> None:
    run = ran(JobOutcome.DRIFT)
    broken(lambda: JobRun.objects.filter(pk=run.pk).update(seen_at=timezone.now()), "job_seen_by_and_at")
    broken(lambda: JobRun.objects.filter(pk=run.pk).update(outcome="x"), "job_outcome_known")


def test_nightly_check_that_finds_something_is_a_drift(world: World) -> None:
    world.frozen_month()
    tasks.check_nightly()
    HouseholdScore.objects.filter(month=MONTH, code=f"{VILLAGE}010001").update(broken=1)
    tasks.check_nightly()
    outcomes = list(JobRun.objects.order_by("id").values_list("outcome", flat=True))
    assert outcomes == ["done", "drift"]
    assert reads.unseen().get().figures["drifts"] > 0


def test_task_that_is_refused_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from petitions.erasing import actions as erasing

    def refuse() -> None:
        raise Refused("erasing_already", "另一次清除正在进行。")

    monkeypatch.setattr(erasing, "erase_expired", refuse)
    assert petition_tasks.erase_expired() is None
    assert JobRun.objects.get().note == "另一次清除正在进行。"


def test_task_that_fails_leaves_its_mark_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    from scoring.ledger import publishing

    def fail() -> None:
        raise LookupError("x")

    monkeypatch.setattr(publishing, "publish_roots", fail)
    with pytest.raises(LookupError):
        tasks.publish_roots()
    assert list(JobRun.objects.values_list("outcome", "note")) == [("failed", "LookupError")]
