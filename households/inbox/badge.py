"""How many things wait for a person, as the menu says it: counted when somebody looks, and remembered for a moment."""

from django.core.cache import cache

from households.house.waiting import WaitingWork, at_most
from households.inbox.actions import post_of
from households.models import User

_KEPT = 60  # seconds


def remember(user: User, found: list[WaitingWork]) -> str:
    """What the menu says from now on; empty when nothing waits."""
    number = sum(one.number for one in found)
    said = at_most(number) if number else ""
    cache.set(key_of(user), said, _KEPT)
    return said


def remembered(user: User) -> str | None:
    """What was counted a moment ago; None when it has to be counted again, or the cache is away."""
    found: str | None = cache.get(key_of(user))
    return found


def key_of(user: User) -> str:
    """Where it is remembered: by person and post."""
    return f"inbox:{user.pk}:{':'.join(post_of(user))}"
