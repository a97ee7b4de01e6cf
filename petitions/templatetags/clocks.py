"""Which clocks of a petition a reader needs now, and which are history."""

from django import template

from petitions.clocks.explain import ExplainedClock

register = template.Library()


@register.filter
def pressing(clocks: list[ExplainedClock]) -> list[ExplainedClock]:
    """What somebody owes, late or not, and rights that can still be used: what is owed first."""
    now = [each for each in clocks if is_pressing(each)]
    return sorted(now, key=lambda each: not each.clock.key.owed)


@register.filter
def settled(clocks: list[ExplainedClock]) -> list[ExplainedClock]:
    """Clocks that ended, and rights whose time has passed."""
    return [each for each in clocks if not is_pressing(each)]


def is_pressing(explained: ExplainedClock) -> bool:
    """Whether the clock runs and its passing still means something."""
    return explained.clock.running and (explained.clock.key.owed or not explained.late)
