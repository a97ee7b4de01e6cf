"""Briefing sheets for a reception: one page a case, for the leader and those who are present.

The filer's name is masked. An accusation is on no sheet unless every unit that is present is at work on it anyway.
"""

from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable, PageBreak

from households.files import papers
from households.masks import mask_name
from households.models import User
from households.workdays.workdays import day_label, local_day
from petitions.clocks import deadlines
from petitions.models import Petition, PetitionEvent, Promise, Reception
from petitions.petition.account import WHO
from petitions.receptions import reads as receptions
from petitions.receptions.reads import ListedPetition

MAX_TEXT, MAX_LINES = 600, 12
_TOLD_MOST = 80
_QUIET = ("note", "classify", "recuse", "unmask", "remind")  # of no use to a leader who is about to listen


@dataclass(frozen=True, slots=True)
class BriefingSheet:
    """What is printed about one case."""

    order: int
    title: str
    number: str
    facts: list[tuple[str, str]]
    text: str
    clocks: list[str]
    history: list[tuple[str, str, str]]
    promises: list[tuple[str, str, str, str]]


def sheets(reception: Reception, user: User, today: date) -> list[BriefingSheet]:
    """The sheets of what this reader may read and everybody present may see, in the order of the list."""
    listed = [
        one
        for one in receptions.listed_petitions_of(reception, user, today, words=True)
        if may_be_shown(reception, one)
    ]
    events = _events([one.petition for one in listed])
    return [_sheet(order, one, events.get(one.petition.pk, []), today) for order, one in enumerate(listed, start=1)]


def may_be_shown(reception: Reception, listed: ListedPetition) -> bool:
    """Whether a sheet about it may lie on the table: an accusation only among those who are at work on it."""
    if not listed.petition.is_accusation:
        return not listed.accuses
    at_work = {one.unit for one in listed.petition.at_work}  # type: ignore[attr-defined]  # read along by listed_petitions_of
    present = {one.unit for one in reception.attending.all()}
    return not listed.accuses and bool(present) and present <= at_work


def _events(petitions: list[Petition]) -> dict[int, list[PetitionEvent]]:
    found: dict[int, list[PetitionEvent]] = {}
    for event in PetitionEvent.objects.filter(petition__in=petitions).defer("note").order_by("petition", "seq"):
        found.setdefault(event.petition_id, []).append(event)
    return found


def _sheet(order: int, listed: ListedPetition, events: list[PetitionEvent], today: date) -> BriefingSheet:
    petition = listed.petition
    history = [event for event in events if event.kind not in _QUIET][-MAX_LINES:]
    clocks = deadlines.explained_from([deadlines.history_line(event) for event in events], today)
    running = [one for one in clocks if one.clock.running and one.clock.key.owed]
    return BriefingSheet(
        order,
        petition.title,
        petition.number,
        _facts(petition),
        _shortened(petition.text, MAX_TEXT),
        [f"{one.label}：{one.due_text}（{one.status}）" for one in running],
        [_line(event) for event in history],
        [_promise(one) for one in listed.promises],
    )


def _facts(petition: Petition) -> list[tuple[str, str]]:
    units = petition.at_work  # type: ignore[attr-defined]  # read along by listed_petitions_of
    at_work = "，".join(f"{one.unit_name}{'（主办）' if one.lead else ''}" for one in units)
    owner = petition.case.owner
    parent = petition.place.parent
    place = f"{parent.name} {petition.place.name}" if parent and parent.parent_id else petition.place.name
    filer = petition.enterprise or mask_name(petition.filer_name) or "没有留名"
    facts = [
        ("来信人", f"{filer}，共 {petition.people} 人" if petition.people > 1 else filer),
        ("地点", place),
        ("类别", f"{petition.get_content_display()}，{petition.get_kind_display()}，{petition.get_channel_display()}"),
        ("状态", petition.status.label),
        ("承办单位", at_work or "还没有交办"),
    ]
    return [*facts, ("包案负责人", f"{owner.place_name} {owner.display_name}")] if owner else facts


def _line(event: PetitionEvent) -> tuple[str, str, str]:
    """Day, what was done, and what the filer was told, in short."""
    who = WHO.get(event.role, "")
    label = f"{event.action.label}（{who}）" if who else event.action.label
    return f"{local_day(event.at)}", label, _shortened(event.told, _TOLD_MOST)


def _promise(one: Promise) -> tuple[str, str, str, str]:
    moved = f"，改期 {one.moves} 次" if one.moves else ""
    return _shortened(one.what, _TOLD_MOST), one.unit_name, f"{one.due_on}{moved}", one.status.label


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def pdf(reception: Reception, found: list[BriefingSheet]) -> bytes:
    """The sheets on A4, one page a case. Refused 503 when the fonts are missing."""
    papers.use_fonts()
    head = f"{reception.get_kind_display()} {day_label(reception.day)} {reception.place.name} {reception.post}{reception.leader}"
    parts: list[Flowable] = []
    for sheet in found:
        parts += [*([PageBreak()] if parts else []), *_printed(sheet)]
    return papers.pdf(parts, name=f"接访简报 {reception.day}", foot=f"{head} · 内部材料，会后收回")


def _printed(sheet: BriefingSheet) -> list[Flowable]:
    parts: list[Flowable] = [papers.title(f"{sheet.order}. {sheet.title}", 16), papers.right(sheet.number)]
    parts += [papers.table(("事项", "内容"), sheet.facts, (1, 4)), papers.gap(3)]
    parts += [papers.text("反映的事", size=12, spaceBefore=4), papers.text(sheet.text or "（内容已清除）", size=10.5)]
    parts += [papers.text("时限", size=12, spaceBefore=4)]
    parts += [papers.text(line, size=10.5) for line in sheet.clocks or ["现在没有在走的期限。"]]
    parts += [papers.text("办理经过", size=12, spaceBefore=4)]
    parts += [papers.table(("日期", "做了什么", "告知来信人"), sheet.history, (2, 3, 6))]
    if sheet.promises:
        parts += [papers.text("以前的承诺", size=12, spaceBefore=4)]
        parts += [papers.table(("承诺", "责任单位", "期限", "兑现"), sheet.promises, (5, 2, 2, 2))]
    return parts
