"""What the filer reads about their petition: where it stands in words, every step they are told, what they can do now."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils import timezone

from households.months import spoken_with_year
from households.roles import Role
from petitions import units
from petitions.clocks.deadlines import explained_from, history_line
from petitions.clocks.explain import ExplainedClock
from petitions.models import Attachment, Path, Petition, PetitionEvent, RatedSubject, Rating, Score
from petitions.promise_states import PromiseStep
from petitions.states import FILER, PetitionAction, PetitionState, actions_for

# What ends a question of the filer's: the last of these stands at the top of their page.
DECISIONS = (
    PetitionAction.ANSWER,
    PetitionAction.REVIEW,
    PetitionAction.FINAL_REVIEW,
    PetitionAction.REDIRECT,
    PetitionAction.NOT_ACCEPT,
)
# What stays between those who handle it. Everything else is told.
INSIDE = (
    *(PetitionAction.NOTE, PetitionAction.CLASSIFY, PetitionAction.RECUSE, PetitionAction.ASK_EXTENSION),
    *(PetitionAction.HOLD, PetitionAction.RELEASE),
)
MEANINGS: dict[PetitionState, str] = {
    PetitionState.FILED: "信访局收到了，会在期限内告诉您受理不受理。",
    PetitionState.ACCEPTED: "信访局受理了，正在确定由哪个单位来办。",
    PetitionState.REDIRECTED: "这件事有法定的途径，请照下面写的去办。",
    PetitionState.NOT_ACCEPTED: "信访局没有受理，原因和该走的途径写在下面。",
    PetitionState.ASSIGNED: "承办单位正在办。",
    PetitionState.CONTESTED: "承办单位说不归它管，信访局正在重新确定由谁来办。",
    PetitionState.HANDLED: "承办单位说已经办了，正在准备给您的答复。",
    PetitionState.ANSWERED: "有答复了。请您看看解决了没有。",
    PetitionState.CONFIRMED: "您说已经解决，信访局来办结。",
    PetitionState.CLOSED: "已经办结。",
    PetitionState.REVIEWING: "您申请了复查，正在复查。",
    PetitionState.REVIEWED: "复查意见在下面。",
    PetitionState.FINAL_REVIEWING: "您申请了复核，正在复核。",
    PetitionState.FINAL: "复核意见在下面，信访程序到这里结束。",
    PetitionState.MERGED: "和另一件相同的事一起办，进展也会告诉您。",
    PetitionState.WITHDRAWN: "您撤回了。",
}
STEPS: dict[PetitionAction, tuple[str, str]] = {  # done by the filer; done by others
    PetitionAction.FILE: ("您提交了这件事", "工作人员替您登记了这件事"),
    PetitionAction.ACCEPT: ("", "信访局受理"),
    PetitionAction.REDIRECT: ("", "转到其他途径"),
    PetitionAction.NOT_ACCEPT: ("", "不予受理"),
    PetitionAction.CONTEST: ("", "承办单位认为不归它管"),
    PetitionAction.HANDLE: ("", "承办单位报告已经办理，准备答复"),
    PetitionAction.RETURN: ("", "信访局要求承办单位重新办理"),
    PetitionAction.ANSWER: ("", "承办单位答复"),
    PetitionAction.CONFIRM: ("您确认已经解决", ""),
    PetitionAction.CLOSE: ("", "办结"),
    PetitionAction.REOPEN: ("您说没有解决，重新办理", "信访局决定重新办理"),
    PetitionAction.ASK_REVIEW: ("您申请复查", "信访局记下您申请复查"),
    PetitionAction.REVIEW: ("", "复查意见"),
    PetitionAction.ASK_FINAL_REVIEW: ("您申请复核", "信访局记下您申请复核"),
    PetitionAction.FINAL_REVIEW: ("", "复核意见"),
    PetitionAction.MERGE: ("", "和另一件相同的事一起办"),
    PetitionAction.UNMERGE: ("", "改为单独办理"),
    PetitionAction.WITHDRAW: ("您撤回了这件事", ""),
    PetitionAction.PAUSE: ("", "暂停计时"),
    PetitionAction.RESUME: ("", "恢复计时"),
    PetitionAction.REMIND: ("", "催办"),
    PetitionAction.SUPERVISE: ("", "督办"),
    PetitionAction.TELL: ("", "告知您"),
    PetitionAction.SUPPLEMENT: ("您补充了情况", "信访局记下您补充的情况"),
    PetitionAction.ASK_ERASURE: ("您申请清除内容", ""),
    PetitionAction.REFUSE_ERASURE: ("", "信访局没有同意清除，原因如下"),
    PetitionAction.RECEIVE: ("", "接访时当面听了您的情况"),
    PetitionAction.PROMISE: ("您确认承诺已经兑现", "给您的承诺"),
    PetitionAction.OWN: ("", "指定专人负责这件事"),
    PetitionAction.UNMASK: ("", "工作人员查看了您的姓名和电话"),
}
# What filers of merged petitions read of the one that took theirs in.
OF_THE_OTHER: dict[PetitionAction, str] = {
    PetitionAction.FILE: "那一件登记",
    PetitionAction.CONFIRM: "那一件的来信人确认已经解决",
    PetitionAction.REOPEN: "没有解决，重新办理",
    PetitionAction.ASK_REVIEW: "那一件的来信人申请复查",
    PetitionAction.ASK_FINAL_REVIEW: "那一件的来信人申请复核",
}
SHARED = (
    *OF_THE_OTHER,
    *DECISIONS,
    PetitionAction.ACCEPT,
    PetitionAction.ASSIGN,
    PetitionAction.HANDLE,
    PetitionAction.RETURN,
    PetitionAction.EXTEND,
    PetitionAction.CLOSE,
)
ERASED = {
    "all": "内容已清除，只留编号、日期和办理状态",
    "contact": "姓名、电话和住户已清除",
    "papers": "照片和文件已清除",
}
PROMISED: dict[PromiseStep, str] = {
    PromiseStep.MADE: "给您的承诺，{due}前兑现",
    PromiseStep.MOVED: "承诺改到{due}前兑现",
    PromiseStep.REPORTED: "承诺单位报告已经兑现，信访局正在核实",
    PromiseStep.RETURNED: "信访局核实：承诺还没有兑现",
    PromiseStep.FULFILLED: "信访局核实：承诺已经兑现",
    PromiseStep.GIVEN_UP: "承诺不能兑现，原因如下",
    PromiseStep.REMINDED: "提醒承诺单位按期兑现",
}


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One step as it is told. `own` is what the filer themselves wrote then."""

    at: datetime
    title: str
    told: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A step that the filer may want to take later, folded away below the page: `words` is what its text field asks."""

    act: PetitionAction
    title: str
    words: str
    button: str
    hint: str = ""
    takes_files: bool = False


CHAPTERS = (
    Chapter(PetitionAction.SUPPLEMENT, "补充情况", "要补充的", "补充", takes_files=True),
    Chapter(PetitionAction.REOPEN, "其实没有解决", "哪里没有解决", "请重新办理"),
    Chapter(
        PetitionAction.ASK_REVIEW, "对答复不服，申请复查", "为什么不服", "申请复查", hint="收到答复 30 天内可以申请。"
    ),
    Chapter(
        PetitionAction.ASK_FINAL_REVIEW,
        "对复查意见不服，申请复核",
        "为什么不服",
        "申请复核",
        hint="收到复查意见 30 天内可以申请。",
    ),
    Chapter(PetitionAction.WITHDRAW, "撤回", "为什么撤回", "撤回这件事"),
)


@dataclass(frozen=True, slots=True)
class FollowPage:
    """Everything on the page. `may` holds the names of the filer's actions; `to_rate` what they have not judged yet.

    `clocks` are those that run: what they are owed, and until when they may do something themselves. `decision` is the answer
    that stands; after a reopening there is none. `together`: the steps of the petition that took theirs in.
    """

    petition: Petition
    meaning: str
    lines: list[ToldStep]
    clocks: list[ExplainedClock]
    may: frozenset[str]
    to_rate: list[tuple[RatedSubject, str]]
    ratings: list[str]
    attachments: list[Attachment] = field(default_factory=list)
    decision: ToldStep | None = None
    together: list[ToldStep] = field(default_factory=list)

    @property
    def chapters(self) -> list[Chapter]:
        """What the filer may do besides; the way to reopen stands beside the one to confirm while that is asked."""
        asked = {PetitionAction.REOPEN} if PetitionAction.CONFIRM in self.may else set()
        return [each for each in CHAPTERS if each.act in self.may and each.act not in asked]

    @property
    def owed(self) -> list[ExplainedClock]:
        """Until when somebody owes them the next step."""
        return [clock for clock in self.clocks if clock.clock.key.owed]

    @property
    def rights(self) -> list[ExplainedClock]:
        """Until when they may do something themselves."""
        return [clock for clock in self.clocks if not clock.clock.key.owed]


def page_of(petition: Petition) -> FollowPage:
    """At most six queries, however long the history is; two more for one that was merged."""
    events = list(PetitionEvent.objects.filter(petition=petition).order_by("seq"))
    names = units.names_of(unit for event in events for unit in _units(event))
    ratings = list(Rating.objects.filter(petition=petition).order_by("round", "subject"))
    acts = actions_for(FILER, petition.status) if petition.erased_at is None else []
    may = frozenset(str(action) for action in acts)
    rounds = max(
        (int(event.data.get("round", 1)) for event in events if event.kind == PetitionAction.ANSWER), default=0
    )
    rated = {rating.subject for rating in ratings if rating.round == rounds}
    lead = next((names.get(event.data.get("lead", "")) for event in reversed(events) if event.data.get("lead")), None)
    page = FollowPage(
        petition=petition,
        meaning=MEANINGS[petition.status],
        lines=[line_of(event, names) for event in reversed(events) if event.kind not in INSIDE],
        clocks=_running(events),
        may=may,
        to_rate=_to_rate(rated, lead or "") if PetitionAction.RATE in may and rounds else [],
        ratings=[_judged(rating) for rating in ratings],
        attachments=list(Attachment.objects.filter(petition=petition).defer("sealed")),
        decision=_decision(events, names),
        together=_together(petition),
    )
    return _by_another_body(page) if petition.against_office else page


def _by_another_body(page: FollowPage) -> FollowPage:
    """The same where the petition office is accused: nothing says that the office has it, and nobody judges the office."""
    return replace(
        page,
        meaning=page.meaning.replace("信访局", "受理机关"),
        lines=[replace(line, title=line.title.replace("信访局", "受理机关")) for line in page.lines],
        to_rate=[(subject, name) for subject, name in page.to_rate if subject != RatedSubject.OFFICE],
    )


def _decision(events: list[PetitionEvent], names: dict[str, str]) -> ToldStep | None:
    """The last decision, unless the matter is being handled anew."""
    for event in reversed(events):
        if event.kind == PetitionAction.REOPEN:
            return None
        if event.kind in DECISIONS:
            return line_of(event, names)
    return None


def _together(petition: Petition) -> list[ToldStep]:
    """How the petition that took this one in goes on: its steps with their days, in words only what decides.

    What its own filer wrote, or was told beside that, is theirs.
    """
    if petition.merged_into_id is None:
        return []
    events = list(PetitionEvent.objects.filter(petition=petition.merged_into_id).order_by("-seq"))
    names = units.names_of(unit for event in events for unit in _units(event))
    return [_shared(event, names) for event in events if event.kind in SHARED]


def _shared(event: PetitionEvent, names: dict[str, str]) -> ToldStep:
    told = event.told if event.kind in DECISIONS else ""
    title = OF_THE_OTHER.get(event.action) or _title(event, names, by_filer=False)
    return ToldStep(event.at, title, told)


def _running(events: list[PetitionEvent]) -> list[ExplainedClock]:
    history = [history_line(event) for event in events]
    return [one for one in explained_from(history, timezone.localdate(), filer=True) if one.clock.running]


def _to_rate(rated: Iterable[str], lead: str) -> list[tuple[RatedSubject, str]]:
    done = set(rated)
    every = [(RatedSubject.OFFICE, "信访局"), (RatedSubject.UNIT, lead or "责任单位")]
    return [(subject, name) for subject, name in every if subject not in done]


def _judged(rating: Rating) -> str:
    how = "（回访时说的）" if rating.by_id else ""
    return f"对{RatedSubject(rating.subject).label}：{Score(rating.score).label}{how}"


def line_of(event: PetitionEvent, names: dict[str, str]) -> ToldStep:
    """One step as the filer reads it; `names` of units by their codes."""
    by_filer = event.role == FILER
    own = event.note if by_filer and event.kind != PetitionAction.RATE else ""
    return ToldStep(event.at, _title(event, names, by_filer), event.told, own)


def _title(event: PetitionEvent, names: dict[str, str], by_filer: bool) -> str:
    action = event.action
    if action is PetitionAction.ASSIGN:
        return _assigned(event, names)
    if action is PetitionAction.EXTEND:
        return f"办理期限延长 {event.data.get('days', '')} 天"
    if action is PetitionAction.ERASE:
        return ERASED[str(event.data["extent"])]
    if action is PetitionAction.RATE:
        return _rated(event, by_filer)
    if action is PetitionAction.PROMISE and not by_filer:
        return _promised(event)
    own, others = STEPS.get(action, (action.label, action.label))
    return _special(event) or _with_path((own if by_filer else others) or action.label, event)


def _special(event: PetitionEvent) -> str:
    """The words for the rarer case of a step; empty for the common one."""
    if event.action is PetitionAction.RECEIVE and event.data.get("result") == "absent":
        return "接访时没有见到您"
    if event.action is PetitionAction.UNMASK:
        office = event.role == Role.PETITION_OFFICE and not event.petition.against_office
        who = "信访局" if office else "承办单位"
        return f"{who}工作人员因工作需要查看了您的姓名和电话"
    if event.action is PetitionAction.TELL and event.data.get("merged"):
        return "另一件相同的事并进来，一起办"
    if event.action is PetitionAction.TELL and event.data.get("unmerged"):
        return "并进来的一件是另一件事，分开办"
    return ""


def _assigned(event: PetitionEvent, names: dict[str, str]) -> str:
    joint = "、".join(names[unit] for unit in event.data.get("joint", []) if unit in names)
    lead = names.get(event.data.get("lead", ""), "承办单位")
    return f"交给{lead}办理" + (f"，{joint}协同" if joint else "")


def _promised(event: PetitionEvent) -> str:
    due = spoken_with_year(date.fromisoformat(event.data["due"]))
    return PROMISED[PromiseStep(event.data["step"])].format(due=due)


def _rated(event: PetitionEvent, by_filer: bool) -> str:
    subject, score = RatedSubject(event.data["subject"]).label, Score(event.data["score"]).label
    return f"您评价{subject}：{score}" if by_filer else f"您在回访电话里评价{subject}：{score}"


def _with_path(title: str, event: PetitionEvent) -> str:
    path = event.data.get("path")
    if path not in Path.values:
        return title
    unit = event.data.get("unit") or ""
    return f"{title}：{Path(path).label}" + (f"（{unit}）" if unit else "")


def _units(event: PetitionEvent) -> list[str]:
    return [unit for unit in (event.data.get("lead", ""), *event.data.get("joint", [])) if unit]
