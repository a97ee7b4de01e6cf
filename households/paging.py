"""Long lists, page by page."""

from typing import Any

from django.core.paginator import Paginator


class CountedPaginator(Paginator):
    """Pages of a list whose length the caller may know already; with `count` None it is counted as ever."""

    def __init__(self, rows: Any, per_page: int, *, count: int | None) -> None:
        super().__init__(rows, per_page)
        if count is not None:
            self.count = count
