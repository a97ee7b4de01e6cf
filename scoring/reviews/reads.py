"""One village's sheet as a township opens it: every exception, a few households drawn by lot, what was decided before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from households.codes import Level, is_level, reaches, village_of
from households.models import Division, Household, User
from households.months import previous_month
from households.scope import lies_in
from scoring.models import Decision, Declaration, HouseholdScore, Review, ReviewLook, ScoreEvent, Sheet
from scoring.reviews.actions.reviewing import exceptions_of
from scoring.reviews.draws import Draw, draw_of, draws_of
from scoring.reviews.looks import Looked, holding, looked_at
from scoring.reviews.queue import QueueLine, VillageTally, flags
from scoring.rules import Kind
from scoring.sheets.reads import moved_after
from scoring.states import SheetState


@dataclass(frozen=True, slots=True)
class ReviewedEntry:
    """One exception with the thing it is recorded against: a household, or a division of the village."""

    event: ScoreEvent
    household: Household | None
    place: Division | None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A drawn household, its score of the month before (None when it had none), whether it has exceptions of its own, and
    the last look at it.
    """

    household: Household
    previous: int | None
    excepted: bool = False
    look: ReviewLook | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Households with exceptions last month and this month: those that are in both, new or gone, and entries under the same
    clause again.
    """

    before: int
    fresh: int
    gone: int
    repeated: int


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """One sheet as a reviewer sees it."""

    sheet: Sheet
    tally: VillageTally
    declaration: Declaration | None
    entries: list[ReviewedEntry]
    withdrawn: list[ReviewedEntry]
    sample: list[Sampled]
    reviews: list[Review]
    draw: Draw | None = None
    compared: Compared = Compared(0, 0, 0, 0)
    looks: list[ReviewLook] = field(default_factory=list)

    @property
    def state(self) -> SheetState:
        return SheetState(self.sheet.state)

    @property
    def flags(self) -> list[str]:
        last = self.reviews[0] if self.reviews else None
        return flags(self.tally, last) if self.state is SheetState.DECLARED else []

    @property
    def sent_back(self) -> Review | None:
        """The last decision, when it was to send the sheet back: what has changed since is what the reviewer asks first."""
        last = self.reviews[0] if self.reviews else None
        return last if last and last.decision == Decision.RETURN else None

    @property
    def added_since(self) -> list[ReviewedEntry]:
        """Standing entries made or confirmed since the sheet was sent back."""
        back = self.sent_back
        return [entry for entry in self.entries if back and moved_after(entry.event, back.at)]

    @property
    def withdrawn_since(self) -> list[ReviewedEntry]:
        """Entries taken back since then."""
        back = self.sent_back
        return [entry for entry in self.withdrawn if back and moved_after(entry.event, back.at)]

    @property
    def revoked(self) -> Review | None:
        """The last decision, when the county sent the approval back."""
        last = self.reviews[0] if self.reviews else None
        return last if last and last.decision == Decision.REVOKE else None

    def looked(self, reader: User) -> Looked:
        """What the reader has opened, as far as it still holds."""
        since = max((one.at for one in self.reviews if one.decision == Decision.REVOKE), default=None)
        own = [one for one in self.looks if one.by_id == reader.pk and (since is None or one.at > since)]
        return holding(own, [entry.event for entry in self.entries], self.declaration)

    def seen_by(self, reader: User) -> list[int]:
        """Standing entries that the reader opened, also before sending the sheet back, and that have not moved since."""
        seen, back = self.looked(reader).events, self.sent_back
        if back and back.by_id == reader.pk:
            moved = {entry.event.pk for entry in self.added_since}
            seen = seen | {pk for pk in back.opened if pk not in moved}
        return sorted(seen)

    @property
    def untouched(self) -> int:
        """Households that the declaration says held all six zeros without an entry."""
        return len(self.declaration.households) - self.declaration.exceptions if self.declaration else 0


def open_sheet(sheet: Sheet) -> OpenedSheet:
    """Everything a reviewer needs of one sheet. Ten queries, however many exceptions."""
    standing = exceptions_of(sheet)
    taken_back = _withdrawn(sheet)
    signed = Declaration.objects.filter(sheet=sheet.pk, withdrawn_at=None).select_related("signed_by", "sheet")
    declaration = signed.first()
    named = {event.code for event in (*standing, *taken_back)}
    draw = draw_of(declaration) if declaration else None
    drawn = draw.households if draw else []
    looks = list(ReviewLook.objects.filter(sheet=sheet.pk).select_related("by"))
    households = Household.objects.select_related("group").in_bulk(
        [*(code for code in named if is_level(code, Level.HOUSEHOLD)), *drawn]
    )
    places = Division.objects.in_bulk([code for code in named if not is_level(code, Level.HOUSEHOLD)])
    return OpenedSheet(
        sheet=sheet,
        tally=tally_of(standing),
        declaration=declaration,
        entries=[ReviewedEntry(event, households.get(event.code), places.get(event.code)) for event in standing],
        withdrawn=[ReviewedEntry(event, households.get(event.code), places.get(event.code)) for event in taken_back],
        sample=_sampled(sheet, [households[code] for code in drawn if code in households], standing, looks),
        reviews=list(Review.objects.filter(sheet=sheet.pk).select_related("by")),
        draw=draw,
        compared=_compared(sheet, standing),
        looks=looks,
    )


def tally_of(events: Iterable[ScoreEvent]) -> VillageTally:
    """The same counts as the queue's, from events already fetched."""
    listed = list(events)
    times = [event.recorded_at for event in listed]
    return VillageTally(
        exceptions=len(listed),
        households=len({event.code for event in listed if is_level(event.code, Level.HOUSEHOLD)}),
        pending=sum(event.confirmed_at is None for event in listed),
        bonuses=sum(event.kind == Kind.BONUS for event in listed),
        first=min(times, default=None),
        last=max(times, default=None),
    )


def _withdrawn(sheet: Sheet) -> list[ScoreEvent]:
    inside = ScoreEvent.objects.filter(lies_in(sheet.village_id), period=sheet.period_id, withdrawn_at__isnull=False)
    return list(inside.select_related("clause__indicator", "recorded_by", "withdrawn_by").order_by("withdrawn_at"))


def _sampled(
    sheet: Sheet, households: Sequence[Household], standing: Iterable[ScoreEvent], looks: Iterable[ReviewLook]
) -> list[Sampled]:
    before = HouseholdScore.objects.filter(
        month=previous_month(sheet.period_id), code__in=[household.code for household in households]
    )
    scores, excepted = dict(before.values_list("code", "score")), {event.code for event in standing}
    last = {look.household: look for look in looks if look.household}
    return [Sampled(one, scores.get(one.code), one.code in excepted, last.get(one.code)) for one in households]


def _compared(sheet: Sheet, standing: Iterable[ScoreEvent]) -> Compared:
    inside = ScoreEvent.objects.standing().filter(lies_in(sheet.village_id), period=previous_month(sheet.period_id))
    before = set(inside.order_by().values_list("code", "clause__code"))
    now = {(event.code, event.clause.code) for event in standing}
    had, has = {code for code, _ in before}, {code for code, _ in now}
    return Compared(len(had), len(has - had), len(had - has), len(now & before))


def looked_through(lines: Sequence[QueueLine], month: str, by: User) -> set[str]:
    """The waiting villages whose exceptions and drawn households the person has all opened. At most six queries."""
    sheets = {
        sheet.pk: sheet
        for sheet in Sheet.objects.filter(period=month, village__in=[line.village.code for line in lines])
    }
    looks = looked_at(sheets.values(), by)
    if not looks:
        return set()
    signed = Declaration.objects.filter(sheet__in=looks, withdrawn_at=None).select_related("sheet")
    draws = draws_of(signed)
    places = Q(pk__in=[])
    for draw in draws:
        places |= lies_in(draw.village)
    standing: dict[str, list[ScoreEvent]] = {}
    for event in ScoreEvent.objects.standing().filter(places, period=month):
        standing.setdefault(village_of(event.code) if reaches(event.code, Level.VILLAGE) else "", []).append(event)
    found = set()
    for draw in draws:
        exceptions = standing.get(draw.village, [])
        looked = holding(looks[draw.declaration.sheet_id], exceptions, draw.declaration)
        if looked.lacking(exceptions, draw.households) == ([], []) and not looked.differing:
            found.add(draw.village)
    return found
