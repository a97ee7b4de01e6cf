"""A month of the demo, played through the doors: events, declarations, reviews, freezing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from households.codes import Level, group_of, is_level, township_of, village_of
from households.models import Division, Household, OutboxMessage, PostMessage, User
from households.refusals import Refused
from scoring.demo import made_up_events
from scoring.demo.made_up_events import ClauseChoice
from scoring.freezing import freeze, freeze_one, post
from scoring.models import Clause, ScoreEvent, Source
from scoring.months.months import calendar_of, open_month, sheet_of
from scoring.reviews.actions.reviewing import approve, exceptions_of, return_sheet
from scoring.sheets.actions.sheets import apply_ops, declare
from scoring.sheets.events_import import import_events
from scoring.sheets.ops import Status

Line = tuple[str, str, date, str, str]  # code, clause, day, document number, note

WITHDRAWN = 0.02  # of imported events turn out to be mistaken
_MISTAKES = ("认错了户，更正", "核实后不属实", "同一件事登记了两次")
_RETURNS = ("有一条扣分没有写明时间，请补充后再报", "群众反映有一户漏记，请核实", "请附上整改前后的照片")
REVIEW = {"reviewed": 0.5, "declared": 0.3, "returned": 0.08, "open": 0.12}


@dataclass(frozen=True)
class Cast:
    """Who plays: the villages in order of code, people by village or township code, and the county's."""

    villages: Mapping[str, Division]
    cadres: Mapping[str, User]
    reviewers: Mapping[str, User]
    county: User
    petitions: User
    department: User
    today: date

    def reviewer_of(self, village: str) -> User | None:
        return self.reviewers.get(township_of(village))

    @property
    def shown(self) -> list[Division]:
        """The villages with people of their own."""
        return [self.villages[code] for code in self.cadres]


def clauses_of(month: str) -> list[ClauseChoice]:
    """The clauses of the month's scheme, as the drawing of events needs them."""
    wanted = Clause.objects.filter(scheme=open_month(month).scheme).select_related("indicator").order_by("code")
    return [
        ClauseChoice(
            c.code, c.indicator.code, c.kind, c.points, c.subject, c.recorder, c.document_required, c.second_person
        )
        for c in wanted
    ]


def events(cast: Cast, month: str, rng: Random, *, within: Iterable[str] | None = None) -> int:
    """Draw the month's events for the villages `within` (default all but the shown ones) and import them."""
    villages = list(within) if within is not None else [code for code in cast.villages if code not in cast.cadres]
    clauses = clauses_of(month)
    prefixes = set(villages)
    every = Household.objects.order_by("code").values_list("code", flat=True)
    households = [code for code in every if village_of(code) in prefixes]
    drawn = made_up_events.of_households(households, clauses, month, cast.today, rng)
    groups = sorted({group_of(code) for code in households})
    townships = sorted({township_of(code) for code in villages})
    for places in (groups[:: max(1, len(groups) // 300)], villages, townships):
        drawn += made_up_events.of_divisions(places, clauses, month, cast.today, rng)
    report = import_events(name=f"demo-{month}.csv", data=made_up_events.as_csv(drawn), today=cast.today, again=True)
    if report.refused:
        raise Refused("demo_events", report.errors[0].sentence)
    return len(drawn)


def record(village: Division, month: str, lines: Sequence[Line], rng: Random, *, by: User) -> list[int]:
    """Events of one village as a person records them; returns their numbers."""
    raws = [
        {
            "op_id": str(UUID(int=rng.getrandbits(128), version=4)),
            "type": "add",
            "household" if is_level(code, Level.HOUSEHOLD) else "division": code,
            "clause": clause,
            "date": day.isoformat(),
            "document_no": document,
            "note": note,
            "again": True,
        }
        for code, clause, day, document, note in lines
    ]
    batch = apply_ops(month=month, village=village, raws=raws, base_version=None, by=by)
    return [_applied(outcome.status, outcome.reason, outcome.event) for outcome in batch.outcomes]


def _applied(status: Status, reason: str, event: int | None) -> int:
    if status is not Status.APPLIED or event is None:
        raise Refused("demo_refused", f"演示数据没有登记成功：{reason}")
    return event


def withdraw(village: Division, month: str, event: int, reason: str, rng: Random, *, by: User) -> None:
    """Take one event back."""
    op_id = str(UUID(int=rng.getrandbits(128), version=4))
    raw = {"op_id": op_id, "type": "withdraw", "event": event, "reason": reason}
    (outcome,) = apply_ops(month=month, village=village, raws=[raw], base_version=None, by=by).outcomes
    _applied(outcome.status, outcome.reason, event)


def mistakes(cast: Cast, month: str, rng: Random, *, most: int = 40) -> int:
    """The county office takes back a few of the events imported for villages still open."""
    imported = ScoreEvent.objects.filter(period=month, source=Source.IMPORT, withdrawn_at=None, code__regex="^.{18}$")
    numbers = list(imported.order_by("code", "date", "clause__code", "pk").values_list("pk", "code"))
    chosen = rng.sample(numbers, min(most, round(len(numbers) * WITHDRAWN)))
    for number, code in chosen:
        withdraw(cast.villages[village_of(code)], month, number, rng.choice(_MISTAKES), rng, by=cast.county)
    return len(chosen)


def sign(cast: Cast, month: str, villages: Iterable[str]) -> int:
    """Declare the villages: their cadre where they have one, else the county on their behalf."""
    signed = [
        declare(sheet=sheet_of(month=month, village=cast.villages[code]), by=cast.cadres.get(code)) for code in villages
    ]
    return len(signed)


def finish(cast: Cast, month: str, *, contest: Callable[[], object] | None = None) -> None:
    """Declare everything, have the shown townships review their villages, freeze.

    Of a month that is contested the second shown village is posted and frozen with force all the same. Others that were posted
    are frozen in due course, as far as nothing holds them up; what was never posted is frozen last.
    """
    sign(cast, month, cast.villages)
    for code in cast.villages:
        reviewer = cast.reviewer_of(code)
        if reviewer:
            _approve(cast, month, code, by=reviewer)
    if contest:
        contest()
        freeze_one(month=month, village=list(cast.cadres)[-1], by=cast.county)
        freeze(month=month, on=calendar_of(month).posted(cast.today).freeze_on)
    freeze(month=month, on=cast.today, force=True)
    _told_long_ago()


def _told_long_ago() -> None:
    """That months of the past were frozen without their calendar was news when it happened, and is not news now."""
    PostMessage.objects.filter(kind__in=("sheet.forced", "freeze.forced")).delete()
    OutboxMessage.objects.filter(kind="sheet.forced").delete()


def post_one(cast: Cast, month: str, code: str) -> None:
    """A village that is ahead of the others: declared, reviewed, posted."""
    sign(cast, month, [code])
    _approve(cast, month, code, by=cast.reviewer_of(code))
    post(month=month, on=max(cast.today, calendar_of(month, code).post_from))


def review(cast: Cast, month: str, rng: Random, fates: Mapping[str, str]) -> None:
    """Leave each village in the state that `fates` names, or in one drawn by `REVIEW`."""
    for code in cast.villages:
        fate = fates.get(code) or rng.choices(list(REVIEW), list(REVIEW.values()))[0]
        if fate not in ("open", "posted"):
            sign(cast, month, [code])
        by = cast.reviewer_of(code)
        if fate == "reviewed":
            _approve(cast, month, code, by=by)
        elif fate == "returned":
            sheet = sheet_of(month=month, village=cast.villages[code])
            return_sheet(sheet=sheet, reason=rng.choice(_RETURNS), by=by)


def _approve(cast: Cast, month: str, code: str, *, by: User | None) -> None:
    sheet = sheet_of(month=month, village=cast.villages[code])
    approve(sheet=sheet, opened=[event.pk for event in exceptions_of(sheet)], by=by)
