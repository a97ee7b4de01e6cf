"""What happened of late that a person's post was told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from households.inbox.actions import post_of
from households.inbox.kinds import kind_of
from households.models import PostMessage, User

SHOWN = 50
SINCE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Told:
    """One message in words, with the way to what it is about."""

    at: datetime
    words: str
    url: str


def told(user: User) -> list[Told]:
    """The newest first. One query: whatever their place absorbed goes on being told them."""
    role, place = post_of(user)
    places = [place, *user.former_places]
    found = PostMessage.objects.filter(role=role, place__in=places, at__gte=timezone.now() - SINCE)
    return list(_in_words(found.order_by("-id")[:SHOWN]))


def _in_words(messages: Iterable[PostMessage]) -> Iterator[Told]:
    for message in messages:
        if kind := kind_of(message.kind):
            yield Told(message.at, kind.say(message.about), kind.way(message.about))
