"""运行情况, for the county office and the administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dongkou.running.page import page
from households.audience import holders_of
from households.permissions import Permission


@holders_of(Permission.SEE_RUNNING)
@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """What ran, and what did not."""
    return render(request, "running/page.html", {"page": page()})
