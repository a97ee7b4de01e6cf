"""Changes of places of late, for the township that they concern."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from households.borders.reads import orders_in
from households.house.waiting import Waiting, named
from households.models import User
from households.permissions import Permission, may

LATE = timedelta(days=15)


def waiting(user: User, today: date) -> Iterator[Waiting]:
    """One query."""
    if may(user, Permission.WATCH_CHANGES):
        fresh = orders_in(user).filter(at__date__gte=today - LATE, undone_at=None)
        yield from named(64, "次区划调整涉及本乡镇，请看变了什么", fresh, reverse("borders"))
