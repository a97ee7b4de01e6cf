"""What goes to paper: plates without PINs, PINs without plates, and the list on which households sign for theirs.

Whoever finds a sheet of plates finds no PIN on it, and the other way round.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from households.audience import user_of
from households.files import qr
from households.models import Household
from households.plates import reads as reading
from households.plates import slips
from households.plates.views import cadres, village_of
from households.register import looking


@cadres
@require_safe
def plate_slips(request: HttpRequest, batch: str) -> HttpResponse:
    """The PINs just issued, to fold and to hand over; for half an hour, to the one who issued them."""
    kept = slips.read(batch, by=user_of(request))
    if kept is None:
        return _gone(request)
    context = {"slips": kept, "village": village_of(request), "batch": batch}
    return render(request, "households/plates/slips.html", context)


@cadres
@require_safe
def plate_slips_plates(request: HttpRequest, batch: str) -> HttpResponse:
    """The plates just issued, without their PINs."""
    kept = slips.read(batch, by=user_of(request))
    return _gone(request) if kept is None else _plates(request, kept, batch)


@cadres
@require_safe
def plate_slips_receipts(request: HttpRequest, batch: str) -> HttpResponse:
    """The list to hand out by: number, household, and room to sign."""
    kept = slips.read(batch, by=user_of(request))
    if kept is None:
        return _gone(request)
    looking.note_list(user_of(request), looking.PRINTED, [slip.household for slip in kept])
    heads = dict(Household.objects.filter(code__in=[slip.household for slip in kept]).values_list("code", "head_name"))
    lines = [(slip, heads.get(slip.household, "")) for slip in kept]
    context = {"lines": lines, "village": village_of(request), "batch": batch}
    return render(request, "households/plates/receipts.html", context)


@cadres
@require_POST
def forget_slips(request: HttpRequest, batch: str) -> HttpResponse:
    """The paper is printed: nobody sees these PINs here again."""
    slips.forget(batch, by=user_of(request))
    messages.success(request, "密码已经从系统里清掉。")
    return redirect("plates")


@cadres
@require_safe
def plate_sheet(request: HttpRequest) -> HttpResponse:
    """The plates in force once more."""
    found = reading.plates_in_force(village_of(request).code, group=request.GET.get("group", ""))
    looking.note_list(user_of(request), looking.PRINTED, [plate.household_id for plate in found])
    return _plates(request, [slips.slip_of(plate) for plate in found])


def _plates(request: HttpRequest, found: list[slips.PlateSlip], batch: str = "") -> HttpResponse:
    drawn = [(slip, qr.data_uri(qr.address(slip.token))) for slip in found]
    context = {"plates": drawn, "village": village_of(request), "batch": batch}
    return render(request, "households/plates/sheet.html", context)


def _gone(request: HttpRequest) -> HttpResponse:
    messages.warning(request, "这批密码已经清掉了。谁家没有拿到，请在名单里给他换密码。")
    return redirect("plates")
