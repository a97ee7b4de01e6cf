"""What of petitions waits beside the ones whose turn it is: wishes to have content erased."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from households.house.waiting import WaitingWork, named
from households.models import User
from households.permissions import Permission, may
from petitions.models import Petition


def waiting(user: User, _today: date) -> Iterator[WaitingWork]:
    """For the office that decides about them."""
    if may(user, Permission.ROUTE_PETITIONS):
        asked = Petition.objects.visible_to(user).exclude(erasure_asked_at=None)
        yield from named(70, "人请求清除信访内容", asked, reverse("petition-erasures"))
