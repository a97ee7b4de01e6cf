"""Which clocks of a petition a reader needs now, and which are history."""

from django import template

from petitions.clocks.explain import Told

register = template.Library()


@register.filter
def pressing(clocks: list[Told]) -> list[Told]:
    """What somebody owes, late or not, and rights that can still be used: what is owed first."""
    now = [each for each in clocks if is_pressing(each)]
    return sorted(now, key=lambda each: not each.clock.key.owed)


@register.filter
def settled(clocks: list[Told]) -> list[Told]:
    """Clocks that ended, and rights whose time has passed."""
    return [each for each in clocks if not is_pressing(each)]


def is_pressing(told: Told) -> bool:
    """Whether the clock runs and its passing still means something."""
    return told.clock.running and (told.clock.key.owed or not told.late)
