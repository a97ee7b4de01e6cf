"""The draws of a month, for everybody: what each hangs on and which households it gave."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.audience import public
from households.codes import Level, is_code
from households.months import label
from scoring.addresses import month_of_address
from scoring.models import Declaration
from scoring.reviews.draws import draw_of
from scoring.reviews.rules import DRAWN


@public
@require_safe
def draws(request: HttpRequest, month: str) -> HttpResponse:
    """The villages that have declared, each leading to its draw."""
    month = month_of_address(month)
    signed = Declaration.objects.filter(sheet__period=month, withdrawn_at=None).order_by("sheet__village")
    villages = signed.values_list("sheet__village_id", "sheet__village__name", "sheet__village__parent__name")
    return render(request, "scoring/reviews/draws.html", {"month": month, "villages": list(villages)})


@public
@require_safe
def draw(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """One village's draw, with everything that is needed to work it out again. No name, and nothing about any household."""
    if not is_code(village, Level.VILLAGE):
        raise Http404
    signed = Declaration.objects.filter(
        sheet__period=month_of_address(month), sheet__village=village, withdrawn_at=None
    )
    declaration = signed.select_related("sheet__village__parent").first()
    if declaration is None:
        raise Http404
    found = draw_of(declaration)
    context = {
        "draw": found,
        "village": declaration.sheet.village,
        "month": month,
        "title": f"{declaration.sheet.village.name}{label(month)}抽查",
        "size": DRAWN,
        "pool": sorted(declaration.households),
        "county": village[:6],
    }
    return render(request, "scoring/reviews/draw.html", context)
