"""The counter: one page that finds a household, hands out goods, and goes on when the line is dead."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from households.audience import household_in_scope, public
from households.codes import village_of
from households.house.service_workers import OfflinePages
from households.permissions import Permission
from households.register import looking
from rewards.shop.package import one_household, package
from rewards.shop.place import ShopPlace, for_shop

OFFLINE = OfflinePages(cache="counter-1", pages=r"^/shop/\d{12}/counter/$", parts=("/static/", "/pictures/"))


@for_shop(Permission.RUN_SHOP)
@require_safe
def shop_counter(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """The page holds no data: it reads the package and sends hand-overs through the interface."""
    household = request.GET.get("household", "")
    if household and village_of(household_in_scope(place.user, household).code) != place.village.code:
        raise Http404
    context = {
        "place": place,
        "offline": OFFLINE,
        "household": household,
        "package_url": reverse("shop-package", args=[place.village.code]),
        "redemptions_url": reverse("api-redemptions"),
        "offline_url": reverse("api-redemptions-offline"),
    }
    return render(request, "rewards/shop/counter.html", context)


@for_shop(Permission.RUN_SHOP)
@gzip_page
@require_safe
def shop_package(request: HttpRequest, place: ShopPlace) -> HttpResponse:
    """Households, prices and points as of now; with `?household=` one household, its name in full for the cadre."""
    now, code = timezone.now(), request.GET.get("household", "")
    if not code:
        return JsonResponse(package(place.shop, now))
    household = household_in_scope(place.user, code)
    if not household.code.startswith(place.village.code):
        raise Http404
    looking.note(place.user, looking.LISTED, [household.code])
    return JsonResponse(one_household(place.shop, now, household.code, place.user))


@public
@require_safe
def counter_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker's script."""
    return OFFLINE.worker()
