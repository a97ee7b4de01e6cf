"""`/`: the scheme explained for everyone, or, for people signed in, what is due and what changed."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dongkou import desks, front
from dongkou.navigation import works_in_village
from households.accounts.reads import accounts_within
from households.audience import public
from households.audit_log.reads import lines_within
from households.models import User
from households.months import month_of
from households.permissions import Permission, may
from households.roles import Role
from petitions.waiting import waiting_for

RECENT = 8
FAILURES_OVER = timedelta(days=7)


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page, or the desk of the person's role."""
    user = request.user
    if not isinstance(user, User):
        return render(request, "home/front.html", _front())
    if user.role == Role.SYSTEM_ADMIN:
        return render(request, "home/accounts.html", _accounts(user))
    if user.role == Role.AUDITOR:
        return render(request, "home/auditor.html", _auditor(user))
    return render(request, "home/desk.html", _desk(user))


def _front() -> dict[str, Any]:
    scheme = front.scheme_in_force(month_of(timezone.localdate()))
    rankings = front.published_rankings()
    return {"scheme": scheme, "zeros": front.zeros_of(scheme), "rankings": rankings, "contact": settings.CONTACT}


def _desk(user: User) -> dict[str, Any]:
    today = timezone.localdate()
    own = works_in_village(user)
    months = desks.village_desk(user, today) if own else desks.overseer_desk(user, today)
    return {
        "today": today,
        "own": own,
        "months": months,
        "latest": desks.latest_result(user),
        "may_review": may(user, Permission.REVIEW),
        "waiting": waiting_for(user, today),
    }


def _accounts(user: User) -> dict[str, Any]:
    mine = accounts_within(user.scope)
    counts = mine.aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        closed=Count("pk", filter=Q(is_active=False)),
        waiting=Count("pk", filter=Q(is_active=True, must_change_password=True)),
    )
    roles = mine.filter(is_active=True).values_list("role").annotate(Count("pk")).order_by("role")
    labels = dict(Role.choices)
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
