"""核对报警: what checks of the schedule found, for those who answer for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from households.alarms.actions import acknowledge
from households.alarms.reads import closed, groups
from households.audience import holders_of, user_of
from households.permissions import Permission
from households.refusals import Refused

answerable = holders_of(Permission.HEAR_ALARMS)


@answerable
@require_safe
def alarms(request: HttpRequest) -> HttpResponse:
    """What nobody has answered for, what is known and still there, what is over."""
    return _page(request)


@answerable
@require_POST
def acknowledge_alarm(request: HttpRequest, alarm: int) -> HttpResponse:
    """Somebody puts their name to a finding, or to all of its rule."""
    remark, together = request.POST.get("remark", ""), request.POST.get("together") == "on"
    try:
        seen = acknowledge(alarm=alarm, remark=remark, together=together, by=user_of(request))
    except Refused as refusal:
        return _page(request, refusal=refusal, asked=alarm, remark=remark)
    messages.success(request, f"已记下您知悉 {seen} 条。消除以前它们还列在这里。")
    return redirect("alarms")


def _page(
    request: HttpRequest, refusal: Refused | None = None, asked: int | None = None, remark: str = ""
) -> HttpResponse:
    user = user_of(request)
    unseen, seen = groups(user)
    context = {"unseen": unseen, "seen": seen, "closed": closed(user)}
    told = {"refusal": refusal, "asked": asked, "remark": remark}
    return render(request, "households/alarms/alarms.html", context | told, status=refusal.status if refusal else 200)
