"""Goals in templates."""

from django import template

from rewards.awards import engine

register = template.Library()


@register.filter
def hundredths(number: int) -> str:
    """``{{ goal.at_least|hundredths }}``: 9550 -> 95.50."""
    return engine.hundredths(number)
