"""An event with its photos, as far as somebody may look at them."""

from collections.abc import Sequence

from django.http import Http404

from households.codes import Level, is_level
from households.models import User
from households.register import looking
from households.retention.registry import WORDS_GONE
from scoring.models import EventPhoto, ScoreEvent
from scoring.readers import Reader
from scoring.sheets.actions.entries import is_secret_from

ERASED = WORDS_GONE.encode()  # what is left of a photo of a household that left long ago
OF_HOUSEHOLD, OF_PLACE = "household.photo", "place.photo"
_PEOPLE = ("clause__indicator", "period", "recorded_by", "confirmed_by", "withdrawn_by")


def event_in_reach(user: User, number: int) -> ScoreEvent:
    """The event as it stands on the sheet of the person's place; 404 outside it, and of what is kept from them."""
    found = ScoreEvent.objects.within(user.scope).select_related(*_PEOPLE).with_photo_counts().filter(pk=number).first()
    if found is None or is_secret_from(found, user):
        raise Http404
    return found


def event_of_household(code: str, number: int) -> ScoreEvent:
    """One of the household's own; 404 for any other."""
    found = ScoreEvent.objects.filter(code=code, pk=number).select_related(*_PEOPLE).with_public_reasons().first()
    if found is None:
        raise Http404
    return found


def photos_of(event: ScoreEvent) -> Sequence[EventPhoto]:
    """All that were added, the withdrawn ones without their pixels."""
    return list(EventPhoto.objects.filter(event=event).defer("content").select_related("by", "withdrawn_by"))


def standing(event: ScoreEvent) -> int:
    """How many photos of the event stand."""
    return EventPhoto.objects.filter(event=event, withdrawn_at=None).count()


def photo_shown(event: ScoreEvent, number: int) -> EventPhoto:
    """One that stands, with its pixels; 404 for one that was withdrawn or belongs elsewhere."""
    found = EventPhoto.objects.filter(event=event, pk=number, withdrawn_at=None).first()
    if found is None or bytes(found.content) == ERASED:
        raise Http404
    return found


def photo_for(user: User, event: ScoreEvent, number: int) -> EventPhoto:
    """The same for a member of staff, written down; a household reads of it."""
    if not Reader(user).sees_photos(event.code, event.recorded_by):
        raise Http404
    found = photo_shown(event, number)
    looking.note(user, OF_HOUSEHOLD if is_level(event.code, Level.HOUSEHOLD) else OF_PLACE, [event.code])
    return found
