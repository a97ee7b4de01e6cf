"""Goals in templates."""

from django import template

from rewards import awards

register = template.Library()


@register.filter
def hundredths(number: int) -> str:
    """``{{ goal.at_least|hundredths }}``: 9550 -> 95.50."""
    return awards.hundredths(number)
