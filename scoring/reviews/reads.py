"""One village's sheet as a township opens it: every exception, a few households drawn by lot, what was decided before."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

from households.codes import Level, is_level
from households.models import Division, Household, User
from households.months import previous_month
from households.scope import lies_in
from scoring.models import Decision, Declaration, HouseholdScore, Review, ScoreEvent, Sheet
from scoring.reviews.actions.reviewing import exceptions_of
from scoring.reviews.queue import VillageTally, flags
from scoring.rules import Kind
from scoring.sheets.reads import moved_after
from scoring.states import SheetState

SAMPLE = 5  # households without exceptions that a reviewer is shown


@dataclass(frozen=True, slots=True)
class ReviewedEntry:
    """One exception with the thing it is recorded against: a household, or a division of the village."""

    event: ScoreEvent
    household: Household | None
    place: Division | None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A household without exceptions, and its score of the month before (None when it had none)."""

    household: Household
    previous: int | None


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

    def seen_by(self, reader: User) -> list[int]:
        """Standing entries that the reader opened before sending the sheet back, and that have not moved since."""
        back = self.sent_back
        if back is None or back.by_id != reader.pk:
            return []
        moved = {entry.event.pk for entry in self.added_since}
        return [pk for pk in back.opened if pk not in moved]

    @property
    def untouched(self) -> int:
        """Households that the declaration says held all six zeros without an entry."""
        return len(self.declaration.households) - self.declaration.exceptions if self.declaration else 0


def open_sheet(sheet: Sheet) -> OpenedSheet:
    """Everything a reviewer needs of one sheet. Eight queries, however many exceptions."""
    standing = exceptions_of(sheet)
    taken_back = _withdrawn(sheet)
    declaration = Declaration.objects.filter(sheet=sheet, withdrawn_at=None).select_related("signed_by").first()
    named = {event.code for event in (*standing, *taken_back)}
    drawn = _draw(declaration, {event.code for event in standing})
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
        sample=_sampled(sheet, [households[code] for code in drawn if code in households]),
        reviews=list(Review.objects.filter(sheet=sheet).select_related("by")),
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


def _draw(declaration: Declaration | None, touched: set[str]) -> list[str]:
    """A few untouched households: the same for every look at one declaration, and nobody can tell them before it."""
    if declaration is None:
        return []
    untouched = sorted(set(declaration.households) - touched)
    seed = salted_hmac("scoring.review_sheet.sample", str(declaration.pk), settings.CODE_KEY).digest()
    return sorted(random.Random(seed).sample(untouched, min(SAMPLE, len(untouched))))  # noqa: S311 (seeded by a key)


def _sampled(sheet: Sheet, households: Sequence[Household]) -> list[Sampled]:
    before = HouseholdScore.objects.filter(
        month=previous_month(sheet.period_id), code__in=[household.code for household in households]
    )
    scores = dict(before.values_list("code", "score"))
    return [Sampled(household, scores.get(household.code)) for household in households]
