"""What this page brings to the house: its entry, and what waits for whoever answers for the running."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from households.clock import doubts
from households.house.navigation import NavigationEntry
from households.house.waiting import Waiting, WaitingWork
from households.models import User
from households.months import Month
from households.permissions import Permission, may


def entries(user: User, _month: Month) -> Iterator[NavigationEntry]:
    """运行情况."""
    if may(user, Permission.SEE_RUNNING):
        yield NavigationEntry(82, "运行情况", "history", ("running",))


def waiting(user: User, _today: date) -> Iterator[Waiting]:
    """A clock in doubt."""
    if may(user, Permission.SEE_RUNNING) and doubts.state().why:
        yield WaitingWork(1, "件事停着，系统时间要先核对", 1, reverse("running"))
