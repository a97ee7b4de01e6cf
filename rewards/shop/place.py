"""Which village's shop an address is about: loaded inside the reader's scope, or not found."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level
from households.models import Division, User
from households.permissions import Permission, may
from rewards.models import Shop

ShopView = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class ShopPlace:
    """The shop, and what the reader may do there."""

    village: Division
    shop: Shop
    user: User

    @property
    def runs(self) -> bool:
        """Whether the reader keeps the shop."""
        return may(self.user, Permission.RUN_SHOP, at=self.village.code)

    @property
    def witnesses(self) -> bool:
        """Whether the reader witnesses its stocktakes."""
        return may(self.user, Permission.WITNESS_STOCK, at=self.village.code)


def village_in_scope(request: HttpRequest, village: str) -> Division:
    """The village inside the reader's subtree, or 404."""
    return division_in_scope(user_of(request), village, Level.VILLAGE)


def for_shop(permission: Permission) -> Callable[[ShopView], Any]:
    """The view gets the `ShopPlace` of the address; 403 without `permission`, 404 outside the scope.

    A village that has no shop yet leads to its overview, which says so.
    """

    def decorate(view: ShopView) -> Any:
        @wraps(view)
        def guarded(request: HttpRequest, village: str, *args: Any, **kwargs: Any) -> HttpResponse:
            division = village_in_scope(request, village)
            shop = Shop.objects.filter(pk=division.code).first()
            if shop is None:
                if request.method not in ("GET", "HEAD"):
                    raise Http404
                return redirect("shop", division.code)
            shop.village = division
            return view(request, ShopPlace(division, shop, user_of(request)), *args, **kwargs)

        return holders_of(permission)(guarded)

    return decorate
