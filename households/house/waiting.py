"""What waits for a person, named with its number and its way there. Each room registers what of its own waits."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from households.house.home import Block, Column
from households.models import AccountRequest, RequestState, User
from households.permissions import Permission, may
from households.sql import rows as rows_of

CEILING = 99  # more is counted no further: the page on the other side knows the number


def at_most(number: int) -> str:
    """A number as it is shown."""
    return f"{CEILING}+" if number > CEILING else str(number)


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
        return at_most(self.number)


@dataclass(frozen=True, slots=True)
class WaitingRows:
    """The same, not counted yet: all of them, of all rooms, are counted in one query."""

    at: int
    what: str
    rows: "QuerySet[Any]"
    url: str
    note: str = ""

    def work(self, number: int) -> WaitingWork:
        """Counted."""
        return WaitingWork(self.at, self.what, number, self.url, self.note)


Waiting = WaitingWork | WaitingRows
Offer = Callable[[User, date], Iterable[Waiting]]
_offers: list[tuple[Offer, bool]] = []


def register(offer: Offer, *, at_home: bool = True) -> None:
    """Have a room asked what of its own waits for a person on a day; nothing of number 0.

    Not `at_home`: the home page shows it in a block of the room's own; the inbox and whoever hands a post over ask for it here.
    """
    _offers.append((offer, at_home))


def waiting_for(user: User, today: date, *, at_home: bool = False) -> list[WaitingWork]:
    """All that waits for the person, in its order; `at_home` without what the home page shows by itself."""
    found = [one for offer, home in _offers if home or not at_home for one in offer(user, today)]
    return worked_out(found)


def worked_out(found: Iterable[Waiting]) -> list[WaitingWork]:
    """In their order, counted in one query, without those of which there is nothing."""
    asked = list(found)
    named_ones = [one for one in asked if isinstance(one, WaitingRows)]
    others = [one for one in asked if isinstance(one, WaitingWork)]
    numbers = counted([one.rows for one in named_ones])
    works = [one.work(number) for one, number in zip(named_ones, numbers, strict=True) if number]
    return sorted([*others, *works], key=lambda one: one.at)


def counted(queries: Sequence["QuerySet[Any]"]) -> list[int]:
    """How many rows each query has, counted no further than the ceiling: one statement for all of them."""
    parts: list[str] = []
    params: list[Any] = []
    for number, query in enumerate(queries):
        with suppress(EmptyResultSet):  # a scope without a place
            sql, given = query.order_by().values("pk")[: CEILING + 1].query.sql_with_params()
            parts.append(f"SELECT {number}, count(*) FROM ({sql}) part")
            params += given
    found: dict[int, int] = dict(rows_of(" UNION ALL ".join(parts), params)) if parts else {}
    return [found.get(number, 0) for number in range(len(queries))]


def named(at: int, what: str, rows: "QuerySet[Any]", url: str, note: str = "") -> Iterator[WaitingRows]:
    """One line when there is something."""
    yield WaitingRows(at, what, rows, url, note)


def account_requests(user: User, _today: date) -> Iterator[Waiting]:
    """Accounts of high posts that wait for a second hand."""
    if may(user, Permission.CONFIRM_ACCOUNTS):
        asked = AccountRequest.objects.filter(user.scope.condition("place"), state=RequestState.OPEN)
        asked, page = asked.filter(expires_at__gt=timezone.now()), reverse("account-requests")
        others = asked.exclude(asked_by=user).exclude(subject=user)
        yield from named(80, "个要职账号的申请等第二个人确认", others, page)
        yield from named(81, "个您申请的要职账号还没有人确认", asked.filter(asked_by=user), page)


def blocks(user: User, today: date) -> Iterator[Block]:
    """The first block of every home: what waits, when something does."""
    if found := waiting_for(user, today, at_home=True):
        yield Block(5, Column.DUE, "households/house/_waiting.html", found)
