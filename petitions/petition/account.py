"""Everything that the page of one petition says, read once: history, units at work, accused, ratings, the same matter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from households.masks import mask_name, mask_phone
from households.models import User
from households.roles import Role
from petitions import units
from petitions.clocks import deadlines
from petitions.clocks.explain import ExplainedClock
from petitions.erasing.rules import Extent
from petitions.models import (
    Accused,
    Assignment,
    Path,
    Petition,
    PetitionEvent,
    Rating,
    ReceptionOutcome,
    ReviewOutcome,
    Score,
)
from petitions.promise_states import PromiseStep
from petitions.sight import acts_as
from petitions.states import FILER, SYSTEM, PetitionAction, PetitionState

WHO = {FILER: "来信人", SYSTEM: "系统"}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of the history in words. `note` is empty for readers to whom the inside is closed."""

    event: PetitionEvent
    label: str
    who: str
    facts: tuple[str, ...]
    told: str
    note: str

    @property
    def by_filer(self) -> bool:
        """Whether the note is what the filer wrote."""
        return self.event.role == FILER


@dataclass(frozen=True, slots=True)
class CaseAccount:
    """The petition's page in data."""

    lines: list[StepLine]
    clocks: list[ExplainedClock]
    inside: bool
    at_work: list[Assignment]
    accused: list[Accused]
    ratings: list[Rating]
    siblings: list[Petition]
    filer: str
    phone: str
    asks_extension: bool


def account_of(petition: Petition, reader: User) -> CaseAccount:
    """The account for this reader: the filer masked, notes only for those who work on it, siblings they may see."""
    events = list(petition.events.select_related("by__division", "by__department").order_by("seq"))
    names = units.names_of(_units_in(events))
    at_work = list(petition.assignments.filter(ended_at=None).select_related("department", "division"))
    inside = reads_inside(petition, reader, at_work)
    return CaseAccount(
        lines=[_line(event, names, inside=inside) for event in reversed(events)],
        clocks=deadlines.explained_from([deadlines.history_line(event) for event in events], timezone.localdate()),
        inside=inside,
        at_work=at_work,
        accused=list(petition.accused.select_related("department", "division", "user")) if inside else [],
        ratings=list(petition.ratings.all()),
        siblings=_siblings(petition, reader),
        filer=mask_name(petition.filer_name),
        phone=mask_phone(petition.filer_phone),
        asks_extension=_asks_extension(events),
    )


def reads_inside(petition: Petition, reader: User, at_work: Iterable[Assignment]) -> bool:
    """Whether notes are for this reader: the petition office and the units at work; not who only filed it for somebody."""
    return Role.PETITION_OFFICE in acts_as(petition, reader) or units.of(reader) in [one.unit for one in at_work]


def _siblings(petition: Petition, reader: User) -> list[Petition]:
    same = Petition.objects.visible_to(reader).filter(case=petition.case_id).exclude(pk=petition.pk)
    return list(same.without_content().order_by("filed_at"))


def _asks_extension(events: list[PetitionEvent]) -> bool:
    """Whether the unit asked for more time and has not been answered yet."""
    kinds = [event.kind for event in events]
    asked = kinds[::-1].index(PetitionAction.ASK_EXTENSION) if PetitionAction.ASK_EXTENSION in kinds else None
    since = kinds[len(kinds) - asked :] if asked else []
    return asked is not None and not {PetitionAction.EXTEND, PetitionAction.ANSWER, PetitionAction.ASSIGN} & set(since)


def _units_in(events: list[PetitionEvent]) -> Iterator[str]:
    for event in events:
        if event.kind == PetitionAction.ASSIGN:
            yield from [event.data.get("lead", ""), *event.data.get("joint", [])]


def _line(event: PetitionEvent, names: dict[str, str], *, inside: bool) -> StepLine:
    facts = tuple(_facts(event, names))
    who = WHO.get(event.role) or _person(event.by)
    return StepLine(event, event.action.label, who, facts, event.told, event.note if inside else "")


def _person(by: User | None) -> str:
    return f"{by.place_name} {by.display_name}" if by else "系统"


def _facts(event: PetitionEvent, names: dict[str, str]) -> Iterator[str]:
    """What the figures and codes of a line say."""
    data: dict[str, Any] = event.data
    if event.kind == PetitionAction.ASSIGN and data.get("lead"):
        yield f"主办 {names.get(data['lead'], data['lead'])}"
        if data.get("joint"):
            yield "协办 " + "、".join(names.get(unit, unit) for unit in data["joint"])
    if data.get("path"):
        yield Path(data["path"]).label if data["path"] in Path.values else ""
    if data.get("unit") and event.kind == PetitionAction.REDIRECT:
        yield f"转 {data['unit']}"
    if data.get("days"):
        yield f"{data['days']} 天"
    if event.kind == PetitionAction.ANSWER and data.get("files"):
        yield f"附件 {data['files']} 个"
    yield from _merged_or_erased(event.kind, data)
    if data.get("outcome"):
        yield f"{ReviewOutcome(data['outcome']).label}原处理意见"
    yield from _said_face_to_face(event.kind, data)
    if event.kind == PetitionAction.RATE and data.get("score") in Score.values:
        yield f"{'信访部门' if data.get('subject') == 'office' else '责任单位'}：{Score(data['score']).label}"


def _said_face_to_face(kind: str, data: dict[str, Any]) -> Iterator[str]:
    """What a record of a reception and a line about a promise say."""
    if kind == PetitionAction.RECEIVE and data.get("result") in ReceptionOutcome.values:
        yield ReceptionOutcome(data["result"]).label
        if data.get("said"):
            yield f"{data['said'][:16].replace('T', ' ')} 接访，后补记"
    if kind == PetitionAction.PROMISE and data.get("step") in tuple(PromiseStep):
        yield f"第 {data['promise']} 项，{PromiseStep(data['step']).label}，期限 {data['due']}"


def _merged_or_erased(kind: str, data: dict[str, Any]) -> Iterator[str]:
    if data.get("into"):
        yield f"并入 {data['into']}"
    if data.get("merged"):
        yield f"{data['merged']} 并入本件"
    if data.get("unmerged"):
        yield f"{data['unmerged']} 不再并入本件"
    if kind == PetitionAction.ERASE:
        yield f"{Extent(data['extent']).label}（{'来信人申请' if data['why'] == 'asked' else '保存期满'}）"


def way_of(state: PetitionState) -> list[tuple[str, str]]:
    """The main road as steps behind, here or ahead; a petition off that road has none."""
    road = [
        PetitionState.FILED,
        PetitionState.ACCEPTED,
        PetitionState.ASSIGNED,
        PetitionState.HANDLED,
        PetitionState.ANSWERED,
        PetitionState.CONFIRMED,
        PetitionState.CLOSED,
    ]
    if state not in road:
        return []
    here = road.index(state)
    wheres = ["behind" if at < here else "here" if at == here else "ahead" for at in range(len(road))]
    return [(each.label, where) for each, where in zip(road, wheres, strict=True)]
