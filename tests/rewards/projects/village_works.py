"""Projects of the small world, brought to a state through the doors, and awards to pay them from."""

import itertools
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from households.models import Department, Division, Household
from households.roles import Role
from rewards.models import Award, AwardLine, AwardRule, AwardRun, Ballot, Fund, FundSource, Project
from rewards.projects.actions.ballots import choose, open_ballot, settle_ballot
from rewards.projects.actions.payments import Bill, allocate
from rewards.projects.actions.projects import NeedDraft, approve_project, list_need, start_project
from rewards.projects.actions.works import finish_milestone, judge_works, plan_milestone
from scoring.models import RankingSnapshot
from tests.world import COUNTY, MONTH, World

YEAR = 2024
YUAN = 100
DAY = date(2024, 6, 20)
COST = 50_000 * YUAN
NUMBERS = itertools.count(1)


def need(title: str = "一组道路硬化", fen: int = COST) -> NeedDraft:
    return NeedDraft("road", title, "雨天泥泞，老人孩子出行难。", "一组水井到二组路口", fen)


def listed(world: World, *titles: str, village: Division | None = None) -> list[Project]:
    """Needs on the village's list, in this order."""
    place, cadre = village or world.village, world.user(Role.CADRE)
    return [list_need(village=place, year=YEAR, need=need(title), by=cadre) for title in titles or ("一组道路硬化",)]


def asked(world: World, projects: list[Project], *, picks: int = 1, places: int = 1) -> Ballot:
    """A running ballot of a week between the projects."""
    return open_ballot(
        village=projects[0].village,
        title="今年先办哪一件",
        projects=projects,
        picks=picks,
        places=places,
        closes_at=timezone.now() + timedelta(days=7),
        by=world.user(Role.CADRE),
    )


def settled(ballot: Ballot, *, by: object = None) -> list[Project]:
    """Settle it after its end."""
    return settle_ballot(ballot=ballot, at=ballot.closes_at + timedelta(minutes=1), by=by)


def chosen(world: World, title: str = "一组道路硬化", village: Division | None = None) -> Project:
    """A need that residents chose."""
    projects = listed(world, title, village=village)
    ballot = asked(world, projects)
    household = Household.objects.filter(code__in=ballot.households).first()
    choose(ballot=ballot, household=household, picks=[projects[0].pk])
    return settled(ballot)[0]


def approved(world: World, title: str = "一组道路硬化", budget: int = COST, village: Division | None = None) -> Project:
    project = chosen(world, title, village)
    return approve_project(
        project=project, budget_fen=budget, approval_no="罗政发〔2024〕6号", by=world.user(Role.TOWNSHIP)
    )


def award(world: World, fen: int = COST, village: Division | None = None, month: str = MONTH) -> Award:
    """A confirmed 综合奖 of the village, of a fund of its own."""
    place, county = village or world.village, world.user(Role.COUNTY_OFFICE)
    number = next(NUMBERS)
    second = world.user(Role.TOWNSHIP)
    with transaction.atomic():
        fund = Fund.objects.create(
            county_id=COUNTY, year=YEAR, name=f"奖补{number}", total_fen=fen, allocated_fen=fen, created_by=county
        )
        FundSource.objects.create(
            fund=fund, department=Department.objects.first(), amount_fen=fen, document_no=f"财〔2024〕{number}号"
        )
        rule = AwardRule.objects.create(fund=fund, kind="comprehensive", pool_fen=fen, made_by=county)
        run = AwardRun.objects.create(
            fund=fund, rule=rule, kind=rule.kind, months=[month], versions=[1], total_fen=fen, digest="0" * 64,
            proposed_by=county,
        )  # fmt: skip
        line = AwardLine.objects.create(
            run=run, division=place, rank=1, households=8, total=800, six_zero=8, amount_fen=fen, reason="第 1 名"
        )
        AwardRun.objects.filter(pk=run.pk).update(state="confirmed", confirmed_by=second, confirmed_at=timezone.now())
        return Award.objects.create(
            run=run, line=line, fund=fund, division=place, kind=rule.kind, rank=1, reason="第 1 名", amount_fen=fen,
            letter_no=f"奖〔2024〕{number}",
        )  # fmt: skip


def funded(world: World, fen: int = COST, budget: int = COST, month: str = MONTH) -> tuple[Project, Award]:
    """An approved project with all of an award in it."""
    project, given = approved(world, budget=budget), award(world, fen, month=month)
    allocate(award=given, project=project, fen=fen, by=world.user(Role.COUNTY_OFFICE))
    return fresh(project), fresh(given)


def building(world: World, fen: int = COST, month: str = MONTH) -> tuple[Project, Award]:
    """The same, begun, with one milestone open."""
    project, given = funded(world, fen, month=month)
    plan_milestone(project=project, title="路基平整", due=DAY, by=world.user(Role.CADRE))
    return start_project(project=project, by=world.user(Role.CADRE)), given


def finished(world: World, month: str = MONTH) -> Project:
    """All milestones done, nobody has accepted yet."""
    project, _ = building(world, month=month)
    finish_milestone(milestone=project.milestones.get(), on=DAY, by=world.user(Role.CADRE))
    return fresh(project)


def accepted(world: World, month: str = MONTH) -> Project:
    """Accepted by the village's one supervisor and the township."""
    project = finished(world, month)
    for role in (Role.SUPERVISOR, Role.TOWNSHIP):
        judge_works(project=project, passed=True, remarks="路面平整，同意。", by=world.user(role))
    return fresh(project)


def bill(fen: int, voucher: str | None = None, **other: object) -> Bill:
    facts = {"payee_kind": "company", "payee": "罗坪建筑公司", "paid_on": DAY, **other}
    return Bill(fen, voucher_no=voucher or f"付字{next(NUMBERS)}号", **facts)


def fresh(row: object) -> object:
    """The row as it is in the database now."""
    return type(row).objects.get(pk=row.pk)


def long_ago() -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC)


def end_now(ballot: Ballot) -> None:
    """The days of the choice have passed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rewards_ballot SET opened_at = now() - interval '8 days', closes_at = now() WHERE id = %s",
            [ballot.pk],
        )


def restate(month: str = MONTH) -> None:
    """The month was archived again: a later version of its ranking."""
    for version in (1, 2):
        RankingSnapshot.objects.create(
            month=month, level="village", within=COUNTY, version=version, reason="更正", body="[]", digest="0" * 64
        )
