"""The page on which a reception is written down: it works from what it took along, with a line or without one."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from households.audience import holders_of, public, user_of
from households.house.service_workers import OfflinePages
from households.permissions import Permission
from petitions.receptions.package import package
from petitions.receptions.reads import in_sight

OFFLINE = OfflinePages(cache="reception-1", pages=r"^/petitions/days/\d+/record/$")


@holders_of(Permission.RUN_RECEPTIONS)
@require_safe
def reception_record(request: HttpRequest, reception: int) -> HttpResponse:
    """The page holds no data: it reads the package and sends records through the interface."""
    found = in_sight(reception, user_of(request))
    context = {
        "reception": found.pk,
        "offline": OFFLINE,
        "package_url": reverse("reception-package", args=[found.pk]),
        "records_url": reverse("api-reception-records", args=[found.pk]),
    }
    return render(request, "petitions/receptions/record.html", context)


@holders_of(Permission.RUN_RECEPTIONS)
@gzip_page
@require_safe
def reception_package(request: HttpRequest, reception: int) -> HttpResponse:
    """The list with its briefings as of now; stored by the page alone, never by a cache."""
    content = package(in_sight(reception, user_of(request)), user_of(request), timezone.now())
    return JsonResponse(content, headers={"Cache-Control": "private, no-store"})


@public
@require_safe
def reception_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker's script."""
    return OFFLINE.worker()


urlpatterns: list[URLPattern] = [
    path("petitions/days/worker.js", reception_worker, name="reception-worker"),
    path("petitions/days/<int:reception>/record/", reception_record, name="reception-record"),
    path("petitions/days/<int:reception>/record/package/", reception_package, name="reception-package"),
]
