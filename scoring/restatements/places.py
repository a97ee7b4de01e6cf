"""Whose month may be put right: households, groups and villages as they are looked for by name."""

from typing import NamedTuple

from django.utils import timezone

from households.models import Division, User
from households.register.places import divisions_like
from households.register.reads import name_for
from households.register.search import register_of

SHOWN = 40


class FoundPlace(NamedTuple):
    """One place that fits what was typed."""

    code: str
    name: str
    where: str


class PlacesFound(NamedTuple):
    """The first ones, and whether there are more."""

    places: list[FoundPlace]
    more: bool


def places_found(words: str, user: User) -> PlacesFound:
    """Villages and groups by name, households by what the register finds; only inside the person's own subtree."""
    words = words.strip()
    today = timezone.localdate()
    divisions = divisions_like(words, user.scope, today, SHOWN)
    homes = list(register_of(user, today, words=words)[: SHOWN + 1])
    households = [
        FoundPlace(home.code, f"{name_for(home, user)}家", _where(home.group) + f" {home.code[-4:]} 号")
        for home in homes
    ]
    return PlacesFound([*map(_division, divisions), *households[:SHOWN]], more=len(homes) > SHOWN)


def _division(place: Division) -> FoundPlace:
    return FoundPlace(place.code, place.name, place.parent.name if place.parent else "")


def _where(group: Division) -> str:
    return f"{group.parent.name if group.parent else ''}{group.name}"
