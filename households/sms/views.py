"""What was told households and filers, for staff: numbers by kind, and slips of paper for whom no SMS reached."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.codes import Level, is_level
from households.models import OutboxState
from households.outbox import reads
from households.permissions import Permission
from households.plates.views import cadres, village_of
from households.register import looking


@holders_of(Permission.SEE_OUTBOX)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """States by kind, of the county or of one's own village. No household, no number, and nobody's reading."""
    place = user_of(request).division_id or "-"
    context = {
        "counts": reads.counts(place, petitions=is_level(place, Level.COUNTY)),
        "states": OutboxState.labels,
        "days": reads.SINCE.days,
        "off": settings.SMS is None,
        "prints": is_level(place, Level.VILLAGE),
    }
    return render(request, "households/sms/outbox.html", context)


@cadres
@require_safe
def outbox_slips(request: HttpRequest) -> HttpResponse:
    """A slip for each household that was told something and had no SMS, to go round with the month's notice."""
    village = village_of(request)
    found = reads.slips(village.code)
    looking.note_list(user_of(request), looking.PRINTED, [household.code for household, _ in found])
    context = {"village": village, "slips": found, "days": reads.SINCE.days, "today": timezone.localdate()}
    return render(request, "households/sms/slips.html", context)
