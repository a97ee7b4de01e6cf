"""Months, levels and codes as they stand in addresses: one that is not written right is a page that does not exist."""

from django.http import Http404

from households.codes import CodeError, level_of
from households.months import Month, MonthError, parse_month, previous_month


def month_of_address(text: str) -> Month:
    """YYYY-MM with a month before it to compare with, or 404."""
    try:
        if parse_month(text) == text and previous_month(text):
            return text
    except MonthError as fault:
        raise Http404 from fault
    raise Http404


def code_of_address(text: str) -> str:
    """A significant code of 6, 9, 12, 14 or 18 digits, or 404."""
    try:
        level_of(text)
    except CodeError as fault:
        raise Http404 from fault
    return text
