"""What lies on a person's home page. Each room registers its blocks; the page puts them in their columns."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from households.models import AccountRequest, RequestState, User

_TOLD = timedelta(days=14)


class Column(StrEnum):
    """要办的事 and 最近结果."""

    DUE = "due"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a home page: `template` shows `shown`, which it knows. Blocks stand in the order of `at`."""

    at: int
    column: Column
    template: str
    shown: object


Offer = Callable[[User, date], Iterable[Block]]
_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Have a room's blocks asked for: what this person's home shows on this day."""
    _offers.append(offer)


def own_account(user: User, _today: date) -> Iterator[Block]:
    """What two people did with the account of a high post of late: whoever did not expect it, hears of it here."""
    if user.is_high:
        done = AccountRequest.objects.filter(subject=user, state=RequestState.DONE)
        done = done.filter(decided_at__gte=timezone.now() - _TOLD).select_related("asked_by", "decided_by")
        if found := list(done.order_by("-id")[:3]):
            yield Block(1, Column.DUE, "households/house/_own_account.html", found)


def blocks(user: User, today: date) -> dict[Column, list[Block]]:
    """The blocks of each column, in their order."""
    found = sorted((block for offer in _offers for block in offer(user, today)), key=lambda block: block.at)
    return {column: [block for block in found if block.column is column] for column in Column}
