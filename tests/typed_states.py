"""Pages whose forms are there only in a certain state or for a certain question: a step of a petition, a project that is being
built, a month that waits for its review. Each is brought about through the doors; who may look is asked of everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import product
from uuid import uuid4

from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from households.accounts.actions.accounts import create_user
from households.models import ChangeKind, Division, User
from households.months import previous_month
from households.opening.actions import address_for
from households.roles import Role
from petitions.erasing.actions import ask_erasure
from petitions.models import Path
from petitions.publishing.actions import Redacted, publish
from petitions.steps import closing, handling, routing
from rewards.awards.actions.funds import set_rule
from rewards.awards.actions.runs import preview
from rewards.models import AwardKind, Ballot, Fund, Project
from rewards.pictures import pictures
from rewards.projects.actions.ballots import call_off
from rewards.projects.actions.payments import pay
from rewards.projects.actions.works import add_photo
from scoring.models import Clause, PointEntry
from scoring.months.months import open_month
from scoring.papers.actions import print_paper
from scoring.sheets.actions.above import record_above
from scoring.timetable.actions import forced
from tests.colleagues import colleague, second
from tests.petitions.desk import Desk
from tests.petitions.filers import Filer, answered
from tests.petitions.receptions.scene import Days
from tests.rewards.awards.scene import BY_GOAL
from tests.rewards.pictures.photographs import photo
from tests.rewards.projects.village_works import accepted, approved, bill, building, chosen, finished, funded
from tests.scoring.objections.objecting import objected
from tests.scoring.withholdings.free_words import PLANTED
from tests.typed_forms import Sent, forms_on
from tests.world import DAY, MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

OFFICES = (Role.TOWNSHIP, Role.COUNTY_OFFICE, Role.SUPERVISOR, Role.CADRE)  # a cadre gives projects up
BORDERS = ("rename", "move-group", "merge")
NEXT, AFTER = "2024-06", "2024-07"


@dataclass
class Visit:
    """Pages by their addresses, and the browsers that open them; what they were for."""

    name: str
    pages: list[str]
    browsers: list[Client] = field(default_factory=list)


def visits(world: World, samples: dict[str, str]) -> Iterator[Visit]:
    """One state after the other; of the same forms the first is typed into."""
    for made in (_projects, _changes, _kinds, _asking, _months, _petitions, _promises, _people, _household):
        yield from made(world, samples)


def forms_of_states(world: World, samples: dict[str, str], first: int) -> Iterator[tuple[str, Client, Sent]]:
    """Every form of these pages, once: what it was for, the browser, what it sends."""
    met: set[tuple[str, ...]] = set()
    for visit in visits(world, samples):
        for page, client in product(visit.pages, visit.browsers):
            for sent in list(forms_on(client, page, first)):
                step = (*_act(sent.action), *sorted(sent.data))
                if step not in met:
                    met.add(step)
                    first += len(sent.words)
                    yield visit.name, client, sent


def _act(action: str) -> tuple[str, ...]:
    """The view's name, and which act of it."""
    found = resolve(action.partition("?")[0])
    return str(found.view_name), *(part for part in map(str, found.kwargs.values()) if part.isalpha())


def _of(world: World, *roles: str) -> list[Client]:
    return [world.client(role) for role in roles]


def _changes(world: World, _samples: dict[str, str]) -> Iterator[Visit]:
    kinds = [kind for kind in ChangeKind if kind != ChangeKind.ADD]
    pages = [reverse("change-household", args=[f"{VILLAGE}010001", kind]) for kind in kinds]
    yield Visit("change-household", pages, _of(world, Role.CADRE, Role.GROUP_LEADER))


def _kinds(world: World, samples: dict[str, str]) -> Iterator[Visit]:
    office = _of(world, Role.COUNTY_OFFICE)
    yield Visit("change-border", [reverse("change-border", args=[act]) for act in BORDERS], office)
    yield Visit("import-file", [reverse("import-file", args=["borders"])], office)
    kinds = ("comprehensive", "goal", "points", "township")
    yield Visit("fund-rule", [reverse("fund-rule", args=[samples["fund"], kind]) for kind in kinds], office)
    fund = Fund.objects.get(pk=samples["fund"])
    set_rule(fund=fund, draft=BY_GOAL, by=fund.created_by)
    run = preview(fund=fund, kind=AwardKind.GOAL, first=MONTH, last=MONTH, by=fund.created_by)
    yield Visit("award-run", [reverse("award-run", args=[run.pk])], office)


def _asking(world: World, _samples: dict[str, str]) -> Iterator[Visit]:
    """Pages that are told in their address what they are about."""
    about = f"?month={MONTH}&code={VILLAGE}010001"
    yield Visit("adjustment-ask", [reverse("adjustment-ask") + about], _of(world, Role.TOWNSHIP))
    yield Visit("objection-new", [reverse("objection-new") + about], _of(world, Role.CADRE))
    other = f"{reverse('objection-new')}?month={MONTH}&code={VILLAGE}"
    yield Visit("objection-new", [other], _of(world, Role.SUPERVISOR, Role.DEPARTMENT))
    missing = int(objected(world, None, code=f"{VILLAGE}010002")["id"])
    yield Visit("objection", [reverse("objection", args=[missing])], _of(world, Role.TOWNSHIP, Role.CADRE))
    free = PointEntry.objects.filter(text__contains=PLANTED, kind="adjust").latest("pk").pk
    yield Visit("withholding-ask", [f"{reverse('withholding-ask')}?entry={free}"], _of(world, Role.TOWNSHIP))


def _months(world: World, _samples: dict[str, str]) -> Iterator[Visit]:
    """A month in which one village waits for its review, one has it, and one is forced; and one that is running."""
    for month in (NEXT, AFTER):
        open_month(month)
    world.record(f"{VILLAGE}010002", "WR04", day=DAY.replace(month=6))
    world.declare(month=NEXT)
    world.approve(world.sister, month=NEXT)
    office = _of(world, Role.COUNTY_OFFICE)
    sheets = [reverse("review-sheet", args=[NEXT, village]) for village in (SISTER, VILLAGE)]
    yield Visit("review-sheet", sheets, office + _of(world, Role.TOWNSHIP))
    yield Visit("village-month", [reverse("village-month", args=[AFTER, VILLAGE])], office)
    yield Visit("village-month", [reverse("village-month", args=[NEXT, VILLAGE])], office)
    world.record(f"{VILLAGE}010003", "WR01", day=DAY.replace(month=7))
    yield Visit("reminders", [reverse("reminders", args=[AFTER])], _of(world, Role.CADRE))
    found = f"{reverse('finding-new')}?month={AFTER}&code={VILLAGE}010003"
    yield Visit("finding-new", [found], _of(world, Role.DEPARTMENT))
    whole = Clause.objects.filter(scheme__periods=AFTER, subject__in=["division", "both"], recorder="township")
    free = whole.filter(second_person=False, document_required=False).exclude(indicator__code="petition").first()
    own = {"division": TOWNSHIP, "clause": free.code, "date": DAY.replace(month=7).isoformat()}
    record_above(op_id=uuid4(), month=AFTER, raw=own, by=world.user(Role.TOWNSHIP))
    yield Visit("place-entries", [reverse("place-entries", args=[AFTER, TOWNSHIP])], _of(world, Role.TOWNSHIP))
    group, leader = Division.objects.get(code=f"{VILLAGE}01"), world.user(Role.GROUP_LEADER)
    paper = print_paper(month=AFTER, group=group, by=leader)
    yield Visit("paper", [reverse("paper", args=[paper.pk])], [world.client(leader)])
    place = Division.objects.get(code=STRANGE)
    known = User.objects.filter(username=second(Role.COUNTY_OFFICE)).first()
    other = known or colleague(world, Role.COUNTY_OFFICE)
    forced.ask(op_id=uuid4(), month=NEXT, village=place, reason="乡里没有人", by=other)
    yield Visit("village-month", [reverse("village-month", args=[NEXT, STRANGE])], office)


def _projects(world: World, samples: dict[str, str]) -> Iterator[Visit]:
    running = Ballot.objects.get(pk=samples["ballot"])
    if not running.ended:
        call_off(ballot=running, reason="改日再选", by=world.user(Role.CADRE))
    before = {"month": previous_month(MONTH)}  # from an award of a month that nothing corrects
    makes = [chosen, approved, *(partial(make, **before) for make in (funded, building, finished, accepted, _paid))]
    for make in makes:
        made = make(world)
        project = made[0] if isinstance(made, tuple) else made
        yield Visit("project", [reverse("project", args=[project.pk])], _of(world, *OFFICES))


def _paid(world: World, month: str) -> Project:
    """With a photo, and a bill that can be reversed."""
    (project, _), cadre = building(world, month=month), world.user(Role.CADRE)
    add_photo(project=project, picture=pictures.keep(photo(), by=None), stage="before", caption="路基", by=cadre)
    pay(project=project, bill=bill(100), by=cadre)
    return project


def _petitions(world: World, _samples: dict[str, str]) -> Iterator[Visit]:
    desk = Desk(world)
    staff = (Role.DEPARTMENT, Role.PETITION_OFFICE)  # the office has the unit keep away
    for make in (desk.file, desk.accepted, desk.assigned, desk.handled, desk.answered, desk.confirmed, desk.closed):
        page = reverse("petition", args=[make().number])
        yield Visit(f"petition {make.__name__}", [page], _of(world, *staff))
    yield from _ways(world, desk)
    told = desk.closed()
    yield Visit("publish", [reverse("petition-publish", args=[told.number])], _of(world, Role.PETITION_OFFICE))
    public = desk.closed()
    redacted = Redacted(title="修路", text="路不通", answer="已修好", seen=True)
    publish(op_id=uuid4(), petition=public, by=desk.office, redacted=redacted)
    yield Visit("published", [reverse("petition-publish", args=[public.number])], _of(world, Role.PETITION_OFFICE))


def _ways(world: World, desk: Desk) -> Iterator[Visit]:
    """Reviews, and what is asked by the unit or the filer."""
    once = {"op_id": uuid4(), "by": desk.handler, "note": "要等材料"}
    lately = timezone.now() - timedelta(days=9)
    turned = routing.redirect(
        op_id=uuid4(), petition=desk.file(), by=desk.office, path=Path.LITIGATION, told="请向法院起诉"
    )
    longer = handling.ask_extension(petition=desk.assigned(), **once)
    review = closing.ask_review(op_id=uuid4(), petition=desk.answered(at=lately), by=None, note="不服")
    wiped = ask_erasure(op_id=uuid4(), petition=desk.closed(), note="请清除")
    for petition in (turned, longer, review, wiped):
        yield Visit("petition", [reverse("petition", args=[petition.number])], _of(world, Role.PETITION_OFFICE))


def _promises(world: World, _samples: dict[str, str]) -> Iterator[Visit]:
    days = Days(Desk(world))
    days.promise(days.desk.assigned())
    days.report(days.promise(days.desk.assigned()))
    yield Visit("promises", [reverse("promises")], _of(world, Role.PETITION_OFFICE, Role.DEPARTMENT))


def _people(world: World, _samples: dict[str, str]) -> Iterator[Visit]:
    security = world.user(Role.SECURITY_ADMIN)
    admin = _of(world, Role.SYSTEM_ADMIN)
    yield Visit("hand-over-account", [reverse("hand-over-account", args=[security.pk])], admin)
    given = {"username": "xinren", "display_name": "新来的", "role": Role.CADRE, "password": "Songshu-48-he"}
    new = create_user(place=world.village, by=None, **given)
    page = "/" + address_for(user=new).split("/", 3)[3]
    yield Visit("come-in", [page], [Client()])


def _household(world: World, samples: dict[str, str]) -> Iterator[Visit]:
    """Behind the plate."""
    filer = Filer(world.household)
    token = filer.token
    doors = [reverse("sign-in"), reverse("petition-follow")]
    yield Visit("doors", doors, [Client()])
    yield Visit("petition-file", [reverse("petition-file")], _of(world, Role.PETITION_OFFICE))
    yield Visit("petition-new", [reverse("petition-new"), f"{reverse('petition-new')}?line=enterprise"], [Client()])
    own = [filer.url("new"), reverse("own-data", args=[token])]
    yield Visit("household", own, [filer.client])
    petition = answered(world, filer.filed(name="张三丰")[0])
    yield Visit("household-petition", [filer.url("page", petition.number)], [filer.client])
