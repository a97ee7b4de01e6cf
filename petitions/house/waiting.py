"""What of petitions waits beside the ones whose turn it is: wishes to have content erased."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from households.house.waiting import Waiting, named
from households.models import User
from households.permissions import Permission, may
from households.roles import Role
from petitions.house.home import matters_of
from petitions.models import Petition
from petitions.promise_states import OPEN_PROMISES, PromiseState, PromiseStep, steps_for
from petitions.promises.reads import owed_by


def waiting(user: User, _today: date) -> Iterator[Waiting]:
    """For the office that decides about them."""
    if may(user, Permission.ROUTE_PETITIONS):
        asked = Petition.objects.visible_to(user).exclude(erasure_asked_at=None)
        yield from named(70, "人请求清除信访内容", asked, reverse("petition-erasures"))


def turns(user: User, today: date) -> Iterator[Waiting]:
    """Matters whose turn it is, and promises: what the home page counts in a block of its own."""
    if not may(user, Permission.SEE_PETITIONS) or user.role in (Role.CADRE, Role.COUNTY_OFFICE):
        return
    mine, promised = f"{reverse('petitions')}?mine=turn", reverse("promises")
    yield from named(71, "件信访等您这里办", matters_of(user), mine)
    owed = owed_by(user)
    yield from named(72, "项承诺已经到期，还没有兑现", owed.filter(state__in=OPEN_PROMISES, due_on__lt=today), promised)
    if PromiseStep.FULFILLED in steps_for(user.role, PromiseState.REPORTED):
        yield from named(73, "项承诺报了兑现，等您核实", owed.filter(state=PromiseState.REPORTED), promised)
