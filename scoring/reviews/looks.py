"""What a reviewer has opened of a sheet, as the server wrote it down."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Max

from households.models import User
from scoring.models import Decision, Declaration, LookFound, Review, ReviewLook, ScoreEvent, Sheet
from scoring.sheets.reads import moved_after


@dataclass(slots=True)
class Looked:
    """One person's looks at one sheet that still hold: entries that have not moved since, and households of the
    declaration in force, each with what was found last.
    """

    events: set[int] = field(default_factory=set)
    households: dict[str, ReviewLook] = field(default_factory=dict)

    @property
    def differing(self) -> int:
        """Drawn households that were found to differ from what was declared."""
        return sum(look.found == LookFound.DIFFERS for look in self.households.values())

    def lacking(self, exceptions: Iterable[ScoreEvent], drawn: Iterable[str]) -> tuple[list[int], list[str]]:
        """Exceptions and drawn households that have not been opened."""
        unseen = [event.pk for event in exceptions if event.pk not in self.events]
        return unseen, [code for code in drawn if code not in self.households]


def looked_at(sheets: Iterable[Sheet], by: User) -> dict[int, list[ReviewLook]]:
    """The person's looks by sheet, oldest first, those from before the county sent an approval back left out. Two queries."""
    ids = [sheet.pk for sheet in sheets]
    revoked = Review.objects.filter(sheet__in=ids, decision=Decision.REVOKE).order_by()
    since = dict(revoked.values_list("sheet").annotate(Max("at")))
    found: dict[int, list[ReviewLook]] = {}
    for look in ReviewLook.objects.filter(sheet__in=ids, by=by).order_by("id"):
        if look.sheet_id not in since or look.at > since[look.sheet_id]:
            found.setdefault(look.sheet_id, []).append(look)
    return found


def holding(looks: Iterable[ReviewLook], exceptions: Iterable[ScoreEvent], declaration: Declaration | None) -> Looked:
    """Which of the looks still hold."""
    at_hand = {event.pk: event for event in exceptions}
    looked = Looked()
    for look in looks:
        event = at_hand.get(look.event or 0)
        if event and not moved_after(event, look.at):
            looked.events.add(event.pk)
        elif look.household and declaration and look.declaration_id == declaration.pk:
            looked.households[look.household] = look
    return looked
