"""待办和消息: what waits for the person, and what their post was told of late."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import signed_in, user_of
from households.house.waiting import waiting_for
from households.inbox import badge
from households.inbox.reads import SINCE, told


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Nothing is marked as read, here or elsewhere: what waits goes when it is done, what happened after a month."""
    user = user_of(request)
    waits = waiting_for(user, timezone.localdate())
    badge.remember(user, waits)
    context = {"waits": waits, "told": told(user), "days": SINCE.days}
    return render(request, "households/inbox/inbox.html", context)


@signed_in
@require_safe
def inbox_number(request: HttpRequest) -> HttpResponse:
    """The number for the menu of a page that came without one."""
    user = user_of(request)
    number = badge.remembered(user)
    if number is None:
        number = badge.remember(user, waiting_for(user, timezone.localdate()))
    return render(request, "households/inbox/_number.html", {"number": number})
