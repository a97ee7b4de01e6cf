"""What this room empties of an erased household, and what keeps one. Points, dates, clauses and listed reasons stay."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from households.retention.registry import WORDS_GONE
from scoring.models import (
    Adjustment,
    EventPhoto,
    Finding,
    FindingAnswer,
    Objection,
    ObjectionPhoto,
    ObjectionStep,
    PointAdjustment,
    ReviewLook,
    ScoreEvent,
    Withholding,
)
from scoring.models.accounts import OwnerKind
from scoring.models.point_adjustments import AskState
from scoring.states import AdjustmentState, WithholdingState


def erase(codes: Sequence[str]) -> None:
    """Words of events and corrections; the triggers let them become WORDS_GONE alone. Entries of points say what is listed."""
    _empty(ScoreEvent.objects.filter(code__in=codes), "document_no", "note", "withdraw_reason")
    _empty(Adjustment.objects.filter(code__in=codes), "document_no", "note", "reason", "answer")
    _empty(PointAdjustment.objects.filter(owner__in=codes, owner_kind=OwnerKind.HOUSEHOLD), "reason", "answer")
    _empty(Withholding.objects.filter(place__in=codes), "why", "answer")
    _empty(Finding.objects.filter(code__in=codes), "document_no", "note", "withdraw_reason")
    _empty(FindingAnswer.objects.filter(finding__code__in=codes), "words")
    _empty(ReviewLook.objects.filter(household__in=codes), "note")
    _objections(codes)
    _photos(codes)


def _photos(codes: Sequence[str]) -> None:
    """Photos of events, and why one was withdrawn."""
    photos = EventPhoto.objects.filter(event__code__in=codes)
    photos.update(content=WORDS_GONE.encode())
    _empty(photos, "withdraw_reason")


def _objections(codes: Sequence[str]) -> None:
    """What lies sealed of objections: words and photos."""
    Objection.objects.filter(code__in=codes).update(text=WORDS_GONE)
    ObjectionStep.objects.filter(objection__code__in=codes, words__isnull=False).update(words=WORDS_GONE)
    ObjectionPhoto.objects.filter(objection__code__in=codes).update(content=WORDS_GONE.encode())


def held(codes: Sequence[str]) -> Iterator[str]:
    """Whoever still waits for a decision: a correction of a month or of points, words to be withheld."""
    yield from Objection.objects.open().filter(code__in=codes).values_list("code", flat=True)
    yield from Adjustment.objects.filter(code__in=codes, state=AdjustmentState.ASKED).values_list("code", flat=True)
    yield from PointAdjustment.objects.filter(owner__in=codes, state=AskState.ASKED).values_list("owner", flat=True)
    yield from Withholding.objects.filter(place__in=codes, state=WithholdingState.ASKED).values_list("place", flat=True)


def _empty(rows: "QuerySet[Any]", *columns: str) -> None:
    for column in columns:
        rows.exclude(**{column: ""}).update(**{column: WORDS_GONE})
