"""Answered petitions that everybody may read: redacted by a person, under numbers of their own."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import published
from petitions.models import Channel
from petitions.publishing import reads as publications

PER_PAGE = 20


@published
@require_safe
def public_petitions(request: HttpRequest) -> HttpResponse:
    """The list with what was asked and answered, and the year in figures."""
    counties = publications.counties()
    county = request.GET.get("county", "") or (counties[0][0] if counties else "")
    if county not in dict(counties):
        raise Http404
    wanted = publications.asked(request.GET)
    page = Paginator(publications.found(county, wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "county": dict(counties)[county],
        "counties": counties if len(counties) > 1 else [],
        "county_code": county,
        "wanted": wanted,
        "page": page,
        "figures": publications.year_figures(county, timezone.localdate()),
        "channels": Channel.choices,
        **publications.choices(county),
    }
    return render(request, "petitions/publishing/public.html", context)


urlpatterns: list[URLPattern] = [path("petitions/public/", public_petitions, name="petitions-public")]
