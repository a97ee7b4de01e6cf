"""What of shops, projects and awards waits for somebody."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from households.codes import village_of
from households.house.waiting import Waiting, WaitingWork, named
from households.models import User
from households.months import month_of
from households.permissions import Permission, may
from households.roles import Role
from rewards.house.home import suspended_runs
from rewards.models import (
    Acceptance,
    AwardReview,
    AwardRun,
    Ballot,
    Milestone,
    Project,
    Redemption,
    RunState,
    Stocktake,
)
from rewards.project_states import ProjectState
from rewards.states import StocktakeState


def waiting(user: User, today: date) -> Iterator[Waiting]:
    """The second keys first, then the shop, then projects."""
    if may(user, Permission.MANAGE_FUNDS):
        yield from _second_keys(user)
    if user.works_in_village and may(user, Permission.SEE_SHOP):
        yield from _shop(user, today)
    if may(user, Permission.SEE_PROJECTS):
        yield from _projects(user)
    if may(user, Permission.RUN_PROJECTS) or may(user, Permission.ACCEPT_PROJECTS):
        yield from _ballots(user)


def _second_keys(user: User) -> Iterator[Waiting]:
    """What a colleague proposed and only another person can confirm. One query: of a run one review waits at most."""
    looked_at_anew = AwardReview.objects.filter(run=OuterRef("pk"), state=RunState.PREVIEWED).exclude(proposed_by=user)
    runs = AwardRun.objects.filter(user.scope.condition("fund__county")).annotate(
        first=Q(state=RunState.PREVIEWED) & ~Q(proposed_by=user), anew=Exists(looked_at_anew)
    )
    for run in runs.filter(Q(first=True) | Q(anew=True)).select_related("fund").order_by("pk"):
        if run.first:
            name = f"{run.fund.year}年度{run.get_kind_display()}"
            yield WaitingWork(20, "次奖励测算等您用第二把钥匙确认", 1, reverse("award-run", args=[run.pk]), note=name)
        if run.anew:
            yield WaitingWork(21, "份奖励复核决定等您确认", 1, reverse("award-review", args=[run.pk]))


def _shop(user: User, today: date) -> Iterator[Waiting]:
    village, month = village_of(user.division_id or ""), month_of(today)
    redemptions = reverse("shop-redemptions", args=[village])
    of_shop = Redemption.objects.filter(shop=village)
    if may(user, Permission.RUN_SHOP):
        yield from named(40, "笔预订等来领", of_shop.reserved(), f"{redemptions}?state=reserved")
    url = f"{redemptions}?flagged=on&month={month}"
    yield from named(41, "笔兑换要核对", of_shop.flagged().filter(month=month), url, "断网补录或超过限额")
    yield from _stocktake(user, village)


def _stocktake(user: User, village: str) -> Iterator[Waiting]:
    """There is at most one at a time: the cadre counts, somebody else witnesses."""
    take = Stocktake.objects.filter(shop=village, state__in=[s for s in StocktakeState if s.is_open]).first()
    if take is None:
        return
    address = reverse("shop-stocktake", args=[village, take.pk])
    if take.state == StocktakeState.COUNTING and may(user, Permission.RUN_SHOP):
        yield WaitingWork(42, "次盘点没有点完", 1, address)
    if take.state == StocktakeState.SIGNED and may(user, Permission.WITNESS_STOCK):
        yield WaitingWork(42, "次盘点等您签字", 1, address)


def _projects(user: User) -> Iterator[Waiting]:
    """Whatever stands at a state in which the person has the next step."""
    mine = Project.objects.within(user.scope)
    states = [(state, what) for state, permission, what in _NEXT if may(user, permission)]
    for at, (state, what) in enumerate(states):
        yield from named(50 + at, what, mine.filter(state=state), f"{reverse('projects')}?state={state.value}")
    if user.role in (Role.SUPERVISOR, Role.TOWNSHIP):
        yield from named(
            59, "个项目完工，等您验收", mine.filter(_finished(user)), f"{reverse('projects')}?state=building"
        )


_NEXT = (
    (ProjectState.CHOSEN, Permission.APPROVE_PROJECTS, "个项目等立项"),
    (ProjectState.ACCEPTED, Permission.PAY_PROJECTS, "个项目已验收，等付清决算"),
    (ProjectState.APPROVED, Permission.RUN_PROJECTS, "个项目已立项，等开工"),
)


def _finished(user: User) -> Q:
    """Under construction with every milestone done, and not judged by this person in the round under way."""
    milestones = Milestone.objects.filter(project=OuterRef("pk"))
    judged = Acceptance.objects.filter(project=OuterRef("pk"), round=OuterRef("round"), by=user)
    done = Q(Exists(milestones)) & ~Q(Exists(milestones.filter(done_on=None)))
    return Q(state=ProjectState.BUILDING) & done & ~Q(Exists(judged))


def _ballots(user: User) -> Iterator[Waiting]:
    """A running choice, and one that is over and not yet told. There is one at a time in a village."""
    running = Ballot.objects.within(user.scope).filter(settled_at=None, called_off_at=None)
    for ballot in running.only("pk", "title", "closes_at").order_by("closes_at"):
        address = reverse("ballot", args=[ballot.pk])
        if ballot.closes_at > timezone.now():
            until = timezone.localtime(ballot.closes_at)
            yield WaitingWork(60, "次群众选择正在进行", 1, address, note=f"到{until.month}月{until.day}日为止")
        elif may(user, Permission.RUN_PROJECTS):
            yield WaitingWork(60, "次群众选择已经截止，等您公布", 1, address, note=ballot.title)


def suspended(user: User, _today: date) -> Iterator[Waiting]:
    """Awards that a correction has suspended, each run leading to its page. The home page has a block for them."""
    if may(user, Permission.MANAGE_FUNDS):
        for run in suspended_runs(user):
            url = reverse("award-run", args=[run.run])
            yield WaitingWork(22, "项暂停发放的奖励等您决定", run.awards, url, note=run.name)
