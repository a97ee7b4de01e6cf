"""Two people with keys at once: the fund never gives more than it has, a run is confirmed once. Each with its twin."""

import pytest
from django.db import IntegrityError, transaction

from households.refusals import Refused
from rewards.awards.actions import commitments
from rewards.awards.actions import runs as award_runs
from rewards.awards.actions.funds import RuleDraft
from rewards.awards.actions.runs import confirm
from rewards.models import Award, AwardKind, AwardRun, Fund
from tests.rewards.awards.scene import BY_RANK, TEN_THOUSAND, TOTAL, TOWNSHIPS, FundScene
from tests.scoring.sessions_at_once import OtherSession, held_up
from tests.waiting import until
from tests.world import SISTER

pytestmark = pytest.mark.django_db(transaction=True)


def two_waiting_runs(scene: FundScene) -> list[AwardRun]:
    """Each alone fits the fund, both together do not: the second rule was made when the fund was larger."""
    from rewards.awards.actions.funds import add_source
    from rewards.awards.engine import Band

    department = scene.fund.sources.get().department
    add_source(fund=scene.fund, department=department, amount_fen=5 * TEN_THOUSAND, document_no="二", by=scene.first)
    big = RuleDraft(AwardKind.COMPREHENSIVE, 8 * TEN_THOUSAND, bands=[Band(1, 1, 4 * TEN_THOUSAND)])
    scene.rule(big)
    scene.rule(TOWNSHIPS, pool_fen=5 * TEN_THOUSAND, bands=[Band(1, 1, 5 * TEN_THOUSAND)])
    runs = [scene.preview(), scene.preview(AwardKind.TOWNSHIP)]
    add_source(
        fund=scene.fund,
        department=department,
        amount_fen=-5 * TEN_THOUSAND,
        document_no="三",
        note="收回",
        by=scene.first,
    )
    return runs


def confirmed_side_by_side(runs: list[AwardRun], scene: FundScene) -> list[OtherSession]:
    """Both wait for the fund's row, then run."""
    with transaction.atomic():
        Fund.objects.select_for_update().get(pk=scene.fund.pk)
        sessions = [OtherSession(lambda run=run: confirm(run=run, seen=run.digest, by=scene.second)) for run in runs]
        until(lambda: all(held_up(session) for session in sessions))
    for session in sessions:
        session.join(60)
    return sessions


def test_two_runs_never_allocate_more_than_the_fund(scene: FundScene) -> None:
    sessions = confirmed_side_by_side(two_waiting_runs(scene), scene)
    refused = [session.trouble for session in sessions if session.trouble]
    assert [type(trouble) for trouble in refused] == [Refused]
    assert refused[0].status == 409
    scene.fund.refresh_from_db()
    assert scene.fund.allocated_fen == sum(Award.objects.values_list("amount_fen", flat=True)) <= TOTAL


def test_without_the_guard_only_the_database_stops_the_second_run(
    scene: FundScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: no check of what moved and no guarded update, so the constraint is what is left."""

    def unguarded(fund: Fund, run: AwardRun) -> None:
        Fund.objects.filter(pk=fund.pk).update(allocated_fen=award_runs.F("allocated_fen") + run.total_fen)

    monkeypatch.setattr(award_runs, "_allocate", unguarded)
    monkeypatch.setattr(award_runs, "_check_unmoved", lambda *_: None)
    sessions = confirmed_side_by_side(two_waiting_runs(scene), scene)
    assert IntegrityError in [type(session.trouble) for session in sessions]


def test_run_confirmed_by_two_at_once_gives_once(scene: FundScene) -> None:
    scene.rule()
    run = scene.preview()
    sessions = confirmed_side_by_side([run, run], scene)
    assert [type(session.trouble) for session in sessions if session.trouble] == [Refused]
    assert Award.objects.count() == 3


def test_run_confirmed_by_two_at_once_without_the_state_is_stopped_by_the_database(
    scene: FundScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: nobody looks whether the run has ended."""
    scene.rule()
    run = scene.preview()
    for guard in ("_check_confirmable", "_check_not_awarded", "_check_unmoved"):
        monkeypatch.setattr(award_runs, guard, lambda *_: None)
    sessions = confirmed_side_by_side([run, run], scene)
    assert [type(session.trouble) for session in sessions if session.trouble] == [IntegrityError]
    assert Award.objects.count() == 3


def take(award: Award, fen: int) -> None:
    """What a project does."""
    with transaction.atomic():
        commitments.commit(commitments.lock_open(award.pk), fen)


def taken_side_by_side(award: Award, fen: int) -> list[OtherSession]:
    with transaction.atomic():
        Award.objects.select_for_update().get(pk=award.pk)
        sessions = [OtherSession(lambda: take(award, fen)) for _ in range(2)]
        until(lambda: all(held_up(session) for session in sessions))
    for session in sessions:
        session.join(60)
    return sessions


def test_two_projects_never_take_more_than_the_award(scene: FundScene) -> None:
    scene.awarded(BY_RANK)
    award = scene.award_of(SISTER)
    sessions = taken_side_by_side(award, 600_000)
    assert [getattr(session.trouble, "code", None) for session in sessions if session.trouble] == ["award_too_small"]
    award.refresh_from_db()
    assert award.committed_fen == 600_000


def test_two_projects_without_the_guard_are_stopped_by_the_database(
    scene: FundScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: an unguarded sum meets the constraint."""
    scene.awarded(BY_RANK)
    award = scene.award_of(SISTER)

    def unguarded(award: Award, fen: int) -> None:
        Award.objects.filter(pk=award.pk).update(committed_fen=award_runs.F("committed_fen") + fen)

    monkeypatch.setattr(commitments, "commit", unguarded)
    sessions = taken_side_by_side(award, 600_000)
    assert [type(session.trouble) for session in sessions if session.trouble] == [IntegrityError]
