"""Wishes to have content erased, for the petition office to decide, and what it keeps from erasure."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.permissions import Permission
from petitions.models import Petition

MAX_SHOWN = 200


@holders_of(Permission.ROUTE_PETITIONS)
@require_safe
def petition_erasures(request: HttpRequest) -> HttpResponse:
    """The wishes that wait for an answer, the oldest first; then what is held."""
    own = Petition.objects.visible_to(user_of(request)).without_content()
    context = {
        "asked": own.exclude(erasure_asked_at=None).order_by("erasure_asked_at")[:MAX_SHOWN],
        "held": own.filter(held=True).order_by("-id")[:MAX_SHOWN],
        "years": settings.PETITION_KEEP_YEARS,
        "papers_years": settings.PETITION_KEEP_PAPERS_YEARS,
    }
    return render(request, "petitions/erasing/list.html", context)


urlpatterns: list[URLPattern] = [path("petitions/erasures/", petition_erasures, name="petition-erasures")]
