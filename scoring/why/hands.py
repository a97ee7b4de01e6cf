"""The hands that an event passed through: recorded, confirmed, signed for, reviewed, sent back, objected, ruled, corrected,
withdrawn, with its photos.

By post; by name only for staff whose place it is. What was written on the way is not told here: it stands where it was decided.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from households.codes import village_of
from households.models import AuditEvent, User
from households.roles import Role
from scoring.models import (
    Adjustment,
    Decision,
    Declaration,
    EventPhoto,
    ObjectionStep,
    Review,
    ScoreEvent,
    Sheet,
)
from scoring.states import AdjustmentState

IMPORTED = "县六零办（导入）"
_REVIEWED = {
    Decision.APPROVE: "审核通过",
    Decision.RETURN: "审核退回",
    Decision.REVOKE: "县六零办退回，重新审核",
}
_DECIDED = {AdjustmentState.GRANTED: "同意锁定后调整", AdjustmentState.REFUSED: "不同意锁定后调整"}


@dataclass(frozen=True, slots=True)
class Hand:
    """One of them: when, what was done, and by whom."""

    at: datetime
    what: str
    who: str


Hands = Mapping[int, Sequence[Hand]]


def hands_of(events: Sequence[ScoreEvent], *, named: bool) -> Hands:
    """Of each event by its number, in the order of time; `named` says that the reader may know names. Five
    queries, and three more where the village took a signature back."""
    found: dict[int, list[Hand]] = defaultdict(list)
    for event in events:
        found[event.pk] += _of_event(event, named)
    if events:
        for number, hand in (
            *_signed(events, named),
            *_reviewed(events, named),
            *_objected(events, named),
            *_corrected(events, named),
            *_shown(events, named),
        ):
            found[number].append(hand)
    return {number: sorted(hands, key=lambda hand: hand.at) for number, hands in found.items()}


def person(user: User | None, *, named: bool = True) -> str:
    """Name and post of a member of staff, or the post alone; nobody stands for the county's import."""
    if user is None:
        return IMPORTED
    return f"{user.display_name}（{user.get_role_display()}）" if named else user.get_role_display()


def _of_event(event: ScoreEvent, named: bool) -> Iterable[Hand]:
    yield Hand(event.recorded_at, "登记", person(event.recorded_by, named=named))
    if event.confirmed_at and event.confirmed_by_id != event.recorded_by_id:
        yield Hand(event.confirmed_at, "确认", person(event.confirmed_by, named=named))
    if event.withdrawn_at:
        yield Hand(event.withdrawn_at, "撤回", person(event.withdrawn_by, named=named))


def _signed(events: Sequence[ScoreEvent], named: bool) -> Iterable[tuple[int, Hand]]:
    """Each signature under the village's month while the event stood, and each that the village took back."""
    signed = Declaration.objects.filter(_sheet_of(events)).select_related("signed_by", "sheet").order_by("pk")
    taken_back: dict[Sheet, list[datetime]] = defaultdict(list)
    for one in signed:
        for event in _standing(events, one.sheet, one.signed_at):
            yield event.pk, Hand(one.signed_at, "申报", person(one.signed_by, named=named))
        if one.withdrawn_at:
            taken_back[one.sheet].append(one.withdrawn_at)
    for sheet, days in taken_back.items():
        yield from _taken_back(sheet, days, events, named)


def _taken_back(
    sheet: Sheet, days: Sequence[datetime], events: Sequence[ScoreEvent], named: bool
) -> Iterable[tuple[int, Hand]]:
    """Of the signatures that ended those that no return ended. The log knows who it was; where it is gone, the post is left."""
    returned = list(Review.objects.filter(sheet=sheet, decision=Decision.RETURN).values_list("at", flat=True))
    ends = {max((day for day in days if day <= at), default=None) for at in returned}
    own = [day for day in days if day not in ends]
    logged = AuditEvent.objects.filter(place=sheet.village_id, action="sheet.undeclare", subject=str(sheet))
    actors = list(logged.order_by("pk").values_list("actor", flat=True)) if own and named else []
    people = User.objects.in_bulk(actors, field_name="username") if len(actors) == len(own) else {}
    for at, actor in zip(own, actors if people else [""] * len(own), strict=True):
        who = person(people[actor], named=True) if actor in people else str(Role.CADRE.label)
        for event in _standing(events, sheet, at):
            yield event.pk, Hand(at, "撤回申报", who)


def _reviewed(events: Sequence[ScoreEvent], named: bool) -> Iterable[tuple[int, Hand]]:
    """Each decision on the village's sheet while the event stood."""
    for review in Review.objects.filter(_sheet_of(events)).select_related("by", "sheet").order_by("pk"):
        for event in _standing(events, review.sheet, review.at):
            yield event.pk, Hand(review.at, _REVIEWED[Decision(review.decision)], person(review.by, named=named))


def _sheet_of(events: Sequence[ScoreEvent]) -> Q:
    """Of the sheets that these events of one month stand on."""
    return Q(sheet__period=events[0].period_id, sheet__village__in={village_of(event.code) for event in events})


def _standing(events: Sequence[ScoreEvent], sheet: Sheet, at: datetime) -> Iterable[ScoreEvent]:
    for event in events:
        here = village_of(event.code) == sheet.village_id
        if here and event.recorded_at <= at and (event.withdrawn_at is None or event.withdrawn_at > at):
            yield event


def _objected(events: Sequence[ScoreEvent], named: bool) -> Iterable[tuple[int, Hand]]:
    """Each step of the objections against an event, or of the one that brought it."""
    numbers = [event.pk for event in events]
    about = Q(objection__event__in=numbers) | Q(objection__added__in=numbers)
    for step in ObjectionStep.objects.filter(about).select_related("objection", "by").order_by("pk"):
        told = person(step.by, named=True) if named and step.by else step.post_label
        number = step.objection.event_id or step.objection.added_id
        if number:
            yield number, Hand(step.at, f"异议：{step.action_label}", told)


def _corrected(events: Sequence[ScoreEvent], named: bool) -> Iterable[tuple[int, Hand]]:
    """Asked for and decided, each by another."""
    asked = Adjustment.objects.filter(event__in=[event.pk for event in events]).select_related("asked_by", "decided_by")
    for one in asked.order_by("pk"):
        assert one.event_id
        yield one.event_id, Hand(one.asked_at, "申请锁定后调整", person(one.asked_by, named=named))
        if one.decided_at and one.decided_by:
            what = _DECIDED[AdjustmentState(one.state)]
            yield one.event_id, Hand(one.decided_at, what, person(one.decided_by, named=named))


def _shown(events: Sequence[ScoreEvent], named: bool) -> Iterable[tuple[int, Hand]]:
    kept = EventPhoto.objects.filter(event__in=[event.pk for event in events]).defer("content")
    for photo in kept.select_related("by", "withdrawn_by"):
        yield photo.event_id, Hand(photo.at, "加照片", person(photo.by, named=named))
        if photo.withdrawn_at:
            yield photo.event_id, Hand(photo.withdrawn_at, "撤回照片", person(photo.withdrawn_by, named=named))
