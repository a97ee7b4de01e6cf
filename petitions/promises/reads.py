"""Promises as their lists and homes read them."""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from households.models import User
from households.roles import Role
from petitions.models import Promise
from petitions.models.promises import PromiseQuerySet
from petitions.promise_states import OPEN_PROMISES, PromiseState

SHOWS = {"open": "没有了结的", "overdue": "超期的", "reported": "等核实的", "kept": "已兑现", "given_up": "没能兑现"}


def owed_by(user: User) -> PromiseQuerySet:
    """Promises that go into this person's figures."""
    if user.role == Role.COUNTY_OFFICE:
        return Promise.objects.overseen_by(user)
    return Promise.objects.visible_to(user)


def of_unit(promises: PromiseQuerySet, unit: str) -> PromiseQuerySet:
    """What one unit (department:CODE or division:CODE) owes; all of them when `unit` is empty, none for nonsense."""
    if not unit:
        return promises
    kind, _, code = unit.partition(":")
    if kind not in ("department", "division") or "\0" in code:
        return promises.none()
    return promises.filter(**{kind: code})


def shown(promises: PromiseQuerySet, show: str, today: date) -> PromiseQuerySet:
    """Those that one of SHOWS names."""
    if show == "open":
        return promises.open()
    return promises.overdue(today) if show == "overdue" else promises.filter(state=PromiseState(show))


def counts(promises: PromiseQuerySet, today: date) -> list[tuple[str, str, int, bool]]:
    """Key, label and number for each of SHOWS, and whether these are late: one query."""
    rules = {
        "open": Q(state__in=OPEN_PROMISES),
        "overdue": Q(state__in=OPEN_PROMISES, due_on__lt=today),
        **{state: Q(state=state) for state in ("reported", "kept", "given_up")},
    }
    found = promises.order_by().aggregate(**{name: Count("pk", filter=rule) for name, rule in rules.items()})
    return [(name, label, found[name], name == "overdue" and found[name] > 0) for name, label in SHOWS.items()]


def by_unit(promises: PromiseQuerySet, today: date) -> list[Any]:
    """Of each unit: promised, fulfilled, put off, overdue; most overdue first."""
    rows = promises.order_by().values("department__name", "division__name")
    return list(
        rows.annotate(
            made=Count("pk"),
            fulfilled=Count("pk", filter=Q(state=PromiseState.FULFILLED)),
            moved=Count("pk", filter=Q(moves__gt=0)),
            overdue=Count("pk", filter=Q(state__in=OPEN_PROMISES, due_on__lt=today)),
        ).order_by("-overdue", "-made")
    )
