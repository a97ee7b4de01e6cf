"""The public log of restatements: open to everybody, counts only."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.audience import published
from scoring.restatements import public_log

PER_PAGE = 20


@published
@require_safe
def public_restatements(request: HttpRequest) -> HttpResponse:
    """Of `?county=`, or of the first county that has published a ranking."""
    counties = public_log.counties()
    asked = request.GET.get("county", "")
    county = next((one for one in counties if asked in ("", one.code)), None)
    if asked and county is None:
        raise Http404
    found = public_log.restatements_of(county.code) if county else []
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"county": county, "counties": counties, "page": page, "lines": public_log.counted(page)}
    return render(request, "scoring/restatements/public.html", context)
