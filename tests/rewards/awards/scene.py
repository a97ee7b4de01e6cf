"""A county with money to give: two frozen months, two people with keys, a fund of 100,000 yuan from one department.

东山村 lost points in MONTH (rank 3), 西河村 and 南坪村 did not (both rank 1), so that ties are there from the start.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from households.models import Department, User
from households.months import previous_month
from households.roles import Role
from rewards.awards.actions.decisions import Wish, propose
from rewards.awards.actions.funds import RuleDraft, add_source, create_fund, set_rule
from rewards.awards.actions.runs import confirm, preview
from rewards.awards.engine import RESULT, SIX_ZERO, Band, Goal
from rewards.models import Award, AwardKind, AwardRun, Choice, Fund
from scoring.models import RankingSnapshot
from scoring.rankings.snapshots import keep
from tests import copies
from tests.colleagues import colleague, second
from tests.world import COUNTY, MONTH, VILLAGE, World, build, found

BEFORE = previous_month(MONTH)
TEN_THOUSAND = 1_000_000  # yuan in fen
TOTAL = 10 * TEN_THOUSAND

BY_RANK = RuleDraft(AwardKind.COMPREHENSIVE, 4 * TEN_THOUSAND, bands=[Band(1, 2, TEN_THOUSAND), Band(3, 3, 500_000)])
BY_GOAL = RuleDraft(
    AwardKind.GOAL,
    3 * TEN_THOUSAND,
    goals=[Goal(SIX_ZERO, 9500, True, 300_000), Goal(RESULT, 9000, False, 200_000)],
)
BY_POINTS = RuleDraft(AwardKind.POINTS, 2 * TEN_THOUSAND, True, fen_per_point=10_000, points_most=150)
TOWNSHIPS = RuleDraft(AwardKind.TOWNSHIP, TEN_THOUSAND, bands=[Band(1, 1, TEN_THOUSAND)])


@dataclass
class FundScene:
    """The fund, and the two who hold a key each."""

    world: World
    fund: Fund
    first: User
    second: User

    def rule(self, draft: RuleDraft = BY_RANK, **changes: object) -> None:
        """Set a rule, with some of it changed."""
        fields = {name: getattr(draft, name) for name in draft.__slots__} | changes
        set_rule(fund=self.fund, draft=RuleDraft(**fields), by=self.first)

    def preview(self, kind: AwardKind = AwardKind.COMPREHENSIVE, first: str = BEFORE, last: str = MONTH) -> AwardRun:
        return preview(fund=self.fund, kind=kind, first=first, last=last, by=self.first)

    def confirm(self, run: AwardRun) -> list[Award]:
        return confirm(run=run, seen=run.digest, by=self.second)

    def awarded(self, draft: RuleDraft = BY_RANK) -> list[Award]:
        """Rule, preview and confirmation in one."""
        self.rule(draft)
        return self.confirm(self.preview(draft.kind))

    def award_of(self, code: str, kind: AwardKind = AwardKind.COMPREHENSIVE) -> Award:
        return Award.objects.select_related("run").get(division=code, kind=kind)

    def restate(self, month: str = MONTH, *places: str) -> None:
        """Archive a month once more: these places (none named: everybody) lost a point in each household."""
        archive_again(month, lambda line: line | {"total": line["total"] - line["households"]}, places)

    def restate_ranked(self, month: str = MONTH, *places: str) -> None:
        """Archive a month once more: who of these places (none named: of all) was ranked is not, and the other way round."""
        archive_again(month, lambda line: line | {"rank": None if line["rank"] else 1}, places)

    def archive_unmoved(self, month: str = MONTH) -> None:
        """Archive a month once more as it stands."""
        keep(month, COUNTY, reason="更正后重算")

    def left(self) -> int:
        self.fund.refresh_from_db()
        return self.fund.left_fen


def archive_again(month: str, moved: Callable[[dict], dict], places: tuple[str, ...]) -> None:
    """The newest rankings of a month as their next version, with the lines of some places and of those above them moved."""
    newest = RankingSnapshot.objects.filter(month=month, within=COUNTY).order_by("level", "-version").distinct("level")
    for archived in list(newest):
        lines = [
            moved(line) if not places or any(place.startswith(line["code"]) for place in places) else line
            for line in json.loads(archived.body)
        ]
        body = json.dumps(lines, ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(body.encode()).hexdigest()
        RankingSnapshot.objects.create(
            month=month,
            level=archived.level,
            within=COUNTY,
            version=archived.version + 1,
            reason="更正后重算",
            body=body,
            digest=digest,
        )


def fund_scene() -> FundScene:
    """The scene, in the empty database of the test."""
    copies.scene("fund", _two_months_and_a_fund)
    return _found_scene()


def awarded_scene() -> FundScene:
    """The scene after `awarded`, in the empty database of the test."""
    copies.scene("fund that has awarded", lambda: len(fund_scene().awarded()))
    return _found_scene()


def restated_scene() -> FundScene:
    """Awards by rank, and their basis restated since."""
    scene = awarded_scene()
    scene.restate()
    return scene


def _found_scene() -> FundScene:
    world = found()
    return FundScene(
        world, Fund.objects.get(), world.user(Role.COUNTY_OFFICE), User.objects.get(username=second(Role.COUNTY_OFFICE))
    )


def _two_months_and_a_fund() -> None:
    world = build()
    world.frozen_month(BEFORE)
    world.record(f"{VILLAGE}010001", "WR02")
    world.frozen_month(MONTH)
    funded(world)


def funded(world: World) -> FundScene:
    """A fund and two keys for a world that is there already."""
    first = world.user(Role.COUNTY_OFFICE)
    fund = create_fund(county=world.county, year=2024, name="积分换项目资金", by=first)
    add_source(
        fund=fund,
        department=Department.objects.get(code="LYJ"),
        amount_fen=TOTAL,
        document_no="洞财〔2024〕1号",
        by=first,
    )
    return FundScene(world, fund, first, colleague(world, Role.COUNTY_OFFICE))


def awarded(world: World, month: str = MONTH) -> dict[str, str]:
    """For a world whose `month` is frozen: an award to 东山村, suspended since, and a decision on it that waits.

    Returns the numbers of fund, run, award and review, as addresses have them.
    """
    scene = funded(world)
    scene.rule(bands=[Band(1, 3, TEN_THOUSAND)])
    run = scene.preview(first=month, last=month)
    scene.confirm(run)
    scene.restate(month)
    award = scene.award_of(VILLAGE)
    review = propose(run=run, wishes={award.pk: Wish(Choice.KEEP)}, reason="更正没有影响名次", by=scene.first)
    return {"fund": str(scene.fund.pk), "run": str(run.pk), "award": str(award.pk), "review": str(review.pk)}
