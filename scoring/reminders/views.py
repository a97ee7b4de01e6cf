"""The reminders of a village: their days, what was put right, and the deduction that follows what was not."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import village_of
from households.fields import OnceForm
from households.permissions import Permission
from households.refusals import Refused
from scoring.batches.reads import people_of
from scoring.evidence.reads import event_in_reach
from scoring.models import ScoreEvent
from scoring.reminders.actions import follow, put_right, set_day
from scoring.reminders.forms import ReminderDayForm, ReminderFollowForm
from scoring.reminders.reads import reminders_of
from scoring.sheets.reads import only_village, place_in_reach

recording = holders_of(Permission.RECORD_EVENT)


@recording
@require_safe
def reminders(request: HttpRequest, month: str) -> HttpResponse:
    """What households of the village were reminded of, this month and in the two before it."""
    user, today = user_of(request), timezone.localdate()
    place = place_in_reach(user, request.GET.get("village") or only_village(user), month)
    people = people_of(place.village, month, user)
    lines = reminders_of(place.village.code, month, user, today)
    context = {
        "month": month,
        "village": place.village,
        "lines": [(line, people.name(line.event.code)) for line in lines],
        "today": today,
    }
    return render(request, "scoring/reminders/list.html", context)


@recording
@require_POST
def reminder_day(request: HttpRequest, event: int) -> HttpResponse:
    """Set the day."""
    return _act(request, event, ReminderDayForm(request.POST), set_day, "限期已经改好。")


@recording
@require_POST
def reminder_put_right(request: HttpRequest, event: int) -> HttpResponse:
    """It was put right."""
    return _act(request, event, OnceForm(request.POST), put_right, "已记下：按期改好，到此为止。")


@recording
@require_POST
def reminder_follow(request: HttpRequest, event: int) -> HttpResponse:
    """Record the deduction that follows."""
    return _act(request, event, ReminderFollowForm(request.POST), follow, "已登记扣分，和这一条提醒连在一起。")


def _act(request: HttpRequest, event: int, form: OnceForm, act: Callable[..., object], told: str) -> HttpResponse:
    found: ScoreEvent = event_in_reach(user_of(request), event)
    try:
        if not form.is_valid():
            raise Refused("form", "提交的内容不完整，没有生效。")
        act(event=found.pk, by=user_of(request), **form.cleaned_data)
        messages.success(request, told)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect(f"{reverse('reminders', args=[found.period_id])}?village={village_of(found.code)}")
