"""The list on which households sign that they were given their plate."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level
from households.permissions import Permission
from households.plates import reads as reading
from households.register import looking


@holders_of(Permission.ISSUE_PLATE)
@require_safe
def plate_handout(request: HttpRequest) -> HttpResponse:
    """Name, number and a place to sign, group by group, for the plates in force; `?group=` one group alone."""
    user = user_of(request)
    village = division_in_scope(user, user.division_id or "", Level.VILLAGE)
    plates = reading.plates_in_force(village.code, group=request.GET.get("group", ""))
    looking.note_list(user, looking.PRINTED, [plate.household_id for plate in plates])
    context = {"village": village, "plates": plates, "today": timezone.localdate()}
    return render(request, "households/plates/handout.html", context)
