"""Long lists: page by page, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.db.models import QuerySet

T = TypeVar("T")


class CountedPaginator(Paginator):
    """Pages of a list whose length the caller may know already; with `count` None it is counted as ever."""

    def __init__(self, rows: Any, per_page: int, *, count: int | None) -> None:
        super().__init__(rows, per_page)
        if count is not None:
            self.count = count


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in their order, `size` at a time (itertools.batched, which begins with Python 3.12)."""
    return (items[start : start + size] for start in range(0, len(items), size))


def in_batches(
    rows: "QuerySet[Any, Any]", size: int, *, key: Callable[[Any], int] = attrgetter("pk")
) -> Iterator[list[Any]]:
    """All rows by primary key, `size` at a time, each time by a query of its own: what happens in between may take long.

    `key` finds the primary key in a row that is no model.
    """
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield found
        last = key(found[-1])


def in_rounds(some: Callable[[], int], tell: Callable[[int], None] | None = None) -> int:
    """Do some, time and again, until there was nothing left to do; returns how many. `tell` hears after each round."""
    done = 0
    while count := some():
        done += count
        if tell is not None:
            tell(done)
    return done
