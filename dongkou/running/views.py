"""运行情况, for the county office and the administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from dongkou.running.page import page
from households.audience import holders_of, user_of
from households.jobs.actions import acknowledge
from households.permissions import Permission

answerable = holders_of(Permission.SEE_RUNNING)


@answerable
@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """What ran, what did not, what was found."""
    return render(request, "running/page.html", {"page": page()})


@answerable
@require_POST
def note_drift(request: HttpRequest, drift: int) -> HttpResponse:
    """Somebody puts their name to a drift."""
    found = acknowledge(run=drift, by=user_of(request))
    messages.success(request, f"已记下：{found.seen_by} 知悉。请按操作手册核对，不符消除前每晚还会报告。")
    return redirect("running")
