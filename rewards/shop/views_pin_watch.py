"""For the supervisor: what followed a PIN that an official had just handed out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.models import User
from households.permissions import Permission
from rewards.shop.pin_watch import uses


@holders_of(Permission.WATCH_PINS)
@require_safe
def pin_watch(request: HttpRequest) -> HttpResponse:
    """The reader's own subtree, the last sixty days."""
    found = uses(user_of(request))
    accounts = {name for use in found for name in (use.by, use.hand_out.by)}
    people = dict(User.objects.filter(username__in=accounts).values_list("username", "display_name"))
    rows = [(use, people.get(use.by, ""), people.get(use.hand_out.by, use.hand_out.by)) for use in found]
    return render(request, "rewards/shop/pin_watch.html", {"rows": rows, "days": settings.PIN_WATCH_DAYS})
