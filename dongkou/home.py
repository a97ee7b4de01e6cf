"""`/`: the scheme explained for everyone, or, for people signed in, what is due and what changed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, TypedDict

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dongkou import front
from households.accounts.reads import accounts_within, security_lines
from households.audience import published
from households.audit_log.reads import lines_within, people_named
from households.house.home import Block, Column, blocks, own_account
from households.house.waiting import waiting_for
from households.models import User
from households.months import month_of
from households.roles import ROLE_CHOICES, Role
from scoring.models import Scheme

RECENT = 8
FAILURES_OVER = timedelta(days=7)


@published
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page, or what every room has for this person."""
    user = request.user
    if not isinstance(user, User):
        return render(request, "home/front.html", _front())
    today = timezone.localdate()
    if own := _KEEPERS.get(Role(user.role)):
        template, read = own
        return render(request, template, read(user) | {"due": list(_keepers_due(user, today))})
    return render(request, "home/home.html", {"today": today, "columns": blocks(user, today)})


class FrontPage(TypedDict):
    """What stands there for everybody."""

    scheme: Scheme | None
    zeros: list[front.ExplainedZero]
    rankings: list[front.PublishedRanking]
    contact: str


def _front() -> FrontPage:
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
    shown = list(lines[:RECENT])
    people = people_named(line.actor for line in shown)
    return {"counts": counts, "lines": shown, "people": people, "days": FAILURES_OVER.days}


def _keepers_due(user: User, today: date) -> Iterator[Block]:
    """What waits for one of them: of the rooms nothing, for they may do nothing there."""
    yield from own_account(user, today)
    if found := waiting_for(user, today, at_home=True):
        yield Block(5, Column.DUE, "households/house/_waiting.html", found)


def _watcher(user: User) -> dict[str, Any]:
    since = timezone.now() - FAILURES_OVER
    return {"events": security_lines(user.scope).filter(at__gte=since).count(), "days": FAILURES_OVER.days}


# The three who keep the system, and never look into it: each a home of its own, below what waits for them.
_KEEPERS: dict[Role, tuple[str, Callable[[User], dict[str, Any]]]] = {
    Role.SYSTEM_ADMIN: ("home/accounts.html", _accounts),
    Role.SECURITY_ADMIN: ("home/watcher.html", _watcher),
    Role.AUDITOR: ("home/auditor.html", _auditor),
}
