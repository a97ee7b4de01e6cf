"""What this room keeps about a household, for the household's own copy."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from households.codes import village_of
from households.models import Plate
from households.own_data.registry import KeptPicture, KeptSection
from scoring.evidence.reads import ERASED, OF_HOUSEHOLD
from scoring.models import Declaration, EventPhoto, Finding, HouseholdScore, Objection, PointEntry, ScoreEvent
from scoring.objections.reads import is_own, of_household, outcomes_of, refusal_of, what_of
from scoring.parts.reads import archived
from scoring.reasons import label_of
from scoring.rules import Kind
from scoring.states import event_state

LOOKS = {OF_HOUSEHOLD: "看了登记事项的照片"}  # how a household is told of them
_KINDS = {Kind.DEDUCT: "扣分", Kind.REMIND: "提醒", Kind.BONUS: "加分"}


def kept(plate: Plate) -> Iterator[KeptSection]:
    """Events with what became of them, scores by month, points."""
    code = plate.household_id
    events = ScoreEvent.objects.filter(code=code).select_related("clause").order_by("date", "pk")
    columns = ("日期", "条款", "种类", "分值", "文书号", "说明", "状态", "撤回原因")
    yield KeptSection(20, "登记的事项", columns, [_event(one) for one in events])
    photos = EventPhoto.objects.filter(event__code=code).defer("content").select_related("event__clause").order_by("pk")
    shown = [_photo(one) for one in photos]
    yield KeptSection(
        24, "登记事项的照片", ("日期", "条款", "加照片的时间", "现在"), shown, pictures=partial(_pictures, code)
    )
    findings = Finding.objects.filter(code=code).whole().order_by("pk")
    told = [
        (f"{one.date:%Y-%m-%d}", one.clause.text, one.department.name, one.document_no, one.note, one.state.label)
        for one in findings
    ]
    yield KeptSection(25, "部门认定", ("日期", "条款", "部门", "文书号", "说明", "现在"), told)
    objected = list(of_household(code).order_by("pk"))
    yield KeptSection(
        23,
        "异议",
        ("编号", "月份", "对什么", "内容", "现在", "理由"),
        list(map(_objection, objected, outcomes_of(objected))),
    )
    scores = HouseholdScore.objects.filter(code=code).order_by("month").values_list("month", "score", "bonus")
    known = sorted([*(tuple(map(str, one)) for one in scores), *_in_files(code)])
    yield KeptSection(21, "各月得分", ("月份", "得分", "其中加分"), known)
    own = PointEntry.objects.filter(account__owner=code, account__owner_kind="household").order_by("pk")
    points = [(f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}", one.text, str(one.amount), str(one.held)) for one in own]
    yield KeptSection(22, "积分", ("时间", "事由", "积分", "预留"), points)


def _in_files(code: str) -> Iterator[tuple[str, ...]]:
    """Months that the household was signed for and whose scores are archived."""
    signed = Declaration.objects.filter(
        sheet__village=village_of(code),
        sheet__period__in=archived().values("month"),
        withdrawn_at=None,
        households__contains=[code],
    )
    for month in signed.values_list("sheet__period", flat=True):
        yield month, "已存档，要看请找县六零办", ""


def _photo(one: EventPhoto) -> tuple[str, ...]:
    now = f"已撤回：{one.withdraw_reason}" if one.withdrawn_at else "在"
    return f"{one.event.date:%Y-%m-%d}", one.event.clause.text, f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}", now


def _pictures(code: str) -> Iterator[KeptPicture]:
    """Those that stand; what was withdrawn is shown to nobody."""
    standing = EventPhoto.objects.filter(event__code=code, withdrawn_at=None).select_related("event__clause")
    for one in standing.order_by("pk").iterator(chunk_size=4):
        if bytes(one.content) != ERASED:
            yield KeptPicture(f"{one.event.date:%Y-%m-%d} {one.event.clause.text}", bytes(one.content))


def _objection(one: Objection, outcome: str) -> tuple[str, ...]:
    """With what was written, and the words of each ruling: the household is a party."""
    told = "；".join(words for words in (*(step.words for step in one.steps.all()), refusal_of(one)) if words)
    return one.number, one.period_id, what_of(one), one.text if is_own(one) else "", outcome, told


def _event(one: ScoreEvent) -> tuple[str, ...]:
    state = event_state(confirmed=one.confirmed_at is not None, withdrawn=one.withdrawn_at is not None)
    kind = _KINDS.get(Kind(one.kind), one.kind)
    told = (one.document_no, one.note, state.label, label_of(one.withdraw_reason))
    return (f"{one.date:%Y-%m-%d}", one.clause.text, kind, str(one.points), *told)
