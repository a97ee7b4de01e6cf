"""`/`: the scheme explained for everyone, or, for people signed in, what is due and what changed."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dongkou import front
from households.accounts.reads import accounts_within
from households.audience import published
from households.audit_log.reads import lines_within
from households.house.home import blocks
from households.models import User
from households.months import month_of
from households.roles import ROLE_CHOICES, Role

RECENT = 8
FAILURES_OVER = timedelta(days=7)


@published
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page, or what every room has for this person."""
    user = request.user
    if not isinstance(user, User):
        return render(request, "home/front.html", _front())
    if user.role == Role.SYSTEM_ADMIN:
        return render(request, "home/accounts.html", _accounts(user))
    if user.role == Role.AUDITOR:
        return render(request, "home/auditor.html", _auditor(user))
    today = timezone.localdate()
    return render(request, "home/home.html", {"today": today, "columns": blocks(user, today)})


def _front() -> dict[str, Any]:
    scheme = front.scheme_in_force(month_of(timezone.localdate()))
    rankings = front.published_rankings()
    return {"scheme": scheme, "zeros": front.zeros_of(scheme), "rankings": rankings, "contact": settings.CONTACT}


def _accounts(user: User) -> dict[str, Any]:
    mine = accounts_within(user.scope)
    counts = mine.aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        closed=Count("pk", filter=Q(is_active=False)),
        waiting=Count("pk", filter=Q(is_active=True, must_change_password=True)),
    )
    roles = mine.filter(is_active=True).values_list("role").annotate(Count("pk")).order_by("role")
    labels = dict(ROLE_CHOICES)
    return {"counts": counts, "roles": [(role, labels[role], number) for role, number in roles]}


def _auditor(user: User) -> dict[str, Any]:
    since = timezone.now() - FAILURES_OVER
    lines = lines_within(user.scope)
    counts = (
        lines.order_by()
        .filter(at__gte=since)
        .aggregate(
            all=Count("pk"),
            failures=Count("pk", filter=Q(action="account.sign_in_failed")),
            accounts=Count("pk", filter=Q(action__in=["account.create", "account.set_password", "account.deactivate"])),
        )
    )
    return {"counts": counts, "lines": list(lines[:RECENT]), "days": FAILURES_OVER.days}
