"""An event with its photos, as far as somebody may look at them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from households.codes import Level, is_level
from households.models import User
from households.permissions import Permission, may
from households.register import looking
from households.retention.registry import WORDS_GONE
from scoring.models import EventPhoto, Finding, PaperSheet, ScoreEvent, Source
from scoring.readers import Reader
from scoring.sheets.actions.entries import is_secret_from


@dataclass(frozen=True, slots=True)
class EventDocument:
    """What an event rests on, in words; `url` is where the reader may look at it, empty for who may not."""

    what: str
    url: str


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


def documents_of(event: ScoreEvent, user: User) -> list[EventDocument]:
    """The paper sheet that it was keyed in from, kept as a photo, and the department's finding that it came of."""
    found: list[EventDocument] = []
    if event.source == Source.PAPER:
        papers = PaperSheet.objects.filter(period=event.period_id, batch__added__contains=[event.pk])
        found += [_paper(paper, user) for paper in papers.defer("photo")]
    if event.source == Source.FINDING:
        found += [_finding(one, user) for one in Finding.objects.filter(event=event).select_related("department")]
    return found


def _paper(paper: PaperSheet, user: User) -> EventDocument:
    """For those of the village who record in its group, as on its own page."""
    opens = may(user, Permission.RECORD_EVENT) and user.works_in_village and user.scope.covers(paper.group_id)
    return EventDocument(f"纸质台账 {paper.token}（照片）", reverse("paper-photo", args=[paper.pk]) if opens else "")


def _finding(one: Finding, user: User) -> EventDocument:
    opens = may(user, Permission.SEE_FINDINGS) and user.department_id in (None, one.department_id)
    what = f"{one.department.name}的认定，文书号 {one.document_no}"
    return EventDocument(what, reverse("finding", args=[one.pk]) if opens else "")
