"""Suspension follows from the rankings; the county's decision, with two keys, ends it; nothing is taken that was used."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from households.refusals import Refused
from households.roles import Role
from rewards.awards.actions import commitments, decisions
from rewards.awards.actions.decisions import Wish, confirm, discard, propose
from rewards.awards.engine import Band
from rewards.awards.suspension import suspended_among
from rewards.models import Award, AwardDecision, AwardKind, AwardReview, AwardRun, Choice
from scoring.ledger import door as ledger
from tests.audit_failure import audit_down
from tests.refusals import refusal_code
from tests.rewards.awards.scene import (
    BEFORE,
    BY_POINTS,
    BY_RANK,
    TEN_THOUSAND,
    TOTAL,
    TOWNSHIPS,
    FundScene,
    fund_scene,
    restated_scene,
)
from tests.world import MONTH, OTHER_TOWNSHIP, SISTER, STRANGE, VILLAGE

pytestmark = pytest.mark.django_db
KEEP, WITHDRAW = Wish(Choice.KEEP), Wish(Choice.WITHDRAW)


@pytest.fixture
def scene(db: None) -> FundScene:
    return restated_scene()


def suspended() -> set[str]:
    awards = list(Award.objects.select_related("run"))
    found = suspended_among(awards)
    return {award.division_id for award in awards if award.pk in found}


def wish(scene: FundScene, wishes: Mapping[str, Wish], kind: AwardKind = AwardKind.COMPREHENSIVE) -> AwardReview:
    """Propose by village code."""
    by_id = {scene.award_of(code, kind).pk: one for code, one in wishes.items()}
    return propose(run=AwardRun.objects.get(kind=kind), wishes=by_id, reason="更正后复核", by=scene.first)


def decide(scene: FundScene, wishes: Mapping[str, Wish], kind: AwardKind = AwardKind.COMPREHENSIVE) -> None:
    confirm(review=wish(scene, wishes, kind), by=scene.second)


def take(award: Award, fen: int) -> None:
    commitments.commit(commitments.lock_open(award.pk), fen)


# What is suspended


def test_award_is_open_until_its_basis_is_restated() -> None:
    scene = fund_scene()
    scene.awarded()
    assert suspended() == set()
    take(scene.award_of(SISTER), 100)


def test_restated_month_suspends_every_award_whose_line_it_moved(scene: FundScene) -> None:
    assert suspended() == {VILLAGE, SISTER, STRANGE}


def rows_of(code: str) -> list[object]:
    """All that is stored of a village's award."""
    return list(Award.objects.filter(division=code).values_list())


def test_correction_of_one_village_leaves_the_awards_of_others_payable() -> None:
    scene = fund_scene()
    scene.awarded(replace(BY_RANK, bands=[Band(1, 3, TEN_THOUSAND)]))
    scene.awarded(BY_POINTS)
    before = {code: rows_of(code) for code in (SISTER, STRANGE)}
    scene.restate(MONTH, VILLAGE)
    assert [one.kind for one in Award.objects.select_related("run") if one.pk in suspended_among([one])] == [
        AwardKind.COMPREHENSIVE
    ]
    assert suspended() == {VILLAGE}
    assert {code: rows_of(code) for code in (SISTER, STRANGE)} == before
    take(scene.award_of(SISTER), 100)
    with pytest.raises(Refused):
        take(scene.award_of(VILLAGE), 100)


def test_village_that_falls_out_of_its_class_is_suspended_with_the_one_that_rose() -> None:
    scene = fund_scene()
    scene.awarded(replace(BY_RANK, bands=[Band(1, 2, TEN_THOUSAND), Band(3, 3, 500_000)]))
    scene.restate(MONTH, SISTER)  # 西河村 falls behind 东山村 that had been third
    for _ in range(5):
        scene.restate(MONTH, SISTER)
    assert suspended() == {VILLAGE, SISTER}


def test_month_archived_again_as_it_stood_suspends_nothing() -> None:
    scene = fund_scene()
    scene.awarded()
    scene.archive_unmoved()
    assert suspended() == set()
    scene.restate(MONTH, SISTER)
    scene.archive_unmoved()  # the correction was put right
    assert suspended() == set()


def test_township_is_suspended_with_its_village_and_no_other() -> None:
    scene = fund_scene()
    scene.awarded(replace(TOWNSHIPS, bands=[Band(1, 2, 100_000)]))
    scene.restate(BEFORE, VILLAGE)
    assert suspended() == {VILLAGE[:9]}


def test_village_frozen_late_suspends_only_those_it_moves() -> None:
    scene = fund_scene()
    scene.restate_ranked(MONTH, STRANGE)  # not frozen yet: nobody there was ranked
    scene.awarded(replace(BY_RANK, bands=[Band(1, 1, TEN_THOUSAND), Band(2, 2, 500_000), Band(3, 3, 100_000)]))
    scene.restate_ranked(MONTH, STRANGE)
    assert suspended() == {VILLAGE}


def test_restatement_of_another_village_leaves_the_proposal_alone() -> None:
    scene = fund_scene()
    scene.awarded(replace(BY_RANK, bands=[Band(1, 3, TEN_THOUSAND)]))
    scene.restate(MONTH, VILLAGE)
    review = wish(scene, {VILLAGE: KEEP})
    scene.restate(MONTH, SISTER)
    confirm(review=review, by=scene.second)
    assert suspended() == {SISTER}


def test_restated_month_suspends_no_award_of_other_months() -> None:
    scene = fund_scene()
    scene.rule()
    scene.confirm(scene.preview(last=BEFORE))
    scene.restate()
    assert suspended() == set()


def test_townships_award_is_suspended_by_the_same_month() -> None:
    scene = fund_scene()
    scene.awarded(TOWNSHIPS)
    scene.restate(BEFORE)
    assert suspended() == {OTHER_TOWNSHIP}


def test_suspended_award_gives_projects_nothing(scene: FundScene) -> None:
    award = scene.award_of(SISTER)
    with pytest.raises(Refused) as refused:
        take(award, 100)
    assert (refused.value.code, refused.value.status) == ("award_suspended", 409)
    award.refresh_from_db()
    assert award.committed_fen == 0


def test_suspended_award_takes_back_what_a_project_does_not_need() -> None:
    scene = fund_scene()
    scene.awarded()
    award = scene.award_of(SISTER)
    take(award, 300)
    scene.restate()
    commitments.give_back(commitments.lock(award.pk), 200)
    award.refresh_from_db()
    assert award.committed_fen == 100


def test_award_gives_back_no_more_than_was_taken() -> None:
    scene = fund_scene()
    scene.awarded()
    award = scene.award_of(SISTER)
    take(award, 300)
    for fen in (301, 0, -5):
        assert refusal_code(commitments.give_back, commitments.lock(award.pk), fen) == "award_not_committed"


@pytest.mark.parametrize("fen", [TEN_THOUSAND + 1, 0, -1])
def test_project_takes_no_more_than_is_left(fen: int) -> None:
    scene = fund_scene()
    scene.awarded()
    assert refusal_code(take, scene.award_of(SISTER), fen) == "award_too_small"


def test_questions_about_suspension_do_not_grow_with_the_awards(
    scene: FundScene, django_assert_num_queries: object
) -> None:
    awards = list(Award.objects.select_related("run"))
    for some in (awards[:1], awards):
        with django_assert_num_queries(6):
            suspended_among(some)
    with django_assert_num_queries(0):
        assert suspended_among([]) == set()


# Deciding


def test_kept_award_is_open_again(scene: FundScene) -> None:
    decide(scene, {SISTER: KEEP})
    assert suspended() == {VILLAGE, STRANGE}
    take(scene.award_of(SISTER), 100)


def test_kept_award_is_suspended_again_by_the_next_restatement(scene: FundScene) -> None:
    decide(scene, {SISTER: KEEP})
    scene.restate(BEFORE)
    assert SISTER in suspended()


def test_reduced_award_returns_the_rest_to_the_fund(scene: FundScene) -> None:
    before = scene.left()
    decide(scene, {SISTER: Wish(Choice.REDUCE, 400_000)})
    award = scene.award_of(SISTER)
    assert (award.amount_fen, award.net_fen, award.withdrawn_fen) == (TEN_THOUSAND, 400_000, 600_000)
    assert scene.left() == before + 600_000
    assert refusal_code(take, award, 400_001) == "award_too_small"


def test_withdrawn_award_is_worth_nothing_and_never_suspended_again(scene: FundScene) -> None:
    decide(scene, {SISTER: WITHDRAW, VILLAGE: WITHDRAW, STRANGE: WITHDRAW})
    assert scene.left() == TOTAL
    scene.restate()
    assert suspended() == set()
    assert refusal_code(take, scene.award_of(SISTER), 1) == "award_too_small"


def test_withdrawn_award_for_points_returns_the_points() -> None:
    scene = fund_scene()
    sister = ledger.division(SISTER)
    before = ledger.state_of(sister).free
    scene.awarded(BY_POINTS)
    scene.restate_ranked()
    decide(scene, {SISTER: WITHDRAW}, AwardKind.POINTS)
    assert ledger.state_of(sister).free == before


def test_reduced_twice_returns_every_point_once() -> None:
    scene = fund_scene()
    sister = ledger.division(SISTER)
    before = ledger.state_of(sister).free
    scene.awarded(BY_POINTS)
    points = scene.award_of(SISTER, AwardKind.POINTS).points
    scene.restate_ranked()
    decide(scene, {SISTER: Wish(Choice.REDUCE, points * 10_000 - 25_000)}, AwardKind.POINTS)
    assert ledger.state_of(sister).free == before - points + 2  # two and a half points' money came back
    scene.restate_ranked()
    decide(scene, {SISTER: WITHDRAW}, AwardKind.POINTS)
    assert ledger.state_of(sister).free == before


def test_what_a_project_took_is_not_taken_back() -> None:
    scene = fund_scene()
    scene.awarded()
    take(scene.award_of(SISTER), 700_000)
    scene.restate()
    assert refusal_code(wish, scene, {SISTER: WITHDRAW}) == "award_committed"
    decide(scene, {SISTER: Wish(Choice.REDUCE, 700_000)})
    assert scene.award_of(SISTER).left_fen == 0


def test_decision_that_meets_a_project_meanwhile_is_refused(scene: FundScene) -> None:
    review = wish(scene, {SISTER: WITHDRAW})
    Award.objects.filter(division=SISTER).update(committed_fen=5)
    assert refusal_code(confirm, review=review, by=scene.second) == "award_committed"
    assert scene.award_of(SISTER).withdrawn_fen == 0


@pytest.mark.parametrize("fen", [0, -5, TEN_THOUSAND, TEN_THOUSAND + 1])
def test_reduction_goes_down_and_not_to_nothing(scene: FundScene, fen: int) -> None:
    assert refusal_code(wish, scene, {SISTER: Wish(Choice.REDUCE, fen)}) == "reduce_to_less"


def test_nobody_confirms_his_own_decision(scene: FundScene) -> None:
    review = wish(scene, {SISTER: WITHDRAW})
    assert refusal_code(confirm, review=review, by=scene.first) == "same_person"
    assert SISTER in suspended()


def test_decision_needs_the_key(scene: FundScene) -> None:
    review, township = wish(scene, {SISTER: KEEP}), scene.world.user(Role.TOWNSHIP)
    assert refusal_code(confirm, review=review, by=township) == "no_key"
    assert refusal_code(discard, review=review, by=township) == "no_key"
    run = AwardRun.objects.get()
    assert refusal_code(propose, run=run, wishes={}, reason="x", by=township) == "no_key"


def test_decision_waits_for_the_one_before(scene: FundScene) -> None:
    review = wish(scene, {SISTER: KEEP})
    assert refusal_code(wish, scene, {VILLAGE: KEEP}) == "review_waits"
    discard(review=review, by=scene.second)
    decide(scene, {VILLAGE: KEEP})
    assert VILLAGE not in suspended()


def test_decision_needs_a_reason_and_an_award(scene: FundScene) -> None:
    run, award = AwardRun.objects.get(), scene.award_of(SISTER)
    assert refusal_code(propose, run=run, wishes={award.pk: KEEP}, reason=" ", by=scene.first) == "review_unclear"
    assert refusal_code(propose, run=run, wishes={}, reason="x", by=scene.first) == "review_unclear"


def test_open_award_needs_no_decision(scene: FundScene) -> None:
    decide(scene, {SISTER: KEEP})
    assert refusal_code(wish, scene, {SISTER: WITHDRAW}) == "not_suspended"


def test_restatement_after_the_proposal_stops_it(scene: FundScene) -> None:
    review = wish(scene, {SISTER: KEEP})
    scene.restate()
    assert refusal_code(confirm, review=review, by=scene.second) == "basis_moved"
    discard(review=review, by=scene.first)
    assert refusal_code(discard, review=review, by=scene.first) == "review_ended"


def test_confirmed_decision_is_not_confirmed_again(scene: FundScene) -> None:
    review = wish(scene, {SISTER: WITHDRAW})
    confirm(review=review, by=scene.second)
    assert refusal_code(confirm, review=review, by=scene.second) == "review_ended"
    assert scene.left() == TOTAL - 1_500_000


def test_failed_log_leaves_the_award_as_it_was(scene: FundScene) -> None:
    review = wish(scene, {SISTER: WITHDRAW})

    with audit_down():
        confirm(review=review, by=scene.second)
    assert (scene.award_of(SISTER).withdrawn_fen, SISTER in suspended()) == (0, True)


# What the database itself refuses


def taken(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except IntegrityError:
        return False
    return True


def test_database_refuses_changes_of_decisions(scene: FundScene) -> None:
    decide(scene, {SISTER: WITHDRAW})
    refused = [
        "UPDATE rewards_awarddecision SET amount_fen = 1",
        "DELETE FROM rewards_awarddecision",
        "DELETE FROM rewards_awardreview",
        "UPDATE rewards_awardreview SET reason = 'x'",
        "UPDATE rewards_awardreview SET state = 'previewed', ended_by_id = NULL, ended_at = NULL",
        "UPDATE rewards_award SET withdrawn_fen = 0",
    ]
    assert [sql for sql in refused if taken(sql)] == []


def test_database_holds_a_decision_to_two_people_and_its_amount(scene: FundScene) -> None:
    review = wish(scene, {SISTER: KEEP})
    refused = [
        "UPDATE rewards_awardreview SET state = 'confirmed', ended_by_id = proposed_by_id, ended_at = now()",
        "UPDATE rewards_awardreview SET state = 'confirmed'",
        "UPDATE rewards_awardreview SET reason = ''",
    ]
    assert [sql for sql in refused if taken(sql)] == []
    for choice, fen in (("withdraw", 5), ("keep", 0), ("reduce", 0), ("burn", 5)):
        with pytest.raises(IntegrityError), transaction.atomic():
            AwardDecision.objects.create(review=review, award=scene.award_of(VILLAGE), choice=choice, amount_fen=fen)


def test_two_proposals_of_a_run_cannot_wait(scene: FundScene) -> None:
    review = wish(scene, {SISTER: KEEP})
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardReview.objects.create(
            run=review.run, months=review.months, versions=review.versions, reason="x", proposed_by=scene.second
        )


def test_worth_of_a_wish_is_what_it_says(scene: FundScene) -> None:
    award = scene.award_of(SISTER)
    wishes = [KEEP, Wish(Choice.REDUCE, 7), WITHDRAW]
    assert [decisions.worth(award, one) for one in wishes] == [BY_RANK.bands[0].amount_fen, 7, 0]
