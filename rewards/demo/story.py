"""What becomes of the demo's points after its months: shops, points given by hand, a fund and its awards, projects.

Goes on with the load of `scoring.demo.story`: steps of one transaction each, made once, the same for the same seed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from households.codes import township_of
from households.models import AuditEvent, Division, Household, User
from households.roles import Role
from households.scope import lies_in
from rewards.demo import funds, projects, shops
from rewards.models import Shop
from scoring.demo import story
from scoring.demo.story import Say, ScoringLoad
from scoring.ledger import door as ledger
from scoring.ledger.publishing import publish_roots
from scoring.models import PointAdjustment
from scoring.points.actions import ask_points, grant_points


@dataclass(frozen=True)
class Telling:
    """The load that goes on, and who plays in it."""

    load: ScoringLoad
    villages: dict[str, Division]

    def people(self, role: Role) -> dict[str, User]:
        """The demo's people of a role by the code of their place; of several in one place the first."""
        found: dict[str, User] = {}
        for user in User.objects.filter(is_demo=True, role=role).order_by("username"):
            found.setdefault(str(user.division_id), user)
        return found

    def shops(self, rng: Random) -> None:
        """One in every village."""
        count = shops.open_shops(self.villages, self.people(Role.CADRE), rng)
        self.load.say(f"积分超市 {count} 家。")

    def counter(self, rng: Random) -> None:
        """Business in the shops with people of their own; where there is a supervisor, the shelf is counted too."""
        supervisors, came = self.people(Role.SUPERVISOR), 0
        for village, cadre in self.people(Role.CADRE).items():
            counter = shops.DemoCounter(Shop.objects.get(pk=village), cadre, rng)
            came += counter.open_for_business()
            if village in supervisors:
                counter.count(supervisors[village])
        self.load.say(f"兑换 {came} 笔。")

    def new_pins(self, rng: Random) -> None:
        """In villages with a supervisor, who reads of it (户牌密码动用)."""
        supervisors = self.people(Role.SUPERVISOR)
        for village, cadre in self.people(Role.CADRE).items():
            if village in supervisors:
                shops.DemoCounter(Shop.objects.get(pk=village), cadre, rng).with_new_pins()

    def by_hand(self, rng: Random) -> None:
        """In each village with people one household is given points; for a second one the township is still asked."""
        townships = self.people(Role.TOWNSHIP)
        for village, cadre in self.people(Role.CADRE).items():
            helped, waiting = Household.objects.filter(lies_in(village)).order_by("-code")[:2]
            asked = self.ask(helped, 5, "汛期守堤两夜，当月漏记加分", cadre, rng)
            grant_points(asked=asked, op_id=shops.op_id(rng), by=townships[township_of(village)])
            self.ask(waiting, 3, "参加村里清渠，签到表漏了这户", cadre, rng)

    def ask(self, household: Household, points: int, reason: str, by: User, rng: Random) -> PointAdjustment:
        owner, request = ledger.household(household.code), shops.op_id(rng)
        answer = ask_points(owner=owner, points=points, reason=reason, op_id=request, by=by)
        return PointAdjustment.objects.get(pk=answer["adjustment"])

    def fund(self, _rng: Random) -> None:
        """The year's fund, and awards over those frozen months that lie in it."""
        year = self.load.plan.frozen[-1][:4]
        months = [month for month in self.load.plan.frozen if month.startswith(year)]
        keys = list(User.objects.filter(is_demo=True, role=Role.COUNTY_OFFICE).order_by("username"))
        fund = funds.fill(Division.objects.get(code=story.COUNTY), int(year), keys[0])
        self.load.say(f"奖励资金 5000 万元，奖励 {funds.award(fund, months, keys)} 笔。")

    def projects(self, rng: Random) -> None:
        """Lists of needs, a running ballot, a finished project."""
        people = projects.People(
            self.people(Role.CADRE),
            self.people(Role.SUPERVISOR),
            self.people(Role.TOWNSHIP),
            self.people(Role.COUNTY_OFFICE)[story.COUNTY],
        )
        self.load.say(f"项目 {projects.tell(self.villages, people, rng, self.load.today)} 个。")

    def roots(self, _rng: Random) -> None:
        """What a night would publish, so that there is something to check against from the first day."""
        for daily in publish_roots().days:
            self.load.say(f"积分日榜 {daily.day}：{daily.entries} 行。")


STEPS: dict[str, Callable[[Telling, Random], None]] = {
    "rewards.shops": Telling.shops,
    "rewards.counter": Telling.counter,
    "rewards.new_pins": Telling.new_pins,
    "rewards.by_hand": Telling.by_hand,
    "rewards.fund": Telling.fund,
    "rewards.projects": Telling.projects,
    "rewards.roots": Telling.roots,
}


def unfinished() -> bool:
    """Whether there is a demo whose rewards are missing, wholly or in part."""
    done = AuditEvent.objects.filter(action=story.STEP).values_list("subject", flat=True)
    return story.LAST in done and not set(STEPS) <= set(done)


def load(*, paper: Path, say: Say) -> None:
    """Load what is missing; nothing in a database without a finished demo."""
    going_on = story.finished_load(paper, say)
    if going_on is None:
        return
    villages = Division.objects.filter(code__regex="^.{12}$").active(going_on.today).order_by("code")
    telling = Telling(going_on, {village.code: village for village in villages})
    for step, act in STEPS.items():
        going_on.once(step, lambda rng, act=act: act(telling, rng))  # type: ignore[misc]
