"""The counter: one page that finds a household, hands out goods, and goes on when the line is dead."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from households.audience import household_in_scope, public
from households.codes import village_of
from households.permissions import Permission
from households.service_workers import worker_script
from rewards.shop.package import one_household, package
from rewards.shop.place import Place, for_shop

# What counter.js imports, named so that the worker can keep it and a slow line need not wait for one script to learn of the next.
_SHARED = ("dom", "ops", "sheet_server", "kept_log", "kept_page", "kept_store")
_PARTS = ("basket", "find", "give", "hash", "scan", "server", "sign", "store")
MODULES = (*(f"js/{name}.js" for name in _SHARED), *(f"js/counter_{part}.js" for part in _PARTS))


@for_shop(Permission.RUN_SHOP)
@require_safe
def shop_counter(request: HttpRequest, place: Place) -> HttpResponse:
    """The page holds no data: it reads the package and sends hand-overs through the interface."""
    household = request.GET.get("household", "")
    if household and village_of(household_in_scope(place.user, household).code) != place.village.code:
        raise Http404
    context = {
        "place": place,
        "modules": MODULES,
        "household": household,
        "package_url": reverse("shop-package", args=[place.village.code]),
        "redemptions_url": reverse("api-redemptions"),
        "offline_url": reverse("api-redemptions-offline"),
    }
    return render(request, "rewards/shop/counter.html", context)


@for_shop(Permission.RUN_SHOP)
@gzip_page
@require_safe
def shop_package(request: HttpRequest, place: Place) -> HttpResponse:
    """Households, prices and points as of now; with `?household=` one household, its name in full for the cadre."""
    now, code = timezone.now(), request.GET.get("household", "")
    if not code:
        return JsonResponse(package(place.shop, now))
    household = household_in_scope(place.user, code)
    if not household.code.startswith(place.village.code):
        raise Http404
    return JsonResponse(one_household(place.shop, now, household.code, place.user))


@public
@never_cache
@require_safe
def counter_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker's script."""
    return worker_script("js/counter_worker.js")
