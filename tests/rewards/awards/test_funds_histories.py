"""Random years of a fund: whatever two people, projects and restatements do, no fen and no point appears or is lost."""

from collections.abc import Callable
from random import Random

import pytest
from django.db import connection

from households.models import Department
from households.refusals import Refused
from households.sql import rows
from rewards.awards.actions import commitments, decisions, runs
from rewards.awards.actions.decisions import Wish
from rewards.awards.actions.funds import RuleDraft, add_source
from rewards.awards.checks import OF_ALL_TIME
from rewards.awards.engine import RESULT, Band, Goal
from rewards.awards.suspension import suspended_among
from rewards.models import Award, AwardKind, AwardReview, AwardRun, Choice, RunState
from scoring.ledger import door as ledger
from tests.rewards.awards.scene import BEFORE, FundScene, fund_scene
from tests.world import MONTH, SISTER, STRANGE, VILLAGE

pytestmark = pytest.mark.django_db
VILLAGES = (VILLAGE, SISTER, STRANGE)
STEPS = 100


class Year:
    """One fund and those who work on it; a step is one thing that somebody tries."""

    def __init__(self, scene: FundScene, seed: int) -> None:
        self.scene, self.rng = scene, Random(seed)
        self.points = {code: self.free(code) for code in VILLAGES}
        self.done: dict[str, int] = {}
        self.committed: dict[int, int] = {}
        for kind in AwardKind:
            self.rule(kind)

    def free(self, code: str) -> int:
        return ledger.state_of(ledger.division(code)).free

    def steps(self) -> list[Callable[[], None]]:
        """What may be tried next, the likelier ones more than once."""
        once = [self.pay_in, self.any_rule, self.discard, self.restate]
        often = [self.preview, self.confirm, self.take, self.take_back, self.propose, self.decide]
        return once + often * 3

    def step(self) -> None:
        """Try something; a refusal is an answer too."""
        act = self.rng.choice(self.steps())
        try:
            act()
        except Refused:
            return
        self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    # What people do

    def pay_in(self) -> None:
        fen = self.rng.choice([1, 12_345, 1_000_000, -700_000, -5_000_000])
        department = Department.objects.get(code="SLJ")
        scene = self.scene
        add_source(
            fund=scene.fund, department=department, amount_fen=fen, document_no="文", note="随机", by=scene.first
        )

    def any_rule(self) -> None:
        self.rule(self.rng.choice(list(AwardKind)))

    def rule(self, kind: AwardKind) -> None:
        pool = self.rng.randint(1, 2_400_000)
        parts: dict[str, object] = {}
        if kind.by_rank:
            parts["bands"] = [Band(1, 1, self.rng.randint(1, 900_000)), Band(2, 3, self.rng.randint(1, 900_000))]
        elif kind is AwardKind.GOAL:
            parts["goals"] = [Goal(RESULT, self.rng.randint(9_900, 10_000), False, self.rng.randint(1, 900_000))]
        else:
            parts |= {"fen_per_point": self.rng.randint(1, 9_999), "points_most": self.rng.randint(1, 250)}
        self.scene.rule(RuleDraft(kind, pool, self.rng.random() < 0.8, **parts))

    def preview(self) -> None:
        kind, (first, last) = self.rng.choice(list(AwardKind)), self.rng.choice([(BEFORE, BEFORE), (MONTH, MONTH)])
        self.scene.preview(kind, first, last)

    def confirm(self) -> None:
        run = self.any(AwardRun.objects.filter(state=RunState.PREVIEWED))
        by = self.rng.choice([self.scene.first, self.scene.second])
        runs.confirm(run=run, seen=run.digest, by=by)

    def discard(self) -> None:
        run = self.any(AwardRun.objects.filter(state=RunState.PREVIEWED))
        runs.discard(run=run, reason="随机", by=self.scene.second)

    def take(self) -> None:
        award = commitments.lock_open(self.any(Award.objects.all()).pk)
        fen = self.rng.randint(1, max(1, award.left_fen * 2))
        commitments.commit(award, fen)
        self.committed[award.pk] = self.committed.get(award.pk, 0) + fen

    def take_back(self) -> None:
        award = commitments.lock(self.any(Award.objects.filter(committed_fen__gt=0)).pk)
        fen = self.rng.randint(1, max(1, award.committed_fen * 2))
        commitments.give_back(award, fen)
        self.committed[award.pk] -= fen

    def restate(self) -> None:
        self.scene.restate(self.rng.choice([BEFORE, MONTH]))

    def propose(self) -> None:
        run = self.any(AwardRun.objects.filter(state=RunState.CONFIRMED))
        awards = list(run.awards.select_related("run"))
        stopped = suspended_among(awards)
        wishes = {award.pk: self.wish(award) for award in awards if award.pk in stopped}
        decisions.propose(run=run, wishes=wishes, reason="随机", by=self.scene.first)

    def wish(self, award: Award) -> Wish:
        choice = self.rng.choice(list(Choice))
        return Wish(choice, self.rng.randint(award.committed_fen, award.net_fen) if choice is Choice.REDUCE else 0)

    def decide(self) -> None:
        review = self.any(AwardReview.objects.filter(state=RunState.PREVIEWED).select_related("run__fund"))
        decisions.confirm(review=review, by=self.rng.choice([self.scene.first, self.scene.second]))

    def any(self, found: object) -> object:
        """One of them; nothing to choose from is a refusal like others."""
        rows_ = list(found.order_by("pk"))
        if not rows_:
            raise Refused("nothing", "没有")
        return self.rng.choice(rows_)

    # What must hold after every step

    def check(self) -> None:
        self.scene.fund.refresh_from_db()
        fund, awards = self.scene.fund, list(Award.objects.select_related("run__rule"))
        assert fund.total_fen == sum(fund.sources.values_list("amount_fen", flat=True))
        assert 0 <= fund.allocated_fen == sum(award.net_fen for award in awards) <= fund.total_fen
        for award in awards:
            assert 0 <= award.committed_fen == self.committed.get(award.pk, 0) <= award.net_fen <= award.amount_fen
        for code in VILLAGES:
            assert self.free(code) + self.spent(code, awards) == self.points[code]

    def spent(self, code: str, awards: list[Award]) -> int:
        """Points that the village's awards keep: those paid for less whole ones whose money was taken back."""
        own = [award for award in awards if award.division_id == code and award.points]
        return sum(award.points - award.withdrawn_fen // award.run.rule.fen_per_point for award in own)


@pytest.mark.parametrize("seed", range(6))
def test_no_fen_and_no_point_is_lost_in_a_random_year(seed: int) -> None:
    year = Year(fund_scene(), seed)
    for _ in range(STEPS):
        year.step()
        year.check()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert [invariant.name for invariant in OF_ALL_TIME if rows(invariant.sql)] == []
    assert len(year.done) >= 5, year.done


def test_random_years_reach_every_kind_of_step() -> None:
    """Otherwise the years above would prove little."""
    year = Year(fund_scene(), 430_726)
    for _ in range(3 * STEPS):
        year.step()
    reached = set(year.done)
    assert {
        "pay_in",
        "any_rule",
        "preview",
        "confirm",
        "discard",
        "take",
        "take_back",
        "restate",
        "propose",
        "decide",
    } <= reached, reached
    year.check()
