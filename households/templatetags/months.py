"""Months in templates: ``{{ month|month_label }}`` and the links of the month picker."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.urls import reverse

from households.months import Month, label

register = template.Library()


@dataclass(frozen=True, slots=True)
class MonthLink:
    """One month of a picker and where it leads."""

    month: Month
    url: str
    current: bool

    @property
    def label(self) -> str:
        """2026年10月."""
        return label(self.month)


@dataclass(frozen=True, slots=True)
class MonthLinks:
    """The months of a picker, newest first, and the nearest ones that exist on either side."""

    all: list[MonthLink]
    previous: MonthLink | None
    next: MonthLink | None


@register.filter
def month_label(month: Month | None) -> str:
    """2026-10 -> 2026年10月; nothing for none."""
    return label(month) if month else ""


@register.simple_tag
def month_links(
    url_name: str, months: Iterable[Month], month: Month, url_arg: str | None = None, query: str | None = None
) -> MonthLinks:
    """Links to ``url_name`` for each of ``months``; ``url_arg`` is a second positional argument of the address."""
    rest = [url_arg] if url_arg else []
    links = [
        MonthLink(each, reverse(url_name, args=[each, *rest]) + (query or ""), each == month)
        for each in sorted({*months, month}, reverse=True)
    ]
    here = next(position for position, link in enumerate(links) if link.current)
    return MonthLinks(links, links[here + 1] if here + 1 < len(links) else None, links[here - 1] if here else None)
