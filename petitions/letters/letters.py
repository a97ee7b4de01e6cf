"""The letters of the petition procedure as PDF: 受理, 不予受理, 分流, 延期告知书; 处理, 复查, 复核意见书.

Each belongs to one line of the history and says what stood there then: its dates come from the clocks of the history up
to that line, so that a letter printed later says the same. The words are in templates/petitions/letters/, first line the
title, then a paragraph a line; a petition office can read and change them.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.template import Context
from django.template.loader import get_template
from reportlab.platypus import Flowable

from households.files import papers
from households.masks import mask_name
from households.models import Division
from households.months import spoken_with_year
from households.refusals import Refused
from households.workdays.workdays import local_day
from petitions import units
from petitions.clock_types import MAX_EXTENSION, PROMISED, Clock, ClockKey, Ground, HistoryLine
from petitions.clocks import clocks, deadlines
from petitions.clocks.explain import basis
from petitions.models import Path, Petition, PetitionEvent, ReviewOutcome, Way
from petitions.states import PetitionAction as Act

KINDS: dict[Act, str] = {
    Act.ACCEPT: "受理告知书",
    Act.NOT_ACCEPT: "不予受理告知书",
    Act.REDIRECT: "分流告知书",
    Act.EXTEND: "延期告知书",
    Act.ANSWER: "处理意见书",
    Act.REVIEW: "复查意见书",
    Act.FINAL_REVIEW: "复核意见书",
}
_HOW = {Way.VISIT: "来访", Way.LETTER: "来信", Way.HOTLINE: "通过 12345 热线", Way.REDNET: "通过红网"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in words. `number` is the petition's with the line of its history behind it."""

    title: str
    number: str
    to: str
    paragraphs: tuple[str, ...]
    signed: str
    day: str


def offered(petition: Petition) -> list[tuple[int, str]]:
    """The letters that the petition's history has: the line's `seq` and what the letter is called, the latest first."""
    if petition.erased_at is not None:
        return []
    found = PetitionEvent.objects.filter(petition=petition, kind__in=list(KINDS)).order_by("-seq")
    return [(seq, KINDS[Act(kind)]) for seq, kind in found.values_list("seq", "kind")]


def letter(petition: Petition, seq: int, *, full_name: bool) -> Letter:
    """The letter of one line of the history.

    `full_name` for the filer themselves, or after an unmasking that was logged; everybody else gets the masked name.
    Refused 404 for a line without a letter, 409 when the content was erased.
    """
    events = list(PetitionEvent.objects.filter(petition=petition, seq__lte=seq).defer("note"))
    event = next((each for each in events if each.seq == seq and each.action in KINDS), None)
    if event is None:
        raise Refused("not_found", "这一步没有文书。", hint="请从办理经过里选。", status=404)
    if petition.erased_at is not None:
        raise Refused("erased", "这件信访的内容已依法清除，不能再打印文书。", status=409)
    name = petition.filer_name if full_name else mask_name(petition.filer_name)
    title, paragraphs = _written(event, _facts(petition, event, events))
    return Letter(
        title=title,
        number=f"编号：{petition.number}-{seq:02d}",
        to=f"{petition.enterprise or name or '来信人'}：",
        paragraphs=paragraphs,
        signed=_signer(petition, event, events),
        day=_chinese(event),
    )


def pdf(written: Letter) -> bytes:
    """One letter on A4. Refused 503 when the fonts are missing."""
    papers.use_fonts()
    parts: list[Flowable] = [
        papers.title(written.title),
        papers.right(written.number),
        papers.gap(6),
        papers.text(written.to, size=12, spaceAfter=6),
        *(papers.text(each) for each in written.paragraphs),
        papers.gap(16),
        papers.right(f"{written.signed}（章）"),
        papers.right(written.day),
    ]
    return papers.pdf(parts, name=written.title, foot=written.number)


@dataclass(frozen=True, slots=True)
class LetterDates:
    """Due days as the history up to the letter's line has them; empty where no clock runs to one."""

    limit: int | str
    by_article: bool
    by_promise: bool
    promise: str
    due: str
    extended: int
    object_due: str
    ask_limit: int | str
    ask_basis: str
    ask_due: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the words of a letter may name; empty or 0 what its line does not have."""

    number: str
    title: str
    filed_on: str
    how: str
    day: str
    told: str
    asked_on: str
    outcome: str
    path: str
    unit: str
    days: int
    round: int
    files: int
    dates: LetterDates
    most_extension: int = MAX_EXTENSION

    def context(self) -> Context:
        """For the words: paper knows no markup."""
        facts = asdict(self)
        return Context(facts | facts.pop("dates"), autoescape=False)


def _written(event: PetitionEvent, facts: LetterFacts) -> tuple[str, tuple[str, ...]]:
    template: Any = get_template(f"petitions/letters/{event.kind}.txt")
    text = str(template.template.render(facts.context()))
    title, _, body = text.strip().partition("\n")
    lines = [line.strip() for line in body.splitlines()]
    return title.strip(), tuple(line for line in lines if line)


def _facts(petition: Petition, event: PetitionEvent, events: list[PetitionEvent]) -> LetterFacts:
    data = event.data
    return LetterFacts(
        number=petition.number,
        title=petition.title,
        filed_on=_chinese(events[0]),
        how=_HOW.get(Way(petition.way), ""),
        day=_chinese(event),
        told=event.told,
        asked_on=_asked_on(event, events),
        outcome=_outcome(event),
        path=Path(data["path"]).label if data.get("path") in Path.values else "",
        unit=data.get("unit", ""),
        days=data.get("days", 0),
        round=data.get("round", 1),
        files=data.get("files", 0),
        dates=_dates([deadlines.history_line(each) for each in events]),
    )


def _outcome(event: PetitionEvent) -> str:
    found = event.data.get("outcome")
    return f"{ReviewOutcome(found).label}原意见" if found in ReviewOutcome.values else ""


def _dates(lines: list[HistoryLine]) -> LetterDates:
    found = {each.key: each for each in clocks.clocks(lines, deadlines.limits())}
    handling = found.get(ClockKey.HANDLE)
    asking = found.get(ClockKey.ASK_FINAL_REVIEW) or found.get(ClockKey.ASK_REVIEW)
    return LetterDates(
        limit=handling.limit if handling else "",
        by_article=bool(handling and handling.ground is Ground.ARTICLE),
        by_promise=bool(handling and handling.ground is Ground.PROMISE),
        promise=PROMISED.get(handling.content, "") if handling else "",
        due=_due(handling),
        extended=handling.extension if handling else 0,
        object_due=_due(found.get(ClockKey.OBJECT)),
        ask_limit=asking.limit if asking else "",
        ask_basis=_asking_basis(asking),
        ask_due=_due(asking),
    )


def _asking_basis(clock: Clock | None) -> str:
    if clock is None:
        return ""
    return f"根据{basis(clock)}" if clock.ground is Ground.ARTICLE else basis(clock)


def _due(clock: Clock | None) -> str:
    if clock is None:
        return ""
    return spoken_with_year(clock.due) if clock.due else "恢复计时后另行告知的日期"


def _asked_on(event: PetitionEvent, events: list[PetitionEvent]) -> str:
    asked = Act.ASK_FINAL_REVIEW if event.action is Act.FINAL_REVIEW else Act.ASK_REVIEW
    return next((_chinese(each) for each in reversed(events) if each.action is asked), "")


def _signer(petition: Petition, event: PetitionEvent, events: list[PetitionEvent]) -> str:
    """The lead unit for its opinion, the county's petition office for everything else."""
    county = Division.objects.get(pk=petition.county).name
    if event.action is Act.ANSWER:
        leads = [each.data["lead"] for each in events if each.action is Act.ASSIGN and each.data.get("lead")]
        name = units.names_of(leads[-1:]).get(leads[-1]) if leads else None
        if name:
            return _in_full(name, county)
    return f"{county}信访局"


def _in_full(name: str, county: str) -> str:
    """洞口县自然资源局 for 县自然资源局 as for 自然资源局; 某某市市场监督管理局 keeps its 市."""
    level, short = county[-1], name[1:]
    if name.startswith(county):
        return name
    own = name.startswith(level) and not short.startswith(("场", "政", "划"))
    return f"{county}{short if own else name}"


def _chinese(event: PetitionEvent) -> str:
    return spoken_with_year(local_day(event.at))
