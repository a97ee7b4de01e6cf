"""What waits for a person, named with its number and its way there. Each room registers what of its own waits."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from households.house.home import Block, Column
from households.models import AccountRequest, RequestState, User
from households.permissions import Permission, may

CEILING = 99  # more is counted no further: the page on the other side knows the number


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """`number` things, `what` they wait for, and the address where it is done. They stand in the order of `at`."""

    at: int
    what: str
    number: int
    url: str
    note: str = ""

    @property
    def shown(self) -> str:
        """The number, or that there are more than are counted."""
        return f"{CEILING}+" if self.number > CEILING else str(self.number)


Offer = Callable[[User, date], Iterable[WaitingWork]]
_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Have a room asked what of its own waits for a person on a day; nothing of number 0."""
    _offers.append(offer)


def waiting_for(user: User, today: date) -> list[WaitingWork]:
    """All that waits for the person, in its order."""
    return sorted((one for offer in _offers for one in offer(user, today)), key=lambda one: one.at)


def counted(rows: "QuerySet[Any]") -> int:
    """How many there are, counted no further than the ceiling."""
    return rows.order_by()[: CEILING + 1].count()


def named(at: int, what: str, rows: "QuerySet[Any]", url: str) -> Iterator[WaitingWork]:
    """One line when there is something, in one query."""
    if number := counted(rows):
        yield WaitingWork(at, what, number, url)


def account_requests(user: User, _today: date) -> Iterator[WaitingWork]:
    """Accounts of high posts that wait for a second hand."""
    if may(user, Permission.CONFIRM_ACCOUNTS):
        asked = AccountRequest.objects.filter(user.scope.condition("place"), state=RequestState.OPEN)
        asked, page = asked.filter(expires_at__gt=timezone.now()), reverse("account-requests")
        others = asked.exclude(asked_by=user).exclude(subject=user)
        yield from named(80, "个要职账号的申请等第二个人确认", others, page)
        yield from named(81, "个您申请的要职账号还没有人确认", asked.filter(asked_by=user), page)


def blocks(user: User, today: date) -> Iterator[Block]:
    """The first block of every home: what waits, when something does."""
    if found := waiting_for(user, today):
        yield Block(5, Column.DUE, "households/house/_waiting.html", found)
