"""The demo's projects: lists of needs in some villages, a ballot that is running, a project from the first wish to its account.

Called after the awards: the finished project is paid from the village's own award and stays approved where there is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from households.codes import township_of
from households.models import Division, Household, User
from households.scope import lies_in
from rewards.demo.scenes import SCENES, photo
from rewards.models import Award, Ballot, PhotoStage, Project
from rewards.pictures.pictures import keep
from rewards.project_states import ADVANCE_PERCENT
from rewards.projects.actions.ballots import choose, hand_out_slip, open_ballot, settle_ballot
from rewards.projects.actions.payments import Bill, allocate, pay
from rewards.projects.actions.projects import NeedDraft, approve_project, close_project, list_need, start_project
from rewards.projects.actions.works import add_photo, finish_milestone, judge_works, lacking, plan_milestone

FEN = 100
ELSEWHERE = 12  # villages without people of their own that have a list too
WANTED = (
    NeedDraft(
        "water", "七组水渠清淤硬化", "渠道淤塞渗漏，四十亩田灌溉靠抽水。", "七组老水渠，全长 620 米", 130_000 * FEN
    ),
    NeedDraft("road", "二组机耕道硬化", "雨天泥泞，收割机下不了田。", "二组晒谷坪到大塘边", 96_000 * FEN),
    NeedDraft("light", "主干道太阳能路灯", "晚上漆黑，老人孩子出行不安全。", "村部到三组路口，共 24 盏", 62_400 * FEN),
    NeedDraft("clean", "垃圾收集点改造", "三个收集点没有顶棚，下雨污水横流。", "一组、四组、五组", 27_000 * FEN),
    NeedDraft("drinking", "五组饮水管网更换", "铁管锈蚀，水压不足。", "五组蓄水池到各户", 88_500 * FEN),
    NeedDraft("safety", "河边护栏", "学生上学路临河，没有护栏。", "小学到风雨桥，180 米", 45_000 * FEN),
)


@dataclass(frozen=True)
class People:
    """Who plays: by the code of their place, and the county office."""

    cadres: Mapping[str, User]
    supervisors: Mapping[str, User]
    townships: Mapping[str, User]
    county: User


def tell(villages: Mapping[str, Division], people: People, rng: Random, today: date) -> int:
    """All of it; returns how many projects there are."""
    shown = [villages[code] for code in people.cadres]
    others = [village for code, village in sorted(villages.items()) if code not in people.cadres]
    for village in rng.sample(others, min(ELSEWHERE, len(others))):
        list_needs(village, rng.sample(WANTED, rng.randint(2, 4)), today.year, rng, by=None)
    for number, village in enumerate(shown):
        cadre = people.cadres[village.code]
        needs = list_needs(village, WANTED[:4], today.year, rng, by=cadre)
        if number == 0:
            chosen = voted(village, needs, cadre)
            build(chosen, people, rng, today)
            needs = [need for need in needs if need.pk != chosen.pk]
        running_ballot(village, needs, cadre, rng)
    return Project.objects.count()


def list_needs(
    village: Division, wanted: Sequence[NeedDraft], year: int, rng: Random, *, by: User | None
) -> list[Project]:
    """The needs in this order; those of a village with people have a picture of the place as it is."""
    listed = [list_need(village=village, year=year, need=need, by=by) for need in wanted]
    for project in listed if by else ():
        if project.kind in SCENES:
            _photo(project, PhotoStage.BEFORE, "现在的样子", rng, by)
    return listed


def _photo(project: Project, stage: str, caption: str, rng: Random, by: User | None, **of: object) -> None:
    picture = keep(photo(project.kind, stage if stage in ("before", "after") else "during", rng), by=by)
    add_photo(project=project, picture=picture, stage=stage, caption=caption, by=by, **of)  # type: ignore[arg-type]


def _households(village: Division) -> list[Household]:
    return list(Household.objects.filter(lies_in(village.code), valid_to=None).order_by("code"))


def voted(village: Division, needs: Sequence[Project], cadre: User) -> Project:
    """A ballot that is over: two households in three chose the first need."""
    end = timezone.now() + timedelta(minutes=5)  # by when even a busy machine has heard them all
    ballot = open_ballot(village=village, title="今年第一件办什么", projects=needs, closes_at=end, by=cadre)
    for number, household in enumerate(_households(village)):
        choose(ballot=ballot, household=household, picks=[needs[(number % 3 and 0) or number % len(needs)].pk])
    return settle_ballot(ballot=ballot, at=end, by=cadre)[0]


def running_ballot(village: Division, needs: Sequence[Project], cadre: User, rng: Random) -> Ballot:
    """A ballot of ten days: some have chosen by phone, four took a slip; the first three households are left to try."""
    end = timezone.now() + timedelta(days=10)
    ballot = open_ballot(village=village, title="下一件先办什么", projects=needs, closes_at=end, by=cadre)
    households = _households(village)[3:]
    spoken = rng.sample(households, len(households) // 2)
    for household in spoken[4:]:
        choose(ballot=ballot, household=household, picks=[rng.choice(needs).pk])
    for household in spoken[:4]:
        hand_out_slip(ballot=ballot, household=household, by=cadre)
    return ballot


def build(project: Project, people: People, rng: Random, today: date) -> Project:
    """From the choice to the account, as far as the village's award goes."""
    village, cadre = project.village_id, people.cadres[project.village_id]
    reviewer = people.townships.get(township_of(village))
    award = Award.objects.filter(division=village).order_by("-amount_fen").first()
    budget = min(project.estimate_fen, award.left_fen) if award else project.estimate_fen
    project = approve_project(
        project=project, budget_fen=budget, approval_no=f"高政发〔{today.year}〕17号", by=reviewer
    )
    if award is None:
        return project
    allocate(award=award, project=project, fen=budget, by=people.county)
    _works(project, cadre, rng, today)
    return _accepted_and_paid(project, people, reviewer, today)


def _works(project: Project, cadre: User, rng: Random, today: date) -> None:
    steps = (("清淤开挖", 60), ("渠底浇筑", 40), ("边坡硬化、通水", 20))
    planned = [
        plan_milestone(project=project, title=title, due=today - timedelta(days=ago - 5), by=cadre)
        for title, ago in steps
    ]
    start_project(project=project, by=cadre)
    for milestone, (_, ago) in zip(planned, steps, strict=True):
        finish_milestone(milestone=milestone, on=today - timedelta(days=ago), by=cadre)
    _photo(project, PhotoStage.DURING, "渠底浇筑", rng, cadre, milestone=planned[1])
    _photo(project, PhotoStage.AFTER, "通水以后", rng, cadre)


def _accepted_and_paid(project: Project, people: People, reviewer: User | None, today: date) -> Project:
    project.refresh_from_db()
    advance = project.allocated_fen * ADVANCE_PERCENT // 100 // 2
    _pay(project, advance, "付字〔01〕号", today - timedelta(days=30), people.county)
    for person in (people.supervisors.get(project.village_id), reviewer):
        if person and lacking(project):
            judge_works(project=project, passed=True, remarks="断面尺寸符合计划，通水正常。", by=person)
    project.refresh_from_db()
    if lacking(project):
        return project
    _pay(project, project.allocated_fen - advance, "付字〔02〕号", today - timedelta(days=3), people.county)
    return close_project(project=project, by=people.county)


def _pay(project: Project, fen: int, voucher: str, on: date, county: User) -> None:
    bill = Bill(fen, "company", "高沙镇兴农水利工程队", voucher, on)
    pay(project=project, bill=bill, by=county)
