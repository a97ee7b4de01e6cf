"""Behind the plate: one record of the household, the posts whose hands it went through, and its photos."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.files.answers import shown
from households.models import Plate
from households.plates.audience import of_household
from scoring.evidence import reads
from scoring.reasons import label_of
from scoring.why.hands import hands_of


@of_household
@require_safe
def household_event(request: HttpRequest, plate: Plate, event: int) -> HttpResponse:
    """What was recorded, who had it in hand by post, and the photos that stand."""
    found = reads.event_of_household(plate.household_id, event)
    context = {
        "token": plate.token,
        "event": found,
        "hands": hands_of([found], named=False)[found.pk],
        "photos": [photo for photo in reads.photos_of(found) if photo.withdrawn_at is None],
        "withdrawn": label_of(getattr(found, "public_reason", "") or found.withdraw_reason),
    }
    return render(request, "scoring/evidence/household_event.html", context)


@of_household
@require_safe
def household_event_photo(request: HttpRequest, plate: Plate, event: int, photo: int) -> HttpResponse:
    """One of its photos."""
    found = reads.photo_shown(reads.event_of_household(plate.household_id, event), photo)
    return shown(bytes(found.content), f"记录-{found.event_id}-{found.pk}.jpg", private=True)
